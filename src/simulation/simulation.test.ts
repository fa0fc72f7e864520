import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder } from "../decode/index.ts";
import { Ear, total } from "../testing/hear.ts";
import { simulate } from "./index.ts";

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const IPV4 = 0x0800;

const file = (seed: number, more: object = {}) => Buffer.concat([...simulate({ seed, minutes: 6, size: 40, ...more }).capture]);

function* frames(capture: Buffer): Iterable<Uint8Array> {
  for (let at = HEADER_BYTES; at < capture.length;) {
    const length = capture.readUInt32LE(at + 8);
    yield capture.subarray(at + RECORD_BYTES, at + RECORD_BYTES + length);
    at += RECORD_BYTES + length;
  }
}

const sample = simulate({ seed: 3 });
const sampleFile = Buffer.concat([...sample.capture]);

test("the same seed gives the same bytes, another one others", () => {
  assert.deepEqual(file(1), file(1));
  assert.notDeepEqual(file(1), file(2));
  assert.deepEqual(simulate({ seed: 1 }).truth, simulate({ seed: 1 }).truth);
});

test("a hospital of any size has each kind of machine in it", () => {
  const kinds = (size: number) => [...new Set(simulate({ seed: 1, minutes: 1, size }).truth.devices.map(({ kind }) => kind))].sort();
  assert.deepEqual(kinds(1), kinds(400));
  assert.throws(() => simulate({ seed: 1, size: 60_000 }), /expected at most 50000 devices, got 60000/);
  assert.ok(sample.truth.devices.length >= 130 && sample.truth.devices.length <= 150);
});

test("nothing in it is wrong for our own decoder, and every machine of the truth is heard", () => {
  const decoder = new Decoder();
  const senders = new Set<string>();
  let at = 1;
  for (const frame of frames(sampleFile)) {
    decoder.decode(frame, 0, frame.length, frame.length, at++, 1);
    senders.add(Buffer.from(frame.subarray(6, 12)).toString("hex"));
  }
  assert.deepEqual(
    Object.entries(decoder.troubles).filter(([, count]) => count > 0),
    [],
  );
  for (const device of sample.truth.devices)
    for (const mac of device.macs) assert.ok(senders.has(mac.replaceAll(":", "")), `${device.names[0]} (${mac})`);
});

test("time never goes back, sums are right, and each machine counts its packets upwards", () => {
  let before = 0;
  for (let at = HEADER_BYTES; at < sampleFile.length; at += RECORD_BYTES + sampleFile.readUInt32LE(at + 8)) {
    const now = sampleFile.readUInt32LE(at) * 1e6 + sampleFile.readUInt32LE(at + 4);
    assert.ok(now >= before);
    before = now;
  }
  const counters = new Map<string, number>();
  for (const frame of frames(sampleFile)) {
    const bytes = Buffer.from(frame);
    if (bytes.readUInt16BE(12) !== IPV4) continue;
    assert.equal(sumOf(bytes.subarray(14, 34)), 0xffff);
    const pseudo = Buffer.concat([bytes.subarray(26, 34), Buffer.from([0, bytes[23]!, (bytes.length - 34) >> 8, bytes.length - 34])]);
    assert.equal(sumOf(Buffer.concat([pseudo, bytes.subarray(34)])), 0xffff);
    const [sender, id] = [bytes.toString("hex", 6, 12), bytes.readUInt16BE(18)];
    const last = counters.get(sender);
    if (last !== undefined) assert.equal(id, (last + 1) & 0xffff, sender);
    counters.set(sender, id);
  }
});

test("whoever speaks to a machine asked for its card before", () => {
  const known = new Set<string>();
  for (const frame of frames(sampleFile)) {
    const bytes = Buffer.from(frame);
    const [to, from] = [bytes.toString("hex", 0, 6), bytes.toString("hex", 6, 12)];
    if (bytes.readUInt16BE(12) === 0x0806 && bytes[21] === 2) known.add(`${from} ${to}`).add(`${to} ${from}`);
    else if (bytes.readUInt16BE(12) === IPV4 && (bytes[0]! & 1) === 0) assert.ok(known.has(`${from} ${to}`), `${from} to ${to}`);
  }
});

test("every message is one its protocol takes, and the services of the truth are heard to answer", () => {
  const ear = new Ear({ every: 0.12 });
  for (const frame of frames(sampleFile)) ear.frame(frame);
  const batches = ear.end();
  assert.deepEqual(ear.defects, []);
  assert.deepEqual(
    batches.flatMap((it) => Object.entries(it.frames.malformed)),
    [],
  );
  assert.equal(
    total(batches, (it) => it.loss.gaps),
    0,
  );
  const rows = batches.flatMap(({ addresses, conversations }) =>
    conversations.map(([, server, transport, port, protocol, , , , , , answered]) => ({
      service: `${addresses[server]![2]} ${transport} ${port}`,
      protocol,
      answered,
    })),
  );
  // The one protocol nobody here reads yet.
  const unread = rows.filter(({ protocol, service }) => protocol === "" && !service.endsWith("tcp 389")).map(({ service }) => service);
  assert.deepEqual(unread, []);
  const answering = new Map(rows.filter(({ answered }) => answered > 0).map(({ service, protocol }) => [service, protocol]));
  for (const { ips, names, services } of sample.truth.devices)
    for (const { transport, port, protocol } of services) {
      // Who has no address yet is answered by a broadcast.
      if (protocol === "dhcp") continue;
      const heard = answering.get(`${ips[0]} ${transport} ${port}`);
      assert.equal(heard === "" ? "ldap" : heard, protocol, `${names[0]} ${transport} ${port}`);
    }
});

/** RFC 1071: of a whole header or segment, its own sum included, all ones. */
function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

test("planted weaknesses stand at one machine each, beside a twin of its kind", () => {
  const { truth } = simulate({ seed: 4, weaknesses: true });
  const ips = truth.weaknesses!.flatMap(({ ip, twin }) => [ip, twin]);
  assert.equal(new Set(ips).size, ips.length);
  const kindOf = (ip: string) => truth.devices.find((it) => it.ips.includes(ip))!.kind;
  // Two sorts of pump do the same work.
  const sortOf = (ip: string) => kindOf(ip).replace(/^(?:infusion|syringe) /, "");
  for (const { name, ip, twin } of truth.weaknesses!) assert.equal(sortOf(ip), sortOf(twin), name);
});
