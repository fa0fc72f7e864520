/** Frames as evidence: which of many are kept, and that none holds what was said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder } from "../decode/index.ts";
import { tcpFrame, udpFrame } from "../testing/frames.ts";
import { hex } from "../testing/notes.ts";
import { Witnesses } from "./witnesses.ts";

const ETHERNET = 1;
const SAID = new Uint8Array(Buffer.from("ZZTEST^ALPHA"));
const ENDS = "02 00 00 00 00 02  02 00 00 00 00 01";

/** What is kept of these frames, as numbers and bytes. */
function kept(...frames: readonly Uint8Array[]): { readonly numbers: readonly number[]; readonly bytes: readonly Buffer[] } {
  const decoder = new Decoder();
  const witnesses = new Witnesses();
  frames.forEach((frame, at) => {
    decoder.decode(frame, 0, frame.length, frame.length, 1_000 + at, ETHERNET);
    witnesses.add(decoder.packet);
  });
  const rows = witnesses.rows();
  return { numbers: rows.map(([, number]) => number), bytes: rows.map((row) => Buffer.from(row[3], "base64")) };
}

test("the first four and the last four are kept, in their order", () => {
  const frames = Array.from({ length: 20 }, (_, port) => udpFrame({ from: 1_000 + port, to: 104 }));
  assert.deepEqual(kept(...frames).numbers, [1, 2, 3, 4, 17, 18, 19, 20]);
  assert.deepEqual(kept(...frames.slice(0, 5)).numbers, [1, 2, 3, 4, 5]);
});

test("a frame that counts twice is one witness", () => {
  const decoder = new Decoder();
  const witnesses = new Witnesses();
  const frame = udpFrame({ from: 1, to: 2 });
  decoder.decode(frame, 0, frame.length, frame.length, 1_000, ETHERNET);
  for (let times = 0; times < 9; times++) witnesses.add(decoder.packet);
  assert.equal(witnesses.rows().length, 1);
});

test("of TCP and UDP the headers are kept, and nothing of what they carry", () => {
  const [tcp, udp] = kept(tcpFrame({ from: 1, to: 104, flags: "PA" }, SAID), udpFrame({ from: 1, to: 104 }, SAID)).bytes;
  assert.deepEqual([tcp!.length, udp!.length], [14 + 20 + 20, 14 + 20 + 8]);
  for (const it of [tcp!, udp!]) assert.equal(it.includes("ZZTEST"), false);
});

test("of ICMP eight bytes, and nothing of the packet it quotes", () => {
  // Port unreachable (RFC 792) about a datagram that said something.
  const quoting = hex`${ENDS} 0800  45 00 00 3c 00 00 00 00 40 01 00 00 0a000001 0a000002  03 03 00 00 00000000  ${Buffer.from("E...ZZTEST^ALPHA....").toString("hex")} 00000000 00000000 00000000`;
  const [it] = kept(quoting).bytes;
  assert.equal(it!.length, 14 + 20 + 8);
});

test("ARP speaks of addresses alone and stays; of a form nobody knows only the link header does", () => {
  const arp = hex`${ENDS} 0806  0001 0800 06 04 0002  020000000001 0a000001 020000000002 0a000002  000000000000000000000000000000000000 5a5a54455354`;
  const unknown = new Uint8Array([...hex`${ENDS} 88ff`, ...SAID, ...SAID, ...SAID, ...SAID]);
  const [whole, header] = kept(arp, unknown).bytes;
  assert.equal(whole!.length, 60);
  assert.equal(header!.length, 14);
});
