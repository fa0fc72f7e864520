import assert from "node:assert/strict";
import { test } from "node:test";
import { udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { rpcAdminSought } from "./rpc-admin-sought.ts";

const getPort = (program: string) => hex`
  00000007 00000000 00000002 000186a0 00000002 00000003
  00000000 00000000 00000000 00000000 ${program} 0000000a 00000011 00000000`;
const SADMIND = "00018788";
const NFS = "000186a3";
const ask = (target: number, program: string) =>
  udpFrame({ from: 600, to: 111, fromIp: "10.0.0.7", toIp: `10.0.1.${target}` }, getPort(program));
const found = (frames: readonly Uint8Array[], every = 60) => foundLines(hear(frames, { every }), [rpcAdminSought]);

test("the fifth machine asked within ten minutes is a finding of who asks", () => {
  assert.deepEqual(found([1, 2, 3, 4, 5].map((target) => ask(target, SADMIND))), [
    "rpc-admin-sought high 10.0.0.7 by 10.0.1.1, 10.0.1.2, 10.0.1.3, 10.0.1.4, 10.0.1.5: 5 machines asked for remote administration (sadmind) within 240 s",
  ]);
});

test("four, the same one again, slower ones, and file servers are none", () => {
  assert.deepEqual(found([1, 2, 3, 4].map((target) => ask(target, SADMIND))), []);
  assert.deepEqual(found([1, 1, 1, 1, 1, 1].map((target) => ask(target, SADMIND))), []);
  assert.deepEqual(
    found(
      [1, 2, 3, 4, 5].map((target) => ask(target, SADMIND)),
      160,
    ),
    [],
  );
  assert.deepEqual(found([1, 2, 3, 4, 5].map((target) => ask(target, NFS))), []);
});
