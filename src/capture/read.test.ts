import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { bytes, FIRST_AT, pcapFile, pcapngFile, tcpFrame } from "../testing/frames.ts";
import { fileIdentity, InputClock, peekCapture, readFrames, type ReadOptions } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-capture-"));
after(() => rmSync(folder, { recursive: true }));

/** Sizes from nothing to 64 KB, so that records straddle every kind of border. Each frame is filled with its number. */
const MANY = Array.from({ length: 400 }, (_, index) => new Uint8Array((index * 7919) % 65_537).fill(index));
const SUM = MANY.reduce((sum, frame, index) => sum + (index & 255) * frame.length, 0);
const FILE = pcapFile(MANY);

for (const [what, file] of Object.entries({
  plain: FILE,
  "in pcapng": pcapngFile(MANY),
  "in gzip": gzipSync(FILE, { level: 1 }),
  "in zstd": zstdCompressSync(FILE),
  "in gzip of two members": bytes(gzipSync(FILE.subarray(0, 70_000)), gzipSync(FILE.subarray(70_000))),
  "in zstd of two frames": bytes(zstdCompressSync(FILE.subarray(0, 70_000)), zstdCompressSync(FILE.subarray(70_000))),
}))
  test(`12 MB ${what}: every byte of every frame`, async () => {
    const { frames, sum, result } = await readBytes(file);
    assert.deepEqual({ frames, sum, trouble: result.trouble }, { frames: MANY.length, sum: SUM, trouble: undefined });
    assert.equal(result.bytesRead, file.length);
  });

test("a pipe gives the same as a file, and ticks when it falls silent", async () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const writer = openSync(path, "r+");
  const reader = openSync(path, "r");
  const file = pcapFile(Array.from({ length: 10 }, () => tcpFrame({ to: 104 })));
  writeSync(writer, file.subarray(0, 100)); // The second record is cut.
  setTimeout(() => {
    writeSync(writer, file.subarray(100));
    closeSync(writer);
  }, 1_300);
  const ticks: number[] = [];
  let pauses = 0;
  const { frames, result } = await readDescriptor(
    reader,
    { live: true, now: () => FIRST_AT + 3_000_000 },
    (at) => ticks.push(at),
    () => pauses++,
  );
  closeSync(reader);
  assert.ok(pauses > 0);
  assert.deepEqual(ticks, [FIRST_AT + 1_500_000], "a second and a half behind, for what the capture program still holds");
  assert.equal(frames, 10);
  assert.equal(result.timeBackwards, 9, "frames from before the tick count at its time");
});

test("whoever comes after can hold the reading back", async () => {
  let waits = 0;
  let open = false;
  const room = async () => {
    waits++;
    open = true;
    await new Promise((resolve) => setImmediate(resolve));
    open = false;
  };
  const fd = written(FILE);
  await readFrames(fd, { ...SILENT, frame: () => assert.equal(open, false) }, { live: false, clock: new InputClock(), room });
  closeSync(fd);
  assert.ok(waits >= 12, `${waits} for 12 MB`);
});

test("packed data that end too early keep what was unpacked", async () => {
  for (const packed of [gzipSync(FILE), zstdCompressSync(FILE)]) {
    const { frames, result } = await readBytes(packed.subarray(0, packed.length - 2_000));
    assert.ok(frames > 0 && frames < MANY.length, String(frames));
    assert.match(result.trouble!, /^expected whole (gzip|zstd) data, got "unexpected end of file" near byte \d+ of the file$/);
  }
});

test("what was unpacked before the damage is read to its last frame, and the damage is said", async () => {
  const small = pcapFile(Array.from({ length: 50 }, () => tcpFrame({ to: 104 })));
  const garbage = new Uint8Array(40_000).fill(7);
  const wrongSum = (packed: Uint8Array) => packed.with(packed.length - 6, packed.at(-6)! ^ 255);
  for (const [whole, count] of [
    [small, 50],
    [FILE, MANY.length],
  ] as const)
    for (const [what, packed, trouble] of [
      [
        "garbage after gzip",
        bytes(gzipSync(whole), garbage),
        /^expected whole gzip data, got "incorrect header check" near byte \d+ of the file$/,
      ],
      [
        "a wrong sum in gzip",
        wrongSum(gzipSync(whole)),
        /^expected whole gzip data, got "incorrect data check" near byte \d+ of the file$/,
      ],
      [
        "garbage after zstd",
        bytes(zstdCompressSync(whole), garbage),
        /^expected the file to end with its zstd data at byte \d+, got other bytes/,
      ],
      [
        "gzip, zeros, garbage",
        bytes(gzipSync(whole), new Uint8Array(512), garbage),
        /^expected the file to end with its gzip data at byte \d+, got/,
      ],
    ] as const) {
      const { frames, result } = await readBytes(packed);
      assert.equal(frames, count, what);
      assert.match(result.trouble!, trouble, what);
      const fd = written(packed);
      assert.equal((await peekCapture(fd)).firstAt, FIRST_AT, what);
      closeSync(fd);
    }
});

test("zeros that only fill a block after packed data are no damage", async () => {
  for (const packed of [gzipSync(FILE), zstdCompressSync(FILE)]) {
    const { frames, result } = await readBytes(bytes(packed, new Uint8Array(40_000)));
    assert.deepEqual([frames, result.trouble], [MANY.length, undefined]);
  }
});

test("packed text is text", async () => {
  const { result } = await readBytes(gzipSync("hello"));
  assert.equal(result.trouble, 'expected a capture (pcap or pcapng), got text beginning "hello" (of what it unpacks to)');
});

test("a descriptor that cannot be read is trouble, not an exception", async () => {
  const fd = openSync(folder, "r");
  const { result } = await readDescriptor(fd, { live: false });
  closeSync(fd);
  assert.equal(result.trouble, "reading failed at byte 0: EISDIR");
});

test("files that follow each other share a clock", async () => {
  const clock = new InputClock();
  for (const [at, backwards] of [
    [FIRST_AT, 0],
    [FIRST_AT + 5, 0],
    [FIRST_AT + 1, 1],
  ] as const) {
    const fd = written(pcapFile([{ bytes: tcpFrame({ to: 104 }), at }]));
    assert.equal((await readFrames(fd, SILENT, { live: false, clock })).timeBackwards, backwards);
    closeSync(fd);
  }
});

test("peeking tells format and first time, and takes nothing away", async () => {
  for (const [file, format] of [
    [FILE, "pcap"],
    [pcapngFile(MANY), "pcapng"],
    [gzipSync(FILE), "pcap in gzip"],
    [zstdCompressSync(pcapngFile(MANY)), "pcapng in zstd"],
  ] as const) {
    const fd = written(file);
    assert.deepEqual(await peekCapture(fd), { firstAt: FIRST_AT, format });
    const first = new Uint8Array(4);
    readSync(fd, first);
    assert.deepEqual(first, new Uint8Array(file.subarray(0, 4)), "the descriptor stands where it stood");
    closeSync(fd);
  }
  const empty = written(pcapFile([]));
  assert.deepEqual(await peekCapture(empty), { firstAt: null, format: "pcap" });
  closeSync(empty);
  const text = written(Buffer.from("hello"));
  assert.equal((await peekCapture(text)).trouble, 'expected a capture (pcap or pcapng), got text beginning "hello"');
  closeSync(text);
});

test("damage further on is for the reading to say", async () => {
  const fd = written(bytes(pcapFile([tcpFrame({ to: 104 })]), new Uint8Array(16).fill(255)));
  assert.deepEqual(await peekCapture(fd), { firstAt: FIRST_AT, format: "pcap" });
  closeSync(fd);
});

test("a file's identity is its content", () => {
  const identity = (file: Uint8Array) => {
    const fd = written(file);
    try {
      return fileIdentity(fd, file.length);
    } finally {
      closeSync(fd);
    }
  };
  const long = new Uint8Array(20_000_000);
  assert.match(identity(long), /^[0-9a-f]{64}$/);
  assert.equal(identity(long), identity(long.slice()));
  const seen = new Set([identity(long), identity(long.subarray(1))]);
  for (const at of [0, 1_048_576, 19_999_999]) {
    const other = long.slice();
    other[at] = 1;
    seen.add(identity(other));
  }
  for (const at of [0, 1_500_000, 2_999_999]) {
    const other = long.slice(0, 3_000_000);
    other[at] = 1;
    seen.add(identity(other));
  }
  assert.equal(seen.size, 8);
});

const SILENT = { frame: () => undefined, drops: () => undefined, tick: () => undefined, pause: () => undefined, progress: () => undefined };

let files = 0;
function written(file: Uint8Array): number {
  const path = join(folder, String(files++));
  writeFileSync(path, file);
  return openSync(path, "r");
}

async function readBytes(file: Uint8Array) {
  const fd = written(file);
  try {
    return await readDescriptor(fd, { live: false });
  } finally {
    closeSync(fd);
  }
}

async function readDescriptor(
  fd: number,
  options: Omit<ReadOptions, "clock">,
  tick: (at: number) => void = () => undefined,
  pause: () => void = () => assert.fail("nobody is listening live"),
) {
  let frames = 0;
  let sum = 0;
  const frame = (of: Uint8Array, start: number, end: number) => {
    frames++;
    for (let at = start; at < end; at++) sum += of[at]!;
  };
  const result = await readFrames(fd, { ...SILENT, frame, tick, pause }, { ...options, clock: new InputClock() });
  assert.equal(result.frames, frames);
  return { frames, sum, result };
}
