/** `auscult evidence FILE…`: reads what others wrote down (leases, tables of switches, lists) into a recording. */
import { readSettings } from "../config.ts";
import { NoEvidence, openEvidence, type OpenEvidence } from "../link/evidence-file.ts";
import { readEvidence } from "../link/evidence.ts";
import { noteOf, type EvidenceRead } from "../link/evidence-note.ts";
import { WriterBusy } from "../link/recording.ts";
import { readerOf, writerOf } from "../link/recordings.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import { recordingFor } from "./recording.ts";
import { CommandError, Exit, print, say } from "./terminal.ts";

export interface EvidenceCommandOptions {
  readonly data: string;
  readonly recording?: string;
  /** When the files were written, as a person says it. */
  readonly at?: string;
  readonly json?: boolean;
}

export async function evidence(paths: readonly string[], options: EvidenceCommandOptions): Promise<void> {
  const settings = readSettings(options.data);
  const recording = recordingFor(options.data, options.recording);
  startWithSiteKnowledge(options.data);
  const at = options.at === undefined ? undefined : momentOf(options.at);
  const files = openAll(paths, at);
  const writer = await writerOf(recording.path, settings, { watched: false }).catch((error: unknown) => {
    throw error instanceof WriterBusy ? new CommandError(error.message, Exit.configuration) : error;
  });
  try {
    const reads = await readEvidence({
      files,
      site: settings.site,
      leftOut: settings.leftOut,
      writer,
      reader: () => readerOf(recording.path),
    });
    if (options.json)
      await print(`${JSON.stringify({ schema: "auscult.evidence/1", recording: recording.name, files: reads.map(asJson) })}\n`);
    else for (const read of reads) sayRead(read);
    say(`Read into the recording ${recording.name}.`);
  } finally {
    await writer.close();
  }
}

/** All or none: a file that is no evidence is one named by mistake. */
function openAll(paths: readonly string[], at: number | undefined): readonly OpenEvidence[] {
  try {
    return paths.map((path) => openEvidence(path, at));
  } catch (error) {
    throw error instanceof NoEvidence ? new CommandError(error.message) : error;
  }
}

function sayRead(read: EvidenceRead): void {
  say(noteOf(read));
  for (const line of read.firstUnread.slice(1)) say(`  ${line}`);
  if (read.readBefore) say("  It was read before, and counts once.");
}

function asJson({ file, ...counts }: EvidenceRead): object {
  const { path, form, about } = file;
  return { path, form: form.title, written: new Date(about.at / 1_000).toISOString(), ...counts };
}

/** Universal time unless it says another. */
function momentOf(text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const zone = /(?:Z|[+-]\d\d:\d\d)$/.test(text.slice(10)) ? "" : "Z";
  const at = isDate ? Date.parse(text.length === 10 ? text : `${text.replace(" ", "T")}${zone}`) : Number.NaN;
  if (Number.isNaN(at)) throw new CommandError(`--at: expected a date like 2026-11-23 or 2026-11-23 08:00, got "${text}"`);
  return at * 1_000;
}
