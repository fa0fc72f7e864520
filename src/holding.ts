/** What findings hold of a recording: while nobody is done with one, planned or not, nothing is learned of the conversations it is about. */
import { watches } from "./findings/index.ts";
import { CLINICAL, FindingList } from "./findings/shown.ts";
import { foundAt } from "./found.ts";
import type { Finding } from "./model/finding.ts";
import type { Held, Replay } from "./model/replay.ts";
import { Store } from "./store/reader.ts";

const ALL = { states: ["new", "acknowledged"], offset: 0, limit: Number.MAX_SAFE_INTEGER } as const;
const HEARD = new Map(watches.map(({ name, hears }) => [name, Array.isArray(hears.conversations) ? hears.conversations : null]));

/** Those found by the replay's end. Throws an Error for people where the recording cannot be read. */
export function heldFrom(path: string, { to }: Pick<Replay, "to">): readonly Held[] {
  const store = new Store(path);
  try {
    const { rows } = store.snapshot(() => new FindingList(foundAt(path, store, CLINICAL)).page(ALL));
    return heldOf(rows, to);
  } finally {
    store.close();
  }
}

/** What was announced is held as well: work of one night is no need of a device. */
export function heldOf(findings: readonly Finding[], to: number): readonly Held[] {
  return findings.filter(({ first }) => first <= to).flatMap(heldBy);
}

function heldBy({ detector, about, others }: Finding): Held[] {
  const numberOf = (device: string | null | undefined) => (device ? [Number(device.slice(1))] : []);
  const [one] = numberOf(about?.device);
  if (one === undefined) return [];
  const protocols = HEARD.get(detector) ?? null;
  return others.flatMap(({ device }) => numberOf(device)).map((other) => ({ machines: [one, other], protocols }));
}
