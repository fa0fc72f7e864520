/**
 * Findings as a mail: plain text, what happened first, then why it matters, what to do (safe for the patient first), whom to call and where it
 * is shown. Several are one list, the most severe in full. What devices call themselves is shown without control characters, bounded,
 * and leads nowhere: mail programs make links of what looks like one.
 */
import { clean } from "../../bytes/text.ts";
import { thousands } from "../../bytes/thousands.ts";
import { lossesOf } from "../../knowledge/losses.ts";
import { lossInWords, matterInWords, momentInWords, NOT_AN_ALARM } from "../../model/finding-words.ts";
import { SEVERITIES, type Finding, type FindingParty, type Severity } from "../../model/finding.ts";
import type { Calls } from "../contacts.ts";
import type { Told } from "./output.ts";
import { WAITING } from "./waiting.ts";

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

export interface LetterOptions {
  /** Where people open the page, such as "https://auscult.hospital.example"; "" where nobody said: then no link is made. */
  readonly page: string;
  readonly callsFor: (party: FindingParty | null) => Calls;
}

const SUBJECT_LENGTH_MAX = 150;
const NAME_LENGTH_MAX = 120;
const SENTENCE_LENGTH_MAX = 1_000;
const OTHERS_MAX = 8;
const BECAUSE_MAX = 5;
/** Of several: told in full, and told in a line. Whoever has more opens the page. */
const IN_FULL_MAX = 3;
const LINES_MAX = 50;

/** Of at least one. */
export function letterOf(told: readonly Told[], options: LetterOptions): Letter {
  const sorted = told.toSorted((a, b) => rank(b.finding) - rank(a.finding) || a.finding.first - b.finding.first);
  const [worst] = sorted as [Told, ...Told[]];
  const mark = worst.test ? "TEST: " : "";
  const severity = worst.finding.severity;
  if (sorted.length === 1)
    return {
      subject: short(`${mark}Auscult: ${severity}, ${placeOf(worst)}: ${worst.finding.title}`, SUBJECT_LENGTH_MAX),
      text: textOf([...marked(worst), ...inFull(worst, options)]),
    };
  const places = new Set(sorted.map(placeOf)).size - 1;
  const elsewhere = places === 0 ? "" : ` and ${places === 1 ? "one other place" : `${thousands(places)} other places`}`;
  const count = `${thousands(sorted.length)} findings`;
  return {
    subject: short(`${mark}Auscult: ${count}, the worst ${severity}, ${placeOf(worst)}${elsewhere}`, SUBJECT_LENGTH_MAX),
    text: textOf([
      ...marked(worst),
      `${count}, the most severe first:`,
      "",
      ...sorted.slice(0, LINES_MAX).map(({ finding }) => `  ${finding.severity.padEnd(8)}  ${finding.title}: ${ofWhom(finding)}`),
      ...beyond(sorted.slice(LINES_MAX)),
      ...sorted.slice(0, IN_FULL_MAX).flatMap((it) => ["", RULE, "", ...inFull(it, options)]),
      ...(sorted.length <= IN_FULL_MAX
        ? []
        : ["", RULE, "", `The others in full: ${shown(options.page, "/findings", "auscult findings")}`]),
    ]),
  };
}

const RULE = "-".repeat(60);

function textOf(lines: readonly string[]): string {
  return `${[...lines, "", NOT_AN_ALARM].join("\n")}\n`;
}

function marked({ test }: Told): readonly string[] {
  return test ? ["TEST: nothing happened, somebody tries whether findings arrive.", ""] : [];
}

function inFull({ finding: it, site, test }: Told, { page, callsFor }: LetterOptions): readonly string[] {
  if (it.detector === WAITING)
    return [
      `${it.title}, site ${site}`,
      "",
      `  ${heard(it.summary, SENTENCE_LENGTH_MAX)}`,
      `  ${it.remedy}: ${shown(page, "/findings", "auscult findings")}`,
    ];
  const { contacts, missing } = callsFor(it.about);
  const others = it.others.slice(0, OTHERS_MAX).map(described);
  const unsaid = it.others.length - others.length + it.othersBeyond;
  return [
    `${it.title} (${it.severity}, ${it.family})`,
    "",
    "What happened",
    `  ${heard(it.summary, SENTENCE_LENGTH_MAX)}`,
    `  About: ${it.about === null ? "a segment" : described(it.about)}`,
    ...(others.length === 0 ? [] : [`  Others: ${others.join("; ")}${unsaid === 0 ? "" : `; and ${thousands(unsaid)} more`}`]),
    `  When: ${momentInWords(it.first)} to ${momentInWords(it.last)} UTC, ${thousands(it.count)} counted, site ${site}`,
    ...it.because.slice(0, BECAUSE_MAX).map(({ at, text }) => `  Heard ${momentInWords(at)} UTC: ${heard(text, SENTENCE_LENGTH_MAX)}`),
    "",
    "Why it matters",
    `  ${matterInWords(it)}`,
    ...(it.harms.length === 0 ? [] : [`  It may harm the ${it.harms.join(" and the ")}.`]),
    ...(it.technique.length === 0 ? [] : [`  ATT&CK: ${it.technique.join(", ")}`]),
    "",
    "What to do",
    `  1. ${clean(lossInWords({ about: it.about, losses: lossesOf(it.about?.kind ?? null) }))}`,
    `  2. ${it.remedy}`,
    missing === null
      ? `  3. Call ${contacts.map(({ who, call }) => `${heard(who)}, ${heard(call)}`).join("; then ")}`
      : `  3. No contact for ${heard(missing)}: add one (auscult contacts FILE)`,
    "",
    // What was made up is shown nowhere, and a link is tried all the same.
    `Evidence: ${test ? shown(page, "/findings", "auscult findings") : shown(page, `/findings/${it.id}`, `auscult findings ${it.id}`)}`,
  ];
}

/** By severity, the worst first: "  and 12 more: 2 high, 10 medium". */
function beyond(told: readonly Told[]): readonly string[] {
  if (told.length === 0) return [];
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = told.filter(({ finding }) => finding.severity === severity).length;
    return count === 0 ? [] : [`${thousands(count)} ${severity}`];
  });
  return [`  and ${thousands(told.length)} more: ${counts.join(", ")}`];
}

function shown(page: string, path: string, command: string): string {
  return page === "" ? command : `${page.replace(/\/+$/, "")}${path}`;
}

function placeOf({ finding: { about }, site }: Told): string {
  return about?.location == null ? `site ${site}` : heard(about.location);
}

function ofWhom({ about }: Finding): string {
  return about === null ? "a segment" : [named(about), ...(about.location === null ? [] : [heard(about.location)])].join(", ");
}

function described(party: FindingParty): string {
  const { kind, location } = party;
  return [named(party), kind === null ? "kind not known" : heard(kind), ...(location === null ? [] : [heard(location)])].join(", ");
}

function named({ name, ip, mac }: FindingParty): string {
  const address = ip ?? mac ?? "";
  return name === address || name === "" ? address : `${heard(name)}${address === "" ? "" : ` (${address})`}`;
}

/** Words that came from outside. */
function heard(text: string, lengthMax = NAME_LENGTH_MAX): string {
  return short(clean(text), lengthMax)
    .replaceAll("://", "[:]//")
    .replace(/\bwww\./gi, "www[.]");
}

function short(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).toWellFormed().replace(/\uFFFD$/, "")}…`; // prettier-ignore
}

function rank({ severity }: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(severity);
}
