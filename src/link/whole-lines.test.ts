import assert from "node:assert/strict";
import { test } from "node:test";
import { WholeLines } from "./whole-lines.ts";

test("lines are the same however their bytes are cut into pieces", () => {
  const text = "one\n\ntwo is longer\nκλίνη 7\n";
  for (let size = 1; size <= Buffer.byteLength(text); size++) {
    const lines = new WholeLines();
    assert.deepEqual(
      cut(text, size).flatMap((piece) => [...lines.of(piece)]),
      ["one", "", "two is longer", "κλίνη 7"],
      `pieces of ${size}`,
    );
    assert.equal(lines.waiting, 0);
  }
});

test("a line without an end waits, and can be let go", () => {
  const lines = new WholeLines();
  assert.deepEqual([...lines.of(Buffer.from("whole\nbeg"))], ["whole"]);
  assert.equal(lines.waiting, 3);
  assert.deepEqual([...lines.of(Buffer.from("un"))], []);
  assert.equal(lines.waiting, 5);
  lines.forget();
  assert.deepEqual([...lines.of(Buffer.from("next\n"))], ["next"]);
});

function cut(text: string, size: number): readonly Uint8Array[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => Uint8Array.from(bytes.subarray(at * size, (at + 1) * size)));
}
