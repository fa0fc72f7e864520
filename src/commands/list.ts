/** `auscult list FILE`: the hospital's own list held against a recording. Nothing is written unless `--apply` is said, with who and why. */
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { FIELD_TITLES } from "../list/fields.ts";
import { wordsOf } from "../list/plan.ts";
import { inWords } from "../link/refusals.ts";
import { LIST_FIELDS, type ChosenColumns, type ListField, type ListPlan, type ListRow } from "../model/list.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, number, plural, print, say, table } from "./terminal.ts";

interface ListOptions extends SayingOptions {
  readonly recording?: string;
  readonly column?: readonly string[];
  readonly match?: readonly string[];
  readonly apply?: boolean;
  readonly json?: boolean;
}

/** Of what would be refused by the API as well. */
const BYTES_MAX = 32 * 1024 * 1024;

export async function list(file: string, options: ListOptions): Promise<void> {
  const { name, path } = recordingFor(options.data, options.recording);
  const question = { file: basename(file), bytes: readList(file), columns: columnsOf(options.column ?? []), chosen: chosenOf(options.match ?? []) }; // prettier-ignore
  const plan = await withReader(path, (reader) => reader.list(question).catch((error: Error) => refuse(file, error)));
  if (options.json) await print(`${JSON.stringify({ schema: "auscult.list/1", recording: name, ...plan })}\n`);
  else await printPlan(name, plan);
  if (options.apply === true) await apply(name, plan, options);
  else sayHow(file, plan);
}

/** Throws a CommandError where it cannot be read. */
export function readList(file: string): Uint8Array {
  try {
    const { size } = statSync(file);
    if (size > BYTES_MAX) throw new CommandError(`expected a list of at most ${BYTES_MAX} bytes, got ${size}: ${file}`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`expected a list that can be read, got ${inWords(error)}: ${file}`);
  }
}

function refuse(file: string, error: Error): never {
  if ("code" in error) throw error;
  throw new CommandError(`${file}: ${error.message}`);
}

/** `serial=Ser. Nr`; `owner=` where no column is. */
function columnsOf(texts: readonly string[]): ChosenColumns {
  return Object.fromEntries(
    texts.map((text): [ListField, string | null] => {
      const [field, title] = cut(text);
      const known = LIST_FIELDS.find((it) => it === field);
      if (known === undefined || title === undefined) throw new CommandError(`--column: expected field=title, a field of ${LIST_FIELDS.join(", ")}, got "${text}"`);
      return [known, title === "" ? null : title];
    }),
  ); // prettier-ignore
}

/** `12=d7`; `12=` where it is none of those heard. */
function chosenOf(texts: readonly string[]): Readonly<Record<number, string | null>> {
  return Object.fromEntries(
    texts.map((text): [number, string | null] => {
      const [row, device] = cut(text);
      if (!/^\d{1,7}$/.test(row) || device === undefined) throw new CommandError(`--match: expected row=device, such as 12=d7, got "${text}"`);
      return [Number(row), device === "" ? null : device];
    }),
  ); // prettier-ignore
}

function cut(text: string): readonly [string, string?] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function printPlan(recording: string, plan: ListPlan): Promise<void> {
  const read = plan.columns.filter(({ field }) => field !== null).map(({ title, field }) => `${title} = ${FIELD_TITLES[field!]}`); // prettier-ignore
  const left = plan.columns.filter(({ field, title }) => field === null && title !== "").map(({ title }) => title); // prettier-ignore
  say(`${plan.file}: ${plural(plan.rows.length, "row")} in ${plan.encoding}, ${plan.separator} between cells, titles in row ${plan.titleRow}. Recording ${recording}.`); // prettier-ignore
  say(`Read: ${read.join("; ")}.${left.length === 0 ? "" : ` Not read: ${left.join("; ")}.`}`);
  for (const note of plan.notes) say(note);
  await print(
    table(
      [
        { title: "Row", text: (it: ListRow) => String(it.row), right: true, whole: true },
        { title: "Is", text: (it) => it.state, whole: true },
        { title: "Device", text: (it) => it.candidates.map(({ device }) => `${device.id} ${device.name}`).join(", ") },
        { title: "Listed", text: listedWords, drop: 1 },
        { title: "Would say", text: said },
      ],
      plan.rows,
    ),
  );
  say(sumOf(plan));
}

function listedWords({ cells }: ListRow): string {
  return [cells.controlNumber, cells.maker, cells.model, cells.serial].filter((it) => it !== undefined).join(" ");
}

function said({ changes, notes, state }: ListRow): string {
  const words = changes.map(({ attribute, from, to }) => `${FIELD_TITLES[attribute as ListField]}: ${from === "" ? "" : `${from} → `}${to}`); // prettier-ignore
  return [...(state === "matched" && words.length === 0 ? ["unchanged"] : words), ...notes].join("; ");
}

/** "927 heard and listed, 64 for a person, 364 listed only, 18 repeated; 130 of 1,341 heard stand in no row". */
function sumOf({ rows, heard, heardOnlyTotal }: ListPlan): string {
  const count = (state: ListRow["state"]) => number(rows.filter((row) => row.state === state).length);
  return `${count("matched")} heard and listed, ${count("doubtful")} for a person to say, ${count("listed only")} listed only, ${count("repeated")} repeated; ${number(heardOnlyTotal)} of ${number(heard)} heard stand in no row.`; // prettier-ignore
}

function sayHow(file: string, { changes }: ListPlan): void {
  if (changes === 0) return say("The list would change nothing.");
  say(`Nothing was written. To say ${changes === 1 ? "this word" : `these ${number(changes)} words`}: auscult list ${JSON.stringify(file)} --apply --reason WHY`); // prettier-ignore
}

async function apply(name: string, plan: ListPlan, options: SayingOptions): Promise<void> {
  const words = wordsOf(plan);
  if (words.length === 0) return say("The list changes nothing: nothing was written.");
  await saying(name, options, async (writer, { who, reason }) => {
    const change = await writer.sayList({ who, reason: `${plan.file}: ${reason}`, words });
    say(`Said ${plural(words.length, "word")} as ${who}. To take all of them back: auscult changes --undo ${change} --reason WHY`);
  });
}
