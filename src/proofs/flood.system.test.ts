/**
 * Ten million frames from as many forged cards and addresses: all processes together stay under a stated bound, known devices and their
 * flows come out whole, newcomers are noticed, and what was let go is counted.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openReader } from "../reader.ts";
import { Store } from "../store/reader.ts";
import { brokenCopy } from "../testing/broken.ts";
import { start } from "../testing/command.ts";
import { FLOOD_RECORD_BYTES, floodRecords } from "../testing/flood.ts";
import { FIRST_AT, pcapFile, type Frame } from "../testing/frames.ts";
import { EVERYONE, Lan, type Machine } from "../testing/lan.ts";
import { dhcp, hl7Header, latin, mllp } from "../testing/messages.ts";
import { familyOf, memoryOf } from "../testing/processes.ts";

/** What a flood may cost, however long it lasts: core and sensor together, shared pages counted once. */
const MEMORY_MAX = 700_000_000;

const FRAMES = 10_000_000;
const FRAMES_PER_SECOND = 200_000;
const KNOWN = 1_000;
const NEWCOMERS = 20;
/** Forged senders and receivers that are listed at most: the first of them. */
const DEVICES_MAX = 150_000;
const PORT = 2575;
const SECOND = 1_000_000;
const FLOOD_BEGINS = FIRST_AT + 5 * SECOND;
/** A known device says something so often, in these distances: also when the flood is over. */
const TIMES = 13;
const EVERY = 5 * SECOND;
/** Handshake and end, each message with its answer: to the server, to the client. */
const PACKETS = [2 + 2 * TIMES + 2, 1 + 2 * TIMES + 1];
const PCAP_HEADER_BYTES = 24;

const folder = mkdtempSync(join(tmpdir(), "auscult-flood-"));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

const ENGINE: Machine = { mac: "00:50:56:00:00:01", ip: "10.9.0.1" };
const machine = (number: number): Machine => {
  const [high, low] = [number >> 8, number & 255];
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  return { mac: `00:09:fb:09:${hex(high)}:${hex(low)}`, ip: `10.9.${16 + high}.${low}` };
};
const message = mllp(hl7Header("MONITORS|WARD 3", "ENGINE|CLINIC", "ORU^R01"), "OBX|1|NM|150456||97");
const answer = mllp(hl7Header("ENGINE|CLINIC", "MONITORS|WARD 3", "ACK"), "MSA|AA|4711");

/** Known devices that speak before, between and after, each over one connection; and newcomers, who come in the middle. */
function devices(): readonly Frame[] {
  const lan = new Lan();
  for (let number = 0; number < KNOWN + NEWCOMERS; number++) {
    const device = machine(number);
    const begins = number < KNOWN ? FIRST_AT + number * 1_000 : FLOOD_BEGINS + 20 * SECOND + number * 20_000;
    const request = dhcp(1, device.mac, "0.0.0.0", [53, Uint8Array.of(3)], [12, latin(`monitor-${number}`)]);
    lan.udp(begins, { ...device, ip: "0.0.0.0" }, EVERYONE, [68, 67], request);
    const connection = lan.connect(begins + 100, device, ENGINE, PORT);
    for (let time = 0; time < TIMES; time++) {
      const at = begins + 500 + time * EVERY;
      connection.say(at, "client", message).say(at + 400, "server", answer);
    }
    connection.close(begins + (TIMES - 1) * EVERY + SECOND);
  }
  return lan.frames;
}

/** The flood with these frames between its own, each in its time. */
function* flooded(frames: readonly Frame[], count: number): Generator<Uint8Array> {
  yield pcapFile([]);
  let next = 0;
  const until = (at: number) => {
    const from = next;
    while (next < frames.length && frames[next]!.at! <= at) next++;
    return pcapFile(frames.slice(from, next)).subarray(PCAP_HEADER_BYTES);
  };
  let past = 0;
  for (const piece of floodRecords(count, FLOOD_BEGINS, FRAMES_PER_SECOND, 7)) {
    yield until(FLOOD_BEGINS + (past / FRAMES_PER_SECOND) * SECOND);
    yield Uint8Array.from(piece);
    past += piece.length / FLOOD_RECORD_BYTES;
  }
  yield until(Number.POSITIVE_INFINITY);
}

interface Inventory {
  readonly coverage: { readonly frames: number; readonly gaps: number };
  readonly devices: readonly {
    readonly macs: readonly string[];
    readonly ips: readonly string[];
    readonly names: readonly { readonly value: string }[];
  }[];
  readonly conversations: readonly {
    readonly client: string;
    readonly server: string;
    readonly port: number;
    readonly protocol: string | null;
    readonly packets: readonly [number, number];
    readonly operations: readonly string[];
  }[];
}

/** Answers the memory it took at most. */
async function read(data: string, frames: readonly Frame[], count: number, main?: string): Promise<number> {
  const program = start(["--data", data, "open", "-", "--exit"], {}, main === undefined ? {} : { main });
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, memoryOf(familyOf(program.child.pid!)))), 200);
  for (const piece of flooded(frames, count)) if (!program.child.stdin.write(piece)) await once(program.child.stdin, "drain");
  program.child.stdin.end();
  const { code, stderr } = await program.ended;
  clearInterval(watching);
  assert.equal(code, 0, stderr);
  return most;
}

const recordingOf = (data: string) => join(data, "recordings", "standard-input.db");
const skip = process.platform !== "linux" && "reads memory from /proc";

test("a flood costs no more than it may, and hides nobody", { skip }, async () => {
  const frames = devices();
  const data = join(folder, "data");
  const most = await read(data, frames, FRAMES);
  process.stderr.write(`${FRAMES} frames of a flood: ${Math.round(most / 1e6)} MB at most\n`);
  assert.ok(most > 50_000_000 && most < MEMORY_MAX, `${most} bytes`);

  const reader = await openReader(recordingOf(data));
  let text = "";
  for await (const piece of reader.inventory()) text += piece;
  const { limits } = await reader.coverage();
  await reader.close();
  const { coverage, devices: found, conversations } = JSON.parse(text) as Inventory;
  assert.deepEqual([coverage.frames, coverage.gaps], [FRAMES + frames.length, 0], "every frame counts");
  assert.ok(limits["hosts"]! > FRAMES, `expected to be told how many were let go, got ${JSON.stringify(limits)}`);
  assert.ok(found.length < DEVICES_MAX, `${found.length} devices`);

  const byIp = new Map(found.flatMap((it) => it.ips.map((ip) => [ip, it] as const)));
  const talks = Map.groupBy(
    conversations.filter(({ server }) => server === ENGINE.ip),
    ({ client }) => client,
  );
  for (let number = 0; number < KNOWN + NEWCOMERS; number++) {
    const { mac, ip } = machine(number);
    const told = talks.get(ip)?.map(({ port, protocol, operations, packets }) => ({ port, protocol, operations, packets }));
    assert.deepEqual(byIp.get(ip)?.macs, [mac], ip);
    assert.deepEqual(told?.map(({ protocol, operations }) => [protocol, ...operations]), [["hl7", "ACK", "ORU^R01"]], ip); // prettier-ignore
    if (number >= KNOWN) continue; // Of a newcomer the very first frames may be let go.
    assert.deepEqual(byIp.get(ip)?.names.map(({ value }) => value), [`monitor-${number}`]); // prettier-ignore
    assert.deepEqual(told, [{ port: PORT, protocol: "hl7", operations: ["ACK", "ORU^R01"], packets: PACKETS }], ip);
  }
});

test("a sensor that takes in everyone is found", { skip }, async () => {
  const fault = { file: "src/flows/hosts.ts", of: "const UNPROVEN_MAX = 100_000;", instead: "const UNPROVEN_MAX = 100_000_000;" };
  const data = join(folder, "broken-data");
  await read(data, [], FRAMES / 50, brokenCopy(join(folder, "broken"), [fault]));
  const store = new Store(recordingOf(data));
  // Whoever is outside the hospital's networks as well: most forged addresses are.
  const { found } = store.get<{ found: number }>("SELECT count(*) AS found FROM device")!;
  store.close();
  assert.ok(found > DEVICES_MAX, `${found} devices`);
});
