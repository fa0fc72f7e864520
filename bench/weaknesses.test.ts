import assert from "node:assert/strict";
import { test } from "node:test";
import type { WeakDevice } from "./reading.ts";
import { weaknessLines } from "./weaknesses.ts";

const FILE = "clinical-it/malcolm__WinXP.pcap";
const weak = (ip: string, title: string, answer: "affected" | "possible" = "affected"): WeakDevice => ({
  ips: [ip],
  weaknesses: [{ name: "system-end-of-support", kind: "end of support", answer, title, because: [] }],
});
const lines = (...devices: readonly WeakDevice[]) => [
  ...weaknessLines([{ seconds: 1, inventory: null, findings: [], weak: devices, trouble: "", capture: { file: FILE } }]),
];

test("an old machine is found by its address and its system, another system is not it", () => {
  const right = lines(weak("10.200.1.18", "Windows XP is mended no more"));
  assert.match(right[1]!, /1 of 1 machines found, 1 of them affected/);
  assert.match(right[2]!, /1, 0 of them false/);
  const wrong = lines(weak("10.200.1.18", "Windows 98 is mended no more"));
  assert.match(wrong[1]!, /0 of 1 machines found/);
  assert.ok(wrong.some((it) => it.includes("not found: ")));
});

test("who is said to be affected and is not known to be is false; who may be is not", () => {
  assert.match(lines(weak("10.200.1.1", "Windows XP is mended no more"))[2]!, /1, 1 of them false/);
  assert.match(lines(weak("10.200.1.1", "Windows XP may be mended no more", "possible"))[2]!, /0, 0 of them false/);
});
