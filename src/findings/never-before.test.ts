/** First contact outside, and what a kind never does: what the two watches claim. Of which devices that is shown, unlike-kind.test.ts says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, News, Party } from "../model/finding.ts";
import { calls, type Call } from "../testing/calls.ts";
import { claims, conversed, foundLines, machine } from "../testing/watched.ts";
import { outsideFirst } from "./outside-first.ts";
import { unlikeItsKind } from "./unlike-its-kind.ts";

const DAY = 24 * 3600;
const [CAMERA, INSIDE, HOME] = ["10.0.0.7", "10.0.0.2", "203.0.113.9"];
const call = (days: number, server = HOME, client = CAMERA): Call => ({ at: days * DAY, client, server });
const outside = (...all: readonly Call[]) => foundLines(calls(all), [outsideFirst]);

test("who was heard for three days and then reaches an address outside is told once", () => {
  assert.deepEqual(outside(call(0, INSIDE), call(4), call(4.2), call(5.1), call(6)), [
    `outside-first medium ${CAMERA} by ${HOME}: The first conversation with an address outside: ${HOME}`,
  ]);
});

test("in the recording's first days, by who came later, by who did so before, and to a group or an address inside, it is none", () => {
  assert.deepEqual(outside(call(0, INSIDE), call(2), call(4)), []);
  assert.deepEqual(outside(call(0, INSIDE, "10.0.0.8"), call(3, INSIDE), call(5)), [], "it came on the third day");
  assert.deepEqual(outside(call(0, INSIDE), call(1), call(4, "198.51.100.1")), [], "it reached out before");
  assert.deepEqual(outside(call(0, INSIDE), call(4, "10.0.0.3"), call(4.1, "239.1.2.3"), call(4.2, "255.255.255.255")), []);
});

const [PRINTER, RECORDS] = [machine(7), machine(2)];
const did = (days: number, it: Partial<ConversationNews> = {}): News => conversed(days * DAY, { client: PRINTER, server: RECORDS, protocol: "smb", port: 445, ...it }); // prettier-ignore
const claimed = (...news: readonly News[]) => claims(unlikeItsKind, news, { heardSince: () => did(0).at });

test("a client of shares that never was one is told of each way once", () => {
  assert.deepEqual(claimed(did(4), did(4.5), did(6), did(7, { protocol: "ssh", port: 22 })), [
    `${4 * DAY} s: A client of smb for the first time: of 10.0.0.2`,
    `${7 * DAY} s: A client of ssh for the first time: of 10.0.0.2`,
  ]);
});

test("who always did, whom nobody answered, whose direction is guessed, and who turns to a server outside, is none", () => {
  assert.deepEqual(claimed(did(1), did(4), did(9)), []);
  assert.deepEqual(claimed(did(4, { answered: 0 })), []);
  assert.deepEqual(claimed(did(4, { side: "guessed" })), []);
  const stranger: Party = { ...RECORDS, inside: false };
  assert.deepEqual(claimed(did(4, { server: stranger })), []);
});
