/** A hospital of several days: the same machines each morning, what comes seldom, and the truth of it. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { simulate } from "../index.ts";
import { happenings } from "./index.ts";

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const DAY_S = 86_400;
const FIRST_S = Date.UTC(2026, 0, 5) / 1000;

const DAYS = 9;
const some = simulate({ seed: 5, days: DAYS, minutes: 4, size: 60 });
const capture = Buffer.concat([...some.capture]);

test("one day is what it always was, byte for byte, and says nothing of days", () => {
  const one = simulate({ seed: 1, minutes: 6, size: 40, days: 1 });
  const plain = simulate({ seed: 1, minutes: 6, size: 40 });
  const hashOf = (pieces: Iterable<Uint8Array>) => createHash("sha256").update(Buffer.concat([...pieces])).digest("hex"); // prettier-ignore
  assert.equal(hashOf(one.capture), hashOf(plain.capture));
  assert.equal(one.truth.happenings, undefined);
});

test("each morning the same cards are heard again, in order of time", () => {
  const cards = new Map<number, Set<string>>();
  let before = 0;
  for (let at = HEADER_BYTES; at < capture.length; at += RECORD_BYTES + capture.readUInt32LE(at + 8)) {
    const now = capture.readUInt32LE(at);
    assert.ok(now >= before);
    before = now;
    const day = Math.floor((now - FIRST_S) / DAY_S);
    const card = capture.toString("hex", at + RECORD_BYTES + 6, at + RECORD_BYTES + 12);
    cards.set(day, (cards.get(day) ?? new Set()).add(card));
  }
  assert.deepEqual(
    [...cards.keys()],
    Array.from({ length: DAYS }, (_, day) => day),
  );
  const known = new Set(some.truth.devices.flatMap(({ macs }) => macs.map((mac) => mac.replaceAll(":", ""))));
  const ever = new Set([...cards.values()].flatMap((it) => [...it]));
  for (const card of known) assert.ok(ever.has(card), card);
  for (const [day, it] of cards) assert.ok(it.size > known.size * 0.5, `day ${day}: ${it.size} of ${known.size}`);
  assert.ok(cards.get(5)!.size < cards.get(4)!.size, "offices are empty on a Saturday");
});

test("what happened is told with who and when, and was said on the wire then", () => {
  const named = new Map(some.truth.happenings!.map((it) => [it.name, it]));
  assert.deepEqual([...named.keys()], happenings.map(({ name }) => name)); // prettier-ignore
  const backup = named.get("backup")!;
  assert.ok(backup.conversations.length >= 5);
  assert.deepEqual(new Set(backup.conversations.flatMap(({ days }) => days)), new Set([6]));
  const [worm] = named.get("worm")!.conversations;
  assert.ok(isHeard(worm!.client, worm!.server, worm!.port, worm!.days[0]!));
  assert.ok(!isHeard(worm!.client, worm!.server, worm!.port, 0));
});

function isHeard(client: string, server: string, port: number, day: number): boolean {
  const ip = (text: string) => Buffer.from(text.split(".").map(Number));
  for (let at = HEADER_BYTES; at < capture.length; at += RECORD_BYTES + capture.readUInt32LE(at + 8)) {
    const frame = at + RECORD_BYTES;
    if (Math.floor((capture.readUInt32LE(at) - FIRST_S) / DAY_S) !== day || capture.readUInt16BE(frame + 12) !== 0x0800) continue;
    const ends = capture.subarray(frame + 26, frame + 34);
    if (ends.equals(Buffer.concat([ip(client), ip(server)])) && capture.readUInt16BE(frame + 36) === port) return true;
  }
  return false;
}
