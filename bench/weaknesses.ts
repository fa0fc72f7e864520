/**
 * `npm run score -- weaknesses`: old systems and advisories in captures nobody here wrote, held against what tshark reads of the machines
 * themselves (systems.tsv). Whoever is said to be affected and is not listed there is false until somebody looked.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Reading, WeakDevice } from "./reading.ts";

interface Outcome extends Reading {
  readonly capture: { readonly file: string };
}

interface Machine {
  readonly file: string;
  /** "*" for all of the capture. */
  readonly ip: string;
  readonly system: string;
  readonly mended: boolean;
}

interface Told {
  readonly file: string;
  readonly device: WeakDevice;
  readonly weakness: WeakDevice["weaknesses"][number];
}

export function* weaknessLines(outcomes: readonly Outcome[]): Iterable<string> {
  const machines = machinesListed();
  const told = outcomes.flatMap(({ capture, weak }) =>
    weak.flatMap((device) => device.weaknesses.map((weakness): Told => ({ file: capture.file, device, weakness }))),
  );
  const ends = told.filter(({ weakness }) => weakness.kind === "end of support");
  const old = machines.filter(({ file, mended }) => !mended && outcomes.some(({ capture }) => capture.file === file));
  const found = old.map((machine) => ({ machine, as: ends.find((it) => isOf(it, machine))?.weakness ?? null }));
  const heard = found.filter(({ machine, as }) => as?.title.startsWith(shortOf(machine.system)));
  const affected = told.filter(({ weakness }) => weakness.kind !== "exposure" && weakness.answer === "affected");
  const falsely = affected.filter((it) => !machines.some((machine) => !machine.mended && isOf(it, machine)));
  yield `captures              ${outcomes.length}, ${outcomes.filter(({ trouble }) => trouble !== "").length} not read`;
  yield `mended no more        ${heard.length} of ${old.length} machines found, ${heard.filter(({ as }) => as!.answer === "affected").length} of them affected, the others possible`;
  yield `said to be affected   ${affected.length}, ${falsely.length} of them false`;
  yield `said to be possible   ${told.filter(({ weakness }) => weakness.kind !== "exposure" && weakness.answer === "possible").length}`;
  for (const { machine } of found.filter((it) => !heard.includes(it))) yield `  not found: ${machine.file} ${machine.ip} ${machine.system}`;
  for (const it of falsely) yield `  false: ${linesOf(it)}`;
  for (const it of told) if (it.weakness.kind !== "exposure") yield `  ${it.weakness.answer}: ${linesOf(it)}`;
}

function linesOf({ file, device, weakness }: Told): string {
  return `${file} ${device.ips[0] ?? ""}: ${weakness.name}: ${weakness.title}`;
}

function isOf({ file, device }: Told, machine: Machine): boolean {
  return file === machine.file && device.ips.includes(machine.ip);
}

/** "Windows 7" of "Windows 7 or Server 2008 R2". */
function shortOf(system: string): string {
  return system.split(" or ")[0]!;
}

function machinesListed(): readonly Machine[] {
  return readFileSync(join(import.meta.dirname, "systems.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [file = "", ip = "", system = "", mended] = line.split("\t");
      return { file, ip, system, mended: mended === "yes" };
    });
}
