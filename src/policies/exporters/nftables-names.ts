/** What our table in nftables, and what stands in it, is called: by the text we write, and by what reads afterwards what the kernel has of it. */
import type { CompiledPolicy } from "../../model/policy.ts";
import type { Family } from "../ranges.ts";
import { setTitle } from "./object-names.ts";

export const TABLE = "auscult";
/** The only chain on the hook. */
export const BASE_CHAIN = "wall";
/** What the rest of a table's comment must begin with to be ours. */
export const MARK = "auscult";

/** Of what was denied the kernel remembers so many pairs of each kind, for so long: a scan fills it, and that it is full is told. */
export const REMEMBERED_MAX = 65_536;
export const REMEMBERED_HOURS = 24;

/** What the kernel remembers: who opened what to whom, by port, or of what has no port by protocol. */
export function memoryOf(name: string, kind: "ports" | "pairs", family: Family): string {
  return `${name}_${kind}_v${family}`;
}

/** A set of a group: while it has elements, the group is open. */
export function gateOf(group: string): string {
  return `open_${group}`;
}

/** What the comment of a counter in our table means. */
export interface CounterMeaning {
  readonly comment: string;
  /** Of a rule: its place in the compiled policy. */
  readonly rule: number | null;
  readonly answers: boolean;
  /** Of what is denied: the place of its group's set. */
  readonly denied: { readonly set: number; readonly end: "from" | "to" } | null;
}

export function counterMeanings(policy: CompiledPolicy): readonly CounterMeaning[] {
  const names = setNames(policy);
  return [
    ...policy.rules.flatMap((_, rule) =>
      [false, true].map((answers) => ({ comment: `rule ${rule + 1}${answers ? " answers" : ""}`, rule, answers, denied: null })),
    ),
    ...policy.sets.flatMap(({ governs }, set) =>
      governs
        ? (["from", "to"] as const).map((end) => ({
            comment: `denied ${end} ${names[set]}`,
            rule: null,
            answers: false,
            denied: { set, end },
          }))
        : [],
    ),
  ];
}

/** The name of each set that governs in the text, by its place. */
export function governingNames(policy: CompiledPolicy): ReadonlyMap<number, string> {
  const names = setNames(policy);
  return new Map(policy.sets.flatMap(({ governs }, set) => (governs ? [[set, names[set]!]] : [])));
}

/** Where the base chain sends everything. */
export function entrance(letter: string): string {
  return `look_${letter}`;
}

/** A name that nft reads and that keeps to letters, so that the same groups have the same names whatever stands around them. */
export function setNames({ sets }: CompiledPolicy): readonly string[] {
  const taken = new Set(["governed", "enforced", "spared", "bound", "cards"]);
  return sets.map((set) => {
    const plain = nameOf(setTitle(set));
    let name = plain;
    for (let more = 2; taken.has(name); more++) name = `${plain}_${more}`;
    taken.add(name);
    return name;
  });
}

function nameOf(title: string): string {
  const letters = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, NAME_LENGTH_MAX);
  // nft reads a name that begins with a digit as a number.
  return /^[a-z]/.test(letters) ? letters : `group_${letters}`;
}
const NAME_LENGTH_MAX = 60;
