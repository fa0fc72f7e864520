/**
 * SSH: RFC 4253, and the version exchange of SSH 1.
 *
 * Both ends open with a line that names their program, often with the distribution it was built for. What they then propose, in the
 * order they propose it, is a fingerprint of that program (HASSH, Salesforce's published recipe). After that everything is encrypted.
 */
import { createHash } from "node:crypto";
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const ssh: Protocol<Memory> = {
  name: "ssh",
  title: "SSH",
  over: [{ tcp: [22, 2222] }],
  encrypted: true,
  privacy: {
    reads: "The programs of both sides and what they propose.",
    ends: "Nothing: everything after is encrypted.",
    keeps: ["hassh", "serverBanner", "userAgent", "dialect"],
  },
  recognize,
  messageLength,
  wanted: (stream) => (isLine(stream) ? LINE_BYTES_MAX : PACKET_BYTES_MAX),
  remember: () => ({ proposals: 0 }),
  read,
};

interface Memory {
  /** Proposals heard: one of each side is all there is to hear. */
  proposals: number;
}

/** RFC 4253 section 4.2 allows 255; some builds write more. */
const LINE_BYTES_MAX = 1024;
/** RFC 4253 section 6.1: the least every program must accept. */
const PACKET_BYTES_MAX = 35_000;
/** RFC 4253 section 6: length, padding length; then the message's number. */
const LENGTH_BYTES = 4;
const COOKIE_BYTES = 16;
const LETTER_S = 0x53;
/** RFC 4250 section 4.1.2: 1 to 19 may come at any time, 20 proposes, what follows is the exchange itself. */
const KEXINIT = 20;

function recognize(message: Uint8Array): boolean {
  return isLine(message) && /^SSH-\d\.\d{1,2}-[^\n]*\n/.test(Buffer.from(message.subarray(0, LINE_BYTES_MAX)).toString("latin1"));
}

function isLine(stream: Uint8Array): boolean {
  return stream[0] === LETTER_S && find(stream.subarray(0, 4), "SSH-") === 0;
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < LENGTH_BYTES) return 0;
  return isLine(stream) ? find(stream, "\n") + 1 : LENGTH_BYTES + new Reader(stream).u32();
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  if (isLine(message)) readVersion(ascii(message.subarray(0, lineEnd(message))), report, context);
  else readPacket(message, report, context);
}

function lineEnd(message: Uint8Array): number {
  const end = message.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  return end < 0 ? message.length : end;
}

function readVersion(line: string, report: Report, { side, sender }: Context<Memory>): void {
  report.observe(sender, side === "client" ? "userAgent" : "serverBanner", line);
  // RFC 4253 section 5.1: a server that says 1.99 still speaks 1. Of a client it would only mean that it could.
  if (line.startsWith("SSH-1.") && (side !== "client" || !line.startsWith("SSH-1.99"))) {
    report.observe(sender, "dialect", "SSH 1");
    if (!line.startsWith("SSH-1.99")) report.enough();
  }
}

/** RFC 4253 sections 6 and 7.1. */
function readPacket(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  const reader = new Reader(message);
  const length = reader.u32();
  const padding = reader.u8();
  const number = reader.u8();
  // Out of step, or in encrypted packets already.
  if (length > PACKET_BYTES_MAX || padding >= length || number > KEXINIT) return report.enough();
  if (number !== KEXINIT) return;

  report.operation("KEXINIT");
  reader.skip(COOKIE_BYTES);
  // Key exchange, host key; then cipher, MAC and compression, each to the server and back.
  const [exchange, , cipherUp, cipherDown, macUp, macDown, compressionUp, compressionDown] = Array.from({ length: 8 }, () =>
    Buffer.from(reader.take(reader.u32())).toString("latin1"),
  );
  if (reader.overrun) {
    report.malformed("a list of algorithms runs past the end of the proposal");
  } else if (side !== "unknown") {
    const proposed = side === "client" ? [exchange, cipherUp, macUp, compressionUp] : [exchange, cipherDown, macDown, compressionDown];
    report.observe(sender, "hassh", `${side} ${createHash("md5").update(proposed.join(";")).digest("hex")}`);
  }
  if (++memory.proposals > 1) report.enough();
}
