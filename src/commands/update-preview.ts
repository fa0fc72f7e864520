/** `auscult update --preview`: what newer knowledge would make of a recording, before it is taken: weaknesses and risks by device. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standingWallsIn } from "../link/standing-walls.ts";
import { feedsFolder } from "../link/site-feeds.ts";
import type { PublishedFolder } from "../link/published/index.ts";
import type { NamedRecall } from "../model/recall.ts";
import type { RiskRow } from "../model/risk.ts";
import type { Weakness } from "../model/weakness.ts";
import { openReader } from "../reader.ts";
import type { Registered } from "../knowledge/registry.ts";
import type { RecordingReader } from "../model/store.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import { makersPreviewed, type MakerChange } from "./preview-makers.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { inWords, take, type UpdateOptions } from "./update.ts";
import { Exit, number, plural, print, say, table, type Column } from "./terminal.ts";

const RISKS_MAX = 1_000_000;

interface Asked extends UpdateOptions, PublishedFolder {
  readonly unreachable: readonly string[];
  /** The IEEE's, where it was brought; null where not. */
  readonly registered: readonly Registered[] | null;
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
  readonly recalls: readonly NamedRecall[];
  readonly answers: ReadonlyMap<string, { readonly weakness: Weakness; readonly name: string }>;
  readonly risks: ReadonlyMap<string, RiskRow>;
}

export async function previewed({ data, recording, json, feeds, keptOut, signatures, unreachable, registered }: Asked): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  startWithSiteKnowledge(data);
  const staged = mkdtempSync(join(tmpdir(), "auscult-preview-"));
  try {
    if (existsSync(feedsFolder(data))) cpSync(feedsFolder(data), staged, { recursive: true });
    const taken = take(staged, { feeds, keptOut });
    const makers = registered === null ? [] : await opened(path, feedsFolder(data), (reader) => makersPreviewed(reader, registered));
    const before = await momentOf(data, path, feedsFolder(data));
    const after = await momentOf(data, path, staged);
    const changes = changesOf(before, after);
    const risks = risksOf(before, after);
    const recalls = newlyNamed(before.recalls, after.recalls);
    const troubles = [...taken.keptOut.map(inWords), ...unreachable];
    say(`Recording ${name}. Nothing is taken.`);
    if (json) await print(`${JSON.stringify({ schema: "auscult.preview/1", feeds: taken.feeds, weaknesses: changes, risks, recalls, makers, findings: 0, verdicts: 0, signatures, troubles })}\n`);
    else {
      for (const { source, day, before: day0, added, changed, gone } of taken.feeds) say(`${source} of ${day}${day0 === null ? "" : `, now of ${day0}`}: ${number(added)} new, ${number(changed)} changed, ${number(gone)} gone.`);
      const tables = [tableOf(CHANGES, changes), tableOf(RISKS, risks), tableOf(RECALLS, recalls), tableOf(MAKERS, makers)].filter((it) => it !== "");
      if (tables.length > 0) await print(tables.join("\n"));
    }
    if (signatures !== "") say(signatures);
    for (const trouble of troubles) say(trouble);
    say(`${plural(changes.length, "answer")} on weaknesses and ${plural(risks.length, "risk")} would be another, ${plural(recalls.length, "recall")} would name a model heard here, and ${plural(makers.length, "card")} would be another maker's. ${RESTS_ON_NONE}`);
    if (troubles.length > 0) process.exitCode = Exit.usage;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
} // prettier-ignore

const RESTS_ON_NONE = "No finding and no policy's verdict rests on these: they are of what was heard. A maker is one of several signs of what a device is, which is worked out anew at the next start."; // prettier-ignore

function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows.length === 0 ? "" : table(columns, rows);
}

/** Named then and not now, or meaning others then. */
function newlyNamed(before: readonly NamedRecall[], after: readonly NamedRecall[]): readonly NamedRecall[] {
  const known = new Set(before.map((it) => JSON.stringify(it)));
  return after.filter((it) => !known.has(JSON.stringify(it)));
}

function momentOf(data: string, path: string, feeds: string): Promise<Moment> {
  return opened(path, feeds, async (reader) => {
    const { devices, weaknesses } = await reader.fleet();
    const { asked } = standingWallsIn(data);
    const { rows } = await reader.risks({ ...asked, offset: 0, limit: RISKS_MAX });
    const names = new Map(devices.map((it) => [it.id, it.name]));
    const answers = [...weaknesses.values()].flat().map((weakness) => [`${weakness.device}\n${weakness.name}`, { weakness, name: names.get(weakness.device)! }] as const); // prettier-ignore
    const recalls = await reader.publishedRecalls();
    return { answers: new Map(answers), risks: new Map(rows.map((it) => [it.device, it])), recalls };
  });
}

async function opened<Value>(path: string, feeds: string, work: (reader: RecordingReader) => Promise<Value>): Promise<Value> {
  try {
    const reader = await openReader(path, { feeds });
    try {
      return await work(reader);
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

const RECALLS = [
  { title: "Recall", text: ({ number: it }: NamedRecall) => it, whole: true as const },
  { title: "Class", text: (it: NamedRecall) => it.class },
  { title: "Maker", text: ({ question }: NamedRecall) => question.maker ?? "" },
  { title: "Model", text: ({ question }: NamedRecall) => question.model ?? "" },
  { title: "Meant", text: ({ heard }: NamedRecall) => number(heard), right: true as const },
  { title: "Cannot tell", text: ({ cannotTell }: NamedRecall) => number(cannotTell), right: true as const },
];

const MAKERS = [
  { title: "Device", text: (it: MakerChange) => it.device, whole: true as const },
  { title: "Name", text: (it: MakerChange) => it.name },
  { title: "Card", text: (it: MakerChange) => it.mac, whole: true as const },
  { title: "Registered now", text: (it: MakerChange) => it.from || "nobody" },
  { title: "Then", text: (it: MakerChange) => it.to || "nobody" },
];
