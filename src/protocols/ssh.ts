/**
 * SSH: RFC 4253, and the version exchange of SSH 1.
 *
 * Both ends open with a line that names their program, often with the distribution it was built for. What they then propose, in the
 * order they propose it, is a fingerprint of that program (HASSH, Salesforce's published recipe). After that everything is encrypted, but
 * a refused log-in has the same length each time, so that they can be counted without being read.
 */
import { createHash } from "node:crypto";
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const ssh: Protocol<Memory> = {
  name: "ssh",
  title: "SSH",
  over: [{ tcp: [22, 2222] }],
  encrypted: true,
  privacy: {
    reads: "The programs of both sides and what they propose; how long the server's first answers are, which tells a refused log-in.",
    ends: "Nothing: everything after is encrypted.",
    keeps: ["hassh", "serverBanner", "userAgent", "dialect"],
  },
  recognize,
  messageLength,
  wanted: (stream) => (isLine(stream) ? LINE_BYTES_MAX : PACKET_BYTES_MAX),
  remember: () => ({
    proposals: 0,
    sealed: {},
    begun: 0,
    speaks: "client",
    answer: 0,
    answers: 0,
    welcome: 0,
    refusal: 0,
    refused: 0,
    isTold: false,
  }),
  read,
};

interface Memory {
  /** Proposals heard: one of each side. */
  proposals: number;
  /** Sides that have said that what they say from now on is encrypted. */
  readonly sealed: Partial<Record<Side, true>>;
  /** When the second of them did. */
  begun: number;
  /** Whose turn it is. */
  speaks: "client" | "server";
  /** Bytes of the server's answer at hand, and how many there were, that included. */
  answer: number;
  answers: number;
  /** Length of the first answer, of a refusal, and how many refusals were told. */
  welcome: number;
  refusal: number;
  refused: number;
  /** The answer at hand was told as a refusal. */
  isTold: boolean;
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
const NEWKEYS = 21;
/** 20 to 49: algorithms and the exchange itself. */
const EXCHANGE_MAX = 49;
/** OpenSSH's MaxAuthTries: a server that lets more be tried is counted up to here. Keystrokes and their echo have equal lengths too. */
const REFUSED_MAX = 6;
/** A log-in that is not over by then is somebody at work (OpenSSH's LoginGraceTime is 120 s, of a person at a prompt). */
const LOGIN_US_MAX = 120_000_000;
/** Each of six tries with a question before it, and what comes first. */
const ANSWERS_MAX = 16;

function recognize(message: Uint8Array): boolean {
  return isLine(message) && /^SSH-\d\.\d{1,2}-[^\n]*\n/.test(Buffer.from(message.subarray(0, LINE_BYTES_MAX)).toString("latin1"));
}

function isLine(stream: Uint8Array): boolean {
  return stream[0] === LETTER_S && find(stream.subarray(0, 4), "SSH-") === 0;
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < LENGTH_BYTES) return 0;
  if (isLine(stream)) return find(stream, "\n") + 1;
  const length = new Reader(stream).u32();
  // Encrypted, mostly with its length: whatever has come is read as it comes, since only how much it is counts.
  return length > PACKET_BYTES_MAX ? stream.length : LENGTH_BYTES + length;
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
function readPacket(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { at, side, sender, memory } = context;
  if (memory.sealed.client && memory.sealed.server) return readSealed(message.length, report, context);
  // RFC 8308 section 2.4: a server may say more of itself at once, before the client is so far.
  if (memory.sealed[side]) return;
  const reader = new Reader(message);
  const length = reader.u32();
  const padding = reader.u8();
  const number = reader.u8();
  // Out of step, or in encrypted packets already.
  if (length > PACKET_BYTES_MAX || padding >= length || number > EXCHANGE_MAX) return report.enough();
  if (number === NEWKEYS) {
    memory.sealed[side] = true;
    memory.begun = at;
    return;
  }
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
  // Both again: keys are changed in the clear only the first time.
  if (++memory.proposals > 2) report.enough();
}

/**
 * RFC 4252 section 5.1: each refusal lists the same methods, so all are of one length. The first answer says that the service is there (RFC
 * 4253 section 10), the second refuses "none" or a first password, and shows that length, with a banner before it perhaps; further ones
 * of it are refused log-ins, between them there may be questions. Success is a single byte, so the one answer shorter than the first.
 */
function readSealed(bytes: number, report: Report, { at, side, memory }: Context<Memory>): void {
  if (side === "unknown" || at - memory.begun > LOGIN_US_MAX || memory.answers > ANSWERS_MAX) return report.enough();
  if (side === "server") {
    if (memory.speaks === "client")
      [memory.speaks, memory.answer, memory.isTold, memory.answers] = ["server", 0, false, memory.answers + 1];
    memory.answer += bytes;
    // Told with the packet that completes it: the client may take its time with the next one, or never come back.
    if (memory.answers > 2 && memory.answer === memory.refusal) refused(report, memory);
    return;
  }
  if (memory.speaks === "client") return;
  memory.speaks = "client";
  if (memory.answers === 1) memory.welcome = memory.answer;
  else if (memory.answer < memory.welcome) {
    report.attempt("login", "accepted");
    report.enough();
  } else if (memory.answers === 2) memory.refusal = memory.answer;
  else if (memory.answers === 3 && memory.answer < memory.refusal) {
    // The one before had a banner in front.
    memory.refusal = memory.answer;
    refused(report, memory);
  }
}

function refused(report: Report, memory: Memory): void {
  if (memory.isTold) return;
  memory.isTold = true;
  report.attempt("login", "refused");
  if (++memory.refused >= REFUSED_MAX) report.enough();
}
