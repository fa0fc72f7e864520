/**
 * Commands hidden in a request of HTTP where a value belongs: look-ups by a program that logs (CVE-2021-44228), SQL, scripts. Only of
 * what class they are is told, never the text, which may be about anybody.
 */
import type { Notable } from "../../model/notable.ts";

/** A head and the form behind it, one character a byte. Empty for nearly all. */
export function injectedBy(request: string): readonly Notable[] {
  if (!MAY_CARRY.test(request)) return NONE;
  const text = unfolded(decoded(decoded(request)));
  const found: Notable[] = [];
  if (LOOKUP.test(text)) found.push("lookupInjected");
  // Headers may hold anything between quotes; where values belong is the address asked for and the form.
  const values = valuesOf(request);
  const told = decoded(decoded(values));
  if (SQL.some((it) => it.test(told))) found.push("sqlInjected");
  if (SCRIPT.test(told)) found.push("scriptInjected");
  return found;
}

const NONE: readonly Notable[] = [];
/** What all of them need, as it is or encoded. */
const MAY_CARRY = /\$\{|%24%7b|%25(?:24|27|3c)|\$%7b|['"<]|%2[27]|%3c|union/i;

const LOOKUP = /\$\{jndi:/i;
/** `union select` with anything that counts as a space between; a quote, then a comparison that is always true; functions of attack tools. */
const SQL = [
  /\bunion(?:\s|\/\*[^*]{0,32}\*\/){1,16}(?:all(?:\s|\/\*[^*]{0,32}\*\/){1,8})?select\b/i,
  /['"]\s{0,8}\)?\s{0,8}(?:or|and)\s{1,8}['"(]{0,2}\w{1,32}['"]?\s{0,4}=\s{0,4}['"(]{0,2}\w{1,32}/i,
  /['"]\s{0,8};\s{0,8}(?:drop|delete|insert|update|exec)\s/i,
  /\b(?:sleep|benchmark|waitfor\s+delay|pg_sleep)\s{0,4}\(?\s{0,4}['"]?\d{1,9}.{0,16}(?:--|#|\/\*)/i,
];
const SCRIPT = /<script[\s>/]|<(?:img|svg|body|iframe|input)\b[^>]{0,128}\bon[a-z]{3,16}\s{0,4}=/i;

/** The first line's address and what stands behind the head. */
function valuesOf(request: string): string {
  const line = request.slice(0, Math.max(request.indexOf("\n"), 0));
  const head = /\r?\n\r?\n/.exec(request);
  return `${line.split(" ")[1] ?? ""} ${head === null ? "" : request.slice(head.index)}`;
}

/** RFC 3986 section 2.1; in forms a plus is a space. */
function decoded(text: string): string {
  return text.replace(/\+/g, " ").replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Nested look-ups that only hide letters: `${lower:j}`, `${::-j}`, `${env:NONE:-:}`. */
const FOLDED = /\$\{(?!jndi:)[^${}]{0,32}(?::-([^${}]{1,8})|:([^${}:]{1,8}))\}/gi;
const FOLDS_MAX = 8;

function unfolded(text: string): string {
  let plain = text;
  for (let i = 0, before = ""; i < FOLDS_MAX && plain !== before; i++) [before, plain] = [plain, plain.replace(FOLDED, "$1$2")];
  return plain;
}
