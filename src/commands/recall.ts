/** `auscult recall`: which devices a maker's recall means. Nothing is written, unless it is kept as a list to tick off (`auscult recalls`). */
import { basename } from "node:path";
import type { EventList, RecallQuestion } from "../model/lifecycle.ts";
import { beginRecall, WrongTick } from "../link/recalls.ts";
import type { NamedRecall, RecallBegun } from "../model/recall.ts";
import { BadQuery } from "../model/store.ts";
import { readList } from "./list.ts";
import { recordingFor, withReader } from "./recording.ts";
import { CommandError, number, plural, print, say, table, type Column } from "./terminal.ts";
import { calledBy } from "./wall.ts";

export interface RecallOptions extends Omit<RecallQuestion, "version"> {
  readonly data: string;
  readonly recording?: string;
  readonly list?: string;
  /** `--version` is the program's own. */
  readonly software?: string;
  /** What it is called, as a list to tick off. */
  readonly keep?: string;
  /** Those that authorities published, instead. */
  readonly published?: boolean;
  readonly who?: string;
  readonly json?: boolean;
}

const TITLE_LENGTH_MAX = 200;

/** Recalls that authorities published and that name what was heard. */
async function published({ data, recording, json }: Pick<RecallOptions, "data" | "recording" | "json">): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const recalls = await withReader(path, (reader) => reader.publishedRecalls());
  if (json) return print(`${JSON.stringify({ schema: "auscult.publishedRecalls/1", recording: name, recalls })}\n`);
  if (recalls.length === 0) return say(NONE_PUBLISHED);
  await print(table(PUBLISHED, recalls));
  say(
    `Which of a model is meant the recall's own words say: auscult recall --published --json has them whole. auscult recall looks one up.`,
  );
}

const NONE_PUBLISHED = "No published recall names a model in this recording. auscult update brings those of openFDA.";

const PUBLISHED: readonly Column<NamedRecall>[] = [
  { title: "Recall", text: ({ number: it }) => it, whole: true },
  { title: "Class", text: (it) => it.class },
  { title: "Published", text: ({ day }) => day, whole: true, drop: 3 },
  { title: "Maker", text: ({ question }) => question.maker ?? "" },
  { title: "Model", text: ({ question }) => question.model ?? "" },
  { title: "Meant", text: ({ heard }) => number(heard), right: true },
  { title: "Cannot tell", text: ({ cannotTell }) => number(cannotTell), right: true },
  { title: "Which", text: ({ codes }) => codes, drop: 2 },
  { title: "Why", text: ({ reason }) => reason, drop: 1 },
];

export async function recall(options: RecallOptions): Promise<void> {
  return options.published === true ? published(options) : lookedUp(options);
}

async function lookedUp({
  data,
  recording,
  list,
  json,
  keep,
  who,
  maker,
  model,
  serials,
  software,
  udi,
  lot,
}: RecallOptions): Promise<void> {
  if (keep !== undefined && (keep.trim() === "" || keep.length > TITLE_LENGTH_MAX))
    throw new CommandError(
      `--keep: expected what the recall is called, at most ${TITLE_LENGTH_MAX} characters, got "${keep.slice(0, 40)}"`,
    );
  const { name, path } = recordingFor(data, recording);
  const question = { maker, model, serials, version: software, udi, lot };
  const file = list === undefined ? undefined : { file: basename(list), bytes: readList(list) };
  const report = await withReader(path, (reader) => reader.recall(question, file).catch((error: unknown) => refuse(error)));
  const kept = keep === undefined ? null : keptAs(data, { title: keep.trim(), recording: name, question, who: calledBy(who), at: Date.now() * 1_000, entries: report.entries }); // prettier-ignore
  if (json) return print(`${JSON.stringify({ schema: "auscult.recall/1", recording: name, question, ...report, kept })}\n`);
  const { heard, cannotTell, listedOnly, devices } = report;
  await print(
    `Of ${plural(devices, "device")} in recording ${name} the recall means ${number(heard.total)}; of ${number(cannotTell.total)} nobody can tell.\n`,
  );
  for (const [title, events] of [
    ["Meant, and heard", heard],
    ["Cannot tell", cannotTell],
  ] as const) {
    if (events.total > 0) await print(`\n${title}: ${number(events.total)}\n${table(columns, events.rows)}`);
    if (events.total > events.rows.length) say(`${number(events.total - events.rows.length)} more are not shown.`);
  }
  if (listedOnly.length > 0)
    await print(
      `\nIn ${basename(list!)}, and never heard: look for them by hand: ${number(listedOnly.length)}\n${table(listColumns, listedOnly)}`,
    );
  if (kept !== null) say(`Kept as recall ${kept} to tick off: auscult recalls ${kept}`);
  if (list === undefined) say("With --list the hospital's own list is searched for those that were never heard.");
}

function keptAs(data: string, begun: Omit<RecallBegun, "number">): number {
  try {
    return beginRecall(data, begun);
  } catch (error) {
    throw error instanceof WrongTick ? new CommandError(`--keep: ${error.message}`) : error;
  }
}

/** What was asked wrongly is of no filter. */
function refuse(error: unknown): never {
  throw error instanceof BadQuery ? new CommandError(error.message) : error;
}

const columns: readonly Column<EventList["rows"][number]>[] = [
  { title: "Tick", text: () => "[ ]" },
  { title: "Device", text: (it) => it.name },
  { title: "Id", text: (it) => it.id, whole: true },
  { title: "Where", text: (it) => it.location ?? "not known" },
  { title: "Last heard", text: (it) => new Date(it.at / 1000).toISOString().slice(0, 10) },
  { title: "Serial, or what is missing", text: (it) => it.note ?? "" },
];

const listColumns: readonly Column<{ readonly row: number; readonly says: string }>[] = [
  { title: "Tick", text: () => "[ ]" },
  { title: "Row", text: (it) => String(it.row), right: true },
  { title: "Says", text: (it) => it.says },
];
