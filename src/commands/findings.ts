/** `auscult findings`: what happened that should not, the most severe first; one with its evidence; what a person says of it. */
import { writeFileSync } from "node:fs";
import { clean } from "../bytes/text.ts";
import { framesOf } from "../finding-frames.ts";
import {
  SEVERITIES,
  type Family,
  type Finding,
  type FindingDetail,
  type FindingParty,
  type FindingState,
  type FindingVerdict,
  type FindingWord,
  type Severity,
} from "../model/finding.ts";
import type { RoleAsked } from "../model/asking.ts";
import { isWaiting, waitingInWords } from "../model/asking-words.ts";
import { askRulesIn } from "../link/ask-rules.ts";
import { callsFor, contactsIn, type Calls } from "../link/contacts.ts";
import { endOfDay, lossInWords, NOT_AN_ALARM, standingInWords } from "../model/finding-words.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, Exit, number, paint, plural, print, say, table, time } from "./terminal.ts";
import { writtenTo } from "./written.ts";

/** Whoever has more reads no list. */
const LISTED_MAX = 10_000;
/** What nobody has dealt with yet. */
const OPEN: readonly FindingState[] = ["new", "acknowledged"];

export interface FindingsOptions extends SayingOptions {
  readonly recording?: string;
  readonly state?: FindingState | "all";
  readonly severity?: Severity;
  readonly family?: Family;
  readonly device?: string;
  readonly failOn?: Severity;
  readonly frames?: string;
  readonly acknowledge?: boolean;
  readonly explain?: boolean;
  readonly until?: string;
  readonly owner?: string;
  readonly close?: FindingVerdict;
  readonly reopen?: boolean;
  readonly undo?: boolean;
  readonly json?: boolean;
}

export async function findings(id: string | undefined, options: FindingsOptions): Promise<void> {
  const asked = wordsAsked(options);
  if (id === undefined) {
    if (asked.length > 0 || options.frames !== undefined)
      throw new CommandError(`--${asked[0] ?? "frames"}: expected the id of a finding before it, got none (auscult findings lists them)`);
    return listed(options);
  }
  if (asked.length > 1) throw new CommandError(`expected one of --${asked.join(" and --")}, got both`);
  const { name, path } = recordingFor(options.data, options.recording);
  const finding = await withReader(path, (reader) => reader.finding(id));
  if (finding === null) throw new CommandError(`expected the id of a finding of the recording ${name}, got "${id}"`);
  if (asked.length === 1) return said(name, finding, options);
  if (options.frames !== undefined) return wroteFrames(finding, options.frames);
  const calls = callsFor(contactsIn(options.data).contacts, finding.about, new Date().getHours());
  if (options.json) {
    const whole = { ...finding, contacts: calls.contacts, noContact: calls.missing };
    return print(`${JSON.stringify({ schema: SCHEMA, findings: [whole] })}\n`);
  }
  say(`Recording ${name}.`);
  await print(inFull(finding, calls));
}

/** docs/findings.schema.json */
const SCHEMA = "auscult.findings/1";

async function listed({ data, recording, state, severity, family, device, failOn, json }: FindingsOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  await withReader(path, async (reader) => {
    const states = state === undefined ? OPEN : state === "all" ? [] : [state];
    const asking = askRulesIn(data);
    const { rows, total, asked } = await reader.findings({ states, severity, family, device, offset: 0, limit: LISTED_MAX, asking });
    say(`Recording ${name}.`);
    if (json) await print(`${JSON.stringify({ schema: SCHEMA, findings: rows })}\n`);
    else if (total === 0) say("No findings. Auscult judges traffic it hears: what no mirror shows, it cannot find (auscult doctor).");
    else {
      await print(table(columns(asked), rows));
      say(
        `${number(rows.length)} of ${plural(total, "finding")}${rows.length < total && state !== "all" ? "; all of them: --state all" : ""}.`,
      );
      for (const words of asked.flatMap((it) => waitingInWords(it) ?? [])) say(`${words}.`);
      say(NOT_AN_ALARM);
    }
    // A recording without pumps has nothing to guard.
    if (!json) for (const guard of await reader.guards()) if (guard.devices > 0) say(`${guard.title}: ${guard.says}.`);
    if (failOn !== undefined && rows.some((it) => it.planned === null && SEVERITIES.indexOf(it.severity) >= SEVERITIES.indexOf(failOn)))
      process.exitCode = Exit.findings;
  });
}

const ASKING = ["acknowledge", "explain", "close", "reopen", "undo"] as const;

function wordsAsked(options: FindingsOptions): readonly (typeof ASKING)[number][] {
  return ASKING.filter((it) => options[it] !== undefined);
}

async function said(recording: string, { id, history }: FindingDetail, options: FindingsOptions): Promise<void> {
  if (options.undo) {
    const [last] = history;
    if (last === undefined)
      throw new CommandError(`expected a finding of which something was said, got ${id}: there is nothing to take back`);
    await saying(recording, options, (writer, { who, reason }) => writer.undo(last.change, who, reason));
  } else {
    const word = wordOf(options);
    await saying(
      recording,
      options,
      async (writer, { who, reason }) => void (await writer.sayOfFinding({ who, reason, finding: id, word })),
    );
  }
  const { path } = recordingFor(options.data, recording);
  const now = await withReader(path, (reader) => reader.finding(id));
  say(`Finding ${id}: ${clean(standingInWords(now!))}`);
}

function wordOf({ acknowledge, explain, until, owner, close }: FindingsOptions): FindingWord {
  if (acknowledge) return { what: "acknowledge" };
  if (close !== undefined) return { what: "close", verdict: close };
  if (!explain) return { what: "reopen" };
  const end = until === undefined ? null : endOfDay(until);
  if (end === null)
    throw new CommandError(`--until: expected a day such as 2026-12-01, got ${until === undefined ? "nothing" : `"${until}"`}`);
  const name = owner?.trim() ?? "";
  if (name === "" || name.length > OWNER_LENGTH_MAX || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw new CommandError(`--owner: expected who answers for it, one line of at most ${OWNER_LENGTH_MAX} characters`);
  return { what: "explain", until: end, owner: name };
}
const OWNER_LENGTH_MAX = 200;

function wroteFrames(finding: FindingDetail, file: string): void {
  if (finding.frames.length === 0) throw new CommandError(`${finding.id}: no frames are kept of this one: it rests on counts`, Exit.input);
  const frames = framesOf(finding);
  writtenTo("--frames", file, () => writeFileSync(file, frames));
  say(`${plural(finding.frames.length, "frame")} written to ${file}, each cut after its transport header.`);
}

function inFull(it: FindingDetail, { contacts, missing }: Calls): string {
  const { usual, detectorSays } = it;
  const beyond = it.othersBeyond === 0 ? "" : ` and ${number(it.othersBeyond)} more`;
  const lines = [
    `${severityWords(it)}  ${paint("bold", it.title)}   ${it.id}`,
    clean(it.summary),
    "",
    `About     ${it.about === null ? "a segment" : described(it.about)}`,
    ...(it.others.length === 0 ? [] : [`Others    ${it.others.map(described).join(", ")}${beyond}`]),
    `When      ${time(it.first)} to ${time(it.last)} UTC, ${number(it.count)} counted`,
    `Harms     ${it.harms.join(", ")} (${it.family})`,
    `Now       ${clean(standingInWords(it))}`,
    "",
    "Evidence",
    ...it.because.map(({ at, text }) => `  ${time(at, true)}  ${clean(text)}`),
    ...(it.frames.length === 0
      ? ["  It rests on counts: no frames are kept of it."]
      : [`  ${plural(it.frames.length, "frame")} kept: --frames FILE writes them as pcapng`]),
    "",
    "What to do",
    `  1. ${lossInWords(it)}`,
    `  2. ${it.remedy}`,
    missing === null
      ? `  3. Call ${contacts.map(({ who, call }) => `${clean(who)}, ${clean(call)}`).join("; then ")}`
      : `  3. No contact for ${clean(missing)}: add one (auscult contacts FILE)`,
    "",
    "Is it normal",
    `  ${usualInWords(it)}`,
    `  ${detectorSays.mistaken}`,
    ...(usual.heardSince === null ? [] : [`  Heard here since ${time(usual.heardSince)} UTC.`]),
    ...(it.technique.length === 0 ? [] : [`  ATT&CK: ${it.technique.join(", ")}`]),
    "",
    NOT_AN_ALARM,
  ];
  return `${lines.join("\n")}\n`;
}

function usualInWords({ usual: { before, lastBefore, elsewhere }, title }: FindingDetail): string {
  const here =
    before === 0 ? "The first of its kind between these." : `${plural(before, "time")} before between these, last ${time(lastBefore)}.`;
  return elsewhere === 0
    ? `${here} Heard nowhere else: ${title.toLowerCase()}.`
    : `${here} ${plural(elsewhere, "other finding")} of its kind elsewhere.`;
}

const MARKS: Readonly<Record<Severity, string>> = { critical: "!!", high: "!", medium: "-", low: " " };

function severityWords({ severity }: Finding): string {
  return `${MARKS[severity]} ${severity}`.trim();
}

const columns = (asked: readonly RoleAsked[]) => [
  { title: "Finding", text: (it: Finding) => it.id, whole: true as const },
  { title: "Severity", text: severityWords },
  { title: "State", text: (it: Finding) => stateOf(it, asked), drop: 4 },
  { title: "What", text: (it: Finding) => it.title },
  { title: "About", text: (it: Finding) => (it.about === null ? "a segment" : named(it.about)) },
  { title: "Others", text: (it: Finding) => othersOf(it), drop: 3 },
  { title: "Why", text: (it: Finding) => clean(it.summary) },
  { title: "First", text: (it: Finding) => time(it.first), drop: 1 },
  { title: "Last", text: (it: Finding) => time(it.last), drop: 2 },
];

function stateOf(it: Finding, asked: readonly RoleAsked[]): string {
  if (it.planned !== null && it.standing.state === "new") return "planned";
  return isWaiting(it, asked) ? "waits" : it.standing.state;
}

function othersOf({ others, othersBeyond }: Finding): string {
  const [first, ...rest] = others;
  if (first === undefined) return "";
  const more = rest.length + othersBeyond;
  return more === 0 ? named(first) : `${named(first)} and ${number(more)} more`;
}

function described(party: FindingParty): string {
  const { device, kind, location, lifeCritical } = party;
  return [named(party), ...(device === null ? [] : [device]), kind ?? "kind not known", ...(location === null ? [] : [location]), lifeCritical].map(clean).join(", "); // prettier-ignore
}

function named({ name, ip, mac }: FindingParty): string {
  const address = ip ?? mac ?? "";
  return clean(name === address || name === "" ? address : `${name} (${address})`);
}
