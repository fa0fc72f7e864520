/** What a scanner may stop, by what it is: fragile.tsv, with why and whence on each line. */
import { CARE_CLASSES, type CareClass } from "../model/device.ts";
import { loadKinds, type Kinds } from "./kinds.ts";
import { table } from "./table.ts";

export interface Fragility {
  /** "fragile.tsv, care therapy". */
  readonly line: string;
  /** Goes on after "it is a ventilator: ". */
  readonly reason: string;
  readonly source: string;
}

interface Table {
  readonly kinds: Kinds;
  readonly byCare: ReadonlyMap<CareClass, Fragility>;
  readonly byKind: ReadonlyMap<string, Fragility>;
}

let read: Table | undefined;

/** Null for what nothing is written of. Its class goes before its kind, since what hangs on it weighs more than how it is built. */
export function fragilityOf(care: CareClass, kind: string | null): Fragility | null {
  const { kinds, byCare, byKind } = (read ??= readTable());
  const own = byCare.get(care);
  if (own !== undefined || kind === null) return own ?? null;
  return kinds.lineOf(kinds.called(kind) ?? kind).flatMap((it) => byKind.get(it) ?? [])[0] ?? null;
}

function readTable(): Table {
  const kinds = loadKinds();
  const byCare = new Map<CareClass, Fragility>();
  const byKind = new Map<string, Fragility>();
  for (const [by = "", what = "", reason = "", source = ""] of table("fragile.tsv", 4)) {
    const line = { line: `fragile.tsv, ${by} ${what}`, reason, source };
    const care = CARE_CLASSES.find((it) => it === what);
    if (by === "care" && care !== undefined) byCare.set(care, line);
    else if (by === "kind" && kinds.called(what) === what) byKind.set(what, line);
    else throw new Error(`expected a class of care or a kind in fragile.tsv, got "${by} ${what}"`);
  }
  return { kinds, byCare, byKind };
}
