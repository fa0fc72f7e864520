/** `auscult report`: a recording for one reader, as one HTML file that prints well, or its tables as CSV. */
import { writeFileSync } from "node:fs";
import { inWords } from "../link/refusals.ts";
import type { ReportFor } from "../model/report.ts";
import { csvOf, DAYS_MAX, htmlOf, reportFrom, SAMPLE_MAX } from "../reporting.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import { recordingFor, withReader } from "./recording.ts";
import { CommandError, Exit, plural, print, say } from "./terminal.ts";

export interface ReportOptions {
  readonly data: string;
  readonly recording?: string;
  readonly for: ReportFor;
  readonly out?: string;
  readonly csv?: boolean;
  readonly sample?: number;
  readonly days?: number;
  readonly seed: number;
  readonly force?: boolean;
}

export async function report({ data, recording, out, csv, sample, days, seed, force, ...options }: ReportOptions): Promise<void> {
  if (sample !== undefined && sample > SAMPLE_MAX)
    throw new CommandError(`--sample: expected at most ${SAMPLE_MAX} devices, got ${sample}`);
  if (days !== undefined && days > DAYS_MAX) throw new CommandError(`--days: expected at most ${DAYS_MAX} days, got ${days}`);
  const { path } = recordingFor(data, recording);
  const asked = { audience: options.for, days: days ?? null, sample: sample === undefined ? null : { count: sample, seed } };
  startWithSiteKnowledge(data);
  const made = await withReader(path, (reader) => reportFrom(reader, data, asked));
  const text = csv === true ? csvOf(made) : htmlOf(made);
  if (out === undefined) return print(text);
  try {
    writeFileSync(out, text, { flag: force === true ? "w" : "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new CommandError(`--out: ${out} is there already; --force writes over it`);
    throw new CommandError(`--out: expected a file that can be written, got ${inWords(error)}: ${out}`, Exit.configuration);
  }
  say(`Wrote ${out}: ${plural(made.sections.length, "section")}, digest of its inputs ${made.digest.slice(0, 16)}.`);
}
