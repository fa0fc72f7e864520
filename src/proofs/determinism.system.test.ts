/** The same traffic gives the same inventory to the byte, however it is packed, cut, read again, or whenever it is stored. */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { readSettings } from "../config.ts";
import { Core } from "../core.ts";
import { Random } from "../simulation/random.ts";
import { sampleFrames } from "../testing/captures.ts";
import { start } from "../testing/command.ts";
import { FLOOD_FRAME_BYTES, FLOOD_RECORD_BYTES, floodRecords } from "../testing/flood.ts";
import { FIRST_AT, pcapFile, pcapngFile } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { inventoryOf, opened } from "../testing/opened.ts";
import { sensorOf } from "../testing/processes.ts";
import { sensed } from "../testing/sensed.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-same-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const frames = sampleFrames(80, 5);
const pcap = pcapFile(frames);
const pcapng = pcapngFile(frames, { bigEndian: true, resolution: 9 });

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const plain = file("ward.pcap", pcap);
const ETHERNET = 1;

let readings = 0;
const data = () => join(folder, `data-${++readings}`);

const read = async (path: string, into = data()) => inventoryOf((await opened(into, path)).path);
const first = read(plain);

suite("the same inventory to the byte", { concurrency: 2 }, () => {
  test("it is the inventory of a hospital, and another one for other traffic", async () => {
    const { devices, conversations } = JSON.parse(await first) as { devices: unknown[]; conversations: unknown[] };
    assert.ok(devices.length > 60 && conversations.length > 100, `${devices.length} devices, ${conversations.length} conversations`);
    assert.notEqual(await read(file("less.pcap", pcapFile(frames.slice(1)))), await first);
  });

  for (const [name, bytes] of [
    ["ward.pcapng", pcapng],
    ["ward.pcap.gz", gzipSync(pcap)],
    ["ward.pcapng.zst", zstdCompressSync(pcapng)],
  ] as const)
    test(`as ${name}`, async () => assertSame(await read(file(name, bytes)), await first));

  for (const pieces of [2, 23])
    test(`as a ring of ${pieces} files, each another format, named in no order`, async () => {
      const ring = join(folder, `ring-${pieces}`);
      mkdirSync(ring);
      const each = Math.ceil(frames.length / pieces);
      for (let piece = 0; piece < pieces; piece++) {
        const part = frames.slice(piece * each, (piece + 1) * each);
        const packed = [
          pcapFile(part),
          pcapngFile(part),
          gzipSync(pcapFile(part, { nanoseconds: true })),
          zstdCompressSync(pcapngFile(part)),
        ];
        writeFileSync(join(ring, `${(piece * 7) % pieces}`), packed[piece % packed.length]!);
      }
      assertSame(await read(ring), await first);
    });

  test("in a flood, which lets in some strangers and not others: a sensor and we, the same ones", async () => {
    const flood = file("flood.pcap", pcapFile([]));
    const ear = new Ear({ flowsMax: readSettings(folder, {}).flowsMax });
    let at = FIRST_AT;
    for (const piece of floodRecords(800_000, FIRST_AT, 200_000, 7)) {
      appendFileSync(flood, piece);
      for (let end = FLOOD_RECORD_BYTES; end <= piece.length; end += FLOOD_RECORD_BYTES, at += 5)
        ear.heard(piece, end - FLOOD_FRAME_BYTES, end, FLOOD_FRAME_BYTES, at, ETHERNET);
    }
    const [one, other] = [await sensed(flood), ear.end()].map((batches) =>
      batches.flatMap(({ addresses }) => addresses.map(([, mac, ip]) => `${mac} ${ip}`)),
    ) as [string[], string[]];
    const heard = new Set(one).size;
    assert.ok(heard > 100_000 && heard < 101_000, `${heard} addresses`);
    assert.ok(one.join() === other.join(), "expected the same addresses in the same order");
  });

  test("read twice into the same recording", async () => {
    const into = data();
    await read(plain, into);
    assertSame(await read(plain, into), await first);
  });

  test("by the program, while core and sensor are stopped again and again", { skip: process.platform === "win32" }, async () => {
    const random = new Random(7);
    const program = start(["--data", data(), "open", plain, "--exit", "--json"]);
    program.child.stdin.end();
    while (program.child.exitCode === null && program.child.signalCode === null) {
      const pid = random.below(2) === 0 ? program.child.pid : sensorOf(program.child.pid!);
      if (pid !== undefined) await stopped(pid, random.below(60));
      await sleep(random.below(20));
    }
    const { code, stdout, stderr } = await program.ended;
    assert.equal(code, 0, stderr);
    assertSame(stdout, await first);
  });

  test("stored, worked out and opened again at any time", async () => {
    const batches = await sensed(plain);
    for (let seed = 1; seed <= 4; seed++) {
      const random = new Random(seed);
      const path = join(folder, `core-${seed}.db`);
      const open = () => new Core({ path, site: "main", ownRanges: [] });
      let core = open();
      for (const batch of batches) {
        assert.equal(core.take(batch), true);
        const what = random.below(6);
        if (what === 0) core.flush();
        if (what === 1) core.work(random.below(5));
        if (what === 2) core.settle();
        if (what === 3) {
          core.flush();
          core.close();
          core = open();
          assert.equal(core.take(batch), false, "taken before it was closed");
        }
      }
      core.settle();
      core.close();
      assertSame(await inventoryOf(path), await first, `seed ${seed}: `);
    }
  });
});

/** Nobody reads two documents beside each other: the first line that differs is told. */
function assertSame(actual: string, expected: string, about = ""): void {
  if (actual === expected) return;
  const [got, wanted] = [actual.split("\n"), expected.split("\n")];
  const at = wanted.findIndex((line, index) => line !== got[index]);
  assert.fail(`${about}line ${at + 1} of ${wanted.length}: expected ${wanted[at]}, got ${got[at]} of ${got.length}`);
}

async function stopped(pid: number, milliseconds: number): Promise<void> {
  try {
    process.kill(pid, "SIGSTOP");
    await sleep(milliseconds);
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // It ended meanwhile.
  }
}
