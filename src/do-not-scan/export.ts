/**
 * The list as a scanner takes it. A file that leaves somebody out says whom and why; one with nobody in it is refused, since a scanner that
 * is given an empty list scans everybody.
 */
import { exactNetwork } from "../bytes/networks.ts";
import { counted, thousands } from "../bytes/thousands.ts";
import type { DoNotScan, DoNotScanExport, DoNotScanLine, DoNotScanState } from "../model/do-not-scan.ts";
import { dayInWords, momentInWords } from "../model/finding-words.ts";
import type { Entry, Exporter } from "./exporters/exporter.ts";
import { exporters } from "./exporters/index.ts";
import { named } from "./exporters/words.ts";

export const DO_NOT_SCAN_EXPORTERS: readonly string[] = exporters.map(({ name }) => name);
/** Devices that are named where they are left out; the others are counted. */
const NAMED_MAX = 5;

interface Asked {
  readonly to: string;
  readonly recording: string;
  /** A list of nobody is written as one. */
  readonly empty: boolean;
}

/** Throws an Error for people where the target is none of DO_NOT_SCAN_EXPORTERS, or nobody would stand in the file. */
export function exportedList(list: DoNotScan, { to, recording, empty }: Asked): DoNotScanExport {
  const exporter = exporters.find(({ name }) => name === to);
  if (exporter === undefined) throw new Error(`--to: expected one of ${DO_NOT_SCAN_EXPORTERS.join(", ")}, got "${to}"`);
  const listed = list.lines.filter(({ state }) => state === "listed");
  const { entries, notHeld } = entriesOf(listed, exporter);
  const missing = [...beside(list), ...notHeldInWords(notHeld, exporter)];
  const isEmpty = exporter.isWhole === true ? list.lines.length === 0 : entries.length === 0;
  if (isEmpty && !empty)
    throw new Error(
      `expected a device with an address on the do-not-scan list, got none of ${thousands(list.devices)} in the recording ${recording}: nothing is written, since a scanner with an empty list asks everybody${missing.length === 0 ? "" : `. ${missing.join(" ")}`}`,
    );
  const addresses = entries.reduce((sum, it) => sum + it.addresses.length, 0);
  const head = headOf(list, recording, entries, addresses);
  const text = exporter.write({ head: [...head, ...missing], entries, lines: list.lines, at: list.at, recording });
  return {
    text,
    file: `do-not-scan-${exporter.name}.${exporter.extension}`,
    mediaType: exporter.mediaType,
    title: exporter.title,
    devices: entries.length,
    addresses,
    notes: [...missing, exporter.use],
  };
}

function entriesOf(
  listed: readonly DoNotScanLine[],
  { families }: Exporter,
): { readonly entries: readonly Entry[]; readonly notHeld: readonly Entry[] } {
  const entries: Entry[] = [];
  const notHeld: Entry[] = [];
  for (const line of listed) {
    const all = line.addresses.flatMap(({ ip }) => exactNetwork(ip) ?? []);
    const held = all.filter(({ family }) => families.includes(family));
    if (held.length > 0) entries.push({ line, addresses: held, ends: line.ends ?? 0 });
    if (held.length < all.length) notHeld.push({ line, addresses: all.filter((it) => !held.includes(it)), ends: line.ends ?? 0 });
  }
  return { entries, notHeld };
}

function headOf(list: DoNotScan, recording: string, entries: readonly Entry[], addresses: number): readonly string[] {
  const first = entries.reduce((least, { ends }) => Math.min(least, ends), Number.POSITIVE_INFINITY);
  return [
    `Do not scan: ${counted(entries.length, "line")}, ${counted(addresses, "address", "addresses")}. Written by Auscult of the recording ${recording}, as of ${momentInWords(list.at)} UTC.`,
    ...(entries.length === 0 ? ["Nobody stands on it: this was asked for."] : [`The first of them ends on ${dayInWords(first)}: export it again before, and whenever devices move.`]),
  ]; // prettier-ignore
}

const BESIDE: readonly (readonly [DoNotScanState, string])[] = [
  ["ended", "whose end has passed and whom somebody has to confirm"],
  ["no address", "not heard at any address, who cannot be excluded by one"],
  ["taken off", "whom a person took off"],
];

/** Who is on the list and in no scanner's file. */
function beside({ lines }: DoNotScan): readonly string[] {
  return BESIDE.flatMap(([state, words]) => {
    const those = lines.filter((line) => line.state === state);
    return those.length === 0 ? [] : [`Not in it: ${thousands(those.length)} ${words}: ${namesOf(those)}.`];
  });
}

function notHeldInWords(notHeld: readonly Entry[], { title }: Exporter): readonly string[] {
  if (notHeld.length === 0) return [];
  const addresses = notHeld.reduce((sum, it) => sum + it.addresses.length, 0);
  const family = notHeld[0]!.addresses[0]!.family === 6 ? "IPv6" : "IPv4";
  return [`Not in it: ${counted(addresses, `${family} address`, `${family} addresses`)}, which ${title} cannot hold, of ${namesOf(notHeld.map(({ line }) => line))}.`]; // prettier-ignore
}

function namesOf(lines: readonly DoNotScanLine[]): string {
  const names = lines.slice(0, NAMED_MAX).map((line) => (line.device === null ? line.name : named(line)));
  return lines.length > NAMED_MAX ? `${names.join(", ")} and ${thousands(lines.length - NAMED_MAX)} more` : names.join(", ");
}
