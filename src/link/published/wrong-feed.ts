/** What came from outside, as a schema has it; and what is wrong with it, in one line with its place. */
import { z } from "zod";
import { clean } from "../../bytes/text.ts";

const SHOWN_LENGTH_MAX = 60;

/** Throws an Error that names the first place: "vulnerabilities[3].cveID: expected …". */
export function asPublished<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const message = issue!.message.replace(/^Invalid input: /, "").replace(/, received /, ", got ");
  throw new Error(`${placeOf(issue!.path)}${clean(message)}`);
}

/** "document.tracking.id: ", "" of the whole. */
export function placeOf(path: readonly PropertyKey[]): string {
  const words = path.map((it) => (typeof it === "number" ? `[${it}]` : `.${clean(String(it)).slice(0, SHOWN_LENGTH_MAX)}`)).join("");
  return words === "" ? "" : `${words.replace(/^\./, "")}: `;
}

/** As it may stand in a message. */
export function shown(text: string): string {
  return `"${clean(text.slice(0, SHOWN_LENGTH_MAX))}"`;
}

/** Throws an Error for people where it is no JSON: one that stops half-way is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new Error(/[}\]]\s*$/.test(text) ? "expected JSON, got something else" : "expected JSON, got a text that stops half-way");
  }
}

/** A day, of a date with or without a time. */
export const Day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(?:[T ].*)?$/, "expected a date such as 2026-08-11")
  .transform((it) => it.slice(0, 10))
  .refine((day) => !Number.isNaN(Date.parse(day)), "expected a date such as 2026-08-11");

export const Cve = z.string().regex(/^CVE-\d{4}-\d{4,7}$/, "expected a CVE such as CVE-2020-25165");

const LEAST_DAY = "2000-01-01";

/** Throws an Error where it is a clock's mistake: none of these was published before 2000, none will be after `today` (YYYY-MM-DD). */
export function checkDay(day: string, today: string): void {
  if (day < LEAST_DAY) throw new Error(`expected a day from ${LEAST_DAY} on, got ${day}`);
  // Somebody's today may be our tomorrow.
  const latest = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  if (day > latest) throw new Error(`expected a day up to ${today}, which is today, got ${day}`);
}
