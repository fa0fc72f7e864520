/** Whether two words for a maker, a model or a kind are one: a list spells them in its own way. Likeness agrees or contradicts; it ties nothing. */
import { spelled } from "../knowledge/families.ts";
import type { Knowledge } from "../knowledge/index.ts";
import { isNothing } from "./keys.ts";

/** Null: one of them says nothing. */
export type Likeness = "same" | "other" | null;

/** Of a model's name that is part of the other's: shorter ones are part of too many. */
const PART_LENGTH_MIN = 3;

export function sameMaker(listed: string, heard: string, { makers }: Knowledge): Likeness {
  if (isNothing(listed) || listed === "" || heard === "") return null;
  const [a, b] = [makers.called(listed).name, makers.called(heard).name];
  if (a === b) return "same";
  const [x, y] = [spelled(a), spelled(b)];
  return within(x, y) ? "same" : "other";
}

export function sameModel(listed: string, heard: string): Likeness {
  // An order number is another name for it, which no device says.
  if (isNothing(listed) || listed === "" || heard === "" || /^[\d\s.-]{5,}$/.test(listed)) return null;
  const [a, b] = [spelled(listed), spelled(heard)];
  if (a === b || within(a, b)) return "same";
  // "Monitor MX800, rel. K" and "IntelliVue MX800": what has a digit in it names the model.
  const own = new Set(numbered(heard));
  return numbered(listed).some((word) => own.has(word)) ? "same" : "other";
}

function numbered(text: string): readonly string[] {
  const words = text.normalize("NFKC").toLowerCase().split(/[^\p{L}\p{N}]+/u); // prettier-ignore
  return words.filter((word) => /\d/.test(word) && word.length >= PART_LENGTH_MIN);
}

/** Of one line in the tree of kinds: a syringe pump is an infusion pump. */
export function sameKind(listed: string, heard: string, knowledge: Knowledge): Likeness {
  const kind = kindCalled(listed, knowledge);
  if (kind === null || heard === "" || !knowledge.kinds.has(heard)) return null;
  const { kinds } = knowledge;
  return kinds.lineOf(kind).includes(heard) || kinds.lineOf(heard).includes(kind) ? "same" : "other";
}

/** The kind of the tree that a list means: "Pump, infusion" is turned round. Null where the tree has none of that name. */
export function kindCalled(text: string, { kinds }: Knowledge): string | null {
  const turned = text.split(",").map((part) => part.trim()).toReversed().join(" "); // prettier-ignore
  return kinds.called(text) ?? kinds.called(turned) ?? kinds.called(text.replace(/s$/, ""));
}

/** MX800 is in "IntelliVue MX800", MX80 is not. */
function within(a: string, b: string): boolean {
  const [part, whole] = a.length <= b.length ? [a, b] : [b, a];
  if (part.length < PART_LENGTH_MIN) return false;
  const at = whole.indexOf(part);
  const before = whole[at - 1] ?? "";
  const after = whole[at + part.length] ?? "";
  return at >= 0 && !(/\d/.test(before) && /^\d/.test(part)) && !(/\d/.test(after) && /\d$/.test(part));
}
