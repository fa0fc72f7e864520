import assert from "node:assert/strict";
import { test } from "node:test";
import { ethernet } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { claims, found, signal } from "../testing/watched.ts";
import { madeUpCards } from "./made-up-cards.ts";

const second = (at: number, cards: number, distinct: number, count = 2 * cards) =>
  signal(at, { kind: "newCards", count, distinct, failed: cards });

test("cards drawn by chance are told in their second, as many as there are", () => {
  assert.deepEqual(claims(madeUpCards, [second(1, 250, 250), second(2, 9_000, 1_024)]), [
    "1 s: 500 senders in one second on untagged that were never heard before",
    "2 s: 18,000 senders in one second on untagged that were never heard before",
  ]);
});

test("a site whose listening begins, guests whose telephones make up addresses, and strangers behind a router are none", () => {
  assert.deepEqual(claims(madeUpCards, [second(1, 4_000, 400), second(2, 1_000, 250), second(3, 190, 190)]), []);
  assert.deepEqual(claims(madeUpCards, [second(1, 0, 1, 4_000)]), []);
  assert.deepEqual(
    claims(
      madeUpCards,
      Array.from({ length: 9 }, (_, i) => second(i + 1, 5_000, 1)),
    ),
    [],
  );
});

test("of frames: cards never heard before are counted once", () => {
  const ear = new Ear();
  const speaks = (number: number, first = "00") => {
    const from = `${first}:${hex(number >> 8)}:${hex(number & 255)}:00:00:01`;
    ear.frame(ethernet({ type: 0x88b5, from, to: "ff:ff:ff:ff:ff:ff" }, new Uint8Array(46)));
  };
  for (let i = 0; i < 300; i++) speaks(i);
  ear.wait(1);
  for (let again = 0; again < 4; again++) {
    for (let i = 0; i < 300; i++) speaks(i);
    ear.wait(1);
  }
  for (let i = 0; i < 300; i++) speaks(i, "02");
  ear.wait(1);
  const [it, ...others] = found(ear.end(), [madeUpCards]);
  assert.deepEqual(others, []);
  assert.equal(it!.about, 0);
  assert.equal(it!.count, 300);
});

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
