import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Identity } from "./identity.ts";

const PUMP = "00:09:fb:00:00:01";
const MONITOR = "00:09:fb:00:00:02";
const ROUTER = "00:1b:54:00:00:01";
const IP = "10.0.0.7";
const DAY = 86_400;
/** 2026-01-05. */
const MONDAY = 1_767_571_200;

/** Something heard or read, told to an identity; times in days from that Monday. */
type Fact = (identity: Identity) => void;

const numberOf = (it: Identity, mac: string, ip: string | null) => {
  it.numberOf(0, mac, null, null);
  return it.numberOf(0, mac, ip, null);
};
const at = (day: number) => (MONDAY + day * DAY) * 1e6;

/** A router brings what this IP sent, and another's beside it, so that it is one. */
const behindRouter =
  (from: number, to: number, ip = IP): Fact =>
  (it) => {
    for (const each of [ip, "10.0.0.250"]) {
      const number = numberOf(it, ROUTER, each);
      it.heard(number, 16, 1);
      it.worn(number, at(from), at(to));
    }
  };
const lease =
  (mac: string, from: number, to = from, ip = IP): Fact =>
  (it) =>
    it.toldAddress(numberOf(it, mac, null), ip, at(from), at(to));
const asks =
  (mac: string): Fact =>
  (it) =>
    it.claimed(numberOf(it, mac, IP), "address", IP);

function whoHas(...facts: readonly Fact[]): string {
  const identity = new Identity();
  for (const fact of facts) fact(identity);
  identity.settle();
  return holder(identity);
}

/** Whose what the router brought of this IP is; "nobody" where it is a device by itself. */
function holder(identity: Identity): string {
  const device = identity.deviceOf(identity.numberOf(0, ROUTER, IP, null));
  return identity.macsOf(identity.membersOf(device)).join(" ") || "nobody";
}

test("what a router brought is the card's that a lease names for that time", () => {
  assert.equal(whoHas(behindRouter(0, 1), lease(PUMP, 0)), PUMP);
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(0, 1)), PUMP, "read before it was heard");
  assert.equal(whoHas(behindRouter(0, 1)), "nobody");
});

test("a lease that passes on: each has what was heard in its time, and what was heard over the change is nobody's", () => {
  const leases = [lease(PUMP, 0), lease(MONITOR, 4)];
  assert.equal(whoHas(...leases, behindRouter(1, 2)), PUMP);
  assert.equal(whoHas(...leases, behindRouter(5, 6)), MONITOR);
  assert.equal(whoHas(...leases, behindRouter(1, 5)), "nobody");
});

test("who has it again had it in between too, as far as anybody can tell: then it is nobody's", () => {
  const leases = [lease(PUMP, 0), lease(MONITOR, 2, 3), lease(PUMP, 5)];
  assert.equal(whoHas(...leases, behindRouter(2, 3)), "nobody");
  assert.equal(whoHas(...leases, behindRouter(1, 4)), "nobody");
  assert.equal(whoHas(...leases, behindRouter(5, 6)), PUMP);
});

test("a stale lease tells nothing: two weeks before and after, and no more", () => {
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(14, 14)), PUMP);
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(15, 15)), "nobody");
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(-14, -14)), PUMP, "a table made after what was heard");
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(-15, -15)), "nobody");
});

test("what frames show goes before what was written down", () => {
  assert.equal(whoHas(lease(PUMP, 0), behindRouter(0, 1), asks(MONITOR)), MONITOR);
});

test("an IP that was never heard is with whom it was last; two at one moment are none", () => {
  const ipsOf = (mac: string, ...facts: readonly Fact[]) => {
    const identity = new Identity();
    for (const fact of facts) fact(identity);
    identity.settle();
    return identity.ipsOf(identity.membersOf(identity.deviceOf(numberOf(identity, mac, null))));
  };
  assert.deepEqual(ipsOf(PUMP, lease(PUMP, 0)), [IP]);
  assert.deepEqual(ipsOf(PUMP, lease(PUMP, 0), lease(MONITOR, 4)), []);
  assert.deepEqual(ipsOf(MONITOR, lease(PUMP, 0), lease(MONITOR, 4)), [IP]);
  assert.deepEqual(ipsOf(MONITOR, lease(PUMP, 4), lease(MONITOR, 4)), []);
});

test("who gains or loses an address by what was written down is among those that changed", () => {
  const identity = new Identity();
  const settled = (...facts: readonly Fact[]) => {
    for (const fact of facts) fact(identity);
    return identity.settle().changed;
  };
  const [pump, monitor] = [PUMP, MONITOR].map((mac) => numberOf(identity, mac, null)) as [number, number];
  settled();
  assert.deepEqual(settled(lease(PUMP, 0)), [pump]);
  assert.deepEqual(settled(lease(MONITOR, 4)), [pump, monitor]);
});

test("no card of nobody and none that redundant routers share has an address by what was written down", () => {
  for (const mac of ["00:00:0c:07:ac:07", "01:00:5e:00:00:01"]) assert.equal(whoHas(lease(mac, 0), behindRouter(0, 1)), "nobody");
});

test("neither the order of what is read and heard nor how often it is worked out changes what comes out", () => {
  const MACS = [PUMP, MONITOR, "00:09:fb:00:00:03"];
  const IPS = [IP, "10.0.0.8"];
  const fact = fc.oneof(
    fc
      .tuple(fc.constantFrom(...MACS), fc.nat(30), fc.nat(3), fc.constantFrom(...IPS))
      .map(([mac, day, days, ip]) => lease(mac, day, day + days, ip)),
    fc.tuple(fc.nat(30), fc.nat(5), fc.constantFrom(...IPS)).map(([day, days, ip]) => behindRouter(day, day + days, ip)),
    fc.constantFrom(...MACS).map((mac) => asks(mac)),
  );
  const shown = (identity: Identity) => [
    ...MACS.map((mac) => {
      const device = identity.deviceOf(numberOf(identity, mac, null));
      return `${identity.macsOf(identity.membersOf(device)).join(" ")} has ${identity.ipsOf(identity.membersOf(device)).join(" ")}`;
    }),
    ...IPS.map((ip) => identity.macsOf(identity.membersOf(identity.deviceOf(numberOf(identity, ROUTER, ip)))).join(" ")),
  ];
  /** All that are asked about have numbers from the start, so that those do not depend on the order. */
  const begun = () => {
    const identity = new Identity();
    for (const mac of MACS) numberOf(identity, mac, null);
    for (const ip of IPS) numberOf(identity, ROUTER, ip);
    return identity;
  };
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 12 }), fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.boolean()), (facts, keys, pauses) => {
      const whole = begun();
      for (const it of facts) it(whole);
      whole.settle();
      const other = begun();
      const shuffled = facts.map((it) => [keys.next().value as number, it] as const).toSorted(([a], [b]) => a - b);
      for (const [, it] of shuffled) {
        it(other);
        if (pauses.next().value as boolean) other.settle();
      }
      other.settle();
      assert.deepEqual(shown(other), shown(whole));
    }),
    { interruptAfterTimeLimit: 5_000 },
  );
});
