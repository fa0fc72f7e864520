/**
 * The filter language, the same in the filter box, in `--filter`, in the API and in saved views:
 *
 *   filter  = all { "or" all }
 *   all     = one { [ "and" ] one }
 *   one     = "not" one | "(" filter ")" | test | word
 *   test    = field op value | field [ "not" ] "in" list
 *   op      = "=" | "!=" | "~" | "<" | "<=" | ">" | ">="
 *   list    = value { "," value } | "(" value { "," value } ")"
 *   value   = word | "not" "known"
 *   word    = characters without space and without ( ) = ~ < > ! , " | '"' anything but '"' '"'
 *
 * A word alone must stand somewhere in what is known of the device. Case never matters. `~` is "contains". What is not known is
 * `unknown`, `not known` or "". Addresses take networks (10.20.0.0/16, fe80::/10), cards take their first digits (00:09:fb).
 * Times are ages from the recording's last moment (`last < 5m`: heard within its last five minutes; s, m, h, d, w, y) or a date
 * (`first >= 2026-11-20`). Numbers may end in k, M, G or T.
 */
import { ipWords, type IpWords } from "../bytes/address.ts";
import { nearest } from "../bytes/nearest.ts";
import { CARE_CLASSES, STANDINGS, STATUSES, SURENESS } from "./device.ts";
import { BadQuery } from "./store.ts";

export type Filter =
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | Test;

/** Texts are in lower case. */
export type Test =
  | { readonly kind: "word"; readonly text: string }
  /** "" is what is not known. */
  | { readonly kind: "is"; readonly field: TextField; readonly values: readonly string[] }
  | { readonly kind: "contains"; readonly field: TextField | "ip" | "mac"; readonly text: string }
  /** Null is without an address. */
  | { readonly kind: "network"; readonly networks: readonly (Network | null)[] }
  /** First digits with colons between; "" is without a card. */
  | { readonly kind: "card"; readonly starts: readonly string[] }
  | { readonly kind: "number"; readonly field: NumberField; readonly op: Order | "="; readonly value: number }
  /** `value` is in microseconds: before the recording's end, or since 1970. */
  | { readonly kind: "time"; readonly field: TimeField; readonly op: Order; readonly value: number; readonly from: "end" | "epoch" };

export interface Network extends IpWords {
  /** Bits of the address that must agree, of 32 or 128. */
  readonly bits: number;
}
export type Order = "<" | "<=" | ">" | ">=";

const FIELDS = {
  name: "text",
  kind: "text",
  maker: "text",
  model: "text",
  serial: "text",
  udi: "text",
  software: "text",
  os: "text",
  location: "text",
  controlNumber: "text",
  owner: "text",
  status: STATUSES,
  care: CARE_CLASSES,
  sure: SURENESS,
  standing: STANDINGS,
  id: "text",
  ip: "ip",
  mac: "mac",
  services: "number",
  peers: "number",
  frames: "number",
  bytes: "number",
  first: "time",
  last: "time",
} as const satisfies Record<string, "text" | "ip" | "mac" | "number" | "time" | readonly string[]>;
export type Field = keyof typeof FIELDS;
type FieldOf<Kind> = { [Name in Field]: (typeof FIELDS)[Name] extends Kind ? Name : never }[Field];
type TextField = FieldOf<"text" | readonly string[]>;
type NumberField = FieldOf<"number">;
type TimeField = FieldOf<"time">;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** What people call our fields. */
const OTHER_NAMES: Readonly<Record<string, Field>> = {
  type: "kind",
  what: "kind",
  vendor: "maker",
  manufacturer: "maker",
  system: "os",
  firmware: "software",
  version: "software",
  where: "location",
  place: "location",
  ward: "location",
  room: "location",
  class: "care",
  address: "ip",
  network: "ip",
  card: "mac",
  hostname: "name",
  device: "name",
  control: "controlNumber",
  seen: "last",
  heard: "last",
};

/** What stands over our columns, where it is several words: in lower case. Its last word is the one before the operator. */
const TITLES: Readonly<Record<string, Field>> = {
  "what it is": "kind",
  "control number": "controlNumber",
  "care class": "care",
  "how sure we are": "sure",
  "last heard at": "location",
  "network card": "mac",
  "network address": "ip",
  "talks to": "peers",
  "first heard": "first",
  "last heard": "last",
  "operating system": "os",
};
const TITLE_WORDS_MAX = 4;

/** Parentheses in parentheses, and `not` before `not`: more is no question a person asks. */
const DEPTH_MAX = 50;
/** Words and tests, each of which is looked for in every device. */
const TESTS_MAX = 100;
const OPERATORS = ["=", "!=", "~", "<", "<=", ">", ">="] as const;
type Operator = (typeof OPERATORS)[number] | "in";

/** Null for an empty text, which asks for all. Throws BadQuery, and nothing else. */
export function parseFilter(text: string): Filter | null {
  const tokens = tokensOf(text);
  if (tokens.length === 1) return null;
  return new Parser(tokens).whole();
}

/** Whether a filter asks about a field anywhere in it. */
export function asksAbout(filter: Filter, field: TextField): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.some((part) => asksAbout(part, field));
    case "not":
      return asksAbout(filter.part, field);
    default:
      return "field" in filter && filter.field === field;
  }
}

/** Every test for whole values, in the order they stand. */
export function valueTests(filter: Filter): readonly Extract<Test, { kind: "is" }>[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.flatMap(valueTests);
    case "not":
      return valueTests(filter.part);
    default:
      return filter.kind === "is" ? [filter] : [];
  }
}

/** A field by its name, else BadQuery that lists those there are. */
export function fieldNamed(name: string, column?: number, among: readonly Field[] = FIELD_NAMES, what = "a field"): Field {
  const lower = name.toLowerCase();
  const field = among.find((it) => it === lower);
  if (field !== undefined) return field;
  const near = OTHER_NAMES[lower] ?? nearest(lower, among);
  const suggestion = among.find((it) => it === near);
  throw new BadQuery(`expected ${what} (${among.join(", ")}), got "${name}"`, column, suggestion);
}

interface Token {
  readonly kind: "word" | "quoted" | "sign" | "end";
  readonly text: string;
  readonly column: number;
}

const TOKEN = /\s+|"(?<quoted>[^"]*)"|(?<sign>!=|<=|>=|[=~<>(),])|(?<word>[^\s()=~<>!,"]+)/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const column = at + 1;
    if (match === null)
      throw text[at] === "!"
        ? new BadQuery('expected "!=", got "!"', column, "!=")
        : new BadQuery("expected a closing quote, got the end", text.length + 1);
    const { quoted, sign, word } = match.groups!;
    if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted, column });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, column });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, column });
    at += match[0].length;
  }
  tokens.push({ kind: "end", text: "", column: text.length + 1 });
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #parts = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#any();
    if (this.#token.kind !== "end") throw expected('"and", "or" or the end', this.#token);
    return filter;
  }

  #any(): Filter {
    const parts = [this.#all()];
    while (this.#took("or")) parts.push(this.#all());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  #all(): Filter {
    const parts = [this.#one()];
    while (this.#took("and") || this.#begins()) parts.push(this.#one());
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  #begins(): boolean {
    const { kind, text } = this.#token;
    return kind === "quoted" || (kind === "word" && text.toLowerCase() !== "or") || (kind === "sign" && text === "(");
  }

  #one(): Filter {
    const token = this.#next();
    if (++this.#parts > TESTS_MAX) throw new BadQuery(`expected at most ${TESTS_MAX} words and tests, got more`, token.column);
    if (isWord(token, "not")) return this.#deeper(token, () => ({ kind: "not", part: this.#one() }));
    if (token.kind === "sign" && token.text === "(")
      return this.#deeper(token, () => {
        const inner = this.#any();
        const close = this.#next();
        if (close.text !== ")" || close.kind !== "sign") throw expected('")"', close);
        return inner;
      });
    if (token.kind === "quoted") return wordOrCard(token.text.toLowerCase());
    if (token.kind !== "word" || isWord(token, "and") || isWord(token, "or")) throw expected("a word or a field", token);

    const not = isWord(this.#token, "not") && isWord(this.#tokens[this.#at + 1], "in");
    if (not) this.#at++;
    const sign = this.#token;
    const operator = isWord(sign, "in") ? "in" : OPERATORS.find((it) => sign.kind === "sign" && it === sign.text);
    if (operator !== undefined) {
      this.#notTitled(token);
      const field = fieldNamed(token.text, token.column);
      this.#at++;
      const part = test(field, { text: operator, column: sign.column }, operator === "in" ? this.#list() : [this.#value()]);
      return not ? { kind: "not", part } : part;
    }
    return wordOrCard(token.text.toLowerCase());
  }

  /** Throws where the words up to this one are a column's title. */
  #notTitled(last: Token): void {
    const end = this.#at;
    for (let count = TITLE_WORDS_MAX; count > 1; count--) {
      const words = this.#tokens.slice(Math.max(0, end - count), end);
      const title = words.map(({ text }) => text.toLowerCase()).join(" ");
      if (words.length < count || words.some(({ kind }) => kind !== "word") || TITLES[title] === undefined) continue;
      const { column } = words[0]!;
      throw new BadQuery(`expected a field, got "${title}"`, column, TITLES[title], last.column + last.text.length - column);
    }
  }

  #list(): readonly Value[] {
    const open = this.#token.kind === "sign" && this.#token.text === "(";
    if (open) this.#at++;
    const values = [this.#value()];
    while (this.#token.kind === "sign" && this.#token.text === ",") {
      this.#at++;
      values.push(this.#value());
      this.#parts++;
    }
    if (!open) return values;
    const close = this.#next();
    if (close.text !== ")" || close.kind !== "sign") throw expected('"," or ")"', close);
    return values;
  }

  #value(): Value {
    const token = this.#next();
    if (isWord(token, "not") && isWord(this.#token, "known")) {
      this.#at++;
      return { text: "unknown", column: token.column };
    }
    if (token.kind === "word" || token.kind === "quoted") return { text: token.text.toLowerCase(), column: token.column };
    throw expected("a value", token);
  }

  #deeper(token: Token, read: () => Filter): Filter {
    if (++this.#depth > DEPTH_MAX)
      throw new BadQuery(`expected at most ${DEPTH_MAX} parentheses within each other, got more`, token.column);
    const filter = read();
    this.#depth--;
    return filter;
  }

  #took(word: string): boolean {
    if (!isWord(this.#token, word)) return false;
    this.#at++;
    return true;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #next(): Token {
    const token = this.#token;
    if (token.kind !== "end") this.#at++;
    return token;
  }
}

interface Value {
  readonly text: string;
  readonly column: number;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toLowerCase() === word;
}

function expected(what: string, got: Token): BadQuery {
  return new BadQuery(`expected ${what}, got ${got.kind === "end" ? "the end" : `"${got.text}"`}`, got.column);
}

// What a test means for its field. -------------------------------------------------------------------------------------------

interface Sign {
  readonly text: Operator;
  readonly column: number;
}

/** More than one value only after "in". */
function test(field: Field, operator: Sign, values: readonly Value[]): Filter {
  if (operator.text === "!=") return { kind: "not", part: test(field, { ...operator, text: "=" }, values) };
  const kind = FIELDS[field];
  const op = operator.text === "in" ? "=" : operator.text;
  const only = values[0]!;

  if (isNumber(field)) {
    if (op === "~")
      throw wrongOperator(
        field,
        operator,
        OPERATORS.filter((it) => it !== "~"),
      );
    const tests = values.map((value): Filter => ({ kind: "number", field, op, value: numberOf(value) }));
    return tests.length === 1 ? tests[0]! : { kind: "or", parts: tests };
  }
  if (isTime(field)) {
    if (op === "=" || op === "~") throw wrongOperator(field, operator, ["<", "<=", ">", ">="]);
    return { kind: "time", field, op, ...timeOf(only) };
  }
  if (op !== "=" && op !== "~") throw wrongOperator(field, operator, ["=", "!=", "~", "in"]);
  if (field === "ip")
    return op === "~" ? { kind: "contains", field, text: only.text } : { kind: "network", networks: values.map(networkOf) };
  if (field === "mac") return op === "~" ? { kind: "contains", field, text: only.text } : { kind: "card", starts: values.map(cardOf) };
  if (typeof kind === "object" && op === "=")
    for (const value of values) chosen(field === "care" || field === "status" ? [...kind, "unknown"] : kind, value);
  return op === "~"
    ? { kind: "contains", field, text: only.text }
    : { kind: "is", field, values: values.map(({ text }) => (text === "unknown" && field !== "sure" ? "" : text)) };
}

function isNumber(field: Field): field is NumberField {
  return FIELDS[field] === "number";
}

function isTime(field: Field): field is TimeField {
  return FIELDS[field] === "time";
}

function wrongOperator(
  field: Field,
  { text, column }: { readonly text: string; readonly column: number },
  right: readonly string[],
): BadQuery {
  return new BadQuery(`expected ${right.join(", ")} after "${field}", got "${text}"`, column, right[0]);
}

function chosen(choices: readonly string[], { text, column }: Value): void {
  const lower = choices.map((it) => it.toLowerCase());
  if (lower.includes(text)) return;
  const near = nearest(text, lower);
  const suggestion = choices[lower.indexOf(near ?? "")];
  throw new BadQuery(
    `expected ${choices.join(", ")}, got "${text}"`,
    column,
    suggestion === undefined ? undefined : suggestion.includes(" ") ? `"${suggestion}"` : suggestion,
  );
}

const NUMBER = /^(\d+(?:\.\d+)?)([kmgt]?)b?$/;
const THOUSANDS = ["", "k", "m", "g", "t"];

function numberOf({ text, column }: Value): number {
  const match = NUMBER.exec(text);
  if (match === null) throw new BadQuery(`expected a number such as 10 or 5M, got "${text}"`, column);
  return Number(match[1]) * 1000 ** THOUSANDS.indexOf(match[2]!);
}

const SECOND_US = 1e6;
const UNITS_US: Readonly<Record<string, number>> = {
  s: SECOND_US,
  m: 60 * SECOND_US,
  h: 3_600 * SECOND_US,
  d: 86_400 * SECOND_US,
  w: 7 * 86_400 * SECOND_US,
  y: 365 * 86_400 * SECOND_US,
};
const AGE = /^(\d+(?:\.\d+)?)([smhdwy])$/;
const DATE = /^\d{4}-\d\d-\d\d(?:t\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?$/;

function timeOf({ text, column }: Value): { readonly value: number; readonly from: "end" | "epoch" } {
  const age = AGE.exec(text);
  if (age !== null) return { value: Number(age[1]) * UNITS_US[age[2]!]!, from: "end" };
  const date = DATE.test(text) ? Date.parse(text.includes("t") && !text.endsWith("z") ? `${text}z` : text) : Number.NaN;
  if (Number.isNaN(date)) throw new BadQuery(`expected an age such as 5m, 12h or 7d, or a date such as 2026-11-20, got "${text}"`, column);
  return { value: date * 1000, from: "epoch" };
}

function networkOf({ text, column }: Value): Network | null {
  if (text === "" || text === "unknown") return null;
  const [address = "", length, more] = text.split("/");
  const words = ipWords(address);
  const most = words?.family === 4 ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (words === null || more !== undefined || !(bits <= most))
    throw new BadQuery(`expected an address or a network such as 10.20.0.0/16 or fe80::/10, got "${text}"`, column);
  return { ...words, bits };
}

/** Digits with colons, dashes, dots or nothing between them. */
const CARD = /^[0-9a-f]{2}(?:[0-9a-f]|[:.-](?=[0-9a-f]))*[:.-]?$/;
const CARD_LENGTH = 17;

function cardOf({ text, column }: Value): string {
  if (text === "" || text === "unknown") return "";
  if (!CARD.test(text)) throw new BadQuery(`expected a network card's address or how it begins, such as 00:09:fb, got "${text}"`, column);
  return withColons(text);
}

/** A card's whole address, in whatever spelling, may as well be a serial number. */
function wordOrCard(text: string): Filter {
  const card = CARD.test(text) ? withColons(text) : text;
  const word: Filter = { kind: "word", text };
  return card === text || card.length !== CARD_LENGTH ? word : { kind: "or", parts: [word, { kind: "word", text: card }] };
}

function withColons(card: string): string {
  return card.replace(/[^0-9a-f]/g, "").replace(/..(?=.)/g, "$&:");
}
