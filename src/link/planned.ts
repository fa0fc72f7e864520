/**
 * Work that was announced: `planned.csv` in the data directory, as `auscult planned FILE` wrote it of a table or of a calendar (RFC 5545).
 * Of an event the summary is what, the location where, the organizer who answers; `by:`, `where:`, `who:` and `kind:` may stand in lines of
 * its description.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { csvRecords } from "../bytes/csv.ts";
import { watches } from "../findings/index.ts";
import { PLANNABLE, partsOf, type PlannedWork } from "../model/planned.ts";
import { writeWhole } from "./folders.ts";
import { icsEvents } from "./ics.ts";
import { inWords } from "./refusals.ts";

export const PLANNED_FIELDS = ["what", "by", "where", "kind", "from", "to", "who"] as const;
type Row = Readonly<Record<(typeof PLANNED_FIELDS)[number], string>>;

const WORKS_MAX = 5_000;
const CELL_LENGTH_MAX = 400;
const TROUBLES_MAX = 20;
/** Work that lasts longer is no window, and whoever comes in it would be covered all along. */
const DAYS_MAX = 31;
const DAY_US = 86_400e6;

export interface ReadPlanned {
  readonly works: readonly PlannedWork[];
  /** One sentence for each line that is wrong; none is used then. */
  readonly troubles: readonly string[];
}

/** None where there is no such file. */
export function plannedIn(data: string): ReadPlanned {
  const file = fileIn(data);
  try {
    return checkPlanned(readFileSync(file, "utf8"), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { works: [], troubles: [] };
    return { works: [], troubles: [`${file}: expected a text file, got ${inWords(error)}`] };
  }
}

/** Of the data directory a recording lies in; a file that is wrong covers nothing, and `auscult planned` says why. */
export function plannedBeside(recording: string): readonly PlannedWork[] {
  const folder = dirname(recording);
  return basename(folder) === "recordings" ? plannedIn(dirname(folder)).works : [];
}

/** Whole or not at all. */
export function keepPlanned(data: string, works: readonly PlannedWork[]): void {
  mkdirSync(data, { recursive: true });
  const rows = [PLANNED_FIELDS, ...works.map((it) => PLANNED_FIELDS.map((field) => (field === "from" || field === "to" ? iso(it[field]) : it[field])))]; // prettier-ignore
  writeWhole(fileIn(data), `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`);
}

export function checkPlanned(text: string, file: string): ReadPlanned {
  let rows: readonly (Row & { readonly at: string })[];
  try {
    const plain = text.replace(/^\uFEFF/, "");
    rows = /^\s*BEGIN:VCALENDAR/i.test(plain) ? rowsOfCalendar(plain.trimStart()) : rowsOfTable(plain);
  } catch (error) {
    return { works: [], troubles: [`${file}: ${(error as Error).message}`] };
  }
  const works: PlannedWork[] = [];
  const troubles: string[] = [];
  for (const { at, ...row } of rows) {
    const work = { ...row, from: momentOf(row.from, false), to: momentOf(row.to, true) };
    const trouble = troubleOf(row, work.from, work.to);
    if (trouble !== null) troubles.push(`${file}: ${at}: ${trouble}`);
    else works.push({ ...work, kind: kindsIn(row.kind).join("; "), from: work.from!, to: work.to! });
  }
  if (works.length > WORKS_MAX) troubles.push(`${file}: expected at most ${WORKS_MAX} lines of work, got ${works.length}`);
  return troubles.length > 0 ? { works: [], troubles: troubles.slice(0, TROUBLES_MAX) } : { works, troubles };
}

function rowsOfTable(text: string): readonly (Row & { readonly at: string })[] {
  const [head = [], ...records] = csvRecords(text, (text.split("\n")[0] ?? "").split(";").length > 3 ? ";" : ",");
  const titles = head.map((it) => it.trim().toLowerCase());
  const strange = titles.find((it) => !PLANNED_FIELDS.some((field) => field === it));
  if (strange !== undefined || ["what", "from", "to", "who"].some((it) => !titles.includes(it)))
    throw new Error(`expected the columns ${PLANNED_FIELDS.join(", ")}, of which what, from, to and who must be there, got ${titles.join(", ").slice(0, 200)}`); // prettier-ignore
  return records.flatMap((record, index) =>
    record.every((it) => it.trim() === "") ? [] : [{ at: `record ${index + 2}`, ...rowOf((field) => record[titles.indexOf(field)] ?? "") }],
  );
}

function rowsOfCalendar(text: string): readonly (Row & { readonly at: string })[] {
  return icsEvents(text).map(({ summary, location, description, organizer, from, to }) => {
    const says = new Map(description.split("\n").flatMap((line) => {
      const [, field, value] = /^\s*(by|where|who|kind)\s*:\s*(.{1,400})$/i.exec(line) ?? [];
      return field === undefined ? [] : [[field.toLowerCase(), value!] as const];
    })); // prettier-ignore
    const row: Row = {
      what: summary,
      by: says.get("by") ?? "",
      where: says.get("where") ?? location,
      kind: says.get("kind") ?? "",
      who: says.get("who") ?? organizer,
      from: iso(from),
      to: iso(to),
    };
    return { at: `${summary.slice(0, 60) || "an event"}, ${row.from}`, ...rowOf((field) => row[field]) };
  });
}

function rowOf(of: (field: (typeof PLANNED_FIELDS)[number]) => string): Row {
  return Object.fromEntries(PLANNED_FIELDS.map((field) => [field, of(field).trim()])) as Row;
}

function troubleOf(row: Row, from: number | null, to: number | null): string | null {
  const bad = PLANNED_FIELDS.find(
    (field) => row[field].length > CELL_LENGTH_MAX || /\p{Cc}/u.test(row[field]) || !row[field].isWellFormed(),
  );
  if (bad !== undefined) return `expected ${bad} in one line of at most ${CELL_LENGTH_MAX} characters`;
  for (const field of ["what", "who"] as const) if (row[field] === "") return `expected ${field}, got nothing`;
  if (row.by === "" && row.where === "") return "expected by whom or where, got neither: it would cover the whole house";
  if (from === null) return `expected from as 2026-11-28 22:00, got "${row.from}"`;
  if (to === null) return `expected to as 2026-11-29 06:00, got "${row.to}"`;
  if (to <= from) return `expected an end after its beginning, got ${row.from} to ${row.to}`;
  if (to - from > DAYS_MAX * DAY_US) return `expected at most ${DAYS_MAX} days, got ${Math.ceil((to - from) / DAY_US)}`;
  const strange = kindsIn(row.kind).find((it) => !KINDS.has(it));
  if (strange !== undefined)
    return strange === "clinical" || CLINICAL.has(strange)
      ? `expected no clinical kind, got "${strange}": no planned work covers a command that may harm a patient`
      : `expected kinds of finding such as scan or ${PLANNABLE.join(", ")} (docs/detectors.md), got "${strange.slice(0, 60)}"`;
  return null;
}
const KINDS: ReadonlySet<string> = new Set([...PLANNABLE, ...watches.filter(({ family }) => family !== "clinical").map(({ name }) => name)]); // prettier-ignore
const CLINICAL: ReadonlySet<string> = new Set(watches.filter(({ family }) => family === "clinical").map(({ name }) => name));

function kindsIn(text: string): readonly string[] {
  return partsOf(text).map((it) => it.toLowerCase().replaceAll(" ", "-"));
}

/** Universal time unless it says another; a day alone begins and ends with it. */
function momentOf(text: string, isEnd: boolean): number | null {
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const at = Date.parse(`${day}T${time ?? (isEnd ? "23:59:59" : "00:00:00")}${zone ?? "Z"}`);
  return Number.isNaN(at) ? null : at * 1_000 + (isEnd && time === undefined ? 999_999 : 0);
}

function iso(at: number): string {
  return new Date(Math.floor(at / 1_000)).toISOString().slice(0, 19).concat("Z");
}

function fileIn(data: string): string {
  return join(data, "planned.csv");
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
