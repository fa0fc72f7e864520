import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { confidenceOf } from "../model/device.ts";
import { decide, stated } from "./weighing.ts";
import type { Vote } from "./weighing.ts";

const vote = (value: string, weight: number, group: string, more: Partial<Vote> = {}): Vote => ({
  value,
  weight,
  group,
  alone: false,
  first: 1,
  ...more,
});

test("of a group the strongest counts, groups add up", () => {
  const votes = [vote("Linux", 12, "TCP"), vote("Linux", 10, "TCP"), vote("Linux", 8, "user agent")];
  assert.deepEqual(decide(votes), { value: "Linux", lead: 20 });
  assert.deepEqual(stated(decide(votes)), { value: "Linux", lead: 20, confidence: 0.99 });
});

test("the lead is over the runner-up, and never more than over none of these", () => {
  assert.deepEqual(decide([vote("Linux", 18, "TCP"), vote("Windows", 8, "user agent")]), { value: "Linux", lead: 10, against: "Windows" });
  assert.deepEqual(decide([vote("Linux", 3, "TCP"), vote("Windows", -8, "TTL")]), { value: "Linux", lead: 3 });
  assert.equal(stated(decide([vote("Linux", 4, "TCP")])), null, "below probably");
});

test("a tie is unknown", () => {
  assert.deepEqual(decide([vote("Windows", 12, "TCP"), vote("Android", 12, "DHCP")]), { value: "Android", lead: 0, against: "Windows" });
});

test("one group asserts nothing, unless its word is enough", () => {
  assert.equal(decide([vote("Linux", 30, "TCP")])?.lead, 19);
  assert.equal(decide([vote("Linux", 22, "own word", { alone: true })])?.lead, 22);
  assert.equal(decide([vote("Linux", 22, "own word", { alone: true })], () => false)?.lead, 19);
});

test("within a group what speaks for a value outweighs what speaks against it", () => {
  assert.equal(decide([vote("Windows", -8, "TCP"), vote("Windows", 12, "TCP")])?.lead, 12);
  assert.equal(decide([vote("Windows", -8, "TCP"), vote("Windows", 8, "user agent")])?.lead, 0);
});

test("an asserted value yields only to one that stands ten above it", () => {
  const known = [vote("V1", 12, "a"), vote("V1", 10, "b")];
  const later = (weight: number) => [...known, vote("V2", 14, "c", { first: 2 }), vote("V2", weight, "d", { first: 2 })];
  assert.deepEqual(decide(later(10)), { value: "V1", lead: -2, against: "V2" });
  assert.equal(stated(decide(later(10))), null, "neither is known now");
  assert.deepEqual(decide(later(18)), { value: "V2", lead: 10, against: "V1" });
  // Heard the other way round, the second never was asserted against the first.
  const earlier = later(10).map((it) => ({ ...it, first: 3 - it.first }));
  assert.deepEqual(decide(earlier), { value: "V2", lead: 2, against: "V1" });
});

test("the order of files changes nothing", () => {
  const any = fc.record({
    value: fc.constantFrom("a", "b", "c"),
    weight: fc.integer({ min: -10, max: 25 }),
    group: fc.constantFrom("x", "y", "z"),
    alone: fc.boolean(),
    first: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (votes, draws) => {
      const left = [...votes];
      const shuffled = votes.map(() => left.splice(draws.next().value % left.length, 1)[0]!);
      assert.deepEqual(decide(shuffled), decide(votes));
    }),
  );
});

test("decibans as a share, rounded down", () => {
  assert.deepEqual([0, 5, 6, 10, 19, 20, 46].map(confidenceOf), [0.5, 0.75, 0.79, 0.9, 0.98, 0.99, 0.99]);
});
