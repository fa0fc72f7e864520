import assert from "node:assert/strict";
import { test } from "node:test";
import { serversOf } from "./connection.ts";
import { readMark, readStatus, type SensorStatus } from "./said.ts";
import { sensorWords, type Heard } from "./sensor-words.ts";
import { acknowledgmentWords, holesOf, isNewEnough } from "./server-version.ts";
import { rightsOf } from "./server-config.ts";
import { batchSubject, nameOf, senderOf, token } from "./subjects.ts";

test("any name of a site is one token, which gives it again; nothing else does", () => {
  for (const name of ["north", "St. Mary's", "Klinikum Süd", "a.b > *", "=2e"]) {
    assert.match(token(name), /^[A-Za-z0-9_=-]+$/);
    assert.equal(nameOf(token(name)), name);
    assert.deepEqual(senderOf(batchSubject(name, "er.1")), { site: name, sensor: "er.1" });
  }
  for (const part of ["a b", "=zz", "=ff", "=41"]) assert.equal(nameOf(part), null);
  assert.equal(senderOf("auscult.from.north.er-1.batch.more"), null);
});

test("a sensor may say two things and hear its own; nobody but a core asks the broker for anything of a site", () => {
  const { publish, subscribe } = rightsOf({ role: "sensor", site: "north", name: "er-1" });
  assert.deepEqual(publish, ["auscult.from.north.er-1.batch", "auscult.from.north.er-1.status"]);
  assert.deepEqual(subscribe, ["auscult.to.north.er-1.>"]);
  for (const role of ["sensor", "core", "setup"] as const)
    for (const subject of rightsOf({ role, site: "north", name: "er-1" }).publish) assert.notEqual(subject, "$JS.API.>");
});

test("known holes are named by version, and no longer where they are shut", () => {
  const names = (version: string) => holesOf(version).map(({ name }) => name);
  assert.deepEqual(names("2.9.10"), ["CVE-2023-47090", "CVE-2025-30215"]);
  assert.deepEqual(names("2.9.25"), ["CVE-2025-30215"]);
  assert.deepEqual(names("2.10.21"), ["CVE-2025-30215", "lost streams"]);
  assert.deepEqual(names("2.11.0"), ["CVE-2025-30215"]);
  assert.deepEqual(names("2.12.1"), []);
  assert.deepEqual([isNewEnough("2.8.4"), isNewEnough("2.9.10"), isNewEnough("none")], [false, true, false]);
  assert.match(acknowledgmentWords("2.9.10", 3), /3 nodes have it, in memory/);
  assert.match(acknowledgmentWords("2.10.0", 1), /one node has it, on disk where sync_interval/);
});

test("over a network it is encrypted, or there is no way", () => {
  assert.deepEqual(serversOf("nats://127.0.0.1,nats://[::1]:4333"), [
    { host: "127.0.0.1:4222", tls: false },
    { host: "[::1]:4333", tls: false },
  ]);
  assert.deepEqual(serversOf("tls://broker.example"), [{ host: "broker.example:4222", tls: true }]);
  assert.throws(() => serversOf("nats://broker.example"), /expected tls:\/\/ for a broker that is not on this computer/);
  assert.throws(() => serversOf("http://broker.example"), /expected addresses such as/);
  assert.throws(
    () => serversOf("tls://u:secret@broker.example"),
    (error: Error) => !error.message.includes("secret"),
  );
  assert.throws(() => serversOf("tls://a,nats://127.0.0.1"), /expected all of them as tls/);
});

const STATUS: SensorStatus = {
  instance: "a",
  version: "0.1.0",
  at: 1_000_000,
  hearing: true,
  inputs: [{ name: "eth1", live: true, frames: 5, drops: 0 }],
  spool: { batches: 0, bytes: 0, bytesMax: 1_000, oldestAt: null, lostFrames: 0 },
  notes: [],
  troubles: [],
  runs: ["live-1"],
};
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

test("what a sensor says of itself is believed where it is whole, without control characters", () => {
  assert.deepEqual(readStatus(bytesOf(STATUS)), STATUS);
  assert.deepEqual(readStatus(bytesOf({ ...STATUS, notes: [["eth1", "be\u0007ll"]] }))?.notes, [["eth1", "be·ll"]]);
  for (const wrong of [
    { ...STATUS, at: -1 },
    { ...STATUS, inputs: Array.from({ length: 65 }, () => STATUS.inputs[0]) },
    { ...STATUS, spool: null },
    { ...STATUS, runs: Array.from({ length: 65 }, () => "live-1") },
    [],
    7,
  ])
    assert.equal(readStatus(bytesOf(wrong)), null);
  assert.equal(readStatus(Buffer.from("{")), null);
  const { runs: _, ...older } = STATUS;
  assert.deepEqual(readStatus(bytesOf(older)), { ...STATUS, runs: [] }, "an older sensor asks for nothing");
});

test("a mark is one of runs and numbers", () => {
  const mark = { stream: "2026", core: "7f", pending: 0, runs: [["live-1", 4]] };
  assert.deepEqual(readMark(bytesOf(mark)), mark);
  assert.equal(readMark(bytesOf({ ...mark, runs: [["live-1", -4]] })), null);
  const { core: _, ...older } = mark;
  assert.deepEqual(readMark(bytesOf(older)), { ...mark, core: "" }, "an older core has no name");
});

test("who is silent, deaf, doubled, losing or behind is told in words, and who hears is not", () => {
  const state = (status: Partial<SensorStatus> | null, quietMs = 0, instances = 1) => {
    const heard: Heard = {
      status: status === null ? null : { ...STATUS, ...status },
      at: 0,
      since: 0,
      instances: new Map(Array.from({ length: instances }, (_, place) => [String(place), 0])),
    };
    return sensorWords("er-1", heard, quietMs);
  };
  assert.deepEqual([state({}).state, state({}).words], ["hears", "er-1 hears eth1."]);
  assert.match(state({}, 240_000).words, /^er-1 has said nothing for 4 minutes: it is off/);
  assert.equal(state(null, 20_000).state, "silent");
  assert.match(state({ hearing: false }).words, /hears nothing: its capture does not run on eth1/);
  assert.match(state({}, 0, 2).words, /is the name of 2 sensors at once/);
  assert.equal(state({ spool: { ...STATUS.spool, lostFrames: 9 } }).state, "loses");
  assert.equal(state({ spool: { ...STATUS.spool, batches: 3, oldestAt: 1_000_000 - 30_000 } }).state, "hears");
  assert.match(
    state({ at: 9_000_000, spool: { ...STATUS.spool, batches: 3, oldestAt: 9_000_000 - 7_200_000 } }).words,
    /is 2 hours behind: 3 batches wait/,
  );
});
