/**
 * TDS, what SQL Server speaks: MS-TDS; and its browser, which says which instances there are: MC-SQLR.
 *
 * Before anybody logs in the server says its version; the browser says the machine's name too. A client that logs in without
 * encryption names its machine, and shows its password to anyone: it is only turned about.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, utf16le } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const tds: Protocol<Memory> = {
  name: "tds",
  title: "TDS",
  over: [{ tcp: [1433] }, { udp: [1434] }],
  setting: "server",
  privacy: {
    reads: "The server's version and name; the client's machine where it logs in unencrypted.",
    ends: "Users and passwords, programs, databases, questions and answers.",
    keeps: ["hostname", "serverBanner", "clearCredentials"],
  },
  recognize,
  speaker: (message): Side => (message[0] === Type.answer || message[0] === BROWSER_ANSWER ? "server" : "client"),
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : Math.max(new Reader(stream, 2).u16(), HEADER_BYTES)),
  wanted: (stream) => Math.min(Math.max(new Reader(stream, 2).u16(), HEADER_BYTES), WANTED_BYTES_MAX),
  remember: () => ({ packets: 0, user: null }),
  read,
};

interface Memory {
  packets: number;
  /** Who logs in, where that was heard; null until then. */
  user: string | null;
}
/** A hello of each side, what encryption needs, a log-in. */
const PACKETS_MAX = 12;
const WANTED_BYTES_MAX = 4096;

/** MS-TDS section 2.2.3.1: type, status, length, process, count, window. */
const HEADER_BYTES = 8;
const Type = { answer: 0x04, login: 0x10, hello: 0x12 } as const;
const LAST = 1;
/** Section 2.2.6.5: a token, an offset, a length; then their data. The version comes first. */
const TOKEN_BYTES = 5;
const TOKEN_MAX = 9;
const TOKENS_MAX = 12;
const END = 0xff;

/** MC-SQLR section 2.2.5: 5, a length, pairs parted by semicolons. */
const BROWSER_ANSWER = 0x05;
const BROWSER_FRONT = "ServerName;";

function recognize(message: Uint8Array, side: Side): boolean {
  const type = message[0];
  if (type === BROWSER_ANSWER) return side !== "client" && isBrowserAnswer(message);
  if (type !== Type.hello && type !== Type.answer && type !== Type.login) return false;
  if ((type === Type.answer && side === "client") || (type !== Type.answer && side === "server")) return false;
  const reader = new Reader(message, 1);
  const status = reader.u8();
  const length = reader.u16();
  reader.skip(3);
  const window = reader.u8();
  if (status !== LAST || window !== 0 || reader.overrun) return false;
  if (type === Type.login) {
    const whole = reader.u32le();
    return whole === length - HEADER_BYTES && reader.u32() !== 0 && LOGIN_VERSIONS.has(message[HEADER_BYTES + 7] ?? 0);
  }
  return message.length === length && versionOf(message) !== "";
}
/** Section 2.2.6.4: 7.0 to 7.4, the largest byte last. */
const LOGIN_VERSIONS = new Set([0x70, 0x71, 0x72, 0x73, 0x74]);

function isBrowserAnswer(message: Uint8Array): boolean {
  const reader = new Reader(message, 1);
  return reader.u16le() === reader.remaining && ascii(reader.take(BROWSER_FRONT.length)) === BROWSER_FRONT;
}

/** Of a hello, "" where it is none: its tokens lead from one to the next and all point inside it. */
function versionOf(message: Uint8Array): string {
  const tokens = new Reader(message, HEADER_BYTES);
  let version = "";
  for (let i = 0; i < TOKENS_MAX; i++) {
    const token = tokens.u8();
    if (token === END) return version;
    const at = HEADER_BYTES + tokens.u16();
    const length = tokens.u16();
    if (tokens.overrun || token > TOKEN_MAX || at + length > message.length || (i === 0) !== (token === 0)) return "";
    if (token !== 0) continue;
    const reader = new Reader(message, at);
    if (length !== 6 || at < HEADER_BYTES + TOKEN_BYTES + 1) return "";
    version = `${reader.u8()}.${reader.u8()}.${reader.u16()}`;
  }
  return "";
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  if (message[0] === BROWSER_ANSWER) return readBrowser(message, report, sender);
  if (++memory.packets > PACKETS_MAX) return report.enough();
  if (message[0] === Type.login && side !== "server") {
    report.operation("LOGIN");
    memory.user = readLogin(new Reader(message, HEADER_BYTES), report, sender, receiver);
    if (memory.user === null) report.enough();
  } else if (message[0] === Type.answer && side !== "client" && memory.user !== null) {
    readAnswer(new Reader(message, HEADER_BYTES), report, memory.user);
    report.enough();
  } else if (message[0] === Type.answer && side !== "client" && memory.packets <= 2) {
    const version = versionOf(message);
    if (version === "") return report.malformed("the server's hello does not say its version");
    report.observe(sender, "serverBanner", `SQL Server ${version}`);
  }
}

/** Section 2.2.6.4: 36 bytes, then an offset and a count of characters each: machine, user, password. */
const LOGIN_FIXED_BYTES = 36;
const MACHINE_MAX = 128;

/** Answers who logs in, null where that is cut short. */
function readLogin(login: Reader, report: Report, client: Context["sender"], server: Context["sender"]): string | null {
  const from = login.offset;
  login.skip(LOGIN_FIXED_BYTES);
  const machineAt = login.u16le();
  const machineLength = login.u16le();
  const userAt = login.u16le();
  const userLength = login.u16le();
  login.skip(2);
  const secretLength = login.u16le();
  const machine = new Reader(login.bytes, from + machineAt);
  const name = machine.take(Math.min(machineLength, MACHINE_MAX) * 2);
  if (login.overrun || machine.overrun) {
    report.malformed("a log-in is cut short");
    return null;
  }
  report.observe(client, "hostname", utf16le(name));
  if (secretLength > 0) report.observe(server, "clearCredentials", "tds");
  return utf16le(new Reader(login.bytes, from + userAt).take(Math.min(userLength, MACHINE_MAX) * 2));
}

/** Sections 2.2.7.10 to 2.2.7.14: tokens with a length each, of which an error's begins with its number. */
const Answered = { error: 0xaa, information: 0xab, accepted: 0xad, changed: 0xe3 } as const;
/** "Login failed": MSSQLSERVER_18456 in Microsoft's list of errors, and its kin for a locked and an expired one. */
const REFUSED = new Set([18456, 18486, 18487, 18488]);

function readAnswer(answer: Reader, report: Report, user: string): void {
  for (let i = 0; i < TOKENS_MAX && answer.remaining > 0; i++) {
    const token = answer.u8();
    if (!Object.values<number>(Answered).includes(token)) return;
    const content = answer.inner(answer.u16le());
    if (answer.overrun) return report.malformed("a token of the answer to a log-in runs past the end");
    if (token === Answered.accepted) return report.attempt("login", "accepted");
    if (token === Answered.error && REFUSED.has(content.u32le())) return report.attempt("login", "refused", user);
  }
}

/** Several instances follow one another, all of the same machine. */
function readBrowser(message: Uint8Array, report: Report, server: Context["sender"]): void {
  if (!isBrowserAnswer(message)) return report.malformed("the length is not the datagram's");
  const parts = ascii(message.subarray(3)).split(";");
  report.observe(server, "hostname", parts[1] ?? "");
  const at = parts.indexOf("Version");
  if (at >= 0) report.observe(server, "serverBanner", `SQL Server ${parts[at + 1]}`);
}
