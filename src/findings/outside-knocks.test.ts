import assert from "node:assert/strict";
import { test } from "node:test";
import { tcpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { outsideKnocks } from "./outside-knocks.ts";

const OUTSIDE = "203.0.113.5";
const host = (i: number) => `10.0.${i}.9`;
const asks = (i: number, from = OUTSIDE) => tcpFrame({ from: 50_000 + i, to: 445, fromIp: from, toIp: host(i), sequence: i, flags: "S" });
const answers = (i: number) =>
  tcpFrame({ from: 445, to: 50_000 + i, fromIp: host(i), toIp: OUTSIDE, sequence: 7, acknowledgment: i + 1, flags: "SA" });
const tries = (count: number, of: (i: number) => readonly Uint8Array[]) => Array.from({ length: count }, (_, i) => of(i + 1)).flat();
const found = (frames: readonly Uint8Array[], known = {}, every = 1_200) => foundLines(hear(frames, { every }), [outsideKnocks], known);

test("one outside that five machines inside do not answer is found, twenty minutes apart", () => {
  const line = `outside-knocks medium ${OUTSIDE} by ${[1, 2, 3, 4, 5].map(host).join(", ")}: 5 machines of the site asked for connections that none of them answered`;
  assert.deepEqual(found(tries(6, (i) => [asks(i)])), [line]);
  assert.deepEqual(found(tries(5, (i) => [asks(i)])), [], "the last may still be answered where the recording ends");
});

test("who asks again says himself that nothing came, before a second is over", () => {
  const once = tries(5, (i) => [asks(i)]);
  assert.equal(found([...once, ...once], {}, 0.09).length, 1);
  assert.deepEqual(found(once, {}, 0.09), []);
});

test("who is answered as often, one inside, one of the first days, and five over a week are none", () => {
  const servers = [...tries(5, (i) => [asks(i)]), ...tries(5, (i) => [asks(i + 10), answers(i + 10)])];
  assert.deepEqual(found(tries(5, (i) => (i % 2 === 0 ? [asks(i)] : [asks(i), answers(i)]))), []);
  assert.equal(found(servers).length, 1, "what was found before it was answered stays");
  assert.deepEqual(found(tries(8, (i) => [asks(i, "10.9.9.9")])), []);
  assert.deepEqual(found(tries(8, (i) => [asks(i)]), { heardSince: () => 0 }), []); // prettier-ignore
  assert.deepEqual(found(tries(5, (i) => [asks(i)]), {}, 30 * 3_600), []); // prettier-ignore
});
