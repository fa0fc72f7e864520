/** Weaknesses as a person reads them: kind, answer, whose they are, and what was said of one. */
import { CARE_CLASSES } from "../../../src/model/device.ts";
import type { Answer, Weakness, WeaknessKind, WeaknessWord } from "../../../src/model/weakness.ts";
import type { WeaknessRow } from "../../../src/model/weakness-report.ts";
import { words } from "../words.ts";

export const KIND_WORDS: Readonly<Record<WeaknessKind, string>> = {
  exposure: "Exposure",
  vulnerability: "Published vulnerability",
  "end of support": "Past its support",
};

export const KIND_SENTENCES: Readonly<Record<WeaknessKind, string>> = {
  exposure: "It is how devices are built or set up, as their own traffic shows it.",
  vulnerability: "Its maker or an authority published it. Devices are held against it by model and version; none was asked or tried.",
  "end of support": "It is about a system that its makers mend no more, or soon will not: what is published from then on stays open.",
};

export const ANSWER_WORDS: Readonly<Record<Answer, string>> = { affected: "Affected", possible: "Possible" };

export const ANSWER_SENTENCES: Readonly<Record<Answer, string>> = {
  affected: "It was heard, or product and version are among those named.",
  possible: "It cannot be told: what is not known of the device, or of the versions that are named, would settle it.",
};

/** "2 affected, 1 possible, dismissed of 1". */
export function countsInWords({ affected, possible, dismissed }: Pick<WeaknessRow, "affected" | "possible" | "dismissed">): string {
  const parts = [
    ...(affected > 0 ? [`${words.count(affected)} affected`] : []),
    ...(possible > 0 ? [`${words.count(possible)} possible`] : []),
    ...(dismissed > 0 ? [`dismissed of ${words.count(dismissed)}`] : []),
  ];
  return parts.join(", ");
}

/** "1 life-supporting, 4 therapy, 2 of another class": the worst class first; empty where all are dismissed. */
export function careInWords({ byCare }: Pick<WeaknessRow, "byCare">): string {
  return CARE_CLASSES.flatMap((care) =>
    byCare[care] === undefined ? [] : [`${words.count(byCare[care])} ${care === "other" ? "of another class" : care}`],
  ).join(", ");
}

/** "Dismissed of all of its model by lind, 23 Nov 2026: behind its own firewall". */
export function wordInWords({ word, scope, who, at, reason }: WeaknessWord): string {
  return `${words.capital(word)}${scope === "model" ? " of all of its model" : ""} by ${who}, ${words.day(at)}: ${reason}`;
}

/** What is published of its danger, in sentences; empty where nothing is. */
export function dangerInWords({ cvss, vector, knownExploited, epss, worm }: Weakness["danger"]): readonly string[] {
  return [
    ...(knownExploited ? ["It is exploited, by CISA’s catalogue of known exploited vulnerabilities."] : []),
    ...(worm ? ["What uses it spreads by itself from machine to machine."] : []),
    ...(cvss === null ? [] : [`CVSS ${cvss} of 10${vector === null ? "" : `, ${vector}`}.`]),
    ...(epss === null ? [] : [`EPSS ${words.percent(epss)}: how likely it is to be tried somewhere within 30 days.`]),
  ];
}
