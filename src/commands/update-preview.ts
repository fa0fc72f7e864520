/** `auscult update --preview`: what newer knowledge would make of a recording, before it is taken: weaknesses and risks by device. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standingWallsIn } from "../link/standing-walls.ts";
import { feedsFolder } from "../link/site-feeds.ts";
import type { PublishedFolder } from "../link/published/index.ts";
import type { RiskRow } from "../model/risk.ts";
import type { Weakness } from "../model/weakness.ts";
import { openReader } from "../reader.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { inWords, take, type UpdateOptions } from "./update.ts";
import { Exit, number, plural, print, say, table } from "./terminal.ts";

const RISKS_MAX = 1_000_000;

interface Asked extends UpdateOptions, PublishedFolder {
  readonly unreachable: readonly string[];
}

/** One answer of one device that would be another. */
interface Change {
  readonly device: string;
  readonly name: string;
  readonly weakness: string;
  readonly title: string;
  /** "none": it would be new, or be no more. */
  readonly from: Weakness["answer"] | "none";
  readonly to: Weakness["answer"] | "none";
}

interface RiskChange {
  readonly device: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface Moment {
  readonly answers: ReadonlyMap<string, { readonly weakness: Weakness; readonly name: string }>;
  readonly risks: ReadonlyMap<string, RiskRow>;
}

export async function previewed({ data, recording, json, feeds, keptOut, unreachable }: Asked): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const staged = mkdtempSync(join(tmpdir(), "auscult-preview-"));
  try {
    if (existsSync(feedsFolder(data))) cpSync(feedsFolder(data), staged, { recursive: true });
    const taken = take(staged, { feeds, keptOut });
    const before = await momentOf(data, path, feedsFolder(data));
    const after = await momentOf(data, path, staged);
    const changes = changesOf(before, after);
    const risks = risksOf(before, after);
    const troubles = [...taken.keptOut.map(inWords), ...unreachable];
    say(`Recording ${name}. Nothing is taken.`);
    if (json) await print(`${JSON.stringify({ schema: "auscult.preview/1", feeds: taken.feeds, weaknesses: changes, risks, findings: 0, verdicts: 0, troubles })}\n`);
    else {
      for (const { source, day, before: day0, added, changed, gone } of taken.feeds) say(`${source} of ${day}${day0 === null ? "" : `, now of ${day0}`}: ${number(added)} new, ${number(changed)} changed, ${number(gone)} gone.`);
      if (changes.length > 0) await print(table(CHANGES, changes));
      if (risks.length > 0) await print(`${changes.length > 0 ? "\n" : ""}${table(RISKS, risks)}`);
    }
    for (const trouble of troubles) say(trouble);
    say(`${plural(changes.length, "answer")} on weaknesses and ${plural(risks.length, "risk")} would be another. ${RESTS_ON_NONE}`);
    if (troubles.length > 0) process.exitCode = Exit.usage;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
} // prettier-ignore

const RESTS_ON_NONE = "No finding and no policy's verdict rests on these: they are of what was heard. What a newer registry of MAC prefixes changes is seen at the next start."; // prettier-ignore

async function momentOf(data: string, path: string, feeds: string): Promise<Moment> {
  try {
    const reader = await openReader(path, { feeds });
    try {
      const { devices, weaknesses } = await reader.fleet();
      const { asked } = standingWallsIn(data);
      const { rows } = await reader.risks({ ...asked, offset: 0, limit: RISKS_MAX });
      const names = new Map(devices.map((it) => [it.id, it.name]));
      const answers = [...weaknesses.values()].flat().map((weakness) => [`${weakness.device}\n${weakness.name}`, { weakness, name: names.get(weakness.device)! }] as const); // prettier-ignore
      return { answers: new Map(answers), risks: new Map(rows.map((it) => [it.device, it])) };
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** By device, as devices are numbered. */
function changesOf(before: Moment, after: Moment): readonly Change[] {
  const keys = new Set([...before.answers.keys(), ...after.answers.keys()]);
  const changes = [...keys].flatMap((key): Change[] => {
    const [was, will] = [before.answers.get(key), after.answers.get(key)];
    const from = was?.weakness.answer ?? "none";
    const to = will?.weakness.answer ?? "none";
    const { weakness, name } = (will ?? was)!;
    return from === to ? [] : [{ device: weakness.device, name, weakness: weakness.name, title: weakness.title, from, to }];
  });
  return changes.toSorted((a, b) => numberOf(a.device) - numberOf(b.device) || (a.weakness < b.weakness ? -1 : 1));
}

function risksOf(before: Moment, after: Moment): readonly RiskChange[] {
  return [...after.risks.values()]
    .map(({ device, name, total }) => ({ device, name, from: before.risks.get(device)?.total ?? 0, to: total }))
    .filter(({ from, to }) => from !== to)
    .toSorted((a, b) => numberOf(a.device) - numberOf(b.device));
}

function numberOf(device: string): number {
  return Number(device.slice(1));
}

const CHANGES = [
  { title: "Device", text: (it: Change) => it.device, whole: true as const },
  { title: "Name", text: (it: Change) => it.name },
  { title: "Weakness", text: (it: Change) => it.weakness },
  { title: "What", text: (it: Change) => it.title, drop: 1 },
  { title: "Now", text: (it: Change) => it.from },
  { title: "Then", text: (it: Change) => it.to },
];

const RISKS = [
  { title: "Device", text: (it: RiskChange) => it.device, whole: true as const },
  { title: "Name", text: (it: RiskChange) => it.name },
  { title: "Risk now", text: (it: RiskChange) => number(it.from), right: true as const },
  { title: "Then", text: (it: RiskChange) => number(it.to), right: true as const },
];
