import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { torEntered } from "./tor-entered.ts";

const relay = { ...machine(9, "203.0.113.9"), inside: false };

test("certificates of relays are one finding of the machine that asked for them", () => {
  const certificate = (at: number) => signal(at, { kind: "notable", what: "torCertificate", sender: machine(7), receiver: relay });
  assert.deepEqual(claims(torEntered, [certificate(1), certificate(2)]), [
    "1 s: 1 certificate of a Tor relay",
    "2 s: 2 certificates of a Tor relay",
  ]);
});

test("who carries no certificate of a relay, whatever else is notable, is none", () => {
  const other = signal(1, { kind: "notable", what: "sqlInjected", sender: machine(7), receiver: relay });
  assert.deepEqual(claims(torEntered, [other]), []);
});
