/** `auscult recall`: which devices a maker's recall means. Nothing is written: the list is printed, ticked off by hand and closed by its count. */
import { basename } from "node:path";
import type { EventList, RecallQuestion } from "../model/lifecycle.ts";
import { BadQuery } from "../model/store.ts";
import { readList } from "./list.ts";
import { recordingFor, withReader } from "./recording.ts";
import { CommandError, number, plural, print, say, table, type Column } from "./terminal.ts";

export interface RecallOptions extends Omit<RecallQuestion, "version"> {
  readonly data: string;
  readonly recording?: string;
  readonly list?: string;
  /** `--version` is the program's own. */
  readonly software?: string;
  readonly json?: boolean;
}

export async function recall({ data, recording, list, json, maker, model, serials, software, udi, lot }: RecallOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const question = { maker, model, serials, version: software, udi, lot };
  const file = list === undefined ? undefined : { file: basename(list), bytes: readList(list) };
  const report = await withReader(path, (reader) => reader.recall(question, file).catch((error: unknown) => refuse(error)));
  if (json) return print(`${JSON.stringify({ schema: "auscult.recall/1", recording: name, question, ...report })}\n`);
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
  if (list === undefined) say("With --list the hospital's own list is searched for those that were never heard.");
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
