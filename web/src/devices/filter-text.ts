/**
 * The filter as text, which facets write into and read from: clauses joined by `and`, and values of one field joined by `or`. The
 * store reads the language; here only the top level is taken apart, and what a person wrote otherwise is left as it is.
 */

/** Quotes where a word would not be read as one value. */
export function quoted(value: string): string {
  return /^[\p{L}\p{N}_.:/-]+$/u.test(value) && !/^(and|or|not|in)$/i.test(value) ? value : `"${value.replaceAll('"', "")}"`;
}

/** Which values of a field the filter asks for at its top level. */
export function chosen(filter: string, field: string): readonly string[] {
  return clauses(filter).flatMap((clause) => valuesOf(clause, field) ?? []);
}

/** The filter without what it asks of this field: what its facet is counted under. */
export function without(filter: string, field: string): string {
  return clauses(filter)
    .filter((clause) => valuesOf(clause, field) === null)
    .join(" and ");
}

/** Takes the value in, or out when it was in. */
export function toggled(filter: string, field: string, value: string): string {
  const values = chosen(filter, field);
  const after = values.includes(value) ? values.filter((it) => it !== value) : [...values, value];
  return joined(without(filter, field), alternatives(field, after));
}

/** Asks for more: `only` takes the place of what was asked of the field, `not` stands beside it. */
export function narrowed(filter: string, field: string, value: string, how: "only" | "not"): string {
  return how === "only"
    ? joined(without(filter, field), alternatives(field, [value]))
    : joined(filter.trim(), `not ${field} = ${quoted(value)}`);
}

interface Piece {
  readonly text: string;
  readonly role: "field" | "word" | "operator" | "space";
}

/** The text in pieces, for the pen: field names are gentian, operators quiet. */
export function pieces(filter: string): readonly Piece[] {
  const parts = filter.match(TOKEN) ?? [];
  return parts.map((text, index): Piece => {
    if (/^\s+$/.test(text)) return { text, role: "space" };
    if (OPERATOR.test(text)) return { text, role: "operator" };
    const next = parts.slice(index + 1).find((it) => !/^\s+$/.test(it));
    return { text, role: next !== undefined && /^(=|!=|~|<|>|in)$/i.test(next) ? "field" : "word" };
  });
}

const TOKEN = /\s+|"[^"]*"?|[()]|!=|[=~<>,]|[^\s"()=~<>!,]+|!/g;
const OPERATOR = /^(and|or|not|in|=|!=|~|<|>|,|\(|\))$/i;

function joined(...parts: readonly string[]): string {
  const kept = parts.filter((part) => part !== "");
  return kept.length < 2 ? (kept[0] ?? "") : kept.map((part) => (hasOr(part) ? `(${part})` : part)).join(" and ");
}

function alternatives(field: string, values: readonly string[]): string {
  const each = values.map((value) => `${field} = ${quoted(value)}`);
  return each.length < 2 ? (each[0] ?? "") : `(${each.join(" or ")})`;
}

function clauses(filter: string): readonly string[] {
  return hasOr(filter) ? [filter.trim()] : split(filter, "and");
}

function hasOr(text: string): boolean {
  return split(text, "or").length > 1;
}

/** Parts at a word that stands outside quotes and parentheses. */
function split(text: string, word: "and" | "or"): readonly string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const token of text.match(TOKEN) ?? []) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    if (depth === 0 && token.toLowerCase() === word) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The values of `field = a` or `(field = a or field = b)`; null for any other clause. */
function valuesOf(clause: string, field: string): readonly string[] | null {
  const inner = /^\((.*)\)$/.exec(clause)?.[1] ?? clause;
  const values = split(inner, "or").map((part) => /^([\p{L}]+)\s*=\s*(?:"([^"]*)"|([^\s"()]+))$/u.exec(part));
  if (values.length === 0 || values.some((match) => match?.[1]?.toLowerCase() !== field)) return null;
  return values.map((match) => match?.[2] ?? match?.[3] ?? "");
}
