import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf, sourceOf } from "./client.ts";
import { SignIns } from "./sign-ins.ts";

const LIND = { name: "lind", role: "viewer", password: "", stamp: "1", made: 0, sites: null, subject: null } as const;
const HERE = { address: "10.20.7.9", agent: "Firefox" };
const MINUTE = 60_000;

const endingOf = (signIns: SignIns, secret: string, client = HERE, now = 0) => {
  const found = signIns.find(secret, client, now);
  return "signIn" in found ? found.signIn.name : found.ending;
};

test("a secret is random, whose it is, and nobody else's", () => {
  const signIns = new SignIns();
  const secret = signIns.begin(LIND, HERE, 0);
  assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
  assert.notEqual(signIns.begin(LIND, HERE, 0), secret);
  assert.equal(endingOf(signIns, secret), "lind");
  assert.equal(endingOf(signIns, "fixed by an attacker"), null);
  assert.equal(endingOf(signIns, ""), null);
});

test("it ends after an hour without a request, after twelve hours whatever is asked, and when it is ended", () => {
  const signIns = new SignIns();
  const idle = signIns.begin(LIND, HERE, 0);
  assert.equal(endingOf(signIns, idle, HERE, 59 * MINUTE), "lind");
  assert.equal(endingOf(signIns, idle, HERE, 118 * MINUTE), "lind");
  assert.equal(endingOf(signIns, idle, HERE, 178 * MINUTE), "idle");
  assert.equal(endingOf(signIns, idle, HERE, 178 * MINUTE), "idle", "the next is told the same");
  const busy = signIns.begin(LIND, HERE, 0);
  for (let now = 0; now < 12 * 60; now += 30) assert.equal(endingOf(signIns, busy, HERE, now * MINUTE), "lind");
  assert.equal(endingOf(signIns, busy, HERE, 12 * 60 * MINUTE), "over");
  const out = signIns.begin(LIND, HERE, 0);
  signIns.end(out, "signed out");
  assert.equal(endingOf(signIns, out), "signed out");
});

test("from another browser or another network it is taken from its owner, and ends for both; a new lease beside the old one is the owner", () => {
  for (const [thief, ending] of [
    [{ ...HERE, address: "10.20.7.200" }, "lind"],
    [{ ...HERE, address: "::ffff:10.20.7.200" }, "lind"],
    [{ ...HERE, address: "10.20.8.9" }, "elsewhere"],
    [{ ...HERE, address: "127.0.0.1" }, "elsewhere"],
    [{ ...HERE, agent: "curl/8.5" }, "elsewhere"],
  ] as const) {
    const signIns = new SignIns();
    const secret = signIns.begin(LIND, HERE, 0);
    assert.equal(endingOf(signIns, secret, thief), ending, JSON.stringify(thief));
    assert.equal(endingOf(signIns, secret), ending, "the owner afterwards");
  }
});

test("of one account at most ten, the oldest goes", () => {
  const signIns = new SignIns();
  const secrets = Array.from({ length: 11 }, () => signIns.begin(LIND, HERE, 0));
  const other = signIns.begin({ ...LIND, name: "kuhn" }, HERE, 0);
  assert.deepEqual(
    [secrets[0]!, secrets[1]!, other].map((it) => endingOf(signIns, it)),
    ["too many", "lind", "kuhn"],
  );
});

test("networks and sources of addresses, in both families", () => {
  assert.deepEqual(["10.20.7.9", "::ffff:10.20.7.9", "127.0.0.1", "::1", "127.8.8.8"].map(networkOf), [
    "10.20.7.0/24",
    "10.20.7.0/24",
    "loopback",
    "loopback",
    "loopback",
  ]);
  assert.equal(networkOf("2001:db8::1:2"), networkOf("2001:db8::ffff:0:0:9"));
  assert.notEqual(networkOf("2001:db8::1:2"), networkOf("2001:db8:0:1::1:2"));
  assert.equal(networkOf("fe80::1%eth0"), networkOf("fe80::2%eth0"));
  assert.deepEqual([sourceOf("::ffff:10.20.7.9"), sourceOf("2001:db8::1")], ["10.20.7.9", networkOf("2001:db8::2")]);
});
