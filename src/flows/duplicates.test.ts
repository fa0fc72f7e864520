import assert from "node:assert/strict";
import { test } from "node:test";
import { ethernet, ipv4, udp } from "../testing/frames.ts";
import { hear, total } from "../testing/hear.ts";

/** One of many packets, told from the others by its identification and its port. */
function packet(number: number): Uint8Array {
  const datagram = udp({ from: 2_000 + (number >>> 15), to: 5_000 }, Uint8Array.of(number, number >>> 8, number >>> 16));
  return ethernet({ type: 0x0800 }, ipv4({ protocol: 17, id: 1 + (number & 0x7fff) }, datagram));
}

function packets(from: number, to: number): readonly Uint8Array[] {
  return Array.from({ length: to - from }, (_, index) => packet(from + index));
}

function copies(frames: readonly Uint8Array[], every: number): number {
  return total(hear(frames, { every }), (batch) => batch.frames.duplicates);
}

const MICROSECOND = 1e-6;

test("on a link as busy as we remember every copy is known, whatever the seeds of our tables", () => {
  const count = 24_000;
  const once = packets(0, count);
  assert.equal(copies([...once, ...once], MICROSECOND), count);
});

test("what was heard too long ago, or before too many others, is no copy", () => {
  assert.equal(copies([packet(1), packet(1)], 0.05), 1);
  assert.equal(copies([packet(1), packet(1)], 0.050_001), 0);
  const [few, many] = [packets(2, 32_700), packets(2, 33_000)];
  assert.equal(copies([packet(1), ...few, packet(1)], MICROSECOND), 1);
  assert.equal(copies([packet(1), ...many, packet(1)], MICROSECOND), 0);
});
