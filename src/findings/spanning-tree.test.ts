import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, ethernetLlc, macBytes } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { spanningTree } from "./spanning-tree.ts";

const DAY = 24 * 3600;
const [SWITCH, ROOT, OTHER] = ["02:00:00:00:00:01", "02:00:00:00:00:99", "02:00:00:00:00:66"];

/** What a bridge says every two seconds (802.1D section 9.3.1). */
function says({ from = SWITCH, root = ROOT, priority = "8000", flags = "00" } = {}): Uint8Array {
  const unit = hex`424203 0000 00 00 ${flags} ${priority} ${macBytes(root)} 00000004 8000 ${macBytes(from)} 8001 0000 1400 0200 0f00`;
  return ethernetLlc({ from, to: "01:80:c2:00:00:00" }, bytes(unit));
}

function found(...story: readonly (Uint8Array | number)[]): string[] {
  const ear = new Ear();
  for (const it of story)
    if (typeof it === "number") ear.wait(it);
    else ear.frame(it);
  return foundLines(ear.end(), [spanningTree]);
}
/** Changes told for so many seconds out of so many, again and again. */
const changes = (seconds: number, every: number, times: number) =>
  Array.from({ length: times }, () =>
    Array.from({ length: every / 2 }, (_, i) => [says({ flags: i * 2 < seconds ? "01" : "00" }), 2] as const).flat(),
  ).flat();

test("a root that nobody named on the first day is found, whoever tells of it, once", () => {
  const line = (from: string) => `spanning-tree high ${from}: names another root of the spanning tree than any before on untagged`;
  assert.deepEqual(found(says(), DAY + 60, says(), 2, says({ root: OTHER }), 2, says({ root: OTHER })), [line(SWITCH)]);
  assert.deepEqual(found(says(), DAY + 60, says({ from: OTHER, root: OTHER, priority: "0000" })), [line(OTHER)]);
});

test("another priority of the same root, and two roots of the first day that change places are none", () => {
  assert.deepEqual(found(says(), DAY + 60, says({ priority: "1000" }), 600, says()), []);
  assert.deepEqual(found(says(), 60, says({ root: OTHER }), DAY, says(), 600, says({ root: OTHER })), []);
});

test("a tree that changes without end is found; a change, and one every two minutes are none", () => {
  assert.deepEqual(found(...changes(300, 300, 1)), [
    `spanning-tree medium ${SWITCH}: tells of changes of the spanning tree in 240 of 300 s on untagged`,
  ]);
  assert.deepEqual(found(...changes(36, 300, 1)), []);
  assert.deepEqual(found(...changes(36, 120, 5)), []);
});
