/** `auscult findings`: what happened that should not, the most severe first; for scripts with an exit code. */
import { clean } from "../bytes/text.ts";
import { SEVERITIES, type Finding, type FindingParty, type Severity } from "../model/finding.ts";
import { recordingFor, withReader } from "./recording.ts";
import { number, print, say, table, time } from "./terminal.ts";

/** There is a finding as severe as asked for: for scripts, and no error. */
const FOUND = 1;

export interface FindingsOptions {
  readonly data: string;
  readonly recording?: string;
  readonly failOn?: Severity;
  readonly json?: boolean;
}

export async function findings({ data, recording, failOn, json }: FindingsOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  await withReader(path, async (reader) => {
    const all = await reader.findings();
    say(`Recording ${name}.`);
    if (json) await print(`${JSON.stringify({ schema: "auscult.findings/1", findings: all })}\n`);
    else if (all.length === 0) say("No findings. Auscult judges traffic it hears: what no mirror shows, it cannot find (auscult doctor).");
    else await print(table(COLUMNS, all));
    if (failOn !== undefined && all.some((it) => SEVERITIES.indexOf(it.severity) >= SEVERITIES.indexOf(failOn))) process.exitCode = FOUND;
  });
}

const COLUMNS = [
  { title: "Finding", text: (it: Finding) => it.id, drop: 2 },
  { title: "Severity", text: (it: Finding) => it.severity },
  { title: "What", text: (it: Finding) => it.title },
  { title: "About", text: (it: Finding) => (it.about === null ? "a segment" : named(it.about)) },
  { title: "Others", text: (it: Finding) => othersOf(it), drop: 3 },
  { title: "Why", text: (it: Finding) => clean(it.summary) },
  { title: "First", text: (it: Finding) => time(it.first), drop: 1 },
  { title: "Last", text: (it: Finding) => time(it.last) },
];

function othersOf({ others, othersBeyond }: Finding): string {
  const [first, ...rest] = others;
  if (first === undefined) return "";
  const more = rest.length + othersBeyond;
  return more === 0 ? named(first) : `${named(first)} and ${number(more)} more`;
}

function named({ name, ip, mac }: FindingParty): string {
  const address = ip ?? mac ?? "";
  return clean(name === address || name === "" ? address : `${name} (${address})`);
}
