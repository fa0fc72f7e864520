import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, ethernet, ipv4, latin, u16 } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { icmpTunnel } from "./icmp-tunnel.ts";

const A = "10.0.0.7";
const B = "10.0.0.8";
const REQUEST = 8;
const REPLY = 0;

function echo(type: number, number: number, data: string): Uint8Array {
  const [from, to] = type === REQUEST ? [A, B] : [B, A];
  return ethernet(
    { type: 0x0800 },
    ipv4({ protocol: 1, from, to, id: number + data.length }, bytes([type, 0, 0, 0], u16(1), u16(number), latin(data))),
  );
}
const found = (frames: readonly Uint8Array[], every = 5) => foundLines(hear(frames, { every }), [icmpTunnel]);
const says = (text: string) => text.padEnd(100, "-");

test("pings that bear one number and carry something else each time are a tunnel", () => {
  const pings = ["who", "are", "you"].flatMap((text) => [echo(REQUEST, 1234, says(text)), echo(REPLY, 1234, says(text))]);
  assert.deepEqual(found(pings), [
    `icmp-tunnel high ${B} by ${A}: 5 pings with 500 bytes within 21 s, 2 of them not what was sent under their number`,
  ]);
});

test("so are answers that bring back something else", () => {
  const pings = [1, 2].flatMap((number) => [
    echo(REQUEST, number, says(`question ${number}`)),
    echo(REPLY, number, says(`answer ${number}`)),
  ]);
  assert.equal(found(pings).length, 1);
});

test("large pings numbered one after the other and brought back, the same again, and small ones are none", () => {
  const large = [1, 2, 3, 4].flatMap((number) => [echo(REQUEST, number, says(`${number}`)), echo(REPLY, number, says(`${number}`))]);
  assert.deepEqual(found(large), []);
  assert.deepEqual(found([...large, ...large]), []);
  assert.deepEqual(found(["a", "b", "c"].map((text) => echo(REQUEST, 1, text.padEnd(56, "-")))), []);
});
