/**
 * MySQL and MariaDB: MySQL Internals, "Client/Server Protocol", chapters "Connection Phase" and "MySQL Packets".
 *
 * The server greets with its version. What follows is a log-in, which is accepted or refused, and then data, which are not read.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const mysql: Protocol<Memory> = {
  name: "mysql",
  title: "MySQL",
  over: [{ tcp: [3306] }],
  setting: "server",
  privacy: {
    reads: "The server's version, and whether a log-in was refused.",
    ends: "Users, proofs, databases, questions and answers.",
    keeps: ["serverBanner"],
  },
  recognize: (message, side) =>
    (side !== "client" && (versionOf(message) !== "" || isTurnedAway(message))) || (side !== "server" && isLogin(message)),
  speaker: (message) => (isLogin(message) ? "client" : "server"),
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), WANTED_BYTES_MAX),
  remember: () => ({ messages: 0, user: null }),
  read,
};

interface Memory {
  messages: number;
  /** Who wants in; null until a log-in was heard. */
  user: string | null;
}
/** A greeting, a log-in, some proofs, an answer. */
const MESSAGES_MAX = 8;
const WANTED_BYTES_MAX = 512;

/** Three bytes of length, little end first, and a number that counts from 0. */
const HEADER_BYTES = 4;
/** HandshakeV10: 10, a version, a zero; a thread, 8 bytes of a challenge, a zero. */
const GREETING = 10;
const VERSION_BYTES_MAX = 64;
const VERSION = /^\d{1,2}\.\d{1,3}[\w.+~:-]*$/;
/** HandshakeResponse41: abilities, largest packet, character set, 23 zeros, of which MariaDB uses the last four. */
const LOGIN_FIXED_BYTES = 32;
const ZEROS = 19;
const Ability = { protocol41: 0x200, tls: 0x800 } as const;
const Answer = { ok: 0x00, error: 0xff } as const;
/** "Server Error Message Reference": access denied (with a password or without one), the account is locked. */
const REFUSED = new Set([1045, 1698, 3118, 4151]);
/** There: too many connections, the host is blocked, the host is not allowed. */
const TURNED_AWAY = new Set([1040, 1129, 1130]);
const USER_BYTES_MAX = 80;

function messageLength(stream: Uint8Array): number {
  const reader = new Reader(stream);
  const length = reader.u16le() + reader.u8() * 65_536;
  return stream.length < HEADER_BYTES ? 0 : HEADER_BYTES + length;
}

function versionOf(message: Uint8Array): string {
  if (message[3] !== 0 || message[4] !== GREETING) return "";
  const end = message.subarray(0, HEADER_BYTES + 1 + VERSION_BYTES_MAX).indexOf(0, HEADER_BYTES + 1);
  if (end < 0 || messageLength(message) !== message.length || message[end + 13] !== 0) return "";
  const version = ascii(message.subarray(HEADER_BYTES + 1, end));
  return VERSION.test(version) ? version : "";
}

/** Instead of a greeting, before any state is agreed on: a code, and words to its end. */
function isTurnedAway(message: Uint8Array): boolean {
  if (message[3] !== 0 || message[4] !== Answer.error || messageLength(message) !== message.length) return false;
  const reader = new Reader(message, HEADER_BYTES + 1);
  return TURNED_AWAY.has(reader.u16le()) && reader.remaining > 0 && !ascii(reader.rest()).includes("·");
}

function isLogin(message: Uint8Array): boolean {
  const length = messageLength(message) - HEADER_BYTES;
  const reader = new Reader(message, 3);
  if (reader.u8() !== 1 || length < LOGIN_FIXED_BYTES || length > WANTED_BYTES_MAX || message.length < HEADER_BYTES + LOGIN_FIXED_BYTES)
    return false;
  if ((reader.u32le() & Ability.protocol41) === 0) return false;
  const largest = reader.u32le();
  const charset = reader.u8();
  return largest > 0 && charset > 0 && reader.take(ZEROS).every((byte) => byte === 0);
}

function read(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  const count = message[3];
  if (++memory.messages > MESSAGES_MAX) return report.enough();
  if (side !== "server") {
    if (count !== 1) return;
    if (!isLogin(message)) return report.malformed("a log-in of a form nobody uses any more");
    if ((new Reader(message, HEADER_BYTES).u32le() & Ability.tls) !== 0) return report.enough();
    report.operation("LOGIN");
    const user = message.subarray(HEADER_BYTES + LOGIN_FIXED_BYTES, HEADER_BYTES + LOGIN_FIXED_BYTES + USER_BYTES_MAX);
    memory.user = Buffer.from(user.subarray(0, Math.max(user.indexOf(0), 0))).toString("latin1");
    return;
  }
  if (count === 0) {
    const version = versionOf(message);
    // A host that is blocked, or one too many, is told so instead of greeted: nothing was offered.
    if (version === "") return message[HEADER_BYTES] === Answer.error ? report.enough() : report.malformed("no greeting");
    return report.observe(sender, "serverBanner", `MySQL ${version}`);
  }
  if (message[HEADER_BYTES] !== Answer.ok && message[HEADER_BYTES] !== Answer.error) return;
  if (message[HEADER_BYTES] === Answer.ok) report.attempt("login", "accepted");
  // Other errors are a database that is not there, or too many connections.
  else if (memory.user !== null && REFUSED.has(new Reader(message, HEADER_BYTES + 1).u16le()))
    report.attempt("login", "refused", memory.user);
  report.enough();
}
