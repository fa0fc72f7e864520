/**
 * Whom to call: `contacts.csv` in the data directory, by ward, kind, maker and hour. A field that is empty fits all; of the lines that fit
 * the one that says most of the device stands first. Where none fits nobody is guessed.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { csvRecords } from "../bytes/csv.ts";
import { loadKinds } from "../knowledge/kinds.ts";
import type { FindingParty } from "../model/finding.ts";
import { isInPlace } from "../model/place.ts";
import { writeWhole } from "./folders.ts";
import { inWords } from "./refusals.ts";

export const CONTACT_FIELDS = ["ward", "kind", "maker", "hours", "who", "call"] as const;
export type Contact = Readonly<Record<(typeof CONTACT_FIELDS)[number], string>>;

/** A house of a thousand wards. */
const CONTACTS_MAX = 10_000;
const CELL_LENGTH_MAX = 200;
const TROUBLES_MAX = 20;
/** More names than one person calls. */
const CALLED_MAX = 5;

export interface ReadContacts {
  readonly contacts: readonly Contact[];
  /** One sentence for each line that is wrong; none is used then. */
  readonly troubles: readonly string[];
}

/** Nobody where there is no such file. */
export function contactsIn(data: string): ReadContacts {
  const file = fileIn(data);
  try {
    return checkContacts(readFileSync(file, "utf8"), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { contacts: [], troubles: [] };
    return { contacts: [], troubles: [`${file}: expected a text file, got ${inWords(error)}`] };
  }
}

/** Whole or not at all. */
export function keepContacts(data: string, contacts: readonly Contact[]): void {
  mkdirSync(data, { recursive: true });
  const rows = [CONTACT_FIELDS, ...contacts.map((it) => CONTACT_FIELDS.map((field) => it[field]))];
  const text = rows.map((row) => row.map(cell).join(",")).join("\n");
  writeWhole(fileIn(data), `${text}\n`);
}

export function checkContacts(text: string, file: string): ReadContacts {
  let records: string[][];
  try {
    const plain = text.replace(/^\uFEFF/, "");
    records = csvRecords(plain, (plain.split("\n")[0] ?? "").includes(";") ? ";" : ",");
  } catch (error) {
    return { contacts: [], troubles: [`${file}: ${(error as Error).message}`] };
  }
  const titles = (records[0] ?? []).map((it) => it.trim().toLowerCase());
  const strange = titles.find((it) => !CONTACT_FIELDS.some((field) => field === it));
  if (strange !== undefined || !titles.includes("who") || !titles.includes("call"))
    return { contacts: [], troubles: [`${file}:1: expected the columns ${CONTACT_FIELDS.join(", ")}, of which who and call must be there, got ${titles.join(", ").slice(0, CELL_LENGTH_MAX)}`] }; // prettier-ignore
  const kinds = loadKinds();
  const contacts: Contact[] = [];
  const troubles: string[] = [];
  for (const [index, record] of records.slice(1).entries()) {
    if (record.every((it) => it.trim() === "")) continue;
    const row = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, (record[titles.indexOf(field)] ?? "").trim()])) as Contact;
    const trouble = troubleOf(row, kinds);
    if (trouble !== null) troubles.push(`${file}: record ${index + 2}: ${trouble}`);
    else contacts.push({ ...row, kind: row.kind === "" ? "" : kinds.called(row.kind)! });
  }
  if (contacts.length > CONTACTS_MAX) troubles.push(`${file}: expected at most ${CONTACTS_MAX} contacts, got ${contacts.length}`);
  return troubles.length > 0 ? { contacts: [], troubles: troubles.slice(0, TROUBLES_MAX) } : { contacts, troubles };
}

function troubleOf(row: Contact, kinds: ReturnType<typeof loadKinds>): string | null {
  const bad = CONTACT_FIELDS.find(
    (field) => row[field].length > CELL_LENGTH_MAX || /\p{Cc}/u.test(row[field]) || !row[field].isWellFormed(),
  );
  if (bad !== undefined) return `expected ${bad} in one line of at most ${CELL_LENGTH_MAX} characters`;
  if (row.who === "") return "expected who, got nothing";
  if (row.call === "") return "expected what to call, got nothing";
  if (row.kind !== "" && kinds.called(row.kind) === null) return `expected a kind of device such as infusion pump, got "${row.kind}"`;
  return row.hours === "" || hoursOf(row.hours) !== null ? null : `expected hours such as 07-16 or 22-06, got "${row.hours}"`;
}

/** From the first to before the second. */
function hoursOf(text: string): readonly [from: number, to: number] | null {
  const [, from, to] = /^(\d{1,2})(?::00)?\s*[-–]\s*(\d{1,2})(?::00)?$/.exec(text) ?? [];
  const hours = [Number(from), Number(to)] as const;
  return hours.every((it) => it >= 0 && it <= 24) ? hours : null;
}

export interface Calls {
  readonly contacts: readonly Contact[];
  /** Where nobody is written down: for what. */
  readonly missing: string | null;
}

/** `hour`: of the site's day. `party`: null for a whole segment, which lines without ward, kind and maker fit. */
export function callsFor(
  contacts: readonly Contact[],
  party: Pick<FindingParty, "location" | "kind" | "maker"> | null,
  hour: number,
): Calls {
  const kinds = loadKinds();
  const line = party?.kind == null ? [] : kinds.lineOf(kinds.called(party.kind) ?? party.kind);
  const fitting = contacts
    .filter(
      ({ ward, kind, maker, hours }) =>
        (ward === "" || isInPlace(party?.location ?? null, ward)) &&
        (kind === "" || line.includes(kind)) &&
        (maker === "" || party?.maker?.toLowerCase() === maker.toLowerCase()) &&
        (hours === "" || isWithin(hour, hoursOf(hours)!)),
    )
    .map((contact, at) => ({ contact, at, says: saysOf(contact, line) }))
    .sort((a, b) => b.says - a.says || a.at - b.at)
    .slice(0, CALLED_MAX)
    .map(({ contact }) => contact);
  return { contacts: fitting, missing: fitting.length > 0 ? null : (party?.location ?? party?.kind ?? "this") };
}

/** The ward first: whoever stands at the bed is called before who knows the model. */
function saysOf({ ward, kind, maker, hours }: Contact, line: readonly string[]): number {
  return (ward === "" ? 0 : 1_000) + (maker === "" ? 0 : 200) + (kind === "" ? 0 : 100 - line.indexOf(kind)) + (hours === "" ? 0 : 1);
}

function isWithin(hour: number, [from, to]: readonly [number, number]): boolean {
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

function fileIn(data: string): string {
  return join(data, "contacts.csv");
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
