/**
 * Promise 3, careful, on captures nobody here made: learned on the first half of each by time, replayed against the second. Whoever is in
 * them is said to be a workstation, since a policy governs nobody whose kind is not asserted. Hours are no weeks, so nowhere is the answer
 * that all is kept. Captures are in ../shared/captures.
 */
import assert from "node:assert/strict";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, suite, test } from "node:test";
import { InputClock, readFrames, type FrameSink } from "../capture/index.ts";
import { openWriter } from "../link/recording.ts";
import type { Replay } from "../model/replay.ts";
import { check, type Judged } from "../policies/check.ts";
import { learn } from "../policies/learn.ts";
import { membershipOf } from "../policies/membership.ts";
import { policyText } from "../policies/text.ts";
import { expectations, replayFrom } from "../replaying.ts";
import { writeCapture } from "../testing/captures.ts";
import type { Frame } from "../testing/frames.ts";
import { opened } from "../testing/opened.ts";

const CAPTURES = resolve(import.meta.dirname, "..", "..", "..", "shared", "captures");
const skip = existsSync(join(CAPTURES, "index.json")) ? false : "needs ../shared/captures: NOBODY REPLAYED WHAT OTHERS CAPTURED";
if (skip !== false) process.stderr.write(`${skip}\n`);
/** So many that talk on in their second half. */
const REPEATED_MIN = 20;
const TRIED_MAX = 30;
const ETHERNET = 1;
const KIND = "workstation";

interface Entry {
  readonly file: string;
  readonly packets: number;
  readonly truth: { readonly encapsulation?: string; readonly duration_s?: number; readonly ip_count?: number };
}

const folder = mkdtempSync(join(tmpdir(), "auscult-replay-"));
after(() => rmSync(folder, { recursive: true }));

suite("replayed", { skip }, () => {
  test("each conversation of the second half has its verdict, what would be blocked is listed, and nothing is called kept", async () => {
    const { captures } = JSON.parse(readFileSync(join(CAPTURES, "index.json"), "utf8")) as { captures: Entry[] };
    const fit = captures.filter(({ packets, truth }) => truth.encapsulation === "ether" && packets >= 60 && packets <= 20_000 && (truth.duration_s ?? 0) >= 5 && (truth.ip_count ?? 0) >= 2); // prettier-ignore
    const sums = { repeated: 0, conversations: 0, blocked: 0, unsure: 0, kept: 0, known: 0, knownBlocked: 0 };
    for (const { file } of fit.slice(0, TRIED_MAX)) {
      const halves = await halvesOf(join(CAPTURES, file));
      if (halves === null) continue;
      const [first, second] = await Promise.all(halves.map((frames, place) => replayedFrom(`${file.replaceAll(/[^a-z0-9]+/gi, "-")}-${place + 1}`, frames))); // prettier-ignore
      const again = pairsOf(first!).intersection(pairsOf(second!));
      if (again.size === 0) continue;
      sums.repeated++;
      const learned = learn(first!, expectations(), file);
      assert.equal(policyText(learn(first!, expectations(), file).policy), policyText(learned.policy));

      // Against what it was learned from, what is blocked is what was not learned, no more.
      const same = check(learned.policy, membershipOf(learned.policy, first!), first!, expectations());
      const listed = new Set(learned.notLearned.map(({ client, server, service }) => `${client} → ${server} ${service}`));
      for (const it of same.conversations) if (it.verdict === "would block") assert.ok(listed.has(`${groupOf(it.client)} → ${groupOf(it.server)} ${it.service}`), `${file}: ${JSON.stringify(it)}`); // prettier-ignore

      const membership = membershipOf(learned.policy, second!);
      const checked = check(learned.policy, membership, second!, expectations());
      assert.equal(JSON.stringify(check(learned.policy, membership, second!, expectations())), JSON.stringify(checked));
      assert.notEqual(checked.answer.verdict, "kept", file);
      assert.match(checked.answer.because[0] ?? "", /^\d of at least 7 days were heard/);
      const { counts, conversations } = checked;
      const judged = counts["would block"].conversations + counts["cannot tell"].conversations + counts.kept.conversations;
      assert.equal(conversations.length, judged);
      assert.equal(judged + counts["not governed"].conversations, second!.conversations.length);
      for (const it of conversations) assert.equal(it.edit !== "" && it.rule === null, it.verdict === "would block" || (it.verdict === "cannot tell" && it.rule === null), file); // prettier-ignore
      sums.conversations += judged;
      sums.blocked += counts["would block"].conversations;
      sums.unsure += counts["cannot tell"].conversations;
      sums.kept += counts.kept.conversations;
      for (const it of conversations) {
        if (!again.has(keyOf(it))) continue;
        sums.known++;
        if (it.verdict === "would block") sums.knownBlocked++;
      }
    }
    process.stderr.write(`${JSON.stringify(sums)}\n`);
    assert.ok(sums.repeated >= REPEATED_MIN, `${sums.repeated} captures talk on`);
    assert.ok(sums.blocked > 0 && sums.kept > 0);
  });
});

/** Null where it is not read to its end, or all of it is over at once. */
async function halvesOf(path: string): Promise<readonly [Frame[], Frame[]] | null> {
  const frames: Required<Frame>[] = [];
  let other = false;
  const sink: FrameSink = {
    frame(bytes, start, end, wireLength, at, linkType) {
      other ||= linkType !== ETHERNET;
      frames.push({ bytes: Uint8Array.from(bytes.subarray(start, end)), at, wireLength });
    },
    drops: () => undefined,
    tick: () => undefined,
    pause: () => undefined,
    progress: () => undefined,
  };
  const fd = openSync(path, "r");
  try {
    await readFrames(fd, sink, { live: false, clock: new InputClock() });
  } finally {
    closeSync(fd);
  }
  const [first, last] = [frames[0]?.at ?? 0, frames.at(-1)?.at ?? 0];
  const middle = first + (last - first) / 2;
  const halves = [frames.filter(({ at }) => at <= middle), frames.filter(({ at }) => at > middle)] as const;
  return other || halves.some((half) => half.length === 0) ? null : [halves[0], halves[1]];
}

async function replayedFrom(name: string, frames: readonly Frame[]): Promise<Replay> {
  const data = join(folder, name);
  const file = join(folder, `${name}.pcap`);
  writeCapture(file, frames);
  const { path } = await opened(data, file);
  const writer = await openWriter(path, { site: "main", ownRanges: [] });
  for (const { device } of replayFrom(path).machines)
    if (device.standing === "device") await writer.say({ who: "test", reason: "so that it is governed", device: device.id, attribute: "kind", value: KIND }); // prettier-ignore
  await writer.close();
  return replayFrom(path);
}

/** Numbers differ from half to half: addresses do not. */
function pairsOf({ machines, conversations }: Replay): Set<string> {
  const names = new Map(machines.map(({ number, device, worn }) => [number, worn.find(({ ip }) => ip !== null)?.ip ?? device.name]));
  return new Set(conversations.map((it) => `${names.get(it.client)} ${names.get(it.server)} ${it.transport} ${it.port}`));
}

function keyOf({ client, server, service }: Judged): string {
  return `${client.name} ${server.name} ${service}`;
}

/** As what is not learned names it. */
function groupOf({ kind, groups }: Judged["client"]): string {
  return kind !== "" ? kind : (groups.find((it) => ["outside", "multicast", "broadcast"].includes(it)) ?? "not known");
}
