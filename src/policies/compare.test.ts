/** Two policies side by side, and one server in another's place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { loadKnowledge } from "../knowledge/index.ts";
import { assertProperty } from "../testing/property.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { asIf } from "./as-if.ts";
import { check } from "./check.ts";
import { compare } from "./compare.ts";
import { compile } from "./compile.ts";
import { judgeConversation } from "./evaluate.ts";
import { Expectations } from "./expectations.ts";
import { policyIn } from "./file.ts";
import { membershipOf } from "./membership.ts";

const NONE = new Expectations([], loadKnowledge().kinds);
const MACHINES: readonly MachineSketch[] = [
  { name: "PUMP-1", kind: "infusion pump", care: "therapy", ward: "ICU 1" },
  { name: "PUMP-2", kind: "infusion pump", care: "therapy", ward: "Ward 3" },
  { name: "SRV-1", kind: "pump server" },
  { name: "SRV-2", kind: "pump server" },
  { name: "PRN", kind: "printer" },
];

const text = (rules: string, states = "") => `policy: P
groups:
  pumps: { select: kind = "infusion pump"${states} }
  first: { select: name = SRV-1, governs: false }
  servers: { select: kind = "pump server", governs: false }
rules:
${rules}
`;
const rule = (allow: string, service: string) => `  - { allow: ${allow}, service: '${service}', because: tested }`;

test("what newly breaks, what is newly kept, and what is open although nobody was heard there", () => {
  const replay = replayed(9, MACHINES, ["PUMP-1 → SRV-1 tcp 443: 1-9", "PUMP-2 → SRV-2 tcp 80: 1-9", "PUMP-1 → PRN tcp 9100: 1"]);
  const it = compared(text(rule("pumps → first", "tcp 443")), text(rule("pumps → servers", "tcp 80-81")), replay);
  assert.deepEqual(it.broken.map(({ client, server, service }) => `${client.name} → ${server.name} ${service}`), ["PUMP-1 → SRV-1 tcp 443"]); // prettier-ignore
  assert.deepEqual(it.kept.map(({ before, rule }) => `${before.client.name} → ${before.server.name} ${before.service}: rule ${rule}`), ["PUMP-2 → SRV-2 tcp 80: rule 1"]); // prettier-ignore
  // Two pumps to two servers on two ports; two pumps to one server on one.
  assert.deepEqual(it.opened, [{ rule: 1, text: "pumps → servers tcp 80-81", triples: 8 }]);
  assert.deepEqual(it.closed, [{ rule: 1, text: "pumps → first tcp 443", triples: 2 }]);
});

test("whoever is governed no more is open on every port a rule is about", () => {
  const replay = replayed(9, MACHINES, []);
  const governed = text(rule("pumps → first", "tcp 443"));
  const it = compared(governed, governed.replace('"infusion pump"', '"infusion pump", governs: false'), replay);
  // Two pumps with four others each way, on one port, less what was open before.
  assert.deepEqual(it.opened, [{ rule: null, text: "not governed", triples: 2 * 1 + 2 * 2 * 3 - 2 }]);
});

test("what is open is counted as if each triple were asked by itself", () => {
  const some = fc.array(fc.tuple(fc.constantFrom("pumps → first", "pumps → servers", "servers → pumps", "first → pumps"), fc.constantFrom("tcp 1", "tcp 2-3", "tcp 3-5", "udp 2")), { minLength: 1, maxLength: 4 }); // prettier-ignore
  const replay = replayed(9, MACHINES, []);
  const inputs = (of: readonly (readonly [string, string])[]) => {
    const policy = policyIn(text(of.map((it) => rule(...it)).join("\n")), "t");
    return { policy, membership: membershipOf(policy, replay) };
  };
  assertProperty(
    fc.property(some, some, (a, b) => {
      const [first, second] = [inputs(a), inputs(b)];
      const { opened } = compare(first, second, replay, NONE);
      const [before, after] = [first, second].map((it) => compile(it.policy, it.membership, replay.machines));
      let count = 0;
      for (const client of replay.machines)
        for (const server of replay.machines)
          for (const transport of ["tcp", "udp"] as const)
            for (let port = 1; port <= 6; port++) {
              if (client === server) continue;
              const isOpen = (it: typeof before) => judgeConversation(it!.policy, { family: 4, client: it!.places(client.number), server: it!.places(server.number), transport, port }).outcome !== "denied"; // prettier-ignore
              if (!isOpen(before) && isOpen(after)) count++;
            }
      assert.equal(opened.reduce((sum, { triples }) => sum + triples, 0), count); // prettier-ignore
    }),
    { numRuns: 60 },
  );
});

test("with one server in another's place, only what was its is judged, as the other's", () => {
  const replay = replayed(9, MACHINES, ["PUMP-1 → SRV-1 tcp 443: 1-9", "PUMP-2 → SRV-1 tcp 443: 3", "PUMP-1 → SRV-2 tcp 443: 1", "SRV-1 → PUMP-1 tcp 22: 1", "SRV-2 → SRV-1 tcp 1: 1", "PUMP-1 → PRN tcp 9100: 1"]); // prettier-ignore
  const policy = policyIn(text(rule("pumps → first", "tcp 443")), "t");
  const moved = asIf(replay, 3, 4);
  assert.ok(moved.conversations.every(({ client, server }) => client !== server && client !== 3 && server !== 3));
  const { conversations } = check(policy, membershipOf(policy, replay), moved, NONE);
  assert.deepEqual(conversations.map((it) => `${it.verdict}: ${it.client.name} → ${it.server.name} ${it.service}`), [
    "would block: PUMP-1 → SRV-2 tcp 443",
    "would block: PUMP-2 → SRV-2 tcp 443",
    "would block: SRV-2 → PUMP-1 tcp 22",
  ]); // prettier-ignore
});

function compared(before: string, after: string, replay: ReturnType<typeof replayed>) {
  const [first, second] = [before, after].map((it) => policyIn(it, "t")).map((policy) => ({ policy, membership: membershipOf(policy, replay) })); // prettier-ignore
  return compare(first!, second!, replay, NONE);
}
