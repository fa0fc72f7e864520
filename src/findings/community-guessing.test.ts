import assert from "node:assert/strict";
import { test } from "node:test";
import { udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { communityGuessing } from "./community-guessing.ts";

/** A question for the description, in version 1. */
function asked(community: string, number: number): Uint8Array {
  const pdu = Buffer.from("a019020101020100020100300e300c06082b060102010101000500", "hex");
  const inside = Buffer.concat([Buffer.from([2, 1, 0, 4, community.length]), Buffer.from(community), pdu]);
  return udpFrame({ from: 40_000 + number, to: 161 }, Buffer.concat([Buffer.from([0x30, inside.length]), inside]));
}
const found = (communities: readonly string[], every = 0.001) => foundLines(hear(communities.map(asked), { every }), [communityGuessing]);

test("five communities within a minute are told, though nobody answers", () => {
  assert.deepEqual(found(["public", "private", "cisco", "manager", "s3cret"]), [
    "community-guessing high 10.0.0.2 by 10.0.0.1: 5 different SNMP communities tried within 1 s",
  ]);
});

test("a manager with two, asked for each VLAN, and five in five minutes are none", () => {
  const vlans = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? "public" : `private@${i}`));
  assert.deepEqual(found(vlans), []);
  assert.deepEqual(found(["a1", "b2", "c3", "d4", "e5"], 61), []);
});
