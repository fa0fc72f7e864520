/** A recording as it is replayed: summed by device and service, cut by days, and asked for in the same words as the table of devices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { LEAD_PROBABLY } from "./model/device.ts";
import { parseFilter } from "./model/filter.ts";
import { matches } from "./policies/selector.ts";
import { openReader } from "./reader.ts";
import { replayFrom } from "./replaying.ts";
import { DAY, END, HOUR, Recording } from "./testing/recording.ts";

const LAST_DAY = Math.floor(END / DAY);

function ward(t: TestContext): Recording {
  const recording = new Recording(t);
  recording.run("a.pcap", {}, { first: END - 20 * DAY });
  const [a, b, old, server] = [
    recording.endpoint("00:00:00:00:00:01", "10.0.0.1"),
    recording.endpoint("00:00:00:00:00:01", "10.0.0.2"),
    recording.endpoint("00:00:00:00:00:02", "10.0.0.3", { last: END - 9 * DAY }),
    recording.endpoint(null, "10.9.0.9"),
  ];
  const [asking, alike] = [recording.endpoint("00:00:00:00:00:01", "0.0.0.0"), recording.endpoint("00:00:00:00:00:01", "::")];
  recording.device([a, b, asking, alike], { name: "PUMP-1", kind: "infusion pump", maker: ["B. Braun", 12], lifeCritical: "therapy" });
  recording.device([old], { name: "PUMP-2", kind: ["infusion pump", 9], lifeCritical: "therapy" });
  recording.device([server], { name: "SRV", services: 2 });
  recording.conversation({ client: a, server, port: 443, operations: "GET", days: [0b11, 0] });
  recording.conversation({ client: b, server, port: 443, operations: "POST", side: "guessed", sensor: "other", last: END - 5 * DAY, days: [1, 0] });
  recording.conversation({ client: b, server, port: 443, protocol: "http", last: END - 5 * DAY, days: [0b10, 0] });
  recording.conversation({ client: old, server, port: 80, last: END - 9 * DAY, days: [0b11, 0] });
  recording.conversation({ client: a, server: b, port: 80 });
  return recording;
} // prettier-ignore

const shown = (path: string, window?: Parameters<typeof replayFrom>[1]) =>
  replayFrom(path, window).conversations.map((it) => `d${it.client} d${it.server} ${it.transport} ${it.port} ${it.protocols.join() || "-"} ${it.operations.join() || "-"} ${it.side} ${it.days.toString(2)}`); // prettier-ignore

test("one device, one service, one peer is one conversation, whichever address it wore and whoever heard it", (t) => {
  const { path } = ward(t);
  assert.deepEqual(shown(path), ["d1 d4 tcp 443 http GET,POST handshake 1100011", "d3 d4 tcp 80 - - handshake 11000000000"]);
  const replay = replayFrom(path);
  assert.deepEqual(replay.days.map((day) => LAST_DAY - day), [10, 9, 6, 5, 1, 0]); // prettier-ignore
  assert.deepEqual(replay.machines.map(({ device, worn }) => `${device.name} ${worn.map(({ ip }) => ip).join()}`), [
    "PUMP-1 10.0.0.1,10.0.0.2",
    "PUMP-2 10.0.0.3",
    "SRV 10.9.0.9",
  ]); // prettier-ignore
});

test("datagrams that only ever went one way went where they went, and are no guess", (t) => {
  const recording = ward(t);
  const [a, b] = [recording.endpoint(null, "10.7.0.1"), recording.endpoint(null, "10.7.0.2")];
  recording.device([a]);
  recording.device([b]);
  const guessed = { client: a, server: b, side: "guessed" } as const;
  recording.conversation({ ...guessed, transport: "udp", port: 514, packets: [9, 0] });
  recording.conversation({ ...guessed, transport: "udp", port: 137, packets: [9, 1] });
  recording.conversation({ ...guessed, transport: "udp", port: 138, packets: [9, 0] });
  recording.conversation({ ...guessed, transport: "udp", port: 138, packets: [0, 4], sensor: "other" });
  recording.conversation({ ...guessed, transport: "tcp", port: 514, packets: [9, 0] });
  const { conversations } = replayFrom(recording.path);
  const sides = conversations.filter((it) => it.client === a).map((it) => `${it.transport} ${it.port} ${it.side}`);
  assert.deepEqual(sides, ["tcp 514 guessed", "udp 137 guessed", "udp 138 guessed", "udp 514 port"]);
});

test("cut to some days, only what was heard on them is there, and its last time lies within", (t) => {
  const { path } = ward(t);
  assert.deepEqual(shown(path, { from: LAST_DAY - 5 }), ["d1 d4 tcp 443 - GET,POST handshake 100011"]);
  assert.deepEqual(shown(path, { from: LAST_DAY - 6, to: LAST_DAY - 6 }), ["d1 d4 tcp 443 http - handshake 1"]);
  assert.deepEqual(shown(path, { to: LAST_DAY - 8 }), ["d3 d4 tcp 80 - - handshake 110"]);
  const cut = replayFrom(path, { to: LAST_DAY - 6 });
  assert.equal(cut.to, (LAST_DAY - 5) * DAY - 1);
  assert.ok(cut.conversations.every(({ last }) => last <= cut.to));
  assert.deepEqual(shown(path, { from: LAST_DAY - 4, to: LAST_DAY - 3 }), []);
});

test("its identity is of what was read and said, not of when it is asked", (t) => {
  const recording = ward(t);
  const before = replayFrom(recording.path).identity;
  assert.equal(replayFrom(recording.path).identity, before);
  recording.run("b.pcap");
  assert.notEqual(replayFrom(recording.path).identity, before);
});

test("a selector finds whom the table of devices finds with the same words", async (t) => {
  const recording = ward(t);
  recording.device([recording.endpoint("00:09:fb:00:00:01", null)], { lifeCritical: "other", last: END - HOUR });
  const reader = await openReader(recording.path);
  t.after(() => reader.close());
  const replay = replayFrom(recording.path);
  for (const filter of ['kind = "infusion pump"', "not kind ~ pump", "care = therapy", "care = unknown", "maker = unknown", "ip in 10.0.0.0/30", "ip = unknown", "mac in 00:09:fb", "mac = unknown", "pump", "srv or pump-2", "services >= 2", "last < 2d", "last > 2d", "name in (SRV, PUMP-1)", "sure = probably", "first >= 2026-01-01"]) {
    const { rows } = await reader.devices({ filter, sort: "id", descending: false, offset: 0, limit: 100 });
    const found = replay.machines.filter(({ device }) => matches(parseFilter(filter), device, LEAD_PROBABLY, END));
    assert.deepEqual(found.map(({ device }) => device.id), rows.map(({ id }) => id), filter);
  }
}); // prettier-ignore
