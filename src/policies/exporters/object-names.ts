/**
 * Names of objects on equipment that is strict about them: ASCII letters, digits, hyphens, underscores and periods, no longer than it
 * takes, each its own. A name that had to be cut, or that another title had already, ends in eight digits of its title's hash.
 */
import { createHash } from "node:crypto";
import { clean } from "../../bytes/text.ts";
import type { CompiledSet } from "../../model/policy.ts";

/** Gives what is known by `key` its name after `title`; asked again, the same one. Two keys may have one title. */
export function objectNames(lengthMax: number): (key: string, title?: string) => string {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  return (key, title = key) => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const plain = lettersOf(title);
    // Some equipment does not tell upper case from lower.
    const name = plain.length <= lengthMax && !taken.has(plain.toLowerCase()) ? plain : hashed(plain, `${title}\n${key}`, lengthMax);
    if (taken.has(name.toLowerCase())) throw new Error(`expected a name of its own for "${title}", got ${name} twice`);
    names.set(key, name);
    taken.add(name.toLowerCase());
    return name;
  };
}

const HASH_DIGITS = 8;

function hashed(plain: string, text: string, lengthMax: number): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
  return `${plain.slice(0, lengthMax - HASH_DIGITS - 1)}-${hash}`;
}

/** Colons of an address become periods; whatever else is no letter, one hyphen. */
function lettersOf(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll(":", ".")
    .replace(/[^A-Za-z0-9_.]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "");
}

export function setTitle({ group, ward }: Pick<CompiledSet, "group" | "ward">): string {
  return ward === null ? group : `${group} in ${ward}`;
}

/** What people wrote stands in one line of a comment, and ends nothing. */
export function withoutQuotes(text: string): string {
  return clean(text).replace(/["\\]/g, "'");
}

/**
 * What people wrote, as a text in quotes or a comment: one line of printable ASCII in which no quote ends. At a console a question mark
 * asks for help, in quotes too.
 */
export function plainText(text: string, lengthMax = Infinity): string {
  const ascii = clean(text)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("→", "to")
    .replace(/["\\`]/g, "'")
    .replaceAll("?", ".")
    .replace(/[^\x20-\x7e]/g, ".");
  return ascii.slice(0, lengthMax);
}
