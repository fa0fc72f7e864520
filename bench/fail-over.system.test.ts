/**
 * A hospital in which a server fails: what the dry run said beforehand of its standby, beside what the standby's first week then made.
 * And every rule of a policy that was learned there: left out, and with everything in its place.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Policy, Rule } from "../src/model/policy.ts";
import type { Replay } from "../src/model/replay.ts";
import { asIf } from "../src/policies/as-if.ts";
import { check, type Judged } from "../src/policies/check.ts";
import { compile } from "../src/policies/compile.ts";
import { learn } from "../src/policies/learn.ts";
import { measure } from "../src/policies/measure.ts";
import { membershipOf } from "../src/policies/membership.ts";
import { ruleText } from "../src/policies/text.ts";
import { expectations, replayFrom } from "../src/replaying.ts";
import { simulate } from "../src/simulation/index.ts";
import { FIRST_DAY, recorded } from "./month.ts";

const SEED = 2_029;
const WEEK = 7;
const SIZE = 80;
const KNOWN = expectations();
/** What an archive, a record system, a DNS server and a pump server do, and what they are called. */
const FAILING = [["archive", "ARCHIVE"], ["records", "EHR"], ["directory", "AD"], ["pumpServer", "PUMPSRV"]] as const; // prettier-ignore

const folder = mkdtempSync(join(tmpdir(), "auscult-fail-over-"));
after(() => rmSync(folder, { recursive: true }));

describe("a fail-over", () => {
  for (const [task, name] of FAILING)
    test(`of ${name}01 to ${name}02 makes what the dry run said it would, and what it said it would block is blocked`, async (t) => {
      const own = mkdtempSync(join(folder, task));
      const { capture, truth } = simulate({ seed: SEED, days: 2 * WEEK, size: SIZE, quiet: true, failOver: { task, from: WEEK } });
      const file = join(own, "hospital.pcap");
      await writeFile(file, capture);
      const path = await recorded(own, file, truth);
      const week = replayFrom(path, { to: FIRST_DAY + WEEK - 1 });
      const next = replayFrom(path, { from: FIRST_DAY + WEEK });
      const { policy } = learn(week, KNOWN, "week");
      const [first, standby] = [`${name}01`, `${name}02`].map((it) => numberOf(week, it)) as [number, number];
      const said = stories(policy, asIf(week, first, standby), standby);
      const made = stories(policy, { ...next, conversations: next.conversations.filter((it) => it.client === standby || it.server === standby) }, standby);
      assert.ok(made.length > 3 && made.some((it) => it.startsWith("would block")), made.join("\n"));
      assert.deepEqual(said, made);
      t.diagnostic(`${made.length} stories, ${made.filter((it) => it.startsWith("would block")).length} of them blocked`);
    });
}); // prettier-ignore

describe("each rule of a policy for a whole hospital", () => {
  let replay: Replay;
  let policy: Policy;
  before(async () => {
    const { capture, truth } = simulate({ seed: SEED, days: 2 * WEEK });
    const file = join(folder, "hospital.pcap");
    await writeFile(file, capture);
    replay = replayFrom(await recorded(folder, file, truth));
    ({ policy } = learn(replay, KNOWN, "hospital"));
  });

  test("left out: just the conversations and the work it carried would be blocked", (t) => {
    const whole = check(policy, membershipOf(policy, replay), replay, KNOWN).conversations;
    const before = new Set(whole.filter(({ verdict }) => verdict === "would block").map(lineOf));
    let carried = 0;
    for (const place of policy.rules.keys()) {
      const less = { ...policy, rules: policy.rules.toSpliced(place, 1) };
      const newly = check(less, membershipOf(less, replay), replay, KNOWN).conversations.filter((it) => it.verdict === "would block" && !before.has(lineOf(it)));
      const own = whole.filter(({ rule }) => rule === place + 1);
      assert.deepEqual(newly.map(lineOf).sort(), own.map(lineOf).sort(), ruleText(policy.rules[place]!));
      assert.ok(own.length > 0 || policy.rules[place]!.origin !== "learned", ruleText(policy.rules[place]!));
      carried += own.length;
    }
    t.diagnostic(`${policy.rules.length} rules carry ${carried} conversations`);
  });

  test("with everything in its place: more is allowed, and no less is kept", () => {
    const fitOf = (it: Policy) => measure(compile(it, membershipOf(it, replay), replay.machines), replay.machines, replay.conversations);
    const whole = fitOf(policy);
    for (const [place, rule] of policy.rules.entries()) {
      const anything: Rule = { ...rule, from: "anyone", to: "anyone", service: { transport: rule.service.transport, ports: [] }, same: null };
      const more = fitOf({ ...policy, rules: policy.rules.with(place, anything) });
      assert.ok(more.allowed / more.heard > 10 * (whole.allowed / whole.heard), ruleText(rule));
      assert.ok(more.kept >= whole.kept, ruleText(rule));
    }
  });
}); // prettier-ignore

function numberOf({ machines }: Replay, name: string): number {
  return machines.find(({ device }) => device.name.split(".")[0]!.toUpperCase() === name)!.number;
}

/** By kind, since who of the offices comes this week is not who came last week; the standby by itself. */
function stories(policy: Policy, replay: Replay, standby: number): readonly string[] {
  const called = ({ device, kind, name }: Judged["client"]) => (device === `d${standby}` ? "the standby" : kind || name);
  const { conversations } = check(policy, membershipOf(policy, replay), replay, KNOWN);
  return [
    ...new Set(conversations.map((it) => `${it.verdict}: ${called(it.client)} → ${called(it.server)} ${it.service}, ${it.purpose}`)),
  ].sort();
}

function lineOf({ client, server, service, purpose }: Judged): string {
  return `${client.device} → ${server.device} ${service}, ${purpose}`;
}
