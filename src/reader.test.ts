/** The reading side over recordings filled by hand: what the pages, the commands and the document are given. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { TestContext } from "node:test";
import type { Described, Heard } from "./model/heard.ts";
import type { DeviceQuery, RecordingReader } from "./model/store.ts";
import { Kept, openReader } from "./reader.ts";
import { DAY, END, HOUR, MINUTE, Recording, SECOND } from "./testing/recording.ts";

test("a device is shown as the table has it, with what it answered on and why it is what it is", async (t) => {
  const { reader } = await ward(t);
  const pump = (await reader.device("d2"))!;
  assert.equal(pump.name, "pump7");
  assert.deepEqual(pump.kind, { value: "Infusion pump", confidence: 0.99, lead: 24 });
  assert.deepEqual(pump.maker, { value: "Philips", confidence: 0.83, lead: 7, against: "Baxter" });
  assert.equal(pump.model, null);
  assert.deepEqual(pump.names, [{ value: "pump7", confidence: 0.99, lead: 24 }]);
  assert.deepEqual(pump.servicesAnswered, [
    { ip: "10.0.0.7", transport: "tcp", port: 80, protocol: null },
    { ip: "10.0.0.7", transport: "udp", port: 161, protocol: "snmp" },
  ]);
  assert.deepEqual(
    pump.evidence.map((it) => `${it.attribute} ${it.value} by ${it.protocol} via ${it.via}`),
    ["names pump7 by dhcp via null", "names pump7 by dns via 10.0.0.9"],
  );
});

test("who is no device of this recording is null, whatever the name", async (t) => {
  const { reader } = await ward(t);
  for (const id of ["d99", "d0", "pump7", "d2 ", "d-2", `d${"9".repeat(30)}`, ""]) assert.equal(await reader.device(id), null, id);
  assert.deepEqual(await reader.conversations("pump7", 0, 10), { total: 0, rows: [] });
});

test("what a person said stands in the evidence with who and why, found by the keys the device was known by", async (t) => {
  const { recording, reader } = await ward(t);
  const about = JSON.stringify({ serials: [], macs: ["00:09:fb:12:34:56"], ips: [] });
  recording.change({ number: 1, about, attribute: "model", value: "VT-3", reason: "guessed" });
  recording.change({ number: 2, about, attribute: "model", value: "VT-4", reason: "read its plate" });
  recording.change({
    number: 3,
    about: JSON.stringify({ serials: [], macs: [], ips: ["10.0.0.200"] }),
    attribute: "model",
    value: "nobody's",
  });
  const pump = (await reader.device("d2"))!;
  assert.deepEqual(
    pump.evidence.filter((it) => it.observed === "operator").map((it) => `${it.attribute} ${it.value} ${it.why}`),
    ["model VT-4 Maria: read its plate"],
  );
});

test("conversations come with both ends, the latest first, and rows of one address under two MACs are one", async (t) => {
  const { reader } = await ward(t);
  const { total, rows } = await reader.conversations("d2", 0, 10);
  assert.equal(total, 5);
  assert.deepEqual(
    rows.map((it) => `${it.client.name} ${it.server.name} ${it.server.ip} ${it.transport} ${it.port} ${it.protocol}`),
    [
      "10.0.0.9 pump7 10.0.0.7 udp 161 null",
      "10.0.0.9 pump7 10.0.0.7 udp 161 snmp",
      "10.0.0.9 pump7 10.0.0.7 tcp 80 null",
      "pump7 10.0.0.9 10.0.0.9 tcp 2575 hl7",
      "pump7 224.0.0.251 224.0.0.251 udp 5353 mdns",
    ],
  );
  assert.deepEqual(rows[4]!.server, { device: null, name: "224.0.0.251", ip: "224.0.0.251" });
  const hl7 = rows[3]!;
  assert.deepEqual([hl7.packets, hl7.bytes, hl7.answered], [[11, 8], [1_900, 600], 3]); // prettier-ignore
  assert.deepEqual(hl7.operations, ["ADT^A01", "ORU^R01"]);
  assert.deepEqual((await reader.conversations("d2", 1, 2)).rows, rows.slice(1, 3));
});

test("what two sensors heard of a conversation is never added: the larger sum holds", async (t) => {
  const recording = new Recording(t);
  recording.run("eth1");
  const [a, b] = [recording.endpoint("00:00:00:00:00:01", "10.0.0.1"), recording.endpoint("00:00:00:00:00:02", "10.0.0.2")];
  const same = { client: a, server: b, port: 104, protocol: "dicom" };
  recording.conversation({ ...same, sensor: "east", packets: [10, 0], operations: "C-ECHO", side: "port", days: [1, 0], last: END - DAY });
  recording.conversation({
    ...same,
    sensor: "west",
    packets: [8, 9],
    operations: "C-STORE",
    side: "handshake",
    days: [1, 0],
    encrypted: true,
  });
  recording.device([a]);
  recording.device([b]);
  const reader = await opened(t, recording);
  const { total, rows } = await reader.conversations("d1", 0, 10);
  assert.equal(total, 1);
  assert.deepEqual(
    [rows[0]!.packets, rows[0]!.operations, rows[0]!.side, rows[0]!.days, rows[0]!.encrypted],
    [[10, 9], ["C-ECHO", "C-STORE"], "handshake", [0b11, 0], true],
  );
});

test("days are those up to the recording's last, whenever a device was heard last", async (t) => {
  const recording = new Recording(t);
  recording.run("eth1");
  recording.device([recording.endpoint(null, "10.0.0.1")], { last: END, days: [0b101, 0] });
  recording.device([recording.endpoint(null, "10.0.0.2")], { last: END - 3 * DAY, days: [0x8000_0001, 1] });
  recording.device([recording.endpoint(null, "10.0.0.3")], { last: END - 70 * DAY, days: [0xffff_ffff, 0] });
  const reader = await opened(t, recording);
  const { rows } = await reader.devices(query({ sort: "ip" }));
  assert.deepEqual(rows.map((row) => row.days), [[0b101, 0], [8, 0b1100], [0, 0]]); // prettier-ignore
});

test("changes come newest first, and say what was taken back", async (t) => {
  const { recording, reader } = await ward(t);
  recording.change({ number: 1, value: "CT" });
  recording.change({ number: 2, what: "take back", attribute: "kind" });
  recording.change({ number: 3, value: "MR" });
  recording.change({ number: 4, what: "undo", undoes: 3, reason: "taken back on the page" });
  assert.deepEqual(
    (await reader.changes(0, 10)).map((it) => [it.number, it.what, it.value, it.undone]),
    [
      [4, "undo", "", false],
      [3, "kind", "MR", true],
      [2, "take back", "", false],
      [1, "kind", "CT", false],
    ],
  );
  assert.deepEqual((await reader.changes(1, 2)).map((it) => it.number), [3, 2]); // prettier-ignore
});

test("a recording is read while another connection writes it, and what was written shows", async (t) => {
  const { recording, reader } = await ward(t);
  assert.equal((await reader.devices(query({}))).total, 2);
  recording.device([recording.endpoint("00:09:fb:00:00:99", "10.0.0.99")], { kind: "CT" });
  // On a busy machine even a ward takes long enough to be worked out beside the answers.
  await reader.renew();
  assert.equal((await reader.devices(query({ filter: "kind = ct" }))).matching, 1);
  assert.equal((await reader.coverage()).devices, 3);
});

test("what is no recording is refused with what was expected and what came", async (t) => {
  const { recording } = await ward(t);
  await assert.rejects(openReader("/nowhere/ward.db"), /expected a recording, got no file at \/nowhere\/ward\.db/);
  const text = `${recording.path}.txt`;
  writeFileSync(text, "a note to self, and no database at all. ".repeat(100));
  await assert.rejects(openReader(text), /expected a recording, got a file that is no database: /);
  writeFileSync(text, "");
  await assert.rejects(openReader(text), /expected a recording, got a database without devices in /);
  recording.sql("PRAGMA user_version = 99");
  await assert.rejects(
    openReader(recording.path),
    /expected a recording of version \d+ or older, got version 99 in .*: a newer Auscult wrote it/,
  );
});

test("what is quickly worked out is always the latest", async () => {
  const source = { changes: 1 };
  let worked = 0;
  const kept = new Kept(source, function* (): Generator<undefined, string> {
    worked++;
    yield;
    return `as of ${source.changes}`;
  });
  assert.equal(await kept.latest(), "as of 1");
  assert.equal(await kept.latest(), "as of 1");
  assert.equal(worked, 1);
  source.changes = 2;
  assert.deepEqual(await Promise.all([kept.latest(), kept.latest()]), ["as of 2", "as of 2"]);
  assert.equal(worked, 2);
});

/** Ten seconds of asking: far more than any machine rests. */
const ASKED_MAX = 500;

test("what takes long is kept while the next is worked out, and work rests in between", async () => {
  const source = { changes: 1 };
  let worked = 0;
  const kept = new Kept(source, function* (): Generator<undefined, string> {
    worked++;
    const at = source.changes;
    for (const end = performance.now() + 60; performance.now() < end;) yield;
    return `as of ${at}`;
  });
  const [first, same] = await Promise.all([kept.latest(), kept.latest()]);
  assert.deepEqual([first, same, worked], ["as of 1", "as of 1", 1]);
  source.changes = 2;
  assert.equal(await kept.latest(), "as of 1");
  assert.equal(worked, 1, "it rests for ten times as long as it worked");
  // Nobody waits for the next: each question is answered with what there is, until the next is there.
  const answers = new Set<string>();
  for (let asked = 0; asked < ASKED_MAX && !answers.has("as of 2"); asked++) {
    answers.add(await kept.latest());
    await setTimeout(20);
  }
  assert.deepEqual([...answers], ["as of 1", "as of 2"]);
  assert.equal(worked, 2);
});

test("what makes the answers quicker is done behind the first of them, for the latest alone", async () => {
  const source = { changes: 1 };
  const prepared: string[] = [];
  const kept = new Kept(
    source,
    function* (): Generator<undefined, string> {
      const at = source.changes;
      for (const end = performance.now() + 60; performance.now() < end;) yield;
      return `as of ${at}`;
    },
    function* (value): Generator<undefined> {
      for (const part of ["name", "kind", "place"]) {
        prepared.push(`${part} ${value}`);
        yield;
      }
    },
  );
  assert.equal(await kept.latest(), "as of 1");
  assert.ok(prepared.length < 3, "who asks does not wait for it");
  for (let asked = 0; asked < ASKED_MAX && prepared.length < 3; asked++) await setTimeout(5);
  assert.deepEqual(prepared, ["name as of 1", "kind as of 1", "place as of 1"]);
  source.changes = 2;
  await kept.renew();
  source.changes = 3;
  await kept.renew();
  for (let asked = 0; asked < ASKED_MAX && prepared.at(-1) !== "place as of 3"; asked++) await setTimeout(5);
  assert.equal(prepared.at(-1), "place as of 3");
});

test("what fails while nobody waits is told to who asks next", async () => {
  const source = { changes: 1 };
  let broken = false;
  const kept = new Kept(source, function* (): Generator<undefined, string> {
    for (const end = performance.now() + 60; performance.now() < end;) yield;
    if (broken) throw new Error("the disk is gone");
    return "whole";
  });
  assert.equal(await kept.latest(), "whole");
  broken = true;
  source.changes = 2;
  const told = async () => {
    for (let asked = 0; asked < ASKED_MAX; asked++) {
      assert.equal(await kept.latest(), "whole");
      await setTimeout(20);
    }
  };
  await assert.rejects(told(), /the disk is gone/);
});

test("a group's address is in conversations by its address, and no device", async (t) => {
  const { recording, reader } = await ward(t);
  const { rows } = await reader.conversations("d2", 0, 10);
  recording.device([1], { name: "all hands", standing: "group" });
  assert.equal(await reader.device("d1"), null);
  const after = (await reader.conversations("d2", 0, 10)).rows;
  assert.deepEqual(after.find((it) => it.server.ip === "224.0.0.251")?.server, { device: null, name: "all hands", ip: "224.0.0.251" });
  assert.equal(after.length, rows.length);
});

/** A pump that speaks HL7 to an engine from under its own MAC and a router's, is asked by it over SNMP, and calls a group. */
async function ward(t: TestContext): Promise<{ readonly recording: Recording; readonly reader: RecordingReader }> {
  const recording = new Recording(t);
  recording.run("ward.pcap", {}, { frames: 1_234, bytes: 567_890, last: END });
  const group = recording.endpoint("01:00:5e:00:00:fb", "224.0.0.251");
  const pump = recording.endpoint("00:09:fb:12:34:56", "10.0.0.7");
  const engine = recording.endpoint("00:50:56:00:00:01", "10.0.0.9");
  const routed = recording.endpoint("00:00:0c:00:00:01", "10.0.0.7");
  recording.claim(pump, "hostname", "pump7", "dhcp", { count: 3 });
  recording.claim(pump, "hostname", "pump7", "dns", { via: engine });
  const hl7 = { client: pump, server: engine, port: 2575, protocol: "hl7", last: END - 2 * MINUTE };
  recording.conversation({ ...hl7, operations: "ORU^R01" });
  recording.conversation({ ...hl7, client: routed, operations: "ADT^A01 ORU^R01", packets: [6, 4], bytes: [1_000, 300], answered: 2 });
  recording.conversation({ client: engine, server: pump, transport: "udp", port: 161, protocol: "snmp", last: END });
  recording.conversation({ client: engine, server: pump, transport: "udp", port: 161, protocol: "", last: END, answered: 1 });
  recording.conversation({ client: engine, server: pump, port: 80, last: END - SECOND });
  recording.conversation({ client: pump, server: group, transport: "udp", port: 5353, protocol: "mdns", last: END - HOUR, answered: 0 });
  recording.device([pump, routed], {
    name: "pump7",
    kind: "Infusion pump",
    maker: ["Philips", 7],
    against: { maker: "Baxter" },
    lifeCritical: "therapy",
  });
  recording.device([engine]);
  return { recording, reader: await opened(t, recording) };
}

async function opened(t: TestContext, recording: Recording): Promise<RecordingReader> {
  const reader = await openReader(recording.path, { describe });
  t.after(() => reader.close());
  return reader;
}

function query(it: Partial<DeviceQuery>): DeviceQuery {
  return { filter: "", sort: "id", descending: false, offset: 0, limit: 100, ...it };
}

/** Says of names what claims say, and of the rest what people say: enough to see that it is asked with everything. */
function describe({ claims, said }: Heard): Described {
  const evidence = [
    ...claims.map((it) => ({
      ...it,
      attribute: "names" as const,
      observed: it.attribute,
      raw: it.value,
      group: "names",
      weight: 12,
      why: "",
    })),
    ...[...said].map(([attribute, it]) => ({
      attribute, value: it.value, observed: "operator" as const, raw: it.value, protocol: "operator", via: null, group: "operator", weight: 99,
      why: `${it.who}: ${it.reason}`, first: it.at, last: it.at, count: 1,
    })), // prettier-ignore
  ];
  const decided = { kind: null, maker: null, model: null, serial: null, udi: null, software: null, os: null, location: null };
  const filed = { controlNumber: null, owner: null, status: null };
  return { name: "", decided, filed, names: [], lifeCritical: "other", standing: "device", evidence };
}
