/** What a command says when it has heard something: how it went on stderr, the devices or the inventory on stdout. */
import type { RecordingReader } from "../model/store.ts";
import type { Read } from "../session.ts";
import { countLine, printDevices } from "./devices.ts";
import { duration, number, plural, print, say, size, time } from "./terminal.ts";

const ROWS_SHOWN = 20;

export async function sayRead({ outcomes, stopped }: Read, reader: RecordingReader, seconds: number): Promise<void> {
  const frames = outcomes.reduce((sum, it) => sum + it.frames, 0);
  const bytes = outcomes.reduce((sum, it) => sum + (it.trouble === undefined ? it.file.size : 0), 0);
  if (!stopped) say(`Read ${bytes === 0 ? "" : `${size(bytes)}, `}${plural(frames, "frame")}, in ${duration(seconds)}. Sent nothing.`);
  for (const { file, frames: read, trouble, grew, storedBefore } of outcomes) {
    if (trouble !== undefined) say(`${file.path}: half-read after frame ${number(read)}: ${trouble}. What came before it is kept.`);
    else if (read === 0) say(`${file.path}: a capture with nothing in it: 0 frames.`);
    if (grew) say(`${file.path}: was still being written; it was read as far as it was then.`);
    if (storedBefore > 0) say(`${file.path}: ${plural(storedBefore, "batch", "batches")} stored by an earlier reading; counted once.`);
    if (!file.known) say(`${file.path}: has no identity, so the same again would count again.`);
  }
  if (stopped)
    say(`Stopped before the end: ${plural((await reader.coverage()).frames, "frame")} are kept, and opening it again goes on from there.`);
  await sayCoverage(reader, new Set(outcomes.flatMap((it) => it.trouble ?? [])));
}

/** What was heard and what was lost; `told` was said already. */
export async function sayCoverage(reader: RecordingReader, told: ReadonlySet<string> = new Set()): Promise<void> {
  const { from, to, frames, drops, limits, notes, devices, conversations } = await reader.coverage();
  if (from !== null) say(`Heard from ${time(from)} to ${time(to)}.`);
  if (drops > 0) say(`${number(drops)} of ${number(frames + drops)} frames were dropped before anybody could read them.`);
  for (const [limit, count] of Object.entries(limits)) say(`At the limit ${limit}, ${number(count)} were let go.`);
  for (const note of notes) if (![...told].some((words) => note.includes(words))) say(note);
  // For `npm run bench`, which asks for it.
  if (process.env["AUSCULT_SUMMARY"] === "1") say(`auscult-summary ${JSON.stringify({ frames, drops, devices, conversations })}`);
}

export async function showInventory(reader: RecordingReader): Promise<void> {
  for await (const piece of reader.inventory()) await print(piece);
}

/** How many there are on stderr, and which on stdout: on a terminal the patient's first, behind a pipe all. */
export async function showDevices(reader: RecordingReader): Promise<void> {
  say(`\n${await countLine(reader)}`);
  await printDevices(reader, { filter: "", sort: "care", limit: process.stdout.isTTY ? ROWS_SHOWN : 0 });
}
