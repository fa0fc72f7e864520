/** The dry run: what would be blocked and by how much it weighs, what nobody can tell, and what was not heard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedFlows } from "../knowledge/expected.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import type { Replay } from "../model/replay.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { check, windowOf } from "./check.ts";
import { compile } from "./compile.ts";
import { Decisions } from "./decisions.ts";
import { Expectations } from "./expectations.ts";
import { judgeConversation } from "./evaluate.ts";
import { policyIn } from "./file.ts";
import { membershipOf } from "./membership.ts";

const EXPECTATIONS = new Expectations(expectedFlows(), loadKnowledge().kinds);

const MACHINES: readonly MachineSketch[] = [
  { name: "VENT-1", kind: "ventilator", care: "life-supporting" },
  { name: "PUMP-1", kind: "infusion pump", care: "therapy" },
  { name: "PUMP-2", kind: "infusion pump", care: "therapy" },
  { name: "PUMP-3", kind: "probably infusion pump", care: "therapy" },
  { name: "CT-1", kind: "CT scanner", care: "diagnostic" },
  { name: "SRV", kind: "pump server", care: "clinical IT" },
  { name: "PACS", kind: "image archive", care: "clinical IT" },
  { name: "PRN", kind: "printer" },
  { name: "BOX" },
  { name: "WS", kind: "workstation" },
  { name: "MDNS", ip: "224.0.0.251", standing: "group" },
];

const TEXT = `policy: Ward
groups:
  pumps: { select: kind = "infusion pump" }
  ventilators: { select: kind = ventilator }
  CT scanner: { select: kind = "CT scanner" }
  printers: { select: kind = printer }
  server: { select: kind = "pump server", governs: false }
  empty: { select: kind = camera }
rules:
  - { allow: pumps → server, service: tcp 443, because: charting }
  - { allow: pumps → multicast, service: udp 5353, because: names, origin: learned }
  - { allow: pumps → server, service: tcp 22, because: the past, until: 2025-12-31 }
  - { allow: CT scanner → anyone, service: 'tcp 104, 11112', because: expected, origin: expected }
tests:
  - every pumps reaches server on tcp 443
  - no pumps reaches ventilators
`;

test("what is blocked comes first, heaviest loss first, then what nobody can tell; the rest is kept by its rule", () => {
  const { conversations, counts } = checked([
    "PUMP-1 → SRV tcp 443: 1-14",
    "PUMP-1 → SRV tcp 22: 3",
    "PUMP-2 → SRV udp 67: 1-14",
    "PUMP-1 → MDNS udp 5353: 2",
    "PUMP-3 → SRV tcp 444: 1-5",
    "WS → PRN tcp 9100: 1-14",
    "WS → PACS tcp 104: 1-14",
    "VENT-1 → SRV tcp 80: 7,8",
    "BOX → CT-1 tcp 23: 5",
    "BOX → PRN tcp 23: 5",
  ]);
  assert.deepEqual(conversations.map((it) => `${it.verdict}: ${it.care}: ${it.client.name} → ${it.server.name} ${it.service} on ${it.days}, rule ${it.rule}`), [
    "would block: life-supporting: VENT-1 → SRV tcp 80 on 2, rule null",
    "would block: therapy: PUMP-1 → SRV tcp 22 on 1, rule null",
    "would block: diagnostic: BOX → CT-1 tcp 23 on 1, rule null",
    "would block: not known: BOX → PRN tcp 23 on 1, rule null",
    "would block: other: WS → PRN tcp 9100 on 14, rule null",
    "cannot tell: therapy: PUMP-3 → SRV tcp 444 on 5, rule null",
    "kept: therapy: PUMP-1 → SRV tcp 443 on 14, rule 1",
    "kept: therapy: PUMP-2 → SRV udp 67 on 14, rule null",
    "kept: therapy: PUMP-1 → MDNS udp 5353 on 1, rule 2",
  ]); // prettier-ignore
  assert.deepEqual(counts, {
    "would block": { conversations: 5, days: 19 },
    "cannot tell": { conversations: 1, days: 5 },
    kept: { conversations: 3, days: 29 },
    "not heard yet": { conversations: 0, days: 0 },
    "not governed": { conversations: 1, days: 14 },
  });
});

test("a guessed beginning counts where both ways come to the same, and is told of where they do not", () => {
  const guessed = (talk: string) => ({ talk, side: "guessed" as const });
  const { conversations } = checked([guessed("PUMP-1 → SRV tcp 443: 1-14"), guessed("SRV → PUMP-2 tcp 443: 1-14"), guessed("SRV → PUMP-2 tcp 9: 1"), guessed("PUMP-1 → MDNS udp 5353: 1")]); // prettier-ignore
  assert.deepEqual(conversations.map((it) => `${it.verdict}: ${it.client.name} ${it.service}: ${it.because}`), [
    "would block: SRV tcp 9: ",
    "cannot tell: PUMP-1 tcp 443: who began it is a guess: hear its beginning, or both directions",
    "cannot tell: SRV tcp 443: who began it is a guess: hear its beginning, or both directions",
    "kept: PUMP-1 udp 5353: ",
  ]); // prettier-ignore
});

test("the edit that is offered allows just that conversation, and the policy with it is still a policy", () => {
  for (const talk of ["VENT-1 → SRV tcp 80: 7,8", "BOX → CT-1 tcp 23: 5", "PUMP-1 → MDNS udp 9: 1", "CT-1 → PACS tcp 80: 1"]) {
    const [blocked] = checked([talk]).conversations;
    const merged = merge(TEXT, blocked!.edit);
    const [kept] = checked([talk], merged).conversations;
    assert.equal(`${blocked!.verdict}, ${kept!.verdict} by ${kept!.rule}`, "would block, kept by 5", merged);
  }
});

test("an edit is a policy's text whatever a device calls itself, and selects who is outside as such", () => {
  const hostile = ["a: {b", "x → y", "it's", 'say "hi"', "outside", "#1", "- {", "pumps"];
  const machines = [...MACHINES, ...hostile.map((name) => ({ name })), { name: "CT-1.example", standing: "outside", ip: "203.0.113.9" } as const]; // prettier-ignore
  const replay = replayed(
    14,
    machines,
    [...hostile, "CT-1.example"].map((name) => `VENT-1 → ${name} tcp 80: 1`),
  );
  const text = TEXT.replace("groups:\n", "groups:\n  scanners: { select: name ~ ct-1, governs: false }\n");
  const policy = policyIn(text, "t");
  const blocked = check(policy, membershipOf(policy, replay), replay, EXPECTATIONS).conversations;
  assert.equal(blocked.length, hostile.length + 1);
  for (const { edit, server } of blocked) {
    const merged = policyIn(merge(text, edit), "t");
    const kept = check(merged, membershipOf(merged, replay), replay, EXPECTATIONS).conversations.filter(
      ({ verdict }) => verdict === "kept",
    );
    assert.deepEqual(kept.map((it) => it.server.name), [server.name], edit); // prettier-ignore
  }
});

test("without each rule in turn, just what it carried would be blocked", () => {
  const talks = ["PUMP-1 → SRV tcp 443: 1-14", "PUMP-2 → SRV tcp 443: 4", "PUMP-1 → MDNS udp 5353: 2", "CT-1 → PACS tcp 104: 1", "WS → PRN tcp 9100: 1"]; // prettier-ignore
  const whole = checked(talks);
  const keyOf = (it: (typeof whole.conversations)[number]) => `${it.client.name} ${it.server.name} ${it.service}`;
  for (const { rule } of whole.rules) {
    const carried = whole.conversations.filter((it) => it.rule === rule).map(keyOf);
    const without = policyIn(TEXT, "ward.yaml");
    const less = checkedWith({ ...without, rules: without.rules.filter((_, place) => place + 1 !== rule) }, talks);
    const before = new Set(whole.conversations.filter(({ verdict }) => verdict === "would block").map(keyOf));
    const newly = less.conversations.filter((it) => it.verdict === "would block" && !before.has(keyOf(it))).map(keyOf);
    assert.deepEqual(newly.sort(), carried.sort(), `rule ${rule}`);
  }
});

test("rules nobody used, flows nobody was heard in, groups without members and tests are told", () => {
  const it = checked(["PUMP-1 → SRV tcp 443: 1-14"]);
  assert.deepEqual(it.rules.map(({ rule, conversations, ended }) => `${rule}: ${conversations}${ended ? " ended" : ""}`), ["1: 1", "2: 0", "3: 0 ended", "4: 0"]); // prettier-ignore
  assert.deepEqual(it.empty, ["empty"]);
  assert.deepEqual(it.tests.map(({ text, held }) => `${text}: ${held}`), ["every pumps reaches server on tcp 443: true", "no pumps reaches ventilators: true"]); // prettier-ignore
  const ofPump = it.notHeard.filter(({ client }) => client === "infusion pump").map(({ purpose, service }) => `${purpose}: ${service}`);
  // One port of two is for reports: the library is fetched by the other, and nobody was heard to.
  assert.deepEqual(ofPump, ["keep the right time: udp 123", "look up names: udp 53", "fetch a new drug library: tcp 80"]);
  const images = it.notHeard.find(({ client, server, service }) => client === "CT scanner" && server === "image archive" && service !== "a port of the site's"); // prettier-ignore
  assert.equal(images?.rule, 4);
  assert.deepEqual(
    it.waiting.map(({ group, name }) => `${name} waits for ${group}`),
    ["PUMP-3 waits for pumps"],
  );
});

test("a test fails for those it names, and where it is about nobody", () => {
  const text = (tests: string) => `${TEXT.split("tests:")[0]}tests:\n${tests}`;
  const run = (tests: string) => checked([], text(tests)).tests.map(({ held, because }) => (held ? "holds" : because));
  assert.deepEqual(run("  - every pumps reaches server on tcp 80"), ["PUMP-1, PUMP-2 cannot"]);
  assert.deepEqual(run("  - no pumps reaches server"), ["PUMP-1, PUMP-2 can"]);
  assert.deepEqual(run("  - no pumps reaches server on tcp 400-500"), ["PUMP-1, PUMP-2 can"]);
  assert.deepEqual(run("  - no pumps reaches server on tcp 444-500"), ["holds"]);
  assert.deepEqual(run("  - no empty reaches server"), ["empty has no member"]);
  assert.deepEqual(run("  - no server reaches outside"), ["outside has no member"]);
  assert.equal(checked([], text("  - no pumps reaches server")).answer.verdict, "would block");
});

test("a policy whose groups select nobody keeps nothing: nobody can tell", () => {
  const nobody = `policy: x\ngroups:\n  pumps: { select: kind = "infusion pumpp" }\nrules: []\n`;
  const { verdict, because } = checked(["PUMP-1 → SRV tcp 443: 1-14"], nobody).answer;
  assert.equal(verdict, "cannot tell");
  assert.deepEqual(because, ["Nobody is in a group that the policy governs, so nothing was held against it: look at what its groups select."]); // prettier-ignore
});

test("a short window, loss and a poor mirror are no ground to say that all is kept", () => {
  const kept = ["PUMP-1 → SRV tcp 443: 1-14"];
  assert.deepEqual(checked(kept).answer, { verdict: "kept", because: [] });
  const short = check(...inputs(policyIn(TEXT, "t"), replayed(6, MACHINES, ["PUMP-1 → SRV tcp 443: 1-6"]))).answer;
  assert.deepEqual(short, { verdict: "cannot tell", because: ["6 of at least 7 days were heard: what comes once a week was not. Listen on."] }); // prettier-ignore
  const replay = replayed(14, MACHINES, kept);
  const lossy = check(...inputs(policyIn(TEXT, "t"), { ...replay, coverage: { ...replay.coverage, drops: 7 } })).answer;
  assert.deepEqual(lossy, { verdict: "cannot tell", because: ["7 frames were dropped before they were heard: free the machine that listens, or mirror less to it."] }); // prettier-ignore
});

test("the window is judged by the calendar", () => {
  const { days, weekdays, weekendDays, monthEnds, quarterEnds, onceIn } = windowOf(replayed(28, MACHINES, ["WS → PRN tcp 1: 1-28"]));
  assert.deepEqual({ days, weekdays, weekendDays, monthEnds, quarterEnds, onceIn }, { days: 28, weekdays: 20, weekendDays: 8, monthEnds: 1, quarterEnds: 0, onceIn: 9 }); // prettier-ignore
  assert.equal(windowOf(replayed(14, MACHINES, ["WS → PRN tcp 1: 1-14"])).onceIn, 5);
});

test("looked up by class, every conversation is judged as if it were asked by itself", () => {
  const names = MACHINES.map(({ name }) => name);
  const talks = names.flatMap((a) => names.filter((b) => b !== a && b !== "MDNS" && a !== "MDNS").flatMap((b) => [`${a} → ${b} tcp 443: 1`, `${a} → ${b} udp 67: 1`, `${a} → ${b} tcp 104: 1`])); // prettier-ignore
  const replay = replayed(14, MACHINES, talks);
  const policy = policyIn(TEXT, "t");
  const { policy: compiled, places } = compile(policy, membershipOf(policy, replay), replay.machines);
  const decisions = new Decisions(compiled, places, replay.machines, replay.conversations);
  for (const it of replay.conversations)
    for (const reversed of [false, true]) {
      const [client, server] = reversed ? [it.server, it.client] : [it.client, it.server];
      assert.deepEqual(decisions.of(it, reversed), judgeConversation(compiled, { ...it, client: places(client), server: places(server) }));
    }
});

function checked(talks: Parameters<typeof replayed>[2], text = TEXT) {
  return checkedWith(policyIn(text, "ward.yaml"), talks);
}

function checkedWith(policy: ReturnType<typeof policyIn>, talks: Parameters<typeof replayed>[2]) {
  return check(...inputs(policy, replayed(14, MACHINES, talks)));
}

function inputs(policy: ReturnType<typeof policyIn>, replay: Replay) {
  return [policy, membershipOf(policy, replay), replay, EXPECTATIONS] as const;
}

/** As a person would: groups among groups, rules after rules. */
function merge(text: string, edit: string): string {
  const [groups = "", rules = ""] = edit.includes("groups:") ? edit.replace("groups:\n", "").split("rules:\n") : ["", edit.replace("rules:\n", "")]; // prettier-ignore
  return text.replace("rules:\n", `${groups}rules:\n`).replace("tests:\n", `${rules}\ntests:\n`);
}
