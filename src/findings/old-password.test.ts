import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { oldPassword } from "./old-password.ts";

const refusals = (times: readonly number[], failed = 1) =>
  times.map((at) => signal(at, { kind: "refusals", what: "smb", failed, count: failed, sender: machine(7), receiver: machine(2) }));
const by = (gap: number, times: number) => Array.from({ length: times }, (_, i) => 100 + i * gap);

test("refused by the clock for an hour is an old password, whether every ten seconds or every five minutes", () => {
  assert.equal(claims(oldPassword, refusals(by(10, 365)))[0], "3700 s: 361 log-ins by smb refused within 1 hours, one every 10 s");
  assert.equal(claims(oldPassword, refusals(by(300, 13)))[0], "3700 s: 13 log-ins by smb refused within 1 hours, one every 300 s");
});

test("less than an hour, several at a time, no pace, and a pace of one second are none", () => {
  assert.deepEqual(claims(oldPassword, refusals(by(10, 300))), []);
  assert.deepEqual(claims(oldPassword, refusals(by(10, 500), 3)), []);
  assert.deepEqual(claims(oldPassword, refusals(by(60, 200).map((at, i) => at + (i % 4) * 20))), []);
  assert.deepEqual(claims(oldPassword, refusals(by(1, 5_000))), []);
});

test("after a pause it begins anew", () => {
  assert.deepEqual(claims(oldPassword, refusals([...by(10, 200), ...by(10, 200).map((at) => at + 7_000)])), []);
});
