/**
 * Recalls whose lists are ticked off: `recalls/NUMBER.jsonl` in the data directory, the list in the first line and a line for each tick,
 * also for one taken back. Lines are only ever added, so two who tick at once lose nothing, and who found what is never written over.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ENTRY_STATES, TICK_WORDS, type RecallBegun, type RecallTick } from "../model/recall.ts";

/** More devices are not walked to with a list in the hand. */
export const ENTRIES_MAX = 20_000;
const RECALLS_MAX = 500;
/** Each entry ticked and taken back some times. */
const TICKS_MAX = 10 * ENTRIES_MAX;
const END = ".jsonl";

const asked = z.string().optional();
const Begun = z.object({
  number: z.number().int(),
  title: z.string(),
  recording: z.string(),
  question: z.object({ maker: asked, model: asked, serials: asked, version: asked, udi: asked, lot: asked }),
  who: z.string(),
  at: z.number().int(),
  entries: z.array(
    z.object({
      id: z.string(),
      state: z.enum(ENTRY_STATES),
      name: z.string(),
      what: z.string(),
      missing: z.string(),
      ward: z.string().nullable(),
      place: z.string().nullable(),
      last: z.number().nullable(),
    }),
  ),
});
const Tick = z.object({
  entry: z.string(),
  word: z.enum(TICK_WORDS).nullable(),
  who: z.string(),
  at: z.number().int(),
  note: z.string(),
});

export interface KeptRecall {
  readonly begun: RecallBegun;
  /** In the order they were said. */
  readonly ticks: readonly RecallTick[];
}

/** What was asked of a list cannot be done; for whoever asked. */
export class WrongTick extends Error {}

/** Answers its number. Throws WrongTick where it means nobody, or more than anybody walks to. */
export function beginRecall(data: string, begun: Omit<RecallBegun, "number">): number {
  const count = begun.entries.length;
  if (count === 0) throw new WrongTick("expected a recall that means somebody: of none there is no list to tick off");
  if (count > ENTRIES_MAX) throw new WrongTick(`expected a recall of at most ${ENTRIES_MAX} devices, got ${count}: ask more closely`);
  const folder = folderIn(data);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const numbers = numbersIn(folder);
  if (numbers.length >= RECALLS_MAX) throw new WrongTick(`expected at most ${RECALLS_MAX} recalls: move old ones away from ${folder}`);
  for (let number = Math.max(0, ...numbers) + 1; ; number++)
    try {
      writeFileSync(fileOf(data, number), `${JSON.stringify({ ...begun, number })}\n`, { mode: 0o600, flag: "wx", flush: true });
      return number;
    } catch (error) {
      // Another began one at the same moment.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
}

/** The latest first. */
export function recallsIn(data: string): readonly KeptRecall[] {
  const folder = folderIn(data);
  return existsSync(folder)
    ? numbersIn(folder)
        .toReversed()
        .flatMap((number) => recallIn(data, number) ?? [])
    : [];
}

/** Null where there is none. Throws an Error for people where its file is not as it was written. */
export function recallIn(data: string, number: number): KeptRecall | null {
  const file = fileOf(data, number);
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  // What stands after the last line break was never said to be kept.
  const [first, ...rest] = lines.slice(0, -1).map((line, at) => parsed(line, file, at + 1));
  return { begun: checked(Begun, first, file, 1), ticks: rest.map((it, at) => checked(Tick, it, file, at + 2)) };
}

/** Throws WrongTick where the list has no such entry, or there is nothing to take back. */
export function tickIn(data: string, number: number, tick: RecallTick): void {
  const kept = recallIn(data, number);
  if (kept === null) throw new WrongTick(`expected the number of a recall, got ${number}`);
  if (!kept.begun.entries.some(({ id }) => id === tick.entry))
    throw new WrongTick(`expected an entry of recall ${number}, such as ${kept.begun.entries[0]!.id}, got "${tick.entry}"`);
  const before = kept.ticks.findLast(({ entry }) => entry === tick.entry);
  if (tick.word === null && (before === undefined || before.word === null))
    throw new WrongTick(`${tick.entry} is not ticked: there is nothing to take back`);
  if (kept.ticks.length >= TICKS_MAX) throw new WrongTick(`expected at most ${TICKS_MAX} ticks of one recall`);
  cutShort(fileOf(data, number));
  appendFileSync(fileOf(data, number), `${JSON.stringify(tick)}\n`, { flush: true });
}

/** What a full disk or a power cut left of a line goes: with the next behind it in one line, neither could be read. */
function cutShort(file: string): void {
  const bytes = readFileSync(file);
  const kept = bytes.lastIndexOf("\n") + 1;
  if (kept < bytes.length) truncateSync(file, kept);
}

function parsed(line: string, file: string, at: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`expected a recall as it was written, got something else in line ${at} of ${file}`, { cause: error });
  }
}

function checked<Value>(shape: z.ZodType<Value>, line: unknown, file: string, at: number): Value {
  const read = shape.safeParse(line);
  if (!read.success) throw new Error(`expected a recall as it was written, got something else in line ${at} of ${file}`);
  return read.data;
}

function numbersIn(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((it) => /^([1-9]\d{0,5})\.jsonl$/u.exec(it)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

function folderIn(data: string): string {
  return join(data, "recalls");
}

function fileOf(data: string, number: number): string {
  return join(folderIn(data), `${number}${END}`);
}
