/** What a maker declares and nobody did yet becomes an expected rule for just its model; what is too wide for that does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import type { DisclosedFlow } from "../model/disclosure.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { compile } from "./compile.ts";
import { disclosedModels } from "./disclosed.ts";
import { Expectations } from "./expectations.ts";
import { policyIn } from "./file.ts";
import { learn } from "./learn.ts";
import { membershipOf } from "./membership.ts";
import { policyText, ruleText } from "./text.ts";

const { kinds } = loadKnowledge();
const NONE = new Expectations([], kinds);

const flow = (more: Partial<DisclosedFlow>): DisclosedFlow => ({
  opens: "device", peers: ["pump server"], transport: "tcp", ports: "8443", fixed: true, protocol: null, purpose: "report", need: "required",
  document: "Manual 1", page: "12", day: "2025", ...more,
}); // prettier-ignore
const pump = (number: number, model: string): MachineSketch => ({ name: `P${number}`, kind: "infusion pump", care: "therapy", model: `Corvane|${model}` }); // prettier-ignore
const WARD: readonly MachineSketch[] = [
  ...[1, 2, 3, 4].map((it) => pump(it, "M50")),
  ...[5, 6].map((it) => pump(it, "M51")),
  { name: "SRV", kind: "pump server" },
  { name: "CALL", kind: "nurse call" },
  { name: "TIME", kind: "network server" },
  ...[1, 2, 3].map((it) => ({ name: `WS${it}`, kind: "workstation" })),
];
const TALKS = ["WS1 → SRV tcp 1: 1-14", "WS1 → CALL tcp 2: 1-14", ...[1, 2, 3].map((it) => `WS${it} → TIME udp 123: 1-14`)];

function learned(flows: readonly DisclosedFlow[], talks: readonly string[] = [], only: readonly string[] = []) {
  const replay = replayed(14, WARD, [...TALKS, ...talks]);
  const ours = [{ maker: "Corvane", models: ["M50"], whole: "all" as const, flows, mds2: null, attached: false }];
  const { policy } = learn(replay, NONE, "pumps", { only, disclosed: disclosedModels(replay.machines, ours, []) });
  const expected = policy.rules.filter(({ origin }) => origin === "expected");
  return { replay, policy, expected: expected.map(ruleText), because: expected.map(({ because }) => because) };
}

test("a declared flow that nobody did is expected, with document and page, of the model alone", () => {
  const { policy, replay, expected, because } = learned([flow({}), flow({ opens: "peer", peers: ["nurse call"], ports: "9100", purpose: "say alarms", need: "optional", fixed: false })]); // prettier-ignore
  assert.deepEqual(expected, ["Corvane M50 → pump server tcp 8443", "nurse call → Corvane M50 tcp 9100"]);
  assert.deepEqual(because, [
    "report: declared by its maker, not heard yet (Manual 1, page 12)",
    "say alarms: declared by its maker, optional, the port as delivered, not heard yet (Manual 1, page 12)",
  ]);
  const group = policy.groups.find(({ name }) => name === "Corvane M50");
  assert.deepEqual([group?.select, group?.governs], ['maker = "Corvane" and model = "M50"', false]);
  // Written and read again it is the same, and its members are those of the model.
  const again = policyIn(policyText(policy), "pumps.yaml");
  const membership = membershipOf(again, replay);
  assert.deepEqual(membership.groups.find((it) => it.group === "Corvane M50")?.members.map(({ name }) => name), ["P1", "P2", "P3", "P4"]); // prettier-ignore
  assert.ok(compile(again, membership, replay.machines).policy.rules.length > 0);
});

test("what a rule allows already is not expected once more", () => {
  const talks = [1, 2, 3, 4].map((it) => `P${it} → SRV tcp 8443: 1-14`);
  assert.deepEqual(learned([flow({})], talks).expected, []);
  assert.deepEqual(learned([flow({}), flow({})]).expected, ["Corvane M50 → pump server tcp 8443"]);
  // One of many does it: nobody learned it.
  assert.deepEqual(learned([flow({})], ["P1 → SRV tcp 8443: 1-14"]).expected, ["Corvane M50 → pump server tcp 8443"]);
});

test("too wide for a rule that nobody wrote: everybody, outside, what people put programs on, no port, very many; and what everybody may", () => {
  for (const it of [{ peers: ["anyone"] }, { peers: ["outside"] }, { peers: ["workstation"] }, { ports: null }, { ports: "1024-65535" }, { ports: "any" }, { opens: "peer", peers: ["inside"] }, { peers: ["image archive"] }, { transport: "udp", ports: "67" }] as const)
    assert.deepEqual(learned([flow(it)]).expected, [], JSON.stringify(it));
  assert.deepEqual(learned([flow({ peers: ["inside"], transport: "udp", ports: "123" })]).expected, ["Corvane M50 → TIME udp 123"]);
  assert.deepEqual(learned([flow({ peers: ["multicast"], transport: "udp" })]).expected, ["Corvane M50 → multicast udp 8443"]);
}); // prettier-ignore

test("of kinds that are not governed nothing is expected", () => {
  assert.deepEqual(learned([flow({})], [], ["workstation"]).expected, []);
  assert.equal(learned([flow({})], [], ["infusion pump"]).expected.length, 1);
});

test("a model that cannot be quoted is named device by device", () => {
  const replay = replayed(14, [{ name: "P1", kind: "infusion pump", model: 'Corvane|M"5' }, { name: "SRV", kind: "pump server" }, { name: "WS", kind: "workstation" }], ["WS → SRV tcp 1: 1-14"]); // prettier-ignore
  const table = { kind: "disclosure", day: "2025", whole: "all", flows: [flow({})] } as const;
  const { policy } = learn(replay, NONE, "pumps", { disclosed: disclosedModels(replay.machines, [], [{ maker: "Corvane", model: 'M"5', disclosure: table, mds2: null }]) }); // prettier-ignore
  const { select } = policy.groups.at(-1)!;
  assert.deepEqual([policy.rules.at(0)?.from, select], ["Corvane M 5", "name = P1"]);
  policyIn(policyText(policy), "pumps.yaml");
});
