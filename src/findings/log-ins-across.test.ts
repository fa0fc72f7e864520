import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { logInsAcross } from "./log-ins-across.ts";

const refusal = (second: number, server: number, { what = "ssh", count = 1 } = {}) =>
  signal(second, { kind: "refusals", what, failed: 1, count, sender: machine(7), receiver: machine(server) });
const across = (servers: number, gap = 2, other: Parameters<typeof refusal>[2] = {}) =>
  Array.from({ length: servers }, (_, i) => refusal(1 + i * gap, 20 + i, other));

test("one password tried at five servers is told at the fifth, and goes on", () => {
  assert.deepEqual(claims(logInsAcross, across(6)), [
    "9 s: refused by ssh at 5 servers within 9 s, in 5 log-ins",
    "11 s: refused by ssh at 6 servers within 11 s, in 6 log-ins",
  ]);
});

test("four servers, five in more than five minutes, three again and again, and of several protocols are none", () => {
  assert.deepEqual(claims(logInsAcross, across(4)), []);
  assert.deepEqual(claims(logInsAcross, across(9, 100)), []);
  assert.deepEqual(claims(logInsAcross, Array.from({ length: 30 }, (_, i) => refusal(i + 1, 20 + (i % 3)))), []); // prettier-ignore
  assert.deepEqual(claims(logInsAcross, across(6).map((it, i) => ({ ...it, what: i % 2 === 0 ? "ssh" : "smb" }))), []); // prettier-ignore
});

test("who is let in mostly, a gateway, and a server that came there every day are none", () => {
  assert.deepEqual(claims(logInsAcross, across(20, 2, { count: 5 })), []);
  assert.deepEqual(claims(logInsAcross, across(20, 2, { what: "radius" })), []);
  const since = signal(0, { kind: "refusals" }).at - 10 * 24 * 3600 * 1e6;
  assert.deepEqual(claims(logInsAcross, across(20), { since, conversedSince: () => since }), []);
  assert.equal(claims(logInsAcross, across(5), { since }).length, 1);
});
