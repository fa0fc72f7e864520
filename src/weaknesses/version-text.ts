/**
 * What an advisory says of versions, in its own words: "vers:all/*", ">= 6.0 | <= 6.4.0", "B.02 | C.02", "2.3.6 and below", "12.x".
 *
 * Read into a constraint, and a device's version is held against it with three answers, since neither side is written as machines would have
 * it: what no rule reads is opaque, and dates of sale are no versions. Irregularities and where they stand: knowledge notes on matching, section 3.
 */
import { begins, compareRuns, isFiner, runsOf, type Run } from "./version-order.ts";

export type Constraint =
  | { readonly is: "all" }
  | { readonly is: "bound"; readonly sign: Sign; readonly runs: readonly Run[]; /** "12.x": whatever begins so. */ readonly open: boolean }
  | { readonly is: "and" | "or"; readonly of: readonly Constraint[] }
  /** Made or sold before or after a day: nothing a version can be held against. */
  | { readonly is: "date" }
  | { readonly is: "opaque" };
export type Sign = "<" | "<=" | ">" | ">=" | "=";

export interface VersionText {
  /** As the advisory has it. */
  readonly text: string;
  readonly constraint: Constraint;
  /** It says more than the constraint does ("with Wireless Battery Modules v17"): what satisfies it is possible at best. */
  readonly hedged: boolean;
}

export type VersionAnswer = "affected" | "possible" | "not affected";

/** What an advisory may say of versions at most; a longer text is opaque. */
const TEXT_LENGTH_MAX = 400;
const PARTS_MAX = 40;

/** `namesModel`: whether it is a model of the advisory's vendor; some stand where versions should ("VS4"). */
export function readVersionText(text: string, namesModel: (words: string) => boolean = () => false): VersionText {
  const whole = text.normalize("NFKC").trim();
  if (whole.length > TEXT_LENGTH_MAX) return { text, constraint: { is: "opaque" }, hedged: false };
  const bare = withoutBrackets(whole.replace(/^vers:[a-z]+\//i, "")).trim();
  if (SOLD.test(whole) || isDate(bare)) return { text, constraint: { is: "date" }, hedged: false };
  const [, versions = bare] = ASIDE.exec(bare) ?? [];
  const hedged = versions !== whole.replace(/^vers:[a-z]+\//i, "").trim();
  return { text, constraint: ALL.test(versions) ? { is: "all" } : constraintOf(versions, namesModel), hedged };
}

const ALL = /^(?:\*|all|all versions|any)$/i;
/** What stands behind it says of what else it is true. */
const ASIDE = /^(\S.*?)\s+(?:on|with|running|when|only|model)\s.*$/i;

/** "(with …)" says something of another part; brackets around all of it are none. An opened one that never closes reaches to the end. */
function withoutBrackets(text: string): string {
  const around = /^\(([^()]*)\)$/.exec(text);
  // What stands around everything may be anybody's words: read, but never trusted.
  if (around !== null) return around[1]!;
  let bare = "";
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    else if (character === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0) bare += character;
  }
  return bare;
}

const SOLD = /\b(?:distributed|shipped|manufactured)\b/i;
const MONTH = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i;

const YEAR = /^(?:19|20)\d\d$/;

function isDate(text: string): boolean {
  return MONTH.test(text.replaceAll("_", " ")) || /\b\d{1,2}\/\d{1,2}\/\d{4}\b/.test(text);
}

/** Parts between "|": a lower bound with an upper one behind it is one interval, all else is a list of which one is enough. */
function constraintOf(text: string, namesModel: (words: string) => boolean): Constraint {
  const parts = partsOf(text);
  if (parts.length === 0 || parts.length > PARTS_MAX) return { is: "opaque" };
  const read = parts.map((part): Constraint => (namesModel(part) ? { is: "opaque" } : partOf(part)));
  const any: Constraint[] = [];
  for (let at = 0; at < read.length; at++) {
    const [part, next] = [read[at]!, read[at + 1]];
    if (isBound(part, [">", ">="]) && next !== undefined && isBound(next, ["<", "<="])) {
      any.push({ is: "and", of: [part, next] });
      at++;
    } else any.push(part);
  }
  return any.length === 1 ? any[0]! : { is: "or", of: any };
}

function isBound(it: Constraint, signs: readonly Sign[]): boolean {
  return it.is === "bound" && signs.includes(it.sign);
}

function partsOf(text: string): readonly string[] {
  const parts = text.split(/\||\s\/\s|,\s|\band\b(?!\s+(?:below|above|prior|earlier|older|lower|before|later|newer|higher)\b)/i).flatMap(sequence); // prettier-ignore
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** "1.3.2 1.4.0 1.4.1" without a sign between, and "F.0.G.0", which is two revisions. */
function sequence(part: string): readonly string[] {
  if (/^\s*[A-Z]\.\d+(?:\.[A-Z]\.\d+)+\s*$/.test(part)) return part.match(/[A-Z]\.\d+/g) ?? [];
  const words = part.trim().replace(/^(?:versions?|release)\s+/i, "").split(/\s+/); // prettier-ignore
  return words.length > 1 && words.every((word) => /^v?\d+(?:\.\d+)+$/i.test(word)) ? words : [part];
}

const WORD_BOUNDS: readonly (readonly [RegExp, Sign])[] = [
  [/^(.+?)\s+(?:and|or)\s+(?:below|prior|earlier|older|lower|before)(?:\s+versions?)?$/i, "<="],
  [/^(.+?)\s+(?:and|or)\s+(?:above|later|newer|higher)(?:\s+versions?)?$/i, ">="],
  [/^(?:prior to|before|earlier than|below)\s+(.+)$/i, "<"],
  [/^(?:up to|through)\s+(.+)$/i, "<="],
];

function partOf(part: string): Constraint {
  const [, signed, version] = /^(<=|>=|=<|=>|<|>|==?)\s*(.+)$/.exec(part) ?? [];
  if (signed !== undefined) return bound(({ "=<": "<=", "=>": ">=", "==": "=" }[signed] ?? signed) as Sign, version!);
  for (const [words, sign] of WORD_BOUNDS) {
    const found = words.exec(part);
    if (found !== null) return bound(sign, found[1]!);
  }
  const [, from, to, last] = /^(\S+)\s*(<=|<|\bto\b|\bthrough\b|\s-\s)\s*(\S+)$/i.exec(part) ?? [];
  if (from !== undefined) return both(bound(">=", from), bound(to === "<" ? "<" : "<=", last!));
  const [, first, second] = /^rev(?:ision)?s?\s+([a-z])-([a-z])$/i.exec(part) ?? [];
  if (first !== undefined) return both(bound(">=", first), bound("<=", second!));
  return isModel(part) ? { is: "opaque" } : bound("=", part);
}

function both(from: Constraint, to: Constraint): Constraint {
  return from.is === "opaque" || to.is === "opaque" ? { is: "opaque" } : { is: "and", of: [from, to] };
}

/** "MMT-1710", "3120", "A51300": numbers of models stand where versions should, and are none. */
function isModel(part: string): boolean {
  return /^[\p{L}\s-]*\d{3,}\p{L}{0,2}$/iu.test(part);
}

/** Letters and digits that belong together, with words of makers for builds and packs between; anything else is prose. */
const VERSION =
  /^(?:(?:versions?|ver|release|rev|lpi|build|service pack|sp|sr|mr)[\s._-]*|[\p{L}]{1,3}\s(?=[\p{L}]?\.?\d))*[\p{L}\d](?:[\p{L}\d.,_/+:-]|\s(?=(?:build|service pack|sp|sr|mr|pack|bn)\b|\d)|(?<=\.\d+)\s(?=[\p{L}]{1,2}\d))*$/iu;

/** Whether it is a version and nothing else. */
export function isVersion(text: string): boolean {
  return text.length <= TEXT_LENGTH_MAX && VERSION.test(text) && (/\d/.test(text) || /^[a-z]$/i.test(text));
}

function bound(sign: Sign, text: string): Constraint {
  let version = text.trim();
  if (!isVersion(version)) return { is: "opaque" };
  // ">= 2003 | <= 2006" are the years it was published in.
  if (YEAR.test(version)) return { is: "date" };
  const wild = /(?:[.\s]+[x*])+$/i.exec(version);
  // "C.0x": the last digit may be any.
  const digit = /^(.*\d)x$/i.exec(version);
  if (wild !== null) version = version.slice(0, wild.index);
  else if (digit !== null) version = `${digit[1]}9`;
  const runs = runsOf(version);
  if (runs.length === 0) return { is: "opaque" };
  // One letter names a revision with all that was made of it.
  const isRevision = runs.length === 1 && runs[0]!.number === null;
  return { is: "bound", sign, runs, open: wild !== null || digit !== null || isRevision };
}

/** Whether any of it is read by no rule. */
export function isOpaque(constraint: Constraint): boolean {
  return constraint.is === "opaque" || ("of" in constraint && constraint.of.some(isOpaque));
}

/** Null for a device whose version nobody heard. */
export function answerFor({ constraint, hedged }: VersionText, version: string | null): VersionAnswer {
  const runs = version === null ? [] : runsOf(version);
  const answer = answerOf(constraint, runs) ?? "possible";
  return answer === "affected" && hedged ? "possible" : answer;
}

/** Null where ours and theirs cannot be compared. */
function answerOf(constraint: Constraint, runs: readonly Run[]): VersionAnswer | null {
  switch (constraint.is) {
    case "all":
      return "affected";
    case "date":
    case "opaque":
      return "possible";
    case "bound":
      return runs.length === 0 ? null : boundAnswer(constraint, runs);
    case "and": {
      const answers = constraint.of.map((it) => answerOf(it, runs) ?? "possible");
      return ORDER.find((it) => answers.includes(it)) ?? "possible";
    }
    case "or": {
      // "U61 or L81": one for a machine of another kind than ours says nothing of ours.
      const answers = constraint.of.map((it) => answerOf(it, runs));
      return ORDER.findLast((it) => answers.includes(it)) ?? null;
    }
  }
}

const ORDER: readonly VersionAnswer[] = ["not affected", "possible", "affected"];

function boundAnswer({ sign, runs: theirs, open }: Constraint & { readonly is: "bound" }, ours: readonly Run[]): VersionAnswer | null {
  if (open && begins(ours, theirs)) return sign.includes("=") ? "affected" : "not affected";
  // Ours was said less finely than theirs: which of them it is was not heard.
  if (isFiner(theirs, ours)) return "possible";
  const order = compareRuns(ours, theirs);
  if (order === null) return null;
  if (order === 0) return sign.includes("=") ? "affected" : "not affected";
  // "9.7" may well mean all that is called 9.7.
  if (order > 0 && ["=", "<=", ">"].includes(sign) && isFiner(ours, theirs)) return "possible";
  if (sign === "=") return "not affected";
  return order < 0 === sign.startsWith("<") ? "affected" : "not affected";
}
