import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../testing/notes.ts";
import {
  block,
  bytes,
  FIRST_AT,
  interfaceBlock,
  option,
  pcapFile,
  pcapngFile,
  sectionBlock,
  tcpFrame,
  u16,
  u32,
  u64,
  udpFrame,
  type Frame,
} from "../testing/frames.ts";
import { InputClock } from "./clock.ts";
import { Intake } from "./intake.ts";

const FRAMES: readonly Frame[] = [
  { bytes: tcpFrame({ to: 104, flags: "S" }), at: FIRST_AT },
  { bytes: udpFrame({ to: 53 }, hex`01 02 03`), at: FIRST_AT + 1 },
  { bytes: hex`aa`, at: FIRST_AT + 2_000_003, wireLength: 60 },
];
const LINES = ["+0 54 of 54, link 1", "+1 45 of 45, link 1", "+2000003 1 of 60, link 1"];

for (const [what, file] of Object.entries({
  "pcap, little-endian": pcapFile(FRAMES),
  "pcap, big-endian": pcapFile(FRAMES, { bigEndian: true }),
  "pcap, nanoseconds": pcapFile(FRAMES, { nanoseconds: true }),
  "pcap, nanoseconds and big-endian": pcapFile(FRAMES, { nanoseconds: true, bigEndian: true }),
  "pcap as Kuznetsov's patch writes it": pcapFile(FRAMES, { modified: true }),
  "pcapng, little-endian": pcapngFile(FRAMES),
  "pcapng, big-endian": pcapngFile(FRAMES, { bigEndian: true }),
  "pcapng, nanoseconds": pcapngFile(FRAMES, { resolution: 9 }),
  "pcapng, picoseconds since a minute before": pcapngFile(FRAMES, { resolution: 12, offsetSeconds: FIRST_AT / 1e6 - 60 }),
  "pcapng, seconds of another epoch": pcapngFile(FRAMES, { offsetSeconds: 1_000_000_000 }),
}))
  test(`${what}: the same frames at the same time`, () => {
    assert.deepEqual(heard(file), LINES);
    assert.deepEqual(heard(file, 1), LINES, "byte by byte");
    assert.deepEqual(heard(file, 50), LINES, "50 bytes at a time");
  });

test("units of a second that are powers of two are as near as they can be", () => {
  for (const resolution of [0x80 | 10, 0x80 | 20, 0x80 | 32, 0x80 | 40]) {
    const file = pcapngFile([{ bytes: hex`aa`, at: FIRST_AT + 500_000 }], { resolution, offsetSeconds: FIRST_AT / 1e6 });
    assert.deepEqual(heard(file), ["+500000 1 of 1, link 1"]);
  }
});

test("milliseconds and whole seconds are widened", () => {
  assert.deepEqual(heard(pcapngFile([{ bytes: hex`aa`, at: FIRST_AT + 7_000 }], { resolution: 3 })), ["+7000 1 of 1, link 1"]);
  assert.deepEqual(heard(pcapngFile([{ bytes: hex`aa`, at: FIRST_AT + 7_000_000 }], { resolution: 0 })), ["+7000000 1 of 1, link 1"]);
});

test("each interface has its link type, each section its interfaces and its byte order", () => {
  const ethernetThenRaw = bytes(sectionBlock(), interfaceBlock(1), interfaceBlock(101), enhanced(1, hex`45 00`));
  const other = pcapngFile([hex`bb`], { bigEndian: true, linkType: 113 });
  assert.deepEqual(heard(bytes(ethernetThenRaw, other)), ["+0 2 of 2, link 101", "+0 1 of 1, link 113"]);
});

test("a simple packet has no time, and is cut by the snap length", () => {
  const file = bytes(
    sectionBlock(),
    interfaceBlock(1, { snapLength: 2 }),
    enhanced(0, hex`aa bb`),
    block(3, bytes(u32(60, true), hex`01 02 00 00`)), // 60 bytes on the wire, 2 kept
  );
  assert.deepEqual(heard(file), ["+0 2 of 2, link 1", "+0 2 of 60, link 1"]);
});

test("the packet block of before 2009 tells what was dropped before it", () => {
  const body = bytes(u16(0, true), u16(5, true), stamp(FIRST_AT), u32(1, true), u32(1, true), hex`aa 00 00 00`);
  assert.deepEqual(heard(bytes(sectionBlock(), interfaceBlock(1), block(2, body))), ["5 dropped", "+0 1 of 1, link 1"]);
});

test("counts of dropped frames are totals; what is handed on is the difference", () => {
  const statistics = (byInterface: number, bySystem: number) =>
    block(
      5,
      bytes(u32(0, true), stamp(FIRST_AT), option(5, u64(BigInt(byInterface), true)), option(7, u64(BigInt(bySystem), true)), u32(0)),
    );
  const file = pcapngFile([], { after: [statistics(3, 0), statistics(3, 4), statistics(3, 4)] });
  assert.deepEqual(heard(file), ["3 dropped", "4 dropped"]);
});

test("blocks without frames are passed over, however long", () => {
  const names = block(4, new Uint8Array(1_000_000));
  assert.deepEqual(heard(bytes(pcapngFile([hex`aa`]), names, enhanced(0, hex`bb`)), 4096), ["+0 1 of 1, link 1", "+0 1 of 1, link 1"]);
});

test("a capture of no packets is whole", () => {
  assert.deepEqual(heard(pcapFile([])), []);
  assert.deepEqual(heard(pcapngFile([])), []);
  assert.deepEqual(heard(sectionBlock()), []);
});

for (const [what, [file, ...lines]] of Object.entries<[Uint8Array, ...string[]]>({
  "an empty file": [new Uint8Array(0), "trouble: expected a capture (pcap or pcapng), got nothing: it is empty"],
  "a text file": [
    Buffer.from("hello, ward 7\nsecond line"),
    'trouble: expected a capture (pcap or pcapng), got text beginning "hello, ward 7"',
  ],
  "two letters": [Buffer.from("hi"), 'trouble: expected a capture (pcap or pcapng), got text beginning "hi"'],
  "a zip archive": [hex`504b0304 1400 0000`, "trouble: expected a capture (pcap or pcapng), got a zip archive: unpack it first"],
  "other bytes": [hex`7f454c46 0201`, "trouble: expected a capture (pcap or pcapng), got bytes beginning 7f 45 4c 46 02 01"],
  "half a header": [pcapFile([]).subarray(0, 10), "trouble: expected a pcap header of 24 bytes, got 10"],
  "a file cut in a record": [
    pcapFile([hex`aa`, hex`bb cc`]).subarray(0, 24 + 17 + 17),
    "+0 1 of 1, link 1",
    "trouble: expected a whole record at byte 41, got the end of the file 17 bytes into it",
  ],
  "a file cut in a block": [
    pcapngFile([hex`aa`, hex`bb`]).subarray(0, 28 + 20 + 36 + 8),
    "+0 1 of 1, link 1",
    "trouble: expected a whole block at byte 84, got the end of the file 8 bytes into it",
  ],
  "a record that claims 4 GB": [
    bytes(pcapFile([hex`aa`]), u32(0), u32(0), u32(0xffff_ffff), u32(60, true), hex`aa`),
    "+0 1 of 1, link 1",
    "trouble: expected a frame of at most 262144 bytes at byte 41, got one that claims 4294967295",
  ],
  "a block that claims 4 GB": [
    bytes(pcapngFile([hex`aa`]), u32(6, true), u32(0xffff_fffc, true), new Uint8Array(20)),
    "+0 1 of 1, link 1",
    "trouble: expected a block of at most 327680 bytes at byte 84, got one that claims 4294967292",
  ],
  "a block shorter than itself": [
    bytes(pcapngFile([hex`aa`]), u32(6, true), u32(16, true), new Uint8Array(20)),
    "+0 1 of 1, link 1",
    "trouble: expected a block of at least 32 bytes, a multiple of 4 at byte 84, got one that claims 16",
  ],
  "a frame longer than its block": [
    bytes(sectionBlock(), interfaceBlock(1), block(6, bytes(u32(0), stamp(FIRST_AT), u32(9, true), u32(9, true), hex`aa 00 00 00`))),
    "trouble: expected a frame of at most 4 bytes at byte 48, got one that claims 9",
  ],
  "a packet of an interface nobody described": [
    bytes(sectionBlock(), enhanced(7, hex`aa`)),
    "trouble: expected an interface described before its packets at byte 28, got number 7",
  ],
  "a block whose two lengths differ": [
    bytes(pcapngFile([]), enhanced(0, hex`aa`).subarray(0, -4), u32(99, true)),
    "trouble: expected a block of 36 bytes to end with its length at byte 48, got 99",
  ],
}))
  test(`${what}: what was read before stays, and the trouble says what came`, () => {
    assert.deepEqual(heard(file), lines);
    assert.deepEqual(heard(file, 32), lines, "in pieces");
  });

for (const [what, file] of Object.entries({ pcap: pcapFile(FRAMES), pcapng: pcapngFile(FRAMES, { resolution: 9, offsetSeconds: 60 }) })) {
  test(`every beginning of a ${what} file gives a beginning of its frames`, () => {
    for (let length = 0; length < file.length; length++) {
      const lines = heard(file.subarray(0, length)).filter((line) => line.startsWith("+"));
      assert.deepEqual(lines, LINES.slice(0, lines.length));
    }
  });

  test(`any byte of a ${what} file may be anything`, () => {
    for (let at = 0; at < file.length; at++)
      for (const value of [0, 255, file[at]! ^ 255]) {
        const damaged = file.slice();
        damaged[at] = value;
        assert.ok(heard(damaged).filter((line) => line.startsWith("+")).length <= FRAMES.length);
      }
  });
}

/** What comes of a file handed on in pieces: frames with their time since the first there could be, drops, and trouble. */
function heard(file: Uint8Array, piece = file.length): string[] {
  const lines: string[] = [];
  const intake = new Intake(
    {
      frame: (of, start, end, wireLength, at, linkType) => {
        assert.ok(start <= end && end <= of.length && end - start <= wireLength && Number.isSafeInteger(at) && at >= 0);
        lines.push(`+${at - FIRST_AT} ${end - start} of ${wireLength}, link ${linkType}`);
      },
      drops: (count) => void lines.push(`${count} dropped`),
      tick: () => assert.fail("nobody is listening live"),
      pause: () => assert.fail("nobody is listening live"),
      progress: () => assert.fail("nothing was read"),
    },
    new InputClock(),
  );
  let start = 0;
  for (let end = piece; end < file.length + piece && file.length > 0; end += piece)
    start = intake.take(file, start, Math.min(end, file.length));
  intake.ended(file.subarray(start));
  if (intake.trouble !== undefined) lines.push(`trouble: ${intake.trouble}`);
  return lines;
}

function enhanced(number: number, frame: Uint8Array): Uint8Array {
  const length = u32(frame.length, true);
  return block(6, bytes(u32(number, true), stamp(FIRST_AT), length, length, frame, new Uint8Array(-frame.length & 3)));
}

function stamp(at: number): Uint8Array {
  return bytes(u32(Math.floor(at / 0x1_0000_0000), true), u32(at % 0x1_0000_0000, true));
}
