/** What a device can be, and what a patient loses with it: `kinds.tsv`. */
import { CARE_CLASSES } from "../model/device.ts";
import type { CareClass } from "../model/device.ts";
import { table } from "./table.ts";

export interface Kinds {
  /** In the order of the table. */
  readonly names: readonly string[];
  has(kind: string): boolean;
  /** The kind a person means, whatever its capitals and spaces; null when it is none of the tree. */
  called(text: string): string | null;
  /** Null for a kind that only groups others, and for none. */
  careOf(kind: string): CareClass | null;
  /** Itself, then what it lies under. */
  lineOf(kind: string): readonly string[];
  /** What people put programs on, or what speaks for others, itself or what it lies under. */
  isComputer(kind: string): boolean;
}

const COMPUTERS: ReadonlySet<string> = new Set(["workstation", "mobile device", "media player", "server", "router", "firewall"]);

export function loadKinds(): Kinds {
  const rows = new Map(table("kinds.tsv", 4).map(([kind = "", under = "", care = ""]) => [kind, { under, care }]));
  const plainly = new Map([...rows.keys()].map((kind) => [plain(kind), kind]));
  const kinds: Kinds = {
    names: [...rows.keys()],
    has: (kind) => rows.has(kind),
    called: (text) => plainly.get(plain(text)) ?? null,
    careOf: (kind) => CARE_CLASSES.find((it) => it === rows.get(kind)?.care) ?? null,
    lineOf(kind) {
      const line: string[] = [];
      for (let it = kind; rows.has(it); it = rows.get(it)!.under) line.push(it);
      return line;
    },
    isComputer: (kind) => kinds.lineOf(kind).some((it) => COMPUTERS.has(it)),
  };
  return kinds;
}

/** British spelling is folded into the tree's. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("anaes", "anes")
    .replaceAll("foetal", "fetal")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
