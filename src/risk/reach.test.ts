/** Who comes to a device over what was heard: held against a search that has no limit, and stopped where more makes no difference. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { REACH_COUNTED } from "../model/risk.ts";
import { assertProperty } from "../testing/property.ts";
import { HeardWays, type Way } from "./reach.ts";

test("in steps, against their direction, never itself", () => {
  const ways = new HeardWays([
    [1, 2],
    [2, 3],
    [3, 1],
    [3, 3],
    [4, 3],
  ]);
  assert.deepEqual([1, 2, 3, 4, 5].map((it) => [ways.from(it), ways.to(it)]), [[3, 2], [3, 2], [3, 2], [0, 3], [0, 0]]); // prettier-ignore
});

test("beyond a hundred it says a hundred", () => {
  const star = Array.from({ length: 300 }, (_, at): Way => [at + 1, 0]);
  const ways = new HeardWays(star);
  assert.deepEqual([ways.from(0), ways.to(1), ways.from(1)], [REACH_COUNTED, 1, 0]);
  assert.equal(new HeardWays(star.slice(0, 99)).from(0), 99);
});

test("as a search without a limit finds them", () => {
  const number = fc.nat(30);
  assertProperty(
    fc.property(fc.uniqueArray(fc.tuple(number, number), { selector: String, maxLength: 80 }), number, (pairs, start) => {
      const closed = new Set([start]);
      for (let size = 0; size !== closed.size;) {
        size = closed.size;
        for (const [client, server] of pairs) if (closed.has(client)) closed.add(server);
      }
      assert.equal(new HeardWays(pairs).to(start), closed.size - 1);
      assert.equal(new HeardWays(pairs.map(([client, server]): Way => [server, client])).from(start), closed.size - 1);
    }),
  );
});
