import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { zstdDecompressSync } from "node:zlib";
import type { Batch } from "../../model/batch.ts";
import { checkBatch } from "../check-batch.ts";
import { filled } from "../../testing/filled.ts";
import { emptyBatch } from "./empty-batch.ts";
import { NO_MORE_THERE, Spool, SPOOL_FULL } from "./spool.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "auscult-spool-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const opened = (bytesMax = 1e9) => new Spool({ folder, bytesMax, site: "north", sensor: "er-1" });
/** Of `frames` frames heard at `sequence` seconds. */
function batch(run: string, sequence: number, frames = 10, more: Partial<Batch> = {}): Batch {
  const at = sequence * 1_000_000;
  const empty = emptyBatch({ site: "north", sensor: "er-1", run, sequence, input: "eth1", from: at, to: at, frames: 0 });
  return { ...empty, frames: { ...empty.frames, frames }, ...more };
}
function sent(spool: Spool, run: string, sequence: number): Batch | null {
  const parcel = spool.parcel(run, sequence);
  if (parcel === null) return null;
  const checked = checkBatch(JSON.parse(zstdDecompressSync(parcel.payload).toString("utf8")));
  if (typeof checked === "string") assert.fail(checked);
  return checked;
}
const filesOf = (run: string) => readdirSync(join(folder, run)).filter((name) => name.endsWith(".zst")).length;

test("what was put is there after a kill, and a live run is closed by a batch of its own", () => {
  const before = opened();
  for (const sequence of [1, 2, 3]) before.put(batch("live-1", sequence));
  before.close();
  writeFileSync(join(folder, "live-1", "000000004.jsonl.zst.new"), "half of a bat");
  const after = opened();
  assert.equal(after.last("live-1"), 4);
  assert.deepEqual(sent(after, "live-1", 2), batch("live-1", 2));
  assert.equal(sent(after, "live-1", 4)?.end, true);
  after.close();
});

test("a file goes on where it was: no batch is added to it", () => {
  const before = opened();
  for (const sequence of [1, 2]) before.put(batch("abc", sequence));
  before.close();
  const after = opened();
  assert.equal(after.last("abc"), 2);
  after.close();
});

test("what is committed waits no longer, and is there for whoever asks for it again: also after a start", () => {
  const spool = opened();
  for (const sequence of [1, 2, 3]) spool.put(batch("live-1", sequence));
  spool.committed("live-1", 2);
  assert.deepEqual([spool.isEmpty, spool.status.batches], [false, 1]);
  spool.committed("live-1", 3);
  assert.deepEqual([spool.isEmpty, spool.status.batches, spool.status.bytes], [true, 0, 0]);
  spool.close();
  const again = opened();
  assert.deepEqual([again.last("live-1"), again.isEmpty], [4, false]);
  assert.deepEqual(sent(again, "live-1", 2), batch("live-1", 2));
  again.close();
});

test("at the bound what is committed goes first, its oldest before all, and nothing is lost by it", () => {
  const spool = opened(4 * 4_096);
  for (const sequence of [1, 2, 3]) spool.put(batch("live-1", sequence));
  spool.committed("live-1", 2);
  for (const sequence of [4, 5]) spool.put(batch("live-1", sequence));
  assert.deepEqual([filesOf("live-1"), spool.status.batches, spool.status.lostFrames], [3, 3, 0]);
  assert.deepEqual(sent(spool, "live-1", 3), batch("live-1", 3));
  spool.close();
});

test("two days after it was heard what is committed goes, and what is not stays", () => {
  const before = opened();
  for (const sequence of [1, 2, 3]) before.put(batch("abc", sequence));
  const old = new Date(Date.now() - 3 * 86_400_000);
  for (const sequence of [1, 3]) utimesSync(join(folder, "abc", `00000000${sequence}.jsonl.zst`), old, old);
  before.committed("abc", 2);
  assert.equal(filesOf("abc"), 2);
  before.close();
  const after = opened();
  assert.equal(filesOf("abc"), 2);
  assert.deepEqual(sent(after, "abc", 3), batch("abc", 3));
  after.close();
});

test("at the bound the oldest of a live input goes, and what takes its place counts its frames as lost", () => {
  const spool = opened(3 * 4_096);
  for (let sequence = 1; sequence <= 6; sequence++) spool.put(batch("live-1", sequence, sequence));
  assert.equal(filesOf("live-1"), 2);
  const [first, last] = [sent(spool, "live-1", 1), sent(spool, "live-1", 6)];
  assert.deepEqual([first?.loss.drops, first?.loss.limits, first?.frames.frames], [1, { [SPOOL_FULL]: 1 }, 0]);
  assert.equal(last?.frames.frames, 6);
  assert.equal(spool.status.lostFrames, 1 + 2 + 3 + 4);
  spool.close();
  const after = opened(3 * 4_096);
  assert.equal(sent(after, "live-1", 4)?.loss.drops, 4);
  after.close();
});

test("of a file nothing is let go: there is no room until some is committed", () => {
  const spool = opened(2 * 4_096);
  for (const sequence of [1, 2, 3]) spool.put(batch("abc", sequence));
  assert.deepEqual([filesOf("abc"), spool.hasRoom], [3, false]);
  spool.committed("abc", 3);
  assert.equal(spool.hasRoom, true);
  spool.close();
});

test("of what left the spool it is told that it is no more, where a core asks for it again", () => {
  const spool = opened();
  for (const sequence of [1, 2]) spool.put(batch("live-1", sequence));
  spool.committed("live-1", 1);
  rmSync(join(folder, "live-1", "000000001.jsonl.zst"));
  assert.deepEqual(sent(spool, "live-1", 1)?.loss.limits, { [NO_MORE_THERE]: 1 });
  assert.equal(sent(spool, "live-1", 3), null);
  spool.close();
});

test("a second sensor is refused the folder of the first", () => {
  const spool = opened();
  assert.throws(() => opened(), /another Auscult writes it/);
  spool.close();
});

test("a batch that comes twice is kept once, and a run whose name leads elsewhere is none", () => {
  const spool = opened();
  spool.put(batch("live-1", 1, 10));
  spool.put(batch("live-1", 1, 99));
  assert.equal(sent(spool, "live-1", 1)?.frames.frames, 10);
  assert.throws(() => spool.put(batch("../elsewhere", 1)), /expected a run of letters and digits/);
  assert.equal(existsSync(join(folder, "..", "elsewhere")), false);
  spool.close();
});

test(
  "on a full disk none is begun, and its folder is free for the next who tries",
  { skip: process.getuid?.() !== 0 && "needs root, which makes a small disk" },
  () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=65536", "tmpfs", folder]);
    try {
      const ballast = filled(join(folder, "ballast"));
      assert.throws(() => opened(), /expected a spool that can be written, got a full disk: /);
      rmSync(ballast);
      const spool = opened();
      spool.put(batch("live-1", 1));
      spool.close();
    } finally {
      execFileSync("umount", ["-l", folder]);
    }
  },
);

test(
  "where the disk is full before the bound is reached, what is committed makes room",
  { skip: process.getuid?.() !== 0 && "needs root, which makes a small disk" },
  () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=131072", "tmpfs", folder]);
    try {
      const spool = opened();
      for (const sequence of [1, 2, 3, 4]) spool.put(batch("live-1", sequence));
      spool.committed("live-1", 3);
      filled(join(folder, "ballast"));
      for (const sequence of [5, 6]) spool.put(batch("live-1", sequence));
      assert.throws(() => [7, 8, 9].forEach((sequence) => spool.put(batch("live-1", sequence))), /ENOSPC/);
      for (const sequence of [4, 5, 6]) assert.deepEqual(sent(spool, "live-1", sequence), batch("live-1", sequence));
      spool.close();
    } finally {
      execFileSync("umount", ["-l", folder]);
    }
  },
);

test(
  "what is committed leaves a tenth of the disk free, and goes where a sensor starts on a full one",
  { skip: process.getuid?.() !== 0 && "needs root, which makes a small disk" },
  () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=262144", "tmpfs", folder]);
    try {
      const before = opened();
      for (let sequence = 1; sequence <= 200; sequence++) {
        before.put(batch(`run-${Math.ceil(sequence / 10)}`, ((sequence - 1) % 10) + 1));
        before.committed(`run-${Math.ceil(sequence / 10)}`, ((sequence - 1) % 10) + 1);
      }
      const { bavail, blocks } = statfsSync(folder);
      assert.ok(bavail >= blocks / 10 - 1, `${bavail} of ${blocks} blocks are free`);
      assert.deepEqual(sent(before, "run-20", 10), batch("run-20", 10));
      before.put(batch("run-21", 1));
      before.close();
      filled(join(folder, "ballast"));
      const after = opened();
      assert.deepEqual(sent(after, "run-21", 1), batch("run-21", 1));
      assert.deepEqual(sent(after, "run-20", 10)?.loss.limits, { [NO_MORE_THERE]: 1 });
      after.close();
    } finally {
      execFileSync("umount", ["-l", folder]);
    }
  },
);
