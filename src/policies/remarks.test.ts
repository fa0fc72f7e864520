/** What is right as it is written and hardly meant so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { replayed } from "../testing/replayed.ts";
import { policyIn } from "./file.ts";
import { membershipOf } from "./membership.ts";
import { remarksOn } from "./remarks.ts";

const PUMPS = [1, 2, 3].map((it) => ({ name: `PUMP ${it}`, kind: "infusion pump", ward: it === 3 ? "ICU" : "Ward 1" }));

function remarks(groups: readonly string[]): string[] {
  const text = `policy: Remarks\ngroups:\n${groups.map((it) => `  ${it}\n`).join("")}rules: []\n`;
  const policy = policyIn(text, "remarks.yaml");
  const membership = membershipOf(policy, replayed(14, PUMPS, []));
  return remarksOn(text, policy, membership, loadKnowledge().kinds).map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

test("a group in which nobody is, is named where it stands, and a kind that is none with the one that is nearest", () => {
  assert.deepEqual(remarks(['pumps: { select: kind = "infusion pump" }', "007: { governs: false, select: name = NOBODY }"]), [
    "4:34: 007 has no member: it selects name = NOBODY",
  ]);
  assert.deepEqual(remarks(['pumps: { select: not (kind != "infusion pmup" or name = x) }', "printers: { select: 'kind = printer' }"]), [
    '3:20: pumps has no member: it selects not (kind != "infusion pmup" or name = x); there is no kind "infusion pmup" (did you mean infusion pump?)',
    "4:23: printers has no member: it selects kind = printer",
  ]);
});

test("of devices that stand in two groups as two things it is said which, and that the stricter holds; of those that agree nothing", () => {
  const pumps = 'pumps: { select: kind = "infusion pump", states: { everywhere: monitor } }';
  const one = (more: string) => remarks([pumps, `ours: { select: name ~ PUMP, ${more} }`]);
  assert.deepEqual(one("states: { everywhere: enforced }"), [
    "4:40: PUMP 1 and 2 more stand in pumps as monitor and in ours as enforced: the stricter holds",
  ]);
  assert.deepEqual(one("states: { everywhere: monitor, ICU: enforced }"), [
    "4:40: PUMP 3 stands in pumps as monitor and in ours as enforced: the stricter holds",
  ]);
  assert.deepEqual(one("states: { everywhere: monitor }"), []);
  assert.deepEqual(one("governs: false"), []);
});
