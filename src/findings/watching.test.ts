/** Shared code of all watches: memory per subject, stories, and that neither a restart nor a second reading makes a second finding. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch } from "../model/batch.ts";
import type { SignalNews, StoredFinding, Watch } from "../model/finding.ts";
import { udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { Watching } from "./watching.ts";

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const NOON = 1_700_000_000_000_000;

/** Claims every refusal it is told of, with how many it remembers. */
const counting: Watch<{ count: number }> = {
  name: "counting",
  title: "Counting",
  family: "hazard",
  severity: "low",
  harms: ["network"],
  remedy: "None.",
  technique: [],
  sees: "All.",
  misses: "Nothing.",
  mistaken: "Nothing.",
  tune: "Not at all.",
  hears: { signals: ["refusals"] },
  subject: "sender",
  subjectsMax: 3,
  remember: () => ({ count: 0 }),
  worth: ({ count }) => count,
  *notice(news, memory) {
    const { at, count, sender, receiver, failed, witnesses } = news as SignalNews;
    memory.count += count;
    const summary = `${memory.count} in all`;
    yield { story: "", about: sender, others: receiver === null ? [] : [receiver], ...(failed > 5 ? { severity: "high" as const } : {}), first: at - SECOND_US, at, count, summary, because: [{ at, text: summary }], witnesses }; // prettier-ignore
  },
};

const REAL = hear([udpFrame({ to: 5001 }, new Uint8Array(Buffer.from("hello")))])[0]!;

/** Refusals of senders by number, at minutes after noon. */
function batch(...refusals: readonly (readonly [minute: number, sender: number, failed?: number])[]): Batch {
  const at = (minute: number) => NOON + minute * MINUTE_US;
  return {
    ...REAL,
    from: at(0),
    to: at(1_000),
    addresses: Array.from({ length: 10 }, (_, host) => [0, null, `10.0.0.${host}`, null, 1, 60, NOON, NOON, 0]),
    signals: refusals.map(([minute, sender, failed = 1]) => [at(minute), "refusals", sender, 0, "", "ftp", 1, 0, failed, 0, [[at(minute), minute + 1, 60, "AQ==", 1]]]), // prettier-ignore
  };
}

const NUMBERS = Array.from({ length: 10 }, (_, host) => host + 1);
const KNOWN = { since: NOON, conversedSince: () => null, heardSince: () => null };

function watch(batches: readonly Batch[], before = new Watching("main", [counting], { memories: [], findings: [] })): Watching {
  for (const it of batches) before.take(it, NUMBERS, () => true, KNOWN);
  return before;
}
const lines = (findings: readonly StoredFinding[]) =>
  findings.map(({ key, severity, first, last, count, summary, before }) => `${key} ${severity} ${(first - NOON) / MINUTE_US}-${(last - NOON) / MINUTE_US} ×${count}: ${summary}${before === null ? "" : " again"}`).map((it) => it.replace(/-?0\.01\d+/, "0").replace(/(\d+)\.98\d+/, (_, minute) => String(Number(minute) + 1))); // prettier-ignore

test("what follows within a quarter of an hour is the same finding, told by its first line; later it is another that names it", () => {
  const watching = watch([batch([1, 1], [2, 1], [3, 1], [40, 1])]);
  assert.deepEqual(lines(watching.changed().findings), ["0/10.0.0.1 low 1-3 ×3: 1 in all", "0/10.0.0.1 low 40-40 ×1: 4 in all again"]);
  const [first, second] = watching.changed().findings;
  assert.equal(second!.before, first!.id);
  assert.deepEqual(first!.because.map(({ text }) => text), ["1 in all", "2 in all", "3 in all"]); // prettier-ignore
  assert.equal(first!.witnesses.length, 3);
});

test("a slow rhythm of its own holds a story together for longer", () => {
  // Gaps of 10 minutes: an end only after 100.
  assert.equal(watch([batch([0, 1], [10, 1], [20, 1], [30, 1], [110, 1])]).changed().findings.length, 1);
  assert.equal(watch([batch([0, 1], [10, 1], [20, 1], [30, 1], [140, 1])]).changed().findings.length, 2);
});

test("severity only rises", () => {
  const [it] = watch([batch([1, 1], [2, 1, 9], [3, 1])]).changed().findings;
  assert.equal(it!.severity, "high");
});

test("after a restart memory and stories go on as if nothing had been", () => {
  const all = [batch([1, 1]), batch([2, 1], [3, 2])];
  const whole = watch(all).changed();
  const first = watch(all.slice(0, 1)).changed();
  const stored = JSON.parse(JSON.stringify(first)) as typeof first;
  const second = watch(all.slice(1), new Watching("main", [counting], stored)).changed();
  assert.deepEqual(second.findings.find(({ key }) => key === "0/10.0.0.1"), whole.findings.find(({ key }) => key === "0/10.0.0.1")); // prettier-ignore
  assert.deepEqual(second.memories, whole.memories);
});

test("the same evidence read again has the same id; another site's another", () => {
  const id = (site: string) => watch([batch([1, 1])], new Watching(site, [counting], { memories: [], findings: [] })).changed().findings[0]!.id; // prettier-ignore
  assert.equal(id("main"), id("main"));
  assert.notEqual(id("main"), id("north"));
});

test("at the limit of subjects the least worth is forgotten, named, and counted", () => {
  const watching = watch([batch([1, 1], [2, 1], [3, 2], [4, 3], [4, 3], [5, 4])]);
  assert.deepEqual(watching.changed().forgotten, [{ detector: "counting", subject: "0/10.0.0.2" }]);
  assert.deepEqual(watching.changed().memories.map(({ subject }) => subject).toSorted(), ["0/10.0.0.1", "0/10.0.0.3", "0/10.0.0.4"]); // prettier-ignore
  assert.deepEqual(watching.takeLetGo(), { counting: 1 });
  assert.deepEqual(watching.takeLetGo(), {});
});

test("a detector with hundreds of stories at once tells of all further ones in one", () => {
  const watching = new Watching("main", [{ ...counting, subjectsMax: 1_000 }], { memories: [], findings: [] });
  const many = batch();
  const addresses = Array.from({ length: 300 }, (_, host) => [0, null, `10.0.${host >> 8}.${host & 255}`, null, 1, 60, NOON, NOON, 0] as const); // prettier-ignore
  const signals = addresses.map((_, host) => [NOON + host, "refusals", host, 0, "", "ftp", 1, 0, 1, 0] as const);
  watching.take({ ...many, addresses, signals }, addresses.map((_, host) => host + 1), () => true, KNOWN); // prettier-ignore
  const { findings } = watching.changed();
  assert.equal(findings.length, 257);
  assert.equal(findings.at(-1)!.key, "more");
  assert.equal(findings.at(-1)!.count, 44);
});

test("what was stored is not stored again", () => {
  const watching = watch([batch([1, 1])]);
  watching.written();
  assert.equal(watching.isChanged, false);
  assert.deepEqual(watching.changed(), { findings: [], memories: [], forgotten: [] });
});
