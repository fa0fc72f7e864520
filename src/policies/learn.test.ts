/** What is learned of what was heard, and above all what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedFlows } from "../knowledge/expected.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import type { Held } from "../model/replay.ts";
import { replayed, type MachineSketch, type TalkSketch } from "../testing/replayed.ts";
import { compile } from "./compile.ts";
import { Expectations } from "./expectations.ts";
import { policyIn } from "./file.ts";
import { learn } from "./learn.ts";
import { fitOfRules, measure, overPermission } from "./measure.ts";
import { membershipOf } from "./membership.ts";
import { policyText, ruleText } from "./text.ts";

const NONE = new Expectations([], loadKnowledge().kinds);
const ALL = new Expectations(expectedFlows(), loadKnowledge().kinds);

const many = (count: number, kind: string, more: Partial<MachineSketch> = {}): MachineSketch[] =>
  Array.from({ length: count }, (_, at) => ({ name: `${kind} ${at + 1}`, kind, ...more }));
const each = (count: number, make: (number: number) => string): string[] => Array.from({ length: count }, (_, at) => make(at + 1));

const HOSPITAL = [...many(20, "infusion pump", { care: "therapy" }), { name: "PUMPSRV", kind: "pump server" }, ...many(10, "workstation"), ...many(12, "printer")]; // prettier-ignore

/** So that the window is of 14 days. */
const EVERY_DAY = "workstation 1 → workstation 2 tcp 445: 1-14";

test("what three of a kind do on three days is a rule for the kind; what one does every day is not", () => {
  const { rules, list } = learned(HOSPITAL, [
    ...each(3, (it) => `infusion pump ${it} → PUMPSRV tcp 443: ${it === 1 ? "1,4" : it}`),
    "infusion pump 7 → PUMPSRV tcp 22: 1-14",
    ...each(2, (it) => `infusion pump ${it} → PUMPSRV tcp 80: 1-9`),
  ]);
  assert.deepEqual(rules, ["infusion pump → pump server tcp 443"]);
  assert.deepEqual(list, [
    "infusion pump → pump server tcp 80: only 2 of 20 do it",
    "infusion pump → pump server tcp 22: only 1 of 20 do it",
  ]);
});

test("of fewer than six of a kind somebody must come back, where a week was heard: strays do not", () => {
  const once = (count: number, days = 14) => {
    const talks = each(count, (it) => `infusion pump ${it} → PUMPSRV tcp 443: ${it}`);
    const replay = replayed(days, HOSPITAL, days < 14 ? talks : [...talks, EVERY_DAY]);
    const { policy, notLearned } = learn(replay, NONE, "once");
    return [...policy.rules.map(ruleText), ...notLearned.filter(({ service }) => service === "tcp 443").map(({ why }) => why)];
  };
  assert.deepEqual(once(5), ["5 of 20 did it, and none came back"]);
  assert.deepEqual(once(6), ["infusion pump → pump server tcp 443"]);
  assert.deepEqual(once(5, 5), ["infusion pump → pump server tcp 443"]);
});

test("of many of a kind one in twenty must do it, and of many that are called one in twenty must be", () => {
  const crowd = [...many(61, "camera"), ...many(60, "telephone"), ...many(100, "badge reader"), { name: "HUB", kind: "video recorder" }, { name: "CALLS", kind: "nurse call" }]; // prettier-ignore
  const { rules } = learned(crowd, [
    ...each(3, (it) => `camera ${it} → HUB tcp 80: 1-9`),
    ...each(3, (it) => `telephone ${it} → HUB tcp 81: 1-9`),
    ...each(4, (it) => `CALLS → badge reader ${it} tcp 82: 1-9`),
    ...each(9, (it) => `CALLS → badge reader ${it} tcp 83: 1-9`),
  ]);
  // The only one of its kind is all of it; as one of several it calls too few.
  assert.deepEqual(rules.filter((it) => it.startsWith("camera") || it.startsWith("telephone")), ["telephone → video recorder tcp 81"]); // prettier-ignore
  const two = [...crowd, { name: "CALLS 2", kind: "nurse call" }];
  const called = (port: number, count: number) =>
    learned(
      two,
      each(count, (it) => `CALLS → badge reader ${it} tcp ${port}: 1-9`),
    ).rules;
  assert.deepEqual(called(82, 4), []);
  assert.deepEqual(called(83, 5), ["nurse call → badge reader 1 and 4 more tcp 83"]);
});

test("what goes to a group was opened by whoever sent it", () => {
  const group = [...many(5, "camera"), { name: "MDNS", ip: "224.0.0.251", standing: "group" } as const];
  const { rules, policy } = learned(group, each(5, (it) => `camera ${it} → MDNS udp 5353: 1-5`).map((talk) => ({ talk, side: "guessed" }) as const)); // prettier-ignore
  assert.deepEqual(rules, ["camera → multicast udp 5353"]);
  assert.deepEqual(policy.groups.map(({ name }) => name), ["camera"]); // prettier-ignore
});

test("on two days it is the weekly work of a whole kind, or not enough", () => {
  const { rules, list } = learned(HOSPITAL, [
    ...each(6, (it) => `infusion pump ${it} → PUMPSRV tcp 443: 1,8`),
    ...each(5, (it) => `infusion pump ${it} → PUMPSRV tcp 80: 1,8`),
    EVERY_DAY,
  ]);
  assert.deepEqual(rules, ["infusion pump → pump server tcp 443"]);
  assert.deepEqual(list, [
    "workstation → workstation tcp 445: only 1 of 10 do it",
    "infusion pump → pump server tcp 80: on 2 of 14 days only",
  ]);
});

test("a few servers may call many devices, but a kind of many needs its own support", () => {
  const { rules, list } = learned(
    [...HOSPITAL, ...many(20, "camera")],
    [...each(12, (it) => `PUMPSRV → camera ${it} tcp 9100: 1,2,3`), ...each(12, (it) => `workstation 1 → printer ${it} tcp 9100: 1-14`)],
  );
  assert.deepEqual(rules, ["pump server → camera tcp 9100"]);
  assert.deepEqual(list, ["workstation → printer tcp 9100: only 1 of 10 do it"]);
});

test("a few of many servers are named by themselves, by a name that is theirs alone", () => {
  const talks = each(4, (it) => `workstation ${it} → printer ${1 + (it % 2)} tcp 631: 1,2,3`);
  const { policy, rules } = learned(HOSPITAL, talks);
  assert.deepEqual(rules, ["workstation → printer 1 and printer 2 tcp 631"]);
  assert.equal(policy.groups.at(-1)?.select, 'name in ("printer 1", "printer 2")');
  const twins = HOSPITAL.map((it) => (it.name === "printer 2" ? { ...it, name: "printer 1" } : it));
  assert.equal(learned(twins, each(4, (it) => `workstation ${it} → printer 1 tcp 631: 1,2,3`)).policy.groups.at(-1)?.select, "mac = 02:00:00:00:00:21"); // prettier-ignore
});

test("nearly all pairs in one ward make a rule within wards", () => {
  const wards = ["ICU 1", "Ward 3", "Ward 4"];
  const bedside = [
    ...Array.from({ length: 24 }, (_, at) => ({ name: `monitor ${at}`, kind: "vital signs monitor", ward: wards[at % 3]! })),
    ...wards.map((ward) => ({ name: ward, kind: "nurse call", ward })),
  ];
  const talks = Array.from({ length: 24 }, (_, at) => `monitor ${at} → ${wards[at % 3]} tcp 80: 1,2,3`);
  assert.deepEqual(learned(bedside, talks).rules, ["vital signs monitor → nurse call tcp 80 within the same ward"]);
  assert.deepEqual(learned(bedside, [...talks, "monitor 0 → Ward 3 tcp 80: 1"]).rules, ["vital signs monitor → nurse call tcp 80"]);
});

test("what is refused, guessed, from outside or from who knows whom is never learned, and is listed", () => {
  const more = [...HOSPITAL, { name: "FAR", standing: "outside", ip: "203.0.113.9" } as const, { name: "BOX" }, { name: "MAYBE", kind: "probably camera" }];
  const all = (sketch: Omit<TalkSketch, "talk">, port: number) => each(5, (it) => `infusion pump ${it} → PUMPSRV tcp ${port}: 1-5`).map((talk) => ({ ...sketch, talk }));
  const { rules, list } = learned(more, [
    ...all({ answered: 0, refused: 3 }, 1),
    ...all({ side: "guessed" }, 2),
    "FAR → PUMPSRV tcp 3: 1-14",
    "BOX → PUMPSRV tcp 4: 1-13",
    "MAYBE → PUMPSRV tcp 5: 1-12",
  ]);
  assert.deepEqual(rules, []);
  assert.deepEqual(list, [
    "outside → pump server tcp 3: it comes from outside",
    "not known → pump server tcp 4: what the client is is not known",
    "infusion pump → pump server tcp 1: it was refused",
    "infusion pump → pump server tcp 2: who began it is a guess",
    "not known → pump server tcp 5: what the client is is only probable",
  ]);
}); // prettier-ignore

test("who meets more than 20 once each is not learned from, though it is a kind of one", () => {
  const scanner = [{ name: "SCAN", kind: "server" }, ...many(30, "camera")];
  const once = each(30, (it) => `SCAN → camera ${it} tcp 80: ${1 + (it % 7)}`);
  const { rules, list } = learned(scanner, once);
  assert.deepEqual(rules, []);
  assert.deepEqual(list, ["SCAN → camera tcp 80: it met more than 20 it never met again"]);
  assert.deepEqual(learned(scanner, once.map((it) => `${it},9`)).rules, ["SCAN → camera tcp 80"]); // prettier-ignore
});

test("alike devices on ways to log in, and the way to life support and therapy, are a person's to decide", () => {
  const icu = [...many(9, "workstation"), ...many(4, "ventilator", { care: "life-supporting" }), ...many(2, "central station", { care: "life-supporting" }), ...many(4, "patient monitor", { care: "life-supporting" })]; // prettier-ignore
  const worm = each(8, (it) => `workstation ${it} → workstation ${it + 1} tcp 445: 1-9`);
  const service = each(4, (it) => `workstation ${it} → ventilator ${it} tcp 80: 1-9`);
  const watch = each(
    4,
    (it) => ({ talk: `central station ${1 + (it % 2)} → patient monitor ${it} udp 24105: 1-9`, protocol: "intellivue" }) as never,
  );
  const { rules, list } = learned(icu, [...worm, ...service, ...watch], ALL);
  assert.deepEqual(rules.filter((it) => it.includes("workstation")), []); // prettier-ignore
  assert.ok(rules.includes("central station → patient monitor udp 24105"), rules.join("\n"));
  assert.deepEqual(list, [
    "workstation → workstation tcp 445: devices alike administer each other: a person decides",
    "workstation → ventilator tcp 80: it opens to life-supporting devices and no profile expects it: a person decides",
  ]);
  const pumps = learned(HOSPITAL, each(9, (it) => `workstation ${it} → infusion pump ${it} tcp 80: 1-9`)); // prettier-ignore
  assert.deepEqual(pumps.list, [
    "workstation → infusion pump tcp 80: it opens to therapy devices and no profile expects it: a person decides",
  ]);
  assert.deepEqual(
    learned(icu, watch, NONE).list,
    ["central station → patient monitor udp 24105: it opens to life-supporting devices and no profile expects it: a person decides"],
  ); // prettier-ignore
});

test("servers are alike in nothing but that they serve: each is a group of its own", () => {
  const servers = [{ name: "MAIL", kind: "server" }, { name: "WEB → 1", kind: "server" }, ...many(20, "camera")];
  const { policy, rules } = learned(servers, [...each(9, (it) => `camera ${it} → MAIL tcp 25: 1-5`), "WEB → 1 → MAIL tcp 25: 1-5", "MAIL → WEB → 1 tcp 80: 1-5"]); // prettier-ignore
  assert.deepEqual(rules, ["MAIL → WEB 1 tcp 80", "WEB 1 → MAIL tcp 25", "camera → MAIL tcp 25"]);
  assert.deepEqual(
    policy.groups.map(({ name, select, governs }) => `${name}: ${select}, ${governs}`),
    ["MAIL: name = MAIL, true", 'WEB 1: name = "WEB → 1", true', 'camera: kind = "camera", true'],
  );
});

test("who holds the only one of a kind teaches nothing towards outside, and no way to log in", () => {
  const alone = [{ name: "ENGINE", kind: "interface engine" }, { name: "EHR", kind: "electronic health record" }, { name: "FAR", standing: "outside", ip: "203.0.113.9" } as const]; // prettier-ignore
  const { rules, list } = learned(alone, ["ENGINE → FAR tcp 443: 1-14", "ENGINE → EHR tcp 445: 1-13", "ENGINE → EHR tcp 2575: 1-14"]);
  assert.deepEqual(rules, ["interface engine → electronic health record tcp 2575"]);
  assert.deepEqual(list, [
    "interface engine → outside tcp 443: of its kind there is 1, which cannot vouch for each other: a person decides",
    "interface engine → electronic health record tcp 445: of its kind there is 1, which cannot vouch for each other: a person decides",
  ]);
});

/** Of nobody governed: it only makes the window of 14 days. */
const WINDOW = ["LONE → LONE 2 udp 9: 1-14"];
const SERVERS = [{ name: "LONE" }, { name: "LONE 2" }, { name: "EHR", kind: "electronic health record" }, { name: "RIS", kind: "worklist server" }, { name: "AD", kind: "directory server" }, { name: "FILES", kind: "storage" }]; // prettier-ignore

test("three that are each alone of their kind vouch for each other where they do the same to the same, on two days each", () => {
  const backups = (days: string, to = "FILES") => ["EHR", "RIS", "AD"].map((it) => `${it} → ${to} tcp 445: ${days}`);
  assert.deepEqual(learned(SERVERS, [...backups("7,14"), ...WINDOW]).rules, [
    "directory server → storage tcp 445",
    "electronic health record → storage tcp 445",
    "worklist server → storage tcp 445",
  ]);
  const refused = (talks: readonly string[], machines: readonly MachineSketch[] = SERVERS) =>
    learned(machines, [...talks, ...WINDOW]).rules;
  assert.deepEqual(refused(backups("7,14").slice(1)), []);
  assert.deepEqual(refused([...backups("7,14").slice(1), "EHR → FILES tcp 445: 7"]), []);
  assert.deepEqual(refused([...backups("7,14").slice(1), "EHR → FILES tcp 22: 7,14"]), []);
  const outside = [...SERVERS, { name: "FAR", standing: "outside", ip: "203.0.113.9" } as const];
  assert.deepEqual(refused(backups("1-14", "FAR"), outside), []);
});

test("who is outside is named where few are met, however few there are of them", () => {
  const far = [...HOSPITAL, { name: "FAR", standing: "outside", ip: "203.0.113.9" } as const];
  const { rules } = learned(
    far,
    each(4, (it) => `workstation ${it} → FAR tcp 443: 1-9`),
  );
  assert.deepEqual(rules, ["workstation → FAR tcp 443"]);
});

test("what a finding holds is not learned but listed, in either direction and in the protocols it is about", () => {
  const talks = each(3, (it) => `infusion pump ${it} → PUMPSRV tcp 443: 1-9`).map((talk) => ({ talk, protocol: "tls" }));
  const replay = replayed(14, HOSPITAL, talks);
  const numberOf = (name: string) => replay.machines.find(({ device }) => device.name === name)!.number;
  const between = [numberOf("PUMPSRV"), numberOf("infusion pump 2")] as const;
  const rules = (held: readonly Held[]) => learn(replay, NONE, "held", { held });
  assert.equal(rules([]).policy.rules.length, 1);
  for (const protocols of [null, ["smb", "tls"]]) {
    const it = rules([{ machines: between, protocols }]);
    assert.deepEqual(it.policy.rules, []);
    assert.deepEqual(it.notLearned.map(({ why, pairs }) => `${pairs}: ${why}`), ["2: only 2 of 20 do it", "1: a finding holds it that nobody is done with"]); // prettier-ignore
  }
  assert.equal(rules([{ machines: between, protocols: ["smb"] }]).policy.rules.length, 1);
});

test("ways to take over what keeps patients alive are learned of nearly a third of a kind, and only where a profile expects it", () => {
  const ward = [...many(20, "workstation"), { name: "NURSES", kind: "central station", care: "life-supporting" } as const];
  const shares = (count: number) =>
    each(count, (it) => `workstation ${it} → NURSES tcp 445: 1-9`).map((talk) => ({ talk, protocol: "smb" }));
  assert.deepEqual(learned(ward, shares(6), ALL).rules.filter((it) => it.includes("445")), ["workstation → central station tcp 445"]); // prettier-ignore
  const few = learned(ward, shares(5), ALL);
  assert.deepEqual(few.rules.filter((it) => it.includes("445")), []); // prettier-ignore
  assert.deepEqual(few.list, ["workstation → central station tcp 445: it can take over life-supporting devices, and only 5 of 20 do it: a person decides"]); // prettier-ignore
  assert.deepEqual(learned(ward, shares(20)).rules, []);
});

test("one of a few does not stand for them, neither by its share nor because the server is the only one", () => {
  const few = [...many(2, "blood gas analyzer"), { name: "EHR", kind: "electronic health record" }];
  const { rules, list } = learned(few, ["blood gas analyzer 1 → EHR tcp 80: 1-14"]);
  assert.deepEqual(rules, []);
  assert.deepEqual(list, ["blood gas analyzer → electronic health record tcp 80: only 1 of 2 do it"]);
  assert.deepEqual(learned(few, each(2, (it) => `blood gas analyzer ${it} → EHR tcp 80: 1-14`)).rules, ["blood gas analyzer → electronic health record tcp 80"]); // prettier-ignore
});

test("of what is expected only the ports that are not learned are added", () => {
  const talks = each(9, (it) => `infusion pump ${it} → PUMPSRV tcp 443: 1-5`);
  const { rules } = learned(HOSPITAL, talks, ALL);
  assert.deepEqual(rules, ["infusion pump → pump server tcp 80", "infusion pump → pump server tcp 443"]);
});

test("a server nobody knows the kind of is named by itself, and is not governed", () => {
  const { policy, rules } = learned([...HOSPITAL, { name: "TIME" }], each(5, (it) => `infusion pump ${it} → TIME udp 123: 1-5`)); // prettier-ignore
  assert.deepEqual(rules, ["infusion pump → TIME udp 123"]);
  assert.deepEqual(policy.groups.at(-1), { name: "TIME", select: "name = TIME", governs: false, newcomers: "hold", states: [] });
});

test("what profiles expect of servers that are there is a rule too, once, and says where from", () => {
  const radiology = [
    ...many(4, "CT scanner"),
    { name: "PACS", kind: "image archive" },
    { name: "RIS", kind: "worklist server" },
    { name: "TIME" },
  ];
  const talks = [...each(4, (it) => `CT scanner ${it} → PACS tcp 104: 1-9`), ...each(4, (it) => `CT scanner ${it} → TIME udp 123: 1-9`)];
  const { policy, rules } = learned(radiology, talks, ALL);
  assert.deepEqual(rules, [
    "CT scanner → TIME udp 123",
    "CT scanner → image archive tcp 104",
    "CT scanner → worklist server tcp 104, 11112",
    "image archive → CT scanner tcp 104, 11112",
    "image archive → TIME udp 123",
    "worklist server → TIME udp 123",
  ]);
  assert.deepEqual(
    policy.rules.map(({ origin }) => origin),
    ["learned", "learned", "expected", "expected", "expected", "expected"],
  );
});

test("what is heard towards a kind is not expected once more towards those of it that answer", () => {
  const talks = [
    ...each(9, (it) => `infusion pump ${it} → NAMES udp 53: 1-5`),
    ...each(4, (it) => `workstation ${it} → NAMES udp 53: 1-5`),
  ];
  const { rules } = learned([...HOSPITAL, { name: "NAMES", kind: "network server" }], talks, ALL);
  assert.deepEqual(
    rules.filter((it) => it.startsWith("infusion pump") && it.endsWith("udp 53")),
    ["infusion pump → network server udp 53"],
  );
});

test("coverage is a share of what was heard, over-permission counts every pair a rule opens, once", () => {
  const { policy, all, replay } = learned(HOSPITAL, [
    ...each(4, (it) => `infusion pump ${it} → PUMPSRV tcp 443: 1,2,3`),
    "infusion pump 7 → PUMPSRV tcp 22: 1,2",
  ]);
  const compiled = compile(policy, membershipOf(policy, replay), replay.machines);
  const measured = measure(compiled, replay.machines, all.asked);
  const fit = { heard: 5, kept: 4, heardDays: 14, keptDays: 12, allowed: 20 };
  assert.deepEqual(measured, { ...fit, groups: [{ group: "infusion pump", ...fit }] });
  assert.equal(overPermission(measured), 4);
  const wide = policyIn(
    policyText(policy)
      .replace("tests", "tests")
      .replace(/tcp 443\n/, "tcp any\n"),
    "wide.yaml",
  );
  const opened = measure(compile(wide, membershipOf(wide, replay), replay.machines), replay.machines, all.asked);
  assert.equal(opened.allowed, 20 * 65_536);
});

test("what each rule opens by itself is told beside what was heard of it, the widest first", () => {
  const replay = replayed(
    3,
    [...many(5, "telephone"), { name: "BOX" }, { name: "TIME" }],
    ["telephone 1 → telephone 2 udp 5060: 1-3", "telephone 1 → TIME udp 123: 1-3", "telephone 2 → TIME udp 123: 1-3"],
  );
  const policy = policyIn(
    `policy: P
groups:
  telephones: { select: kind = telephone }
  time: { select: name = TIME }
rules:
  - { allow: telephones → time, service: "udp 123, 320-321", because: time }
  - { allow: telephones → telephones, service: udp 5060, because: calls }
  - { allow: telephones → time, service: udp 123, because: time again }
`,
    "p.yaml",
  );
  const fits = fitOfRules(compile(policy, membershipOf(policy, replay), replay.machines), replay.machines, replay.conversations);
  assert.deepEqual(fits, [
    { rule: 1, allowed: 20, heard: 1 },
    { rule: 0, allowed: 15, heard: 2 },
    { rule: 2, allowed: 5, heard: 0 },
  ]);
});

test("nobody is counted as his own peer, nor what no group governs", () => {
  const { policy, all, replay } = learned(
    [...many(5, "telephone"), { name: "BOX" }, { name: "TIME" }],
    [...each(4, (it) => `telephone ${it} → telephone ${it + 1} udp 5060: 1-5`), "BOX → TIME udp 123: 1-9"],
  );
  const compiled = compile(policy, membershipOf(policy, replay), replay.machines);
  const measured = measure(compiled, replay.machines, replay.conversations);
  assert.deepEqual([measured.heard, measured.kept, measured.allowed], [4, 4, 20]);
  assert.equal(all.notLearned.length, 1);
});

test("the same is learned in whatever order it was heard", () => {
  const talks = [
    ...each(9, (it) => `infusion pump ${it} → PUMPSRV tcp 443: ${it}`),
    ...each(9, (it) => `workstation ${it} → printer ${it} tcp 631: 1-9`),
  ];
  const [one, other] = [learned(HOSPITAL, talks), learned(HOSPITAL, talks.toReversed())];
  assert.equal(policyText(one.policy), policyText(other.policy));
  assert.deepEqual(one.list, other.list);
});

function learned(machines: readonly MachineSketch[], talks: readonly (string | TalkSketch)[], expectations = NONE) {
  const replay = replayed(14, machines, talks);
  const all = learn(replay, expectations, "learned");
  assert.deepEqual(policyIn(policyText(all.policy), "learned.yaml"), all.policy);
  return {
    replay,
    all,
    policy: all.policy,
    rules: all.policy.rules.map(ruleText),
    list: all.notLearned.map((it) => `${it.client} → ${it.server} ${it.service}: ${it.why}`),
  };
}
