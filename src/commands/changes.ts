/** `auscult changes`: what people said, newest first, and what of it waits; `--undo N` takes one back. */
import { clean } from "../bytes/text.ts";
import { saidInWords, whyWaiting } from "../model/one-machine.ts";
import type { ChangeRow } from "../model/store.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { print, say, table, time } from "./terminal.ts";

const SHOWN_MAX = 500;

export interface ChangesOptions extends SayingOptions {
  readonly recording?: string;
  readonly undo?: number;
  readonly json?: boolean;
}

export async function changes(options: ChangesOptions): Promise<void> {
  const recording = recordingFor(options.data, options.recording);
  const { undo } = options;
  if (undo !== undefined) {
    await saying(recording.name, options, (writer, { who, reason }) => writer.undo(undo, who, reason));
    return say(`Change ${undo} is taken back; both stay written.`);
  }
  await withReader(recording.path, async (reader) => {
    const waits = new Map((await reader.waiting()).map(({ number, fits }) => [number, fits]));
    const rows = (await reader.changes(0, SHOWN_MAX)).map((row) => ({ ...row, fits: waits.get(row.number) ?? null }));
    if (options.json) return print(`${JSON.stringify({ schema: "auscult.changes/1", changes: rows })}\n`);
    await print(
      table(
        [
          { title: "Change", text: (it) => String(it.number), right: true },
          { title: "When", text: (it) => time(it.at), drop: 1 },
          { title: "Who", text: (it) => clean(it.who) },
          { title: "Said", text: (it) => clean(saidOf(it)) },
          { title: "Of", text: (it) => clean(it.about) },
          { title: "Reason", text: (it) => clean(it.reason) },
          { title: "Now", text: stateOf },
        ],
        rows,
      ),
    );
  });
}

function saidOf(row: ChangeRow): string {
  return row.what === "undo" || row.what === "take back" ? "taken back" : saidInWords(row);
}

function stateOf({ undone, fits }: { readonly undone: boolean; readonly fits: number | null }): string {
  return undone ? "taken back" : fits === null ? "" : `waits: ${whyWaiting(fits)}`;
}
