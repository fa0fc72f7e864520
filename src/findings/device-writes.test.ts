/** What devices are given, and who turns to many of them: each with its triggering news and its silent twin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, Known, News, Watch } from "../model/finding.ts";
import type { Notable } from "../model/notable.ts";
import { tcpFrame, udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { claims, foundLines, machine, signal } from "../testing/watched.ts";
import { fanOut } from "./fan-out.ts";
import { firmwareMoved } from "./firmware-moved.ts";
import { strangerWrites } from "./stranger-writes.ts";

const DAY = 24 * 3600;
const [STRANGER, DEVICE, SERVER] = [machine(7), machine(2), machine(3)];
const heard = (second: number, what: Notable, sender = STRANGER, receiver = DEVICE) =>
  signal(second, { kind: "notable", what, sender, receiver });
const said = <Memory>(watch: Watch<Memory>, news: readonly News[], known: Partial<Known> = {}) => claims(watch, news, known).map((it) => it.split(":")[0]); // prettier-ignore
const at = (second: number) => heard(second, "snmpSet").at;
const learned = { since: at(-10 * DAY), heardSince: () => at(-10 * DAY) };
const longAgo = { ...learned, conversedSince: () => at(-5 * DAY) };

const pushed = (name: string) => udpFrame({ from: 40_000, to: 69 }, Buffer.from(`\0\u0002${name}\0octet\0`));

test("firmware pushed by TFTP is found with its first datagram; another file, and who did so yesterday, is not", () => {
  assert.deepEqual(foundLines(hear([pushed("pump_v2.bin")]), [firmwareMoved]), [
    "firmware-moved high 10.0.0.2 by 10.0.0.1: Firmware pushed by a machine that never did so there",
  ]);
  assert.deepEqual(foundLines(hear([pushed("rfc1350.txt")]), [firmwareMoved]), []);
  assert.deepEqual(said(firmwareMoved, [heard(1, "firmwarePushed"), heard(DAY + 2, "firmwarePushed")]), ["1 s"]);
  assert.deepEqual(said(firmwareMoved, [heard(1, "firmwarePushed")], longAgo), []);
});

test("by FTP only once it is known who does so", () => {
  assert.deepEqual(said(firmwareMoved, [heard(1, "firmwareStored")]), []);
  assert.deepEqual(said(firmwareMoved, [heard(1, "firmwareStored")], learned), ["1 s"]);
});

test("a device that fetches from another server than ever; a new device, and its own server, are silent", () => {
  const fetch = (second: number, from = SERVER) => heard(second, "firmwareFetched", DEVICE, from);
  assert.deepEqual(said(firmwareMoved, [fetch(1), fetch(2 * DAY), fetch(3 * DAY, STRANGER), fetch(3 * DAY + 9, STRANGER)], learned), [`${3 * DAY} s`]); // prettier-ignore
  assert.deepEqual(said(firmwareMoved, [fetch(1), fetch(2, STRANGER)], learned), []);
});

test("a stranger who writes is told, on his first day; in the first days of listening, or once he does so as a rule, nobody is", () => {
  const known = { ...learned, conversedSince: () => at(0) };
  assert.deepEqual(said(strangerWrites, [heard(5, "bacnetWrite"), heard(60, "bacnetWrite"), heard(2 * DAY, "bacnetWrite")], known), ["5 s", "60 s"]); // prettier-ignore
  assert.deepEqual(said(strangerWrites, [heard(5, "dnp3Write"), heard(6, "opcuaWrite")], known), ["5 s", "6 s"]);
  assert.deepEqual(
    said(strangerWrites, [heard(5, "bacnetWrite"), heard(4 * DAY, "bacnetWrite")], { heardSince: () => at(4 * DAY) }),
    [],
    "a device that is set up",
  );
  assert.deepEqual(
    said(strangerWrites, [heard(2.9 * DAY, "modbusWrite"), heard(3.1 * DAY, "modbusWrite")], { heardSince: () => at(0) }),
    [],
    "it began unknown",
  );
});

test("who only read before is less severe than a stranger, unless a controller is stopped", () => {
  const severity = (what: Notable, known: Partial<Known>) => [...strangerWrites.notice(heard(1, what), {}, { since: 0, conversedSince: () => null, heardSince: () => 0, ...known })][0]!.severity; // prettier-ignore
  assert.equal(severity("snmpSet", {}), "high");
  assert.equal(severity("snmpSet", longAgo), "medium");
  assert.equal(severity("controllerStopped", longAgo), "high");
});

const conversed = (second: number, host: number, it: Partial<ConversationNews> = {}): News =>
  ({ news: "conversation", at: at(second), first: at(second), client: STRANGER, server: machine(host), transport: "tcp", port: 445, protocol: "smb", answered: 1, side: "handshake", ...it }) as Partial<ConversationNews> as News; // prettier-ignore
const row = (count: number, every: number, it: Partial<ConversationNews> = {}) => Array.from({ length: count }, (_, i) => conversed(1 + i * every, 20 + i, it)); // prettier-ignore

test("the eighth machine within a minute is told, though each answers; seven, or eight in a quarter of an hour, are none", () => {
  assert.deepEqual(claims(fanOut, row(8, 2)), ["15 s: 8 machines it never conversed with, within 14 s"]);
  assert.deepEqual(claims(fanOut, row(7, 2)), []);
  assert.deepEqual(claims(fanOut, row(8, 100)), []);
});

test("the same machine again, another port, an outside one, and a guessed direction do not count", () => {
  assert.deepEqual(
    claims(
      fanOut,
      Array.from({ length: 30 }, (_, i) => conversed(1 + i, 20 + (i % 7))),
    ),
    [],
  );
  assert.deepEqual(claims(fanOut, row(20, 1, { port: 443 })), []);
  assert.deepEqual(claims(fanOut, row(20, 1, { side: "guessed" })), []);
  assert.deepEqual(claims(fanOut, row(20, 1).map((it) => ({ ...it, server: { ...(it as ConversationNews).server, inside: false } }) as News)), []); // prettier-ignore
});

test("old acquaintances are none, and who did so a day ago does it as a rule", () => {
  assert.deepEqual(claims(fanOut, row(20, 1), longAgo), []);
  assert.deepEqual(claims(fanOut, [...row(8, 1), ...row(8, 1).map((it) => ({ ...it, at: it.at + 2 * DAY * 1e6 }))], learned).length, 1);
});

test("as frames: eight machines that answer on port 22", () => {
  const frames = Array.from({ length: 8 }, (_, i) => {
    const [client, server] = [{ from: 40_000 + i, to: 22, toIp: `10.0.0.${20 + i}` }, { from: 22, to: 40_000 + i, fromIp: `10.0.0.${20 + i}`, toIp: "10.0.0.1" }]; // prettier-ignore
    const banner = Buffer.from("SSH-2.0-OpenSSH_9.2\r\n");
    return [
      tcpFrame({ ...client, flags: "S", sequence: 100 }),
      tcpFrame({ ...server, flags: "SA", sequence: 500, acknowledgment: 101 }),
      tcpFrame({ ...client, flags: "A", sequence: 101, acknowledgment: 501 }),
      tcpFrame({ ...server, flags: "PA", sequence: 501, acknowledgment: 101 }, banner),
    ];
  }).flat();
  assert.match(foundLines(hear(frames), [fanOut]).join(), /^fan-out medium 10\.0\.0\.1 by .*: 8 machines it never conversed with/);
});
