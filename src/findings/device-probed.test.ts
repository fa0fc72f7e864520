import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { deviceProbed } from "./device-probed.ts";

const probe = (seconds: number, failed: number, amount = 0) =>
  signal(seconds, { kind: "probes", what: "tcp", sender: machine(1), receiver: machine(2), count: failed + amount, failed, amount });
const probes = (count: number) => Array.from({ length: count }, (_, i) => probe(1 + 15 * i, 1));

test("four ports turned down to a stranger are told, three are not", () => {
  assert.deepEqual(claims(deviceProbed, probes(3)), []);
  assert.deepEqual(claims(deviceProbed, probes(4)), [
    "46 s: 4 ports asked by a machine that never talked with it, turned down or silent, within 46 s",
  ]);
});

test("who talked with it before, is answered, or is answered late, is silent", () => {
  assert.deepEqual(claims(deviceProbed, probes(9), { conversedSince: () => 0 }), []);
  assert.deepEqual(
    claims(
      deviceProbed,
      Array.from({ length: 9 }, (_, i) => probe(1 + i, 1, 1)),
    ),
    [],
  );
  const late = signal(40, { kind: "lateAnswers", what: "tcp", sender: machine(1), receiver: machine(2), count: 3 });
  assert.deepEqual(claims(deviceProbed, [...probes(3), late, probe(60, 1)]), []);
});

test("what a name server had named is no probe", () => {
  assert.deepEqual(claims(deviceProbed, probes(9).map((it) => ({ ...it, what: "named" }))), []); // prettier-ignore
});
