import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, Known, News } from "../model/finding.ts";
import { claims, machine, signal } from "../testing/watched.ts";
import { rogueDns } from "./rogue-dns.ts";

const DAY = 24 * 3600;
const [CLIENT, STRANGER] = [machine(7), machine(66)];
const at = (second: number) => signal(second, { kind: "load" }).at;
const answered = (second: number, it: Partial<ConversationNews> = {}): News =>
  ({ news: "conversation", at: at(second), first: at(second), client: CLIENT, server: STRANGER, transport: "udp", port: 53, protocol: "dns", answered: 1, side: "port", ...it }) as Partial<ConversationNews> as News; // prettier-ignore
const found = (news: readonly News[], known: Partial<Known> = {}) => claims(rogueDns, news, { since: at(-10 * DAY), heardSince: () => at(-9 * DAY), ...known }).map((it) => it.split(":")[0]); // prettier-ignore

test("a machine that begins to answer for names is told on its first day", () => {
  assert.deepEqual(found([answered(1), answered(60), answered(DAY + 2)]), ["1 s", "60 s"]);
});

test("one of the first days, a server outside, one that does not answer, and one that did so before are none", () => {
  assert.deepEqual(found([answered(1), answered(4 * DAY)], { since: at(0) }), []);
  assert.deepEqual(found([answered(1, { server: { ...STRANGER, inside: false } })]), []);
  assert.deepEqual(found([answered(1, { answered: 0 })]), []);
  assert.deepEqual(found([answered(1)], { heardSince: () => at(0) }), [], "whose askers are as new as it is");
  assert.deepEqual(found([answered(1)], { conversedSince: () => at(-5 * DAY) }), []);
});
