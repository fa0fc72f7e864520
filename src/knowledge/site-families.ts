/**
 * Families that the site's own people add: a text table like `families.tsv`, but checked, since nobody here has seen it. A line that is
 * broken is refused with its place, and the rest serves. A model is compared letter by letter, with a "*" at its end at most, so none can
 * run for ever; what looks like a pattern of another kind is refused.
 */
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { nearest } from "../bytes/nearest.ts";
import { spelled, type FamilyRow } from "./families.ts";
import type { Kinds } from "./kinds.ts";
import type { Makers } from "./makers.ts";

/**
 * What the site's own people know is what they knew when the program started, for every thread of it: the core works devices out in one,
 * and another says why.
 */
export function useSiteFamilies(families: readonly FamilyRow[]): void {
  setEnvironmentData(SITE_FAMILIES, families);
}

export function siteFamilies(): readonly FamilyRow[] {
  return (getEnvironmentData(SITE_FAMILIES) ?? []) as unknown as readonly FamilyRow[];
}
const SITE_FAMILIES = "auscult: families of the site's own";

export interface CheckedFamilies {
  readonly families: readonly FamilyRow[];
  /** One for each thing that is wrong, with file, line and column: `families.tsv:7:12: kind: expected …, got …`. */
  readonly troubles: readonly string[];
  /** Lines that do not serve. */
  readonly refused: number;
}

/** What each column holds. */
const COLUMNS = {
  maker: "a maker",
  models: "a model as the device says it",
  family: "the family's name",
  kind: "a kind of device",
  source: "where this is known from",
} as const;
type Column = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as readonly Column[];

/** Whoever mends so many is told of the next. */
const TROUBLES_MAX = 1_000;
const CELL_LENGTH_MAX = 200;
/** "A*" would be a part of everybody's models. */
const BEGINNING_LENGTH_MIN = 2;

export function checkFamilies(bytes: Uint8Array, file: string, known: { readonly kinds: Kinds; readonly makers: Makers }): CheckedFamilies {
  const families: FamilyRow[] = [];
  const troubles: string[] = [];
  const refused = new Set<number>();
  /** The line that has a maker's model. */
  const taken = new Map<string, number>();
  let head: Head | null = null;
  for (const { number, bytes: own } of linesOf(bytes)) {
    const complain: Complain = (column, words) => {
      refused.add(number);
      if (troubles.length < TROUBLES_MAX) troubles.push(`${file}:${number}:${column}: ${words()}`);
    };
    const text = textOf(own, complain);
    if (head === null) {
      if (text?.trim() === "") continue;
      head = text === null ? null : headOf(text);
      if (head !== null || text?.startsWith("#")) continue;
      // Without it nobody knows what the lines say.
      if (text !== null) complain(1, () => `${HEAD_EXPECTED}, got ${quoted(text)}${missing(text)}`);
      return { families, troubles, refused: refused.size };
    }
    if (text === null || text.trim() === "" || text.startsWith("#")) continue;
    const row = rowOf(text, number, head, taken, known, complain);
    if (refused.has(number)) continue;
    for (const model of row.models) taken.set(keyOf(row.maker, model), number);
    families.push(row);
  }
  if (head === null) return { families, troubles: [`${file}:1:1: ${HEAD_EXPECTED}, got none`], refused: 0 };
  return { families, troubles, refused: refused.size };
}

/** Words are made only where they are told. */
type Complain = (column: number, words: () => string) => void;

// Lines. --------------------------------------------------------------------------------------------------------------------------

const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const decoder = new TextDecoder("utf-8", { fatal: true });
/** Control characters, and what turns text around or hides in it; a tab parts columns. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function* linesOf(bytes: Uint8Array): Generator<{ readonly number: number; readonly bytes: Uint8Array }> {
  for (let number = 1, at = 0; at < bytes.length; number++) {
    const found = bytes.indexOf(NEWLINE, at);
    const end = found < 0 ? bytes.length : found;
    yield { number, bytes: bytes.subarray(at, bytes[end - 1] === RETURN ? Math.max(at, end - 1) : end) };
    at = end + 1;
  }
}

/** Null when it is none. A comment may hold anything. */
function textOf(line: Uint8Array, complain: Complain): string | null {
  let text: string;
  try {
    text = decoder.decode(line);
  } catch {
    if (line[0] === HASH) return "#";
    const column = new TextDecoder().decode(line).indexOf("\ufffd") + 1;
    complain(column, () => "expected text in UTF-8, got bytes that are none: save the file as UTF-8");
    return null;
  }
  const hidden = text.startsWith("#") ? -1 : text.search(HIDDEN);
  if (hidden < 0) return text;
  const code = text.codePointAt(hidden)!.toString(16).toUpperCase().padStart(4, "0");
  complain(hidden + 1, () => `expected letters one can see, got the character U+${code}`);
  return null;
}

interface Cell {
  readonly text: string;
  /** Of its first letter, from 1. */
  readonly column: number;
}

/** A spreadsheet puts quotes around a cell with a comma in it. */
function cellsOf(line: string): readonly Cell[] {
  let column = 1;
  return line.split("\t").map((raw) => {
    const text = raw.trim();
    const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
    const cell = {
      text: isQuoted ? text.slice(1, -1).replaceAll('""', '"').trim() : text,
      column: column + raw.length - raw.trimStart().length + (isQuoted ? 1 : 0),
    };
    column += raw.length + 1;
    return cell;
  });
}

interface Head {
  readonly count: number;
  readonly places: Readonly<Record<Column, number>>;
}

const HEAD_EXPECTED = `expected a line that names the columns ${NAMES.join(", ")}, with tabs between`;

/** In any order, and with others beside them that are the site's own; also where it is a comment, as in our table. */
function headOf(text: string): Head | null {
  const titles = titlesOf(text);
  const places = NAMES.map((name) => [name, titles.indexOf(name)] as const);
  if (places.some(([name, at]) => at < 0 || titles.lastIndexOf(name) !== at)) return null;
  return { count: titles.length, places: Object.fromEntries(places) as Record<Column, number> };
}

function titlesOf(text: string): readonly string[] {
  return cellsOf(text.replace(/^#\s*/, "")).map((cell) => cell.text.toLowerCase());
}

function missing(text: string): string {
  const titles = titlesOf(text);
  const absent = NAMES.filter((name) => !titles.includes(name));
  if (absent.length === 0) return ": one of them stands there twice";
  const meant = absent.flatMap((name) => titles.filter((title) => nearest(title, [name]) !== undefined).map((title) => `${name} by ${quoted(title)}`)); // prettier-ignore
  return `: without ${absent.join(", ")}${meant.length === 0 ? "" : ` (did you mean ${meant.join(", ")}?)`}`;
}

// What a line says. ---------------------------------------------------------------------------------------------------------------------

function rowOf(
  line: string,
  number: number,
  { count, places }: Head,
  taken: ReadonlyMap<string, number>,
  { kinds, makers }: { readonly kinds: Kinds; readonly makers: Makers },
  complain: Complain,
): FamilyRow {
  const cells = cellsOf(line);
  const beyond = cells.slice(count).find((cell) => cell.text !== "");
  if (beyond !== undefined) complain(beyond.column, () => `expected ${count} columns, as many as are named, got ${cells.length}`);
  const at = (name: Column): Cell => {
    const cell = cells[places[name]] ?? { text: "", column: line.length + 1 };
    if (cell.text === "") complain(cell.column, () => `${name}: expected ${COLUMNS[name]}, got nothing`);
    if (name === "models" || cell.text.length <= CELL_LENGTH_MAX) return cell;
    complain(cell.column, () => `${name}: ${tooLong(cell.text)}`);
    // What reads a name takes long over one that is no name.
    return { ...cell, text: cell.text.slice(0, CELL_LENGTH_MAX) };
  };
  const maker = makers.called(at("maker").text).name;
  const listed = at("models");
  const models = modelsIn(listed);
  if (models.length === 0 && listed.text !== "")
    complain(listed.column, () => `models: expected ${COLUMNS.models}, got ${quoted(listed.text)}`);
  for (const { text, column } of models) {
    const before = taken.get(keyOf(maker, text));
    const trouble = before === undefined ? troubleOf(text) : `expected a model that no line before has, got ${quoted(text)}, which line ${before} has`; // prettier-ignore
    if (trouble !== null) complain(column, () => `models: ${trouble}`);
  }
  const name = at("family").text;
  const asked = at("kind");
  const kind = kinds.called(asked.text);
  if (kind === null && asked.text !== "")
    complain(
      asked.column,
      () => `kind: expected ${COLUMNS.kind} that is in docs/families.md, got ${quoted(asked.text)}${nearestKind(asked.text, kinds)}`,
    );
  const source = at("source").text;
  return { maker, models: models.map(({ text }) => text), name, kind: kind ?? "", source, line: number };
}

function keyOf(maker: string, model: string): string {
  return `${maker}\t${spelled(model)}${model.endsWith("*") ? "*" : ""}`;
}

function modelsIn({ text, column }: Cell): readonly Cell[] {
  let next = column;
  return text.split(";").flatMap((raw) => {
    const cell = { text: raw.trim(), column: next + raw.length - raw.trimStart().length };
    next += raw.length + 1;
    return cell.text === "" ? [] : [cell];
  });
}

/** What a regular expression has and no model of ours; "A+" is one. */
const OTHER_PATTERN = /[\\^$|[\]{}?]|[.)][*+]/;

function troubleOf(model: string): string | null {
  if (model.length > CELL_LENGTH_MAX) return tooLong(model);
  if (OTHER_PATTERN.test(model))
    return `expected a model as the device says it, with * at its end for any rest, got ${quoted(model)}, a pattern of another kind`;
  if (/\*./.test(model)) return `expected * only at the end of a model, got ${quoted(model)}`;
  if (spelled(model).length < (model.endsWith("*") ? BEGINNING_LENGTH_MIN : 1))
    return `expected ${model.endsWith("*") ? `at least ${BEGINNING_LENGTH_MIN} letters or digits before *` : "letters or digits"}, got ${quoted(model)}`;
  return null;
}

function nearestKind(text: string, { names }: Kinds): string {
  const lower = names.map((name) => name.toLowerCase());
  const near = nearest(text.toLowerCase(), lower);
  return near === undefined ? "" : ` (did you mean ${names[lower.indexOf(near)]}?)`;
}

function tooLong(text: string): string {
  return `expected at most ${CELL_LENGTH_MAX} letters, got ${text.length}`;
}

const QUOTED_LENGTH_MAX = 60;
function quoted(text: string): string {
  return `"${text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text}"`.replaceAll("\t", " ");
}
