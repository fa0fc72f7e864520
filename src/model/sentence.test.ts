import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceLike } from "../testing/listed.ts";
import { sentenceOf } from "./sentence.ts";

test("a device in one sentence: what it is, where, and what it was heard doing", () => {
  const pump = { kind: "infusion pump", maker: "B. Braun", model: "Infusomat Space", location: "ICU 1 bed 2" };
  assert.equal(
    sentenceOf(deviceLike({ ...pump, peers: 2, services: 1 })),
    "A B. Braun Infusomat Space infusion pump, last heard at ICU 1 bed 2. It talks to 2 others and answers on 1 service.",
  );
  assert.equal(
    sentenceOf(deviceLike({ location: "Riser 2", peers: 1 })),
    "We do not know yet what this is; it was last heard at Riser 2. It talks to 1 other and answers on no service that was heard.",
  );
});

test("of what was not heard no number is told", () => {
  assert.equal(sentenceOf(deviceLike({})), "We do not know yet what this is. It was heard talking to nobody.");
  assert.equal(
    sentenceOf(deviceLike({ services: 1 })),
    "We do not know yet what this is. It was heard talking to nobody and answers on 1 service.",
  );
});
