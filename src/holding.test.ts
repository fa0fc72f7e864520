import assert from "node:assert/strict";
import { test } from "node:test";
import { heldOf } from "./holding.ts";
import type { Finding } from "./model/finding.ts";

const party = (device: string | null) => ({ device }) as Partial<Finding["others"][number]> as Finding["others"][number];
const found = (it: Partial<Finding>) =>
  ({
    detector: "stranger-writes",
    about: party("d1"),
    others: [party("d2")],
    first: 10,
    planned: null,
    ...it,
  }) as Partial<Finding> as Finding;
const WORK = { what: "new firmware", who: "biomed", from: 0, to: 20 };

test("conversations of a finding are held, in announced work as well; those of later, and of nobody known, are not", () => {
  const machines = (...findings: readonly Finding[]) => heldOf(findings, 15).map((it) => it.machines);
  assert.deepEqual(machines(found({})), [[1, 2]]);
  assert.deepEqual(machines(found({ planned: WORK })), [[1, 2]]);
  assert.deepEqual(machines(found({ first: 16 })), []);
  assert.deepEqual(machines(found({ others: [party(null)] })), []);
});

test("a watch that hears one protocol holds that one alone", () => {
  assert.deepEqual(
    heldOf([found({ detector: "record-stranger" }), found({})], 15).map((it) => it.protocols),
    [["hl7"], null],
  );
});
