import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, Known, News, Party } from "../model/finding.ts";
import { claims, conversed, machine } from "../testing/watched.ts";
import { massUpload } from "./mass-upload.ts";

const DAY = 24 * 3600;
const MB = 1_000_000;
const outside = (host: number): Party => ({ ...machine(host, `203.0.113.${host}`), inside: false });
const [CLIENT, SOMEWHERE] = [machine(7), outside(9)];
/** Day 4 is the one looked at; the clock of tests begins within a day. */
const sent = (second: number, megabytes: number, it: Partial<ConversationNews> = {}): News =>
  conversed(second, { client: CLIENT, server: SOMEWHERE, bytesToServer: megabytes * MB, protocol: "tls", port: 443, ...it });
const at = (second: number) => sent(second, 0).at;
/** The machine from the first second on; servers by their number, in seconds. */
const since = (servers: Readonly<Record<number, number>> = {}): Partial<Known> => ({
  heardSince: ({ endpoint }) => (endpoint === 7 ? at(0) : endpoint in servers ? at(servers[endpoint]!) : null),
});
const usual = [1, 2, 3].flatMap((day) => [sent(day * DAY, 2), sent(day * DAY + 60, 1, { server: outside(10) })]);

test("fifty megabytes to an address that is new, ten times the most before, are told as they are reached", () => {
  const parts = Array.from({ length: 12 }, (_, i) => sent(5 * DAY + i, 5));
  assert.deepEqual(claims(massUpload, [...usual, ...parts], since()).slice(0, 1), [
    `${5 * DAY + 9} s: 50 MB sent to 203.0.113.9 within the day; the most before was 2.0 MB to one address outside`,
  ]);
  assert.match(claims(massUpload, [sent(5 * DAY, 60)], since())[0] ?? "", /the most before was less than 0.1 MB/);
});

test("less, ten times who sends much, an address the site knows, and the first days are none", () => {
  assert.deepEqual(claims(massUpload, [...usual, sent(5 * DAY, 49)], since()), []);
  assert.deepEqual(claims(massUpload, [sent(4 * DAY, 6), sent(5 * DAY, 59)], since()), []);
  assert.deepEqual(claims(massUpload, [...usual, sent(5 * DAY, 499)], since({ 9: 0 })), [], "the site knows it");
  assert.equal(claims(massUpload, [...usual, sent(5 * DAY, 500)], since({ 9: 0 })).length, 1);
  assert.deepEqual(claims(massUpload, [sent(2 * DAY, 900)], since()), []);
  assert.deepEqual(claims(massUpload, [sent(5 * DAY, 900)], { heardSince: () => at(4 * DAY) }), [], "who came yesterday");
});

test("what is divided among addresses or days, and whose direction is guessed, does not count together and is none", () => {
  const divided = Array.from({ length: 40 }, (_, i) => sent(5 * DAY + i, 40, { server: outside(20 + i) }));
  assert.deepEqual(claims(massUpload, divided, since()), []);
  assert.deepEqual(claims(massUpload, [sent(5 * DAY, 40), sent(6 * DAY, 40)], since()), []);
  assert.deepEqual(claims(massUpload, [sent(5 * DAY, 900, { side: "guessed" })], since()), []);
});

test("its memory stays small, however many addresses there are", () => {
  const memory = massUpload.remember();
  const known = { since: 0, conversedSince: () => null, heardSince: () => null };
  for (let i = 0; i < 5_000; i++) Array.from(massUpload.notice(sent(i, 1, { server: { ...outside(1), key: `0/${i}` } }), memory, known));
  assert.ok(JSON.stringify(memory).length < 2_000);
});
