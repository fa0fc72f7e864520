/** How much memory each part of a running Auscult has. */
import { commandLineOf, familyOf, residentOf } from "./processes.ts";

export const PARTS = ["core", "sensor", "capture", "other"] as const;
export type Part = (typeof PARTS)[number];

/** In bytes, with what they share; where the kernel does not tell of others (not Linux), of this process alone. */
export function memoryByPart(): Readonly<Record<Part, number>> {
  const sums: Record<Part, number> = { core: process.memoryUsage.rss(), sensor: 0, capture: 0, other: 0 };
  for (const pid of familyOf(process.pid).slice(1)) sums[partOf(commandLineOf(pid))] += residentOf(pid);
  return sums;
}

/** What stands before a sensor to confine it (unshare) is of it, and small. */
function partOf(line: string): Part {
  if (line.includes(" --permission ")) return "sensor";
  return /(^|\/)(tcpdump|dumpcap) /.test(line) ? "capture" : "other";
}
