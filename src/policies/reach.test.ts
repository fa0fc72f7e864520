/** How far a worm could come, held against a walk over single devices that knows no nodes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Policy } from "../model/policy.ts";
import type { Replay } from "../model/replay.ts";
import { assertProperty } from "../testing/property.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { compile, type Compiled } from "./compile.ts";
import { judgeConversation } from "./evaluate.ts";
import { policyIn } from "./file.ts";
import { membershipOf } from "./membership.ts";
import { WormReach, type Reach } from "./reach.ts";

const WARD: readonly MachineSketch[] = [
  { name: "WS-1", kind: "workstation" },
  { name: "WS-2", kind: "workstation" },
  { name: "SRV", kind: "pump server", care: "clinical IT" },
  { name: "PUMP-1", kind: "infusion pump", care: "therapy" },
  { name: "PUMP-2", kind: "infusion pump", care: "therapy" },
  { name: "VENT", kind: "ventilator", care: "life-supporting" },
  { name: "PRN", kind: "printer" },
  { name: "WWW", standing: "outside", ip: "8.8.8.8" },
];
const TALKS = [
  "WS-1 → SRV tcp 445: 1-14",
  "WS-1 → PRN tcp 9100: 1-14",
  "SRV → PUMP-1 tcp 443: 1-14",
  "PUMP-1 → VENT tcp 23: 3",
  "WS-2 → WWW tcp 443: 1-14",
];
const POLICY = `policy: Ward
groups:
  pumps: { select: kind = "infusion pump" }
  ventilators: { select: kind = ventilator }
  server: { select: kind = "pump server" }
  workstations: { select: kind = workstation, governs: false }
rules:
  - { allow: server → pumps, service: tcp 443, because: library }
  - { allow: workstations → server, service: tcp 445, because: files }
tests: []
`;

test("a worm goes over what was heard; of that over what the policy keeps; and over all that it allows, heard or not", () => {
  const { reach, number } = worm(policyIn(POLICY, "t"), replayed(14, WARD, TALKS));
  assert.deepEqual(reach.from([number("WS-1")]), {
    heard: { devices: 4, lifeSupporting: 1, steps: [2, 1, 1] },
    kept: { devices: 3, lifeSupporting: 0, steps: [2, 1] },
    allowed: { devices: 4, lifeSupporting: 0, steps: [2, 2] },
  });
  assert.deepEqual(reach.from([number("WS-2")]).heard, { devices: 0, lifeSupporting: 0, steps: [] }, "what lies outside is no prey");
  assert.deepEqual(reach.from([number("WWW")]).heard, { devices: 0, lifeSupporting: 0, steps: [] });
});

test("of two devices of a group each reaches the other only where a rule lets the group into itself", () => {
  const among = POLICY.replace("tests:", "  - { allow: pumps → pumps, service: tcp 22, because: administration }\ntests:");
  const from = (text: string) => {
    const { reach, number } = worm(policyIn(text, "t"), replayed(14, WARD, []));
    return reach.from([number("PUMP-1")]).allowed;
  };
  assert.deepEqual(from(POLICY), { devices: 0, lifeSupporting: 0, steps: [] });
  assert.deepEqual(from(among), { devices: 1, lifeSupporting: 0, steps: [1] });
});

test("the rule that cuts most is the one all ways lead through; where two ways lead there, neither alone cuts", () => {
  const way = (more: string) =>
    POLICY.replace("tests:", `  - { allow: pumps → ventilators, service: tcp 80, because: "?" }\n${more}tests:`);
  const one = worm(policyIn(way(""), "t"), replayed(14, WARD, [])).reach.cuts()!;
  assert.equal(one.pairs, 5, "both workstations, the server and both pumps reach the ventilator");
  assert.deepEqual(one.cuts.slice(0, 3), [
    { what: { rule: 2 }, fewer: 5 },
    { what: { group: "pumps", way: "out" }, fewer: 5 },
    { what: { group: "ventilators", way: "in" }, fewer: 5 },
  ]);
  const two = worm(policyIn(way('  - { allow: server → ventilators, service: tcp 80, because: "?" }\n'), "t"), replayed(14, WARD, []));
  const rules = two.reach.cuts()!.cuts.filter(({ what }) => "rule" in what);
  assert.deepEqual(rules, [
    { what: { rule: 2 }, fewer: 2 },
    { what: { rule: 1 }, fewer: 2 },
  ].sort((a, b) => a.what.rule - b.what.rule));
}); // prettier-ignore

test("where thousands talk and nobody governs them, what cuts is not worked out, and from one of them it is told all the same", () => {
  const many = Array.from({ length: 5_001 }, (_, at): MachineSketch => ({ name: `M${at}` }));
  const talks = many.slice(1).map((_, at) => `M${at} → M${at + 1} tcp 80: 1`);
  const { reach, number } = worm(policyIn(POLICY, "t"), replayed(14, many, talks));
  assert.equal(reach.cuts(), null);
  assert.equal(reach.from([number("M0")]).heard.devices, 5_000);
});

test("whatever groups, rules and talk there are, reach and cuts are those of a walk over single devices", () => {
  const kind = fc.constantFrom("infusion pump", "ventilator", "printer", "workstation", undefined);
  const end = fc.constantFrom("a", "b", "c", "d", "multicast", "anyone");
  const story = fc.record({
    machines: fc.array(fc.record({ kind, ward: fc.constantFrom("ICU", "ER", undefined) }), { minLength: 2, maxLength: 9 }),
    governs: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    rules: fc.array(fc.record({ from: fc.constantFrom("a", "b", "c", "d"), to: end, same: fc.boolean() }), { maxLength: 7 }),
    talks: fc.array(fc.record({ client: fc.nat(8), server: fc.nat(8), answered: fc.nat(1) }), { maxLength: 12 }),
  });
  assertProperty(
    fc.property(story, ({ machines, governs, rules, talks }) => {
      const sketches = machines.map((it, place): MachineSketch => ({
        name: `M${place}`,
        ...(it.kind === undefined ? {} : { kind: it.kind }),
        ...(it.ward === undefined ? {} : { ward: it.ward }),
        care: it.kind === "ventilator" || place === 1 ? "life-supporting" : "other",
      }));
      const heard = talks
        .map(({ client, server, answered }) => ({ a: client % machines.length, b: server % machines.length, answered }))
        .filter(({ a, b }) => a !== b)
        .map(({ a, b, answered }) => ({ talk: `M${a} → M${b} tcp 80: 1`, answered }));
      const selects = ['kind = "infusion pump"', "kind = ventilator", "kind = printer", "kind = ventilator or kind = workstation"];
      const policy = policyIn(
        `policy: Any\ngroups:\n${["a", "b", "c", "d"].map((name, at) => `  ${name}: { select: '${selects[at]}', governs: ${governs[at]} }\n`).join("")}rules:${rules.length === 0 ? " []" : ""}\n${rules.map(({ from, to, same }) => `  - { allow: ${from} → ${to}, service: tcp 80, because: x${same && "abcd".includes(to) ? ", same: ward" : ""} }\n`).join("")}`,
        "t",
      );
      const replay = replayed(14, sketches, heard);
      const { reach, compiled } = worm(policy, replay);
      for (const { number } of replay.machines) {
        assert.deepEqual(reach.from([number]), walked(compiled, replay, [number]));
      }
      const all = replay.machines.map(({ number }) => number);
      assert.deepEqual(reach.from(all.slice(0, 3)), walked(compiled, replay, all.slice(0, 3)));
      const pairs = pairsOf(compiled, replay, () => true);
      const { pairs: counted, cuts } = reach.cuts()!;
      assert.equal(counted, pairs);
      for (const rule of policy.rules.keys())
        assert.equal(
          cuts.find(({ what }) => "rule" in what && what.rule === rule)?.fewer ?? 0,
          pairs - pairsOf({ ...compiled, policy: { ...compiled.policy, rules: compiled.policy.rules.filter((it) => it.rule !== rule) } }, replay, () => true),
        );
      for (const [place, { name }] of policy.groups.entries())
        for (const way of ["in", "out"] as const)
          assert.equal(
            cuts.find(({ what }) => "group" in what && what.group === name && what.way === way)?.fewer ?? 0,
            pairs - pairsOf(compiled, replay, (client, server) => !compiled.places(way === "in" ? server : client).includes(place)),
          );
    }),
    { numRuns: 300 },
  );
}); // prettier-ignore

function worm(policy: Policy, replay: Replay) {
  const compiled = compile(policy, membershipOf(policy, replay), replay.machines);
  const numbers = new Map(replay.machines.map(({ number, device }) => [device.name, number]));
  return { compiled, reach: new WormReach(compiled, replay.machines, replay.conversations), number: (name: string) => numbers.get(name)! };
}

/** Device by device, as it is defined. */
function walked(compiled: Compiled, replay: Replay, sources: readonly number[]) {
  const heard = (a: number, b: number) => replay.conversations.some((it) => it.answered > 0 && it.client === a && it.server === b);
  const isDenied = (a: number, b: number) => {
    const it = replay.conversations.find(({ client, server }) => client === a && server === b)!;
    return judgeConversation(compiled.policy, { ...it, client: compiled.places(a), server: compiled.places(b) }).outcome === "denied";
  };
  return {
    heard: walk(replay, sources, heard),
    kept: walk(replay, sources, (a, b) => heard(a, b) && !isDenied(a, b)),
    allowed: walk(replay, sources, allowedIn(compiled, replay)),
  };
}

function allowedIn({ policy, places }: Compiled, replay: Replay) {
  return (a: number, b: number) => {
    const [client, server] = [places(a), places(b)];
    if (policy.rules.some(({ from, to }) => client.includes(from) && server.includes(to))) return true;
    const isGoverned = [...client, ...server].some((place) => policy.sets[place]!.governs);
    return !isGoverned && replay.conversations.some((it) => it.answered > 0 && it.client === a && it.server === b);
  };
}

function walk({ machines }: Replay, sources: readonly number[], may: (a: number, b: number) => boolean): Reach {
  const own = machines.filter(({ device }) => device.standing === "device");
  const step = new Map(sources.map((it) => [it, 0]));
  for (let at = 0; at < own.length; at++)
    for (const a of own)
      if (step.get(a.number) === at)
        for (const b of own) if (a !== b && !step.has(b.number) && may(a.number, b.number)) step.set(b.number, at + 1);
  const reached = own.filter(({ number }) => (step.get(number) ?? 0) > 0);
  const steps: number[] = [];
  for (const { number } of reached) steps[step.get(number)! - 1] = (steps[step.get(number)! - 1] ?? 0) + 1;
  return {
    devices: reached.length,
    lifeSupporting: reached.filter(({ device }) => device.lifeCritical === "life-supporting").length,
    steps,
  };
}

function pairsOf(compiled: Compiled, replay: Replay, open: (client: number, server: number) => boolean): number {
  const may = allowedIn(compiled, replay);
  const from = (number: number) => walk(replay, [number], (a, b) => open(a, b) && may(a, b));
  return replay.machines.reduce((sum, { number }) => sum + from(number).lifeSupporting, 0);
}
