/** Where a finding stands, in sentences, for pages, commands and outputs alike. */
import { thousands } from "../bytes/thousands.ts";
import type { Finding, FindingDetail, FindingSaid, FindingStanding, FindingWord } from "./finding.ts";

/** Stands wherever findings are shown or sent. */
export const NOT_AN_ALARM = "Auscult is not a medical device and not an alarm. Nobody may rely on it in place of a device’s own alarms.";

/** "Explained until 2026-12-01, owner Kim, by lind: video goes there on purpose. It hides 3 findings, 412 counted." */
export function standingInWords({ standing, hides, planned }: Pick<Finding, "standing" | "hides" | "planned">): string {
  const { state, said, lapsed } = standing;
  if (planned !== null && state === "new")
    return `Planned until ${momentInWords(planned.to)} UTC, for which ${planned.who} answers: ${sentence(planned.what)}`;
  if (lapsed !== null) return `New again: ${lapseInWords(lapsed)}.`;
  if (state === "new")
    return said === null ? "New, nobody has taken it yet." : `New: opened again by ${said.who}: ${sentence(said.reason)}`;
  const hidden = hides === null ? "" : ` It hides ${thousands(hides.findings)} ${hides.findings === 1 ? "finding" : "findings"}, ${thousands(hides.count)} counted.`; // prettier-ignore
  return `${capital(wordInWords(said!.word))}, by ${said!.who}: ${sentence(said!.reason)}${hidden}`;
}

export function wordInWords(word: FindingWord): string {
  switch (word.what) {
    case "acknowledge":
      return "acknowledged";
    case "explain":
      return `explained until ${dayInWords(word.until)}, owner ${word.owner}`;
    case "close":
      return `closed: ${word.verdict}`;
    case "reopen":
      return "open again";
  }
}

function lapseInWords({ said, why }: NonNullable<FindingStanding["lapsed"]>): string {
  switch (why) {
    case "expired":
      return `it went on after ${said.word.what === "explain" ? dayInWords(said.word.until) : ""}, until when ${said.who} had explained it`;
    case "went on":
      return `it went on after ${said.who} closed it`;
    case "more severe":
      return `it became more severe after ${said.who} had it ${PAST[said.word.what]}`;
  }
}

const PAST: Readonly<Record<FindingSaid["word"]["what"], string>> = {
  acknowledge: "acknowledged",
  explain: "explained",
  close: "closed",
  reopen: "opened again",
};

/** Why it matters: what it is of its family, and what hangs on the one it is about. */
export function matterInWords({ family, about }: Pick<Finding, "family" | "about">): string {
  return [FAMILY_WORDS[family], about === null ? undefined : CARE_WORDS[about.lifeCritical]].filter((it) => it !== undefined).join(" ");
}

const FAMILY_WORDS: Readonly<Record<Finding["family"], string>> = {
  exposure: "How it is built lets others in.",
  hazard: "Innocent or not, it may stop a device.",
  threat: "It is what somebody does who wants in, or takes what is not theirs.",
  clinical: "It is a command that may harm a patient.",
};

const CARE_WORDS: Readonly<Record<string, string | undefined>> = {
  "life-supporting": "What it is about keeps a patient alive, so it counts one step higher here than elsewhere.",
  therapy: "What it is about treats a patient, so it counts one step higher here than elsewhere.",
  diagnostic: "What it is about serves a diagnosis.",
  "clinical IT": "Others that treat patients need what it is about.",
};

/** First of all: what it would cost, and whose decision that is. Never that it be done. */
export function lossInWords({ about, losses }: Pick<FindingDetail, "about" | "losses">): string {
  if (about === null) return "It is of a whole segment: leave clinical devices connected.";
  const named = about.kind === null ? "this device" : `this ${about.kind}`;
  if (losses.length === 0)
    return `What is lost when ${named} leaves the network is not known: ask the ward before anything is done to its connection.`;
  return `If ${named} leaves the network: ${losses.map(({ words }) => words).join("; ")}. Whether it may is the ward's decision.`;
}

/** "2026-11-28 06:00" */
export function momentInWords(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 16).replace("T", " ");
}

export function dayInWords(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 10);
}

/** The last microsecond of a day such as 2026-12-01 (UTC); null where it is none. */
export function endOfDay(text: string): number | null {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 is read as March by some.
  return Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text ? null : (day + DAY_MS) * 1_000 - 1;
}
const DAY_MS = 86_400_000;

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
