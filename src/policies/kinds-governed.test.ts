/** Kinds that a policy's groups name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { policyIn } from "./file.ts";
import { kindsGoverned } from "./kinds-governed.ts";

const governed = (groups: string) => kindsGoverned(policyIn(`policy: Ward\ngroups:\n${groups}`, "ward"));

test("kinds that are named, alone, in a list or with more beside them", () => {
  assert.deepEqual(
    governed('  pumps:\n    select: kind = "Infusion pump"\n  icu:\n    select: kind in ventilator, monitor and location ~ ICU\n'),
    ["infusion pump", "monitor", "ventilator"],
  );
});

test("not what is left out, not who is a peer only, nor a group by something else", () => {
  assert.deepEqual(governed("  rest:\n    select: not kind = camera\n"), []);
  assert.deepEqual(governed("  server:\n    select: kind = archive\n    governs: false\n"), []);
  assert.deepEqual(governed("  ours:\n    select: maker = Corvane and kind != monitor\n"), []);
  assert.deepEqual(governed("  nameless:\n    select: kind = unknown\n"), []);
});
