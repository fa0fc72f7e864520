import assert from "node:assert/strict";
import { test } from "node:test";
import { mix } from "./hash.ts";
import { Once } from "./once.ts";

const hashes = (thing: number) => [mix(thing, 1), mix(thing, 2)] as const;

test("what came before is known until a million others came, and a stranger is taken for it once in ten thousand at most", () => {
  const once = new Once();
  let mistaken = 0;
  for (let thing = 0; thing < 3_000_000; thing++) {
    if (once.came(...hashes(thing))) mistaken++;
    if (thing % 1_000 === 0) assert.equal(once.came(...hashes(Math.max(0, thing - 900_000))), true, String(thing));
  }
  assert.ok(mistaken < 300, `${mistaken} of 3,000,000`);
  assert.equal(once.came(...hashes(0)), false, "and forgotten after two million");
});
