/**
 * What people say of scanning: rows of the table of changes like any other. Of a device it is found again by the keys the device was known
 * by; of an address or a network that is no device's, by that.
 */
import type { Engine } from "./engine.ts";
import { exactNetwork } from "../bytes/networks.ts";
import type { DoNotScanWord, SaidOfScanning } from "../model/do-not-scan.ts";
import { dayInWords } from "../model/finding-words.ts";
import { append, SCANNING } from "./said.ts";
import type { SaidAbout } from "./said.ts";
import { wordsStanding } from "./words-standing.ts";

/** `about` of such a row where it is of no device. */
export interface AboutNetwork {
  readonly network: string;
}

type Kept = Pick<DoNotScanWord, "word" | "until">;

/** Of wider ones nobody would look at anything any more: they are said network by network. */
const NETWORK_BITS_MIN = { 4: 16, 6: 48 } as const;
const SHOWN_MAX = 60;

/** One spelling of an address or a network. Throws an Error for people where it is none, or too wide. */
export function networkSaid(text: string): string {
  const network = exactNetwork(text.trim());
  if (network === null)
    throw new Error(
      `expected a device, an address, or a network by its first address such as 10.20.30.0/24, got "${text.slice(0, SHOWN_MAX)}"`,
    );
  const least = NETWORK_BITS_MIN[network.family];
  if (network.bits < least) throw new Error(`expected a network of /${least} or smaller, got /${network.bits}: say it network by network`);
  return network.text;
}

/** Within the caller's transaction; answers the number of the change. `keys`: of the device, null where it is of none. `at` is the wall clock. */
export function sayOfScanning(
  database: Engine,
  { who, reason, about: of, word, until }: SaidOfScanning,
  keys: SaidAbout | null,
  at: number,
): number {
  const about: SaidAbout | AboutNetwork = keys ?? { network: networkSaid(of) };
  const value: Kept = { word, until };
  return append(database, { at, who, what: SCANNING, about: JSON.stringify(about), attribute: "", value: JSON.stringify(value), reason, undoes: null }); // prettier-ignore
}

/** By the device's id, and by address or network; the last word of each counts. What fits no device now, or several, waits. */
export function wordsOfScanning(database: Engine): {
  readonly devices: ReadonlyMap<string, DoNotScanWord>;
  readonly networks: ReadonlyMap<string, DoNotScanWord>;
} {
  const devices = new Map<string, DoNotScanWord>();
  const networks = new Map<string, DoNotScanWord>();
  for (const { of, number, at, who, reason, value } of wordsStanding<AboutNetwork>(database, SCANNING, "network")) {
    const word: DoNotScanWord = { ...(JSON.parse(value) as Kept), who, reason, at, change: number };
    if (typeof of === "string") devices.set(of, word);
    else if (of !== null) networks.set(of.network, word);
  }
  return { devices, networks };
}

/** "put on the do-not-scan list until 2026-12-01": `value` of a row in the list of changes. */
export function scanningWordInWords(value: string): string {
  const { word, until } = JSON.parse(value) as Kept;
  if (word === "take off") return "taken off the do-not-scan list";
  return `put on the do-not-scan list${until === null ? "" : ` until ${dayInWords(until)}`}`;
}
