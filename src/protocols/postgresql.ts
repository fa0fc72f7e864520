/**
 * PostgreSQL: its documentation, chapter "Frontend/Backend Protocol", versions 3.x.
 *
 * A log-in, whether it was refused and whether its password crossed in the clear, and the version a server says after it. What is asked
 * and answered then is not read.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const postgresql: Protocol<Memory> = {
  name: "postgresql",
  title: "PostgreSQL",
  over: [{ tcp: [5432] }],
  setting: "server",
  privacy: {
    reads: "The server's version, whether a log-in was refused, and whether its password crossed in the clear.",
    ends: "Users, passwords, databases, questions and answers.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize: (message, side) => (side !== "server" && isStart(message)) || (side !== "client" && isAnswer(message)),
  speaker: (message): Side => (message[0] === 0 ? "client" : "server"),
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), WANTED_BYTES_MAX),
  remember: () => ({ messages: 0, user: "", offered: false }),
  read,
};

interface Memory {
  messages: number;
  user: string;
  /** A password, or a proof of one. */
  offered: boolean;
}
/** A log-in, its proofs, and a dozen or two parameters. */
const MESSAGES_MAX = 48;
const WANTED_BYTES_MAX = 1024;

/** Section "Message Formats": the first message of a client has no type, only a length and a version or what it wants instead. */
const START_BYTES_MAX = 10_000;
const START_BYTES_MIN = 8;
const MAJOR = 3;
const ABILITIES = new Set([80_877_102, 80_877_103, 80_877_104]);
const FIRST_PARAMETER = /^[a-z_][\w.]*$/;

const Kind = { password: 0x70, authentication: 0x52, error: 0x45, parameter: 0x53, ready: 0x5a, notice: 0x4e } as const;
/** AuthenticationOk to SASLFinal. */
const AUTHENTICATION_MAX = 12;
const Authentication = { ok: 0, clear: 3 } as const;

function isStart(message: Uint8Array): boolean {
  const reader = new Reader(message);
  const length = reader.u32();
  const version = reader.u32();
  if (length !== message.length || length > START_BYTES_MAX) return false;
  if (ABILITIES.has(version)) return length === START_BYTES_MIN || length === START_BYTES_MIN * 2;
  if (version >>> 16 !== MAJOR || message.at(-1) !== 0 || message.at(-2) !== 0) return false;
  const end = message.indexOf(0, START_BYTES_MIN);
  return FIRST_PARAMETER.test(ascii(message.subarray(START_BYTES_MIN, end)));
}

/** An error says its severity first: "S", a word, a zero. */
function isAnswer(message: Uint8Array): boolean {
  const reader = new Reader(message, 1);
  const length = reader.u32();
  if (message[0] === Kind.authentication) {
    const kind = reader.u32();
    const isWhole = message.length >= 1 + length;
    return (
      !reader.overrun &&
      isWhole &&
      kind <= AUTHENTICATION_MAX &&
      (length === 8 || length === 12 || (kind >= 10 && length <= WANTED_BYTES_MAX))
    );
  }
  return message[0] === Kind.error && length + 1 === message.length && /^S(?:ERROR|FATAL|PANIC)$/.test(ascii(message.subarray(5, 11)));
}

function messageLength(stream: Uint8Array): number {
  // A client's first message; its length has a zero in front.
  if (stream[0] === 0) return stream.length < 4 ? 0 : Math.max(new Reader(stream).u32(), START_BYTES_MIN);
  // To a client that asks for TLS the answer is one letter; whatever stands behind it is no length.
  if (stream.length > 1 && stream[1] !== 0) return 1;
  return stream.length < 5 ? 0 : 1 + Math.max(new Reader(stream, 1).u32(), 4);
}

function read(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  if (++memory.messages > MESSAGES_MAX) return report.enough();
  // The letter that agrees to TLS, or a first record of it.
  if (message.length === 1) return message[0] === Kind.notice ? undefined : report.enough();
  if (side !== "server") {
    if (message[0] === Kind.password) memory.offered = true;
    if (message[0] === 0 && !ABILITIES.has(new Reader(message, 4).u32())) {
      report.operation("LOGIN");
      memory.user = userOf(message);
    }
    return;
  }
  const body = new Reader(message, 5);
  switch (message[0]) {
    case Kind.authentication: {
      const kind = body.u32();
      if (body.overrun) return report.malformed("an answer to a log-in is cut short");
      if (kind === Authentication.ok) report.attempt("login", "accepted");
      if (kind === Authentication.clear) report.observe(sender, "clearCredentials", "postgresql");
      return;
    }
    case Kind.parameter: {
      const [name, value = ""] = Buffer.from(body.rest()).toString("latin1").split("\0", 2);
      if (name === "server_version") report.observe(sender, "serverBanner", `PostgreSQL ${ascii(Buffer.from(value, "latin1"))}`);
      return;
    }
    case Kind.error:
      // Class 28, "invalid authorization specification" (appendix A); before a password it is an address that may not connect.
      if (memory.offered && /\0C28\w{3}\0/.test(Buffer.from(body.rest()).toString("latin1")))
        report.attempt("login", "refused", memory.user);
      return report.enough();
    case Kind.ready:
      report.enough();
  }
}

/** Parameters are names and values, each up to a zero. */
function userOf(start: Uint8Array): string {
  const words = Buffer.from(start.subarray(START_BYTES_MIN)).toString("latin1").split("\0");
  const at = words.findIndex((word, place) => place % 2 === 0 && word === "user");
  return at < 0 ? "" : (words[at + 1] ?? "");
}
