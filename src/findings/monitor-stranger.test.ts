/** Monitors told what to do, and asked for what they know, by strangers and by those who belong there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, Known, News } from "../model/finding.ts";
import type { Notable } from "../model/notable.ts";
import { bytes, u16, udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { claims, foundLines, machine, signal } from "../testing/watched.ts";
import { alarmsSet } from "./alarms-set.ts";
import { monitorStranger } from "./monitor-stranger.ts";

const DAY = 24 * 3600;
const [STRANGER, MONITOR] = [machine(66), machine(2)];
const at = (second: number) => signal(second, { kind: "load" }).at;
const learned: Partial<Known> = { since: at(-10 * DAY) };
const told = (second: number, what: Notable = "alarmsSet", receiver = MONITOR) =>
  signal(second, { kind: "notable", what, sender: STRANGER, receiver });
const exported = (second: number, it: Partial<ConversationNews> = {}): News =>
  ({ news: "conversation", at: at(second), first: at(second), client: STRANGER, server: MONITOR, transport: "udp", port: 24_105, protocol: "intellivue", answered: 1, side: "protocol", ...it }) as Partial<ConversationNews> as News; // prettier-ignore
const by = (news: readonly News[], known: Partial<Known> = learned) =>
  claims(monitorStranger, news, known).map((it) => it.split(" by ")[0]);

test("a stranger who opens a session to a monitor, or changes its alarms, is told on his first day", () => {
  assert.deepEqual(by([exported(1), told(5), told(9, "deviceSet"), exported(DAY + 2)]), [
    "1 s: a session of data export opened",
    "5 s: told to change its alarms or settings",
    "9 s: told to change its alarms or settings",
  ]);
  const [severity] = [
    ...monitorStranger.notice(told(1), monitorStranger.remember(), {
      since: at(-9 * DAY),
      conversedSince: () => null,
      heardSince: () => null,
    }),
  ];
  assert.equal(severity!.severity, "critical");
});

test("who speaks with monitors every day, the first days, and a session nobody answers are none", () => {
  assert.deepEqual(by([exported(1), told(5)], { since: at(0) }), []);
  assert.deepEqual(by([exported(1)], { ...learned, conversedSince: () => at(-2 * DAY) }), []);
  assert.deepEqual(by([exported(-4 * DAY), exported(1, { server: machine(9) }), told(5)], { since: at(-5 * DAY) }), [], "another monitor");
  assert.deepEqual(by([exported(1, { answered: 0 })]), []);
});

/** A command of IntelliVue that sets an attribute of the monitor. */
function sets(monitor: number, attribute: string): Uint8Array {
  const list = hex`00000000 0001 0006 0000 ${attribute} 0000`;
  const command = bytes(hex`0021 0000 0000`, list);
  const invoke = bytes(hex`0001 0005`, u16(command.length), command);
  return udpFrame(
    { from: 40_000, to: 24_105, fromIp: "10.0.0.66", toIp: `10.0.0.${monitor}` },
    bytes(hex`e1 00 0002 0001`, u16(invoke.length), invoke),
  );
}
const found = (frames: readonly Uint8Array[], every = 5) => foundLines(hear(frames, { every }), [alarmsSet]);

test("three beds changed within a minute by one machine are a finding", () => {
  assert.deepEqual(found([11, 12, 13].map((it) => sets(it, "0946"))), [
    "alarms-set critical 10.0.0.66 by 10.0.0.11, 10.0.0.12, 10.0.0.13: alarms or settings of 3 beds changed within 10 s",
  ]);
});

test("two beds, one again and again, three in an hour, and choosing what one wants to be told are none", () => {
  assert.deepEqual(found([11, 12, 11, 12, 11].map((it) => sets(it, "0946"))), []);
  assert.deepEqual(found([11, 12, 13, 14].map((it) => sets(it, "0946")), 50), []); // prettier-ignore
  assert.deepEqual(found([11, 12, 13, 14].map((it) => sets(it, "f23a"))), []);
});
