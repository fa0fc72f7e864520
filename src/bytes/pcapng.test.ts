/** What is written is read again by our own reader, and by tshark where there is one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pcapng, type PcapngFrame } from "./pcapng.ts";

const AT = 1_700_000_000_123_456;
const ethernet = Buffer.from("0009fb1234560009fb1234570806000108000604", "hex");
const frames: readonly PcapngFrame[] = [
  { input: "eth1", linkType: 1, at: AT, wireLength: 60, bytes: ethernet },
  { input: "ward.pcap", linkType: 1, at: AT + 1, wireLength: 20, bytes: ethernet },
  { input: "eth1", linkType: 101, at: AT + 2, wireLength: 21, bytes: Buffer.from("45000015", "hex") },
  { input: "eth1", linkType: 1, at: AT + 3, wireLength: 61, bytes: ethernet.subarray(0, 17) },
];

interface Block {
  readonly type: number;
  readonly body: Buffer;
}

function blocksOf(file: Uint8Array): Block[] {
  const bytes = Buffer.from(file);
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    assert.equal(length % 4, 0, "blocks end on four bytes");
    assert.equal(bytes.readUInt32LE(at + length - 4), length, "its length stands at both ends");
    blocks.push({ type: bytes.readUInt32LE(at), body: bytes.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

test("one interface for each input and link type, each frame at its own, with its time and both lengths", () => {
  const blocks = blocksOf(pcapng(frames, "why"));
  assert.deepEqual(
    blocks.map(({ type, body }) =>
      type === 1
        ? `interface ${body.readUInt16LE(0)} ${body.subarray(12, 12 + body.readUInt16LE(10)).toString()}`
        : type === 6
          ? `frame of ${body.readUInt32LE(0)} at ${BigInt(AT) - ((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)))} ${body.readUInt32LE(12)}/${body.readUInt32LE(16)}`
          : `section ${body.subarray(20, 20 + body.readUInt16LE(18)).toString()}`,
    ),
    [
      "section why",
      "interface 1 eth1",
      "frame of 0 at 0 20/60",
      "interface 1 ward.pcap",
      "frame of 1 at -1 20/20",
      "interface 101 eth1",
      "frame of 2 at -2 4/21",
      "frame of 0 at -3 17/61",
    ],
  );
});

test("tshark reads it: four frames with their times and lengths", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-pcapng-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "frames.pcapng");
  writeFileSync(file, pcapng(frames, "why"));
  const fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.interface_name"].flatMap((it) => ["-e", it]);
  const { error, stdout, stderr } = spawnSync("tshark", ["-r", file, "-T", "fields", ...fields], { encoding: "utf8" });
  if (error !== undefined) return context.skip("tshark is not there");
  const lines = stdout.trim().split("\n");
  const words = lines.map((line) => line.split("\t").slice(1).join(" "));
  assert.deepEqual(words, ["60 20 eth1", "20 20 ward.pcap", "21 4 eth1", "61 17 eth1"], stderr);
  assert.match(lines[0]!, /^(?:1700000000\.123456|2023-11-14T22:13:20\.123456)/);
});
