/** `auscult recalls`: lists of recalls that are searched for, ticked off by name and date, printed, and closed by their count. */
import { clean } from "../bytes/text.ts";
import { tickListOf } from "../lifecycle/index.ts";
import { recallIn, recallsIn, tickIn, WrongTick } from "../link/recalls.ts";
import type { RecallTick, TickedEntry, TickList } from "../model/recall.ts";
import { tickCsv, tickSheet } from "../reports/tick-sheet.ts";
import { CommandError, number, paint, plural, print, say, table, time, type Column } from "./terminal.ts";
import { calledBy } from "./wall.ts";

const NOTE_LENGTH_MAX = 1_000;

export interface RecallsOptions {
  readonly data: string;
  readonly found?: readonly string[];
  readonly notMeant?: readonly string[];
  readonly takeBack?: readonly string[];
  readonly note?: string;
  readonly print?: boolean;
  readonly csv?: boolean;
  readonly who?: string;
  readonly json?: boolean;
}

export async function recalls(asked: number | undefined, options: RecallsOptions): Promise<void> {
  const { data, json } = options;
  const ticks = ticksIn(options);
  if (asked === undefined) {
    if (ticks.length > 0 || options.print || options.csv)
      throw new CommandError("expected the number of a recall before what is done with it, got none (auscult recalls lists them)");
    const all = recallsIn(data).map(({ begun, ticks: said }) => tickListOf(begun, said));
    if (json) return print(`${JSON.stringify({ schema: "auscult.recalls/1", recalls: all })}\n`);
    if (all.length === 0) return say("No recall is searched for. auscult recall --keep TITLE begins a list.");
    return print(table(LISTS, all));
  }
  for (const tick of ticks) ticked(data, asked, tick);
  const kept = recallIn(data, asked);
  if (kept === null) throw new CommandError(`expected the number of a recall, got ${asked} (auscult recalls lists them)`);
  const list = tickListOf(kept.begun, kept.ticks);
  if (json) return print(`${JSON.stringify({ schema: "auscult.recalls/1", ...list })}\n`);
  if (options.print) return print(tickSheet(list));
  if (options.csv) return print(tickCsv(list));
  await print(`${paint("bold", clean(list.title))}: ${list.words}.\n`);
  for (const { ward, words, entries } of list.wards)
    await print(`\n${clean(ward ?? "Place not known")}: ${words}\n${table(ENTRIES, entries)}`);
  say(
    `Begun by ${clean(list.who)} at ${time(list.at)} UTC of recording ${clean(list.recording)}, ${plural(list.all, "entry", "entries")}.`,
  );
}

function ticksIn({ found = [], notMeant = [], takeBack = [], note = "", who }: RecallsOptions): readonly RecallTick[] {
  if (note.length > NOTE_LENGTH_MAX) throw new CommandError(`--note: expected at most ${NOTE_LENGTH_MAX} characters, got ${note.length}`);
  const by = { who: calledBy(who), at: Date.now() * 1_000, note };
  const of = (entries: readonly string[], word: RecallTick["word"]) =>
    entries.map((it) => ({ ...by, entry: it.replace(/^row:/u, "row "), word }));
  return [...of(found, "found"), ...of(notMeant, "not meant"), ...of(takeBack, null)];
}

function ticked(data: string, recall: number, tick: RecallTick): void {
  try {
    tickIn(data, recall, tick);
  } catch (error) {
    throw error instanceof WrongTick ? new CommandError(error.message) : error;
  }
}

const LISTS: readonly Column<TickList>[] = [
  { title: "Recall", text: (it) => String(it.number), right: true },
  { title: "What", text: (it) => it.title },
  { title: "Now", text: (it) => it.words, whole: true },
  { title: "Left", text: (it) => number(it.left), right: true },
  { title: "Begun by", text: (it) => it.who, drop: 1 },
  { title: "On", text: (it) => time(it.at), drop: 2 },
];

const ENTRIES: readonly Column<TickedEntry>[] = [
  { title: "Tick", text: ({ tick }) => (tick === null ? "[ ]" : tick.word === "found" ? "[x]" : "[-]"), whole: true },
  { title: "Entry", text: ({ id }) => id.replace(/^row /u, "row:"), whole: true },
  { title: "Device", text: ({ name }) => name },
  { title: "What it is", text: ({ what }) => what, drop: 3 },
  { title: "Last place", text: ({ place }) => place ?? "not known" },
  { title: "State", text: ({ state, missing }) => (missing === "" ? state : `${state}: ${missing}`) },
  { title: "By", text: ({ tick }) => tick?.who ?? "", drop: 1 },
  { title: "On", text: ({ tick }) => (tick === null ? "" : time(tick.at)), drop: 2 },
];
