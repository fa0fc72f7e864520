/** Every platform of the table can be read, and says where its limits come from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { platforms } from "./switches.ts";

test("each platform has a name of its own and a source", () => {
  const all = platforms();
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, source } of all) assert.ok(source.length > 20, name);
});

test("how a platform counts and what it holds is read as the table says", () => {
  const named = (name: string) => platforms().find((it) => it.name === name);
  assert.equal(named("plain")?.rangesMax, Number.POSITIVE_INFINITY);
  assert.equal(named("plain")?.most, null);
  assert.deepEqual([named("Extreme Switch Engine 32, dynamic")?.most, named("Extreme Switch Engine 32, dynamic")?.masks], [64, "prefix"]);
  assert.equal(named("Cisco Catalyst 4500")?.rangesMax, 16);
  assert.equal(named("Cisco Nexus 9000")?.rangesMax, 0);
});
