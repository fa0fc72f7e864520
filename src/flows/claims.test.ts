import assert from "node:assert/strict";
import { test } from "node:test";
import { Claims } from "./claims.ts";

const SECOND_US = 1_000_000;
const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";

test("an unasked answer takes an address from the card that claimed it, if it speaks for another", () => {
  const claims = new Claims();
  assert.equal(claims.heard("0/0", A, "10.0.0.1", "asks", "10.0.0.7", 0), null);
  assert.equal(claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", SECOND_US), null, "it speaks for no other");
  assert.equal(claims.heard("0/0", B, "10.0.0.66", "asks", "10.0.0.1", SECOND_US), null);
  assert.deepEqual(claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", 2 * SECOND_US), { what: "addressTaken", owner: A });
  assert.equal(claims.heard("0/1", B, "10.0.0.1", "answers", "10.0.0.7", 2 * SECOND_US), null, "in another VLAN");
  assert.equal(claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", 301 * SECOND_US), null, "when the claim no longer stands");
});

test("an unasked answer makes nobody the owner, and its card is looked at for a minute", () => {
  const claims = new Claims();
  claims.heard("0/0", B, "10.0.0.66", "asks", "10.0.0.1", 0);
  assert.equal(claims.hasSuspects(0), false);
  claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", 0);
  assert.deepEqual(claims.suspect(B, SECOND_US), { mac: B, ip: "10.0.0.1", at: 0 });
  assert.equal(claims.hasSuspects(59 * SECOND_US), true);
  assert.equal(claims.hasSuspects(60 * SECOND_US), false);
  assert.equal(claims.suspect(A, SECOND_US), undefined);
  claims.heard("0/0", A, "10.0.0.1", "asks", "10.0.0.7", SECOND_US);
  assert.deepEqual(claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", 4 * SECOND_US), { what: "addressTaken", owner: A });
});

test("two cards that take turns at an address contest it; a take-over, also one that is taken back, does not", () => {
  const turns = (...cards: readonly (readonly [mac: string, second: number])[]) => {
    const claims = new Claims();
    return cards.map(([mac, second]) => claims.heard("0/0", mac, "10.0.0.1", "asks", "10.0.0.7", second * SECOND_US));
  };
  assert.deepEqual(turns([A, 0], [B, 60], [B, 61], [A, 120], [B, 180]), [null, null, null, null, { what: "addressContested", owner: A }]);
  assert.deepEqual(turns([A, 0], [B, 60], [A, 120], [B, 180], [A, 200]).at(-1), { what: "addressContested", owner: B });
  assert.deepEqual(turns([A, 0], [B, 60], [A, 120], [A, 180]), [null, null, null, null]);
  assert.deepEqual(turns([A, 0], [B, 60], [A, 280], [A, 560], [B, 661]), [null, null, null, null, null], "ten minutes later");
});

test("who announces another's address again and again takes it; a take-over that is announced ten times in five seconds does not", () => {
  const announced = (times: number, everySeconds: number, ownedBy = A) => {
    const claims = new Claims();
    claims.heard("0/0", B, "10.0.0.66", "asks", "10.0.0.1", 0);
    claims.heard("0/0", ownedBy, "10.0.0.1", "asks", "10.0.0.7", 0);
    const heard = (i: number) => claims.heard("0/0", B, "10.0.0.1", "announces", "10.0.0.1", (1 + i * everySeconds) * SECOND_US);
    return Array.from({ length: times }, (_, i) => heard(i)?.what ?? "").filter((it) => it !== "");
  };
  assert.deepEqual(announced(9, 2), ["addressTaken", "addressTaken"], "arpspoof without a target, every 2 s");
  assert.deepEqual(announced(10, 0.5), []);
  assert.deepEqual(announced(5, 60), [], "a router that says once a minute that it serves");
  assert.deepEqual(announced(9, 2, B), [], "its own");
});

test("what is beyond its limits is let go, the oldest first, and counted", () => {
  const claims = new Claims();
  claims.heard("0/0", A, "10.0.0.1", "announces", "10.0.0.1", 0);
  claims.heard("0/0", B, "10.0.0.66", "announces", "10.0.0.66", 0);
  assert.equal(claims.takeRefused(), 0);
  for (let i = 0; i < 1 << 16; i++) claims.heard("0/0", B, `192.168.${i >> 8}.${i & 255}`, "announces", "", 0);
  assert.ok(claims.takeRefused() >= 2);
  assert.equal(claims.takeRefused(), 0);
  assert.equal(claims.heard("0/0", B, "10.0.0.1", "answers", "10.0.0.7", SECOND_US), null, "forgotten");
});

test("by IPv6 two cards that override in one question contradict each other, whoever is first; a take-over, a proxy and a new card do not", () => {
  const ip = "fd00::1";
  const heard = (...story: readonly (readonly [mac: string, other: string, second: number])[]) => {
    const claims = new Claims();
    claims.heard("0/0", A, ip, "asks", "fd00::7", 0);
    return story.map(([mac, other, second]) => claims.heard("0/0", mac, ip, "overrides", other, second * SECOND_US));
  };
  const taken = { what: "addressTaken", owner: A };
  assert.deepEqual(heard([A, "fd00::7", 9], [B, "fd00::7", 10]), [null, taken]);
  assert.deepEqual(heard([B, "fd00::7", 9], [A, "fd00::7", 10]), [null, { ...taken, taker: B }]);
  assert.deepEqual(heard([A, "fd00::7", 9], [B, "fd00::7", 12], [A, "fd00::8", 13]), [null, null, null]);
  // A new card says so to all, a few times, and to whoever asks.
  const announced = Array.from({ length: 5 }, (_, i) => [B, "", 10 + i] as const);
  assert.ok(heard(...announced, ...Array.from({ length: 30 }, (_, i) => [B, `fd00::${i + 10}`, 20 + i] as const)).every((it) => it === null)); // prettier-ignore
  assert.deepEqual(heard(...Array.from({ length: 9 }, (_, i) => [B, "fd00::7", 10 + 2 * i] as const)).filter((it) => it !== null), [taken, taken]); // prettier-ignore
});

test("by IPv6 three announcements are enough where the owner goes on to speak, and not where it is silent", () => {
  const heard = (ownerSpeaks: boolean) => {
    const claims = new Claims();
    claims.heard("0/0", A, "fd00::1", "asks", "fd00::7", 0);
    return [5, 10, 15, 20].filter((second) => {
      if (ownerSpeaks) claims.heard("0/0", A, "fd00::1", "asks", "fd00::7", (second + 1) * SECOND_US);
      return claims.heard("0/0", B, "fd00::1", "overrides", "", second * SECOND_US) !== null;
    });
  };
  assert.deepEqual(heard(true), [15, 20]);
  assert.deepEqual(heard(false), []);
});

test("who answers those who ask takes no address from a card that is silent", () => {
  const claims = new Claims();
  claims.heard("0/0", A, "fd00::1", "asks", "fd00::7", 0);
  for (let second = 10; second < 60; second += 2) {
    claims.heard("0/0", "02:00:00:00:00:0c", "fd00::7", "asks", "fd00::1", second * SECOND_US);
    assert.equal(claims.heard("0/0", B, "fd00::1", "overrides", "fd00::7", (second + 1) * SECOND_US), null);
  }
});
