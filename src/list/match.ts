/** Which device each row is. A match is asserted where a key ties the two, nothing contradicts, and neither could be another's. */
import type { Knowledge } from "../knowledge/index.ts";
import type { DeviceSummary } from "../model/device.ts";
import { deviceFacts, KEYS, pairOf, rowFacts, type DeviceFacts, type Key, type Pair, type RowFacts } from "./pairs.ts";
import type { TableRow } from "./table.ts";

export interface Match {
  readonly row: TableRow;
  /** The one it is; null where that is a person's to say. */
  readonly pair: Pair | null;
  /** Those that share a key with it, the likeliest first. */
  readonly pairs: readonly Pair[];
  /** Why a person must look, in words. */
  readonly doubts: readonly string[];
  /** The row it says once more. */
  readonly repeats: number | null;
}

/** A key that ties by itself. */
const TIES: ReadonlySet<Key> = new Set(KEYS.filter((key) => key !== "address"));
/** A key that more devices have names none of them, and comparing with all would take for ever. */
const CANDIDATES_MAX = 16;
/** So many rows must say where they are, and so large a share of them the same, before the others count as elsewhere. */
const HOME_ROWS_MIN = 5;
const HOME_SHARE = 0.8;

export function matches(rows: readonly TableRow[], devices: readonly DeviceSummary[], knowledge: Knowledge): readonly Match[] {
  const index = indexOf(devices.map(deviceFacts));
  const firstOf = new Map<string, number>();
  const repeats = rows.map(({ row, cells }) => {
    const all = JSON.stringify(Object.entries(cells).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const first = firstOf.get(all);
    if (first === undefined) firstOf.set(all, row);
    return first ?? null;
  });
  const pairs = rows.map((row, at) => (repeats[at] === null ? candidatesOf(rowFacts(row), index, knowledge) : []));
  const home = homeOf(pairs.flat());
  const ties = pairs.map((own) => {
    const tied = own.filter((pair) => isTie(pair, home));
    const byId = tied.filter((pair) => pair.shares.has("id") && pair.suffices);
    return byId.length > 0 ? byId : tied;
  });
  const ofDevice = new Map<string, Pair[]>();
  for (const pair of ties.flat()) push(ofDevice, pair.device.device.id, pair);

  return rows.map((row, at) => {
    const own = ties[at]!;
    const [pair] = own;
    const rivals = pair === undefined ? [] : rivalsOf(pair, ofDevice.get(pair.device.device.id)!);
    const isOne = own.length === 1 && rivals.length === 0 && pair!.suffices;
    return { row, pair: isOne ? pair! : null, pairs: pairs[at]!, doubts: isOne ? [] : doubtsOf(pairs[at]!, own, rivals, home), repeats: repeats[at]! }; // prettier-ignore
  });
}

type Index = ReadonlyMap<Key, ReadonlyMap<string, readonly DeviceFacts[]>>;

function indexOf(devices: readonly DeviceFacts[]): Index {
  const index = new Map(KEYS.map((key) => [key, new Map<string, DeviceFacts[]>()]));
  for (const device of devices) for (const [key, values] of device.keys) for (const it of values) push(index.get(key)!, it, device);
  return index;
}

function push<Kept>(to: Map<string, Kept[]>, key: string, it: Kept): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, [it]);
  else known.push(it);
}

function candidatesOf(row: RowFacts, index: Index, knowledge: Knowledge): readonly Pair[] {
  const found = new Set<DeviceFacts>();
  for (const key of KEYS)
    for (const it of row.keys.get(key)!) {
      const devices = index.get(key)!.get(it) ?? [];
      if (devices.length <= CANDIDATES_MAX) for (const device of devices) found.add(device);
    }
  return [...found].map((device) => pairOf(row, device, knowledge)).toSorted(byLikelihood);
}

function byLikelihood(a: Pair, b: Pair): number {
  return a.against.length - b.against.length || strength(a) - strength(b) || b.agrees.length - a.agrees.length;
}

function strength({ shares }: Pair): number {
  return KEYS.findIndex((key) => shares.has(key));
}

/** What is retired ties by its serial number alone; another hospital's device does so by what no second one has. */
function isTie({ row, shares, against }: Pair, home: string | null): boolean {
  if (against.length > 0) return false;
  const own = [...shares].filter((key) => TIES.has(key));
  if (row.retired) return own.includes("serial number") || own.includes("UDI");
  const isElsewhere = home !== null && row.site !== "" && row.site !== home;
  return own.some((key) => !isElsewhere || !PER_SITE.has(key));
}

/** Each hospital numbers and names by itself. */
const PER_SITE: ReadonlySet<Key> = new Set(["control number", "host name", "id"]);

/** The hospital that was listened to: where almost all are whose card or serial number was heard. Null where the list does not say. */
function homeOf(pairs: readonly Pair[]): string | null {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { row, shares, against } of pairs)
    if (row.site !== "" && against.length === 0 && (shares.has("network card") || shares.has("serial number"))) {
      counts.set(row.site, (counts.get(row.site) ?? 0) + 1);
      total++;
    }
  const [site, count] = [...counts].reduce((best, it) => (it[1] > best[1] ? it : best), ["", 0]);
  return total >= HOME_ROWS_MIN && count >= HOME_SHARE * total ? site : null;
}

/** Other rows that are tied to the same device. A retired row stands in nobody's way who is in service. */
function rivalsOf(pair: Pair, all: readonly Pair[]): readonly Pair[] {
  return all.filter((it) => it.row !== pair.row && (pair.row.retired || !it.row.retired));
}

function doubtsOf(pairs: readonly Pair[], ties: readonly Pair[], rivals: readonly Pair[], home: string | null): readonly string[] {
  if (pairs.length === 0) return [];
  if (ties.length > 1) return [`${ties.length} devices fit: which one it is, only a person can say`];
  if (rivals.length > 0) return [`row${rivals.length > 1 ? "s" : ""} ${rivals.map((it) => it.row.row.row).join(", ")} fit${rivals.length > 1 ? "" : "s"} the same device`]; // prettier-ignore
  const [best] = pairs;
  if (best!.against.length > 0) return best!.against;
  if (best!.row.retired) return ["the row is retired: what it shares may be another's by now"];
  if (home !== null && best!.row.site !== "" && best!.row.site !== home) return [`the row is of ${best!.row.row.cells.site}: names and numbers are each hospital's own`]; // prettier-ignore
  return [`only ${[...best!.shares].join(" and ")} agree${best!.shares.size > 1 ? "" : "s"}: too little to say that they are one`];
}
