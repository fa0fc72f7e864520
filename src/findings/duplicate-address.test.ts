import assert from "node:assert/strict";
import { test } from "node:test";
import { arp, ethernet } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { arpSpoofing } from "./arp-spoofing.ts";
import { duplicateAddress } from "./duplicate-address.ts";

const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";
const VIRTUAL = "00:00:5e:00:01:07";
const ADDRESS = "10.0.0.7";

const frame = (from: string, operation: 1 | 2, target: string) =>
  ethernet({ type: 0x0806, from, to: "ff:ff:ff:ff:ff:ff" }, arp(operation, [from, ADDRESS], ["00:00:00:00:00:00", target]));
const asks = (from: string) => frame(from, 1, "10.0.0.1");
const answers = (from: string) => frame(from, 2, "10.0.0.1");
const announces = (from: string) => frame(from, 1, ADDRESS);

/** A minute passes between two frames, unless less is said. */
function found(...frames: readonly Uint8Array[]): string[] {
  return foundEvery(60, frames);
}

function foundEvery(seconds: number, frames: readonly Uint8Array[]): string[] {
  const ear = new Ear({ every: seconds });
  for (const it of frames) ear.frame(it);
  return foundLines(ear.end(), [duplicateAddress, arpSpoofing]);
}

test("an address that two cards ask from in turns is a finding of that address", () => {
  assert.deepEqual(found(asks(A), asks(B), asks(A), asks(B)), [
    `duplicate-address medium ${ADDRESS} by ${B}: Two cards say in turns that this address is theirs: 1 more turn within a minute`,
  ]);
  assert.equal(found(announces(A), asks(B), announces(A), announces(B), asks(A), asks(B)).length, 1, "and one only");
});

test("a fail-over and the way back, redundant routers, and a second card that only answers are none", () => {
  assert.deepEqual(found(asks(A), announces(B), asks(B), asks(B)), []);
  assert.deepEqual(found(asks(A), announces(B), asks(B), announces(A), asks(A)), []);
  assert.deepEqual(
    foundEvery(2, [asks(A), announces(B), asks(A), announces(B), asks(A), announces(B)]),
    [],
    "both speak while one takes over",
  );
  assert.equal(foundEvery(10, [asks(A), announces(B), asks(A), announces(B), asks(A), announces(B)]).length, 1);
  assert.deepEqual(found(asks(A), asks(VIRTUAL), asks(A), asks(VIRTUAL), asks(A), asks(VIRTUAL)), []);
  assert.deepEqual(found(asks(A), answers(B), asks(A), answers(B), asks(A), answers(B)), []);
});
