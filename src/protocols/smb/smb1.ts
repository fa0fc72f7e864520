/** SMB 1: MS-CIFS section 2.2.3 and MS-SMB. That it is still spoken is a finding by itself. */
import { find } from "../../bytes/find.ts";
import { ntlmUser } from "../../bytes/ntlm-user.ts";
import { Reader } from "../../bytes/reader.ts";
import { ascii, utf16le } from "../../bytes/text.ts";
import type { Context, Report } from "../../model/protocol.ts";
import { add, type Memory } from "./memory.ts";
import { isOfAdministrators, readFileOfAdministrators } from "./shares.ts";
import { guid } from "./smb2.ts";
import { readStatus } from "./status.ts";

export function isSmb1(body: Uint8Array): boolean {
  return find(body.subarray(0, 4), "\xffSMB") === 0;
}

/** How much of a message is read: headers tell the operation; setting up a session, naming a share or a file, and calls in pipes tell more. */
export function smb1Wanted(body: Uint8Array): number {
  const command = body[Header.command];
  if (command === undefined || command === Command.negotiate || command === Command.sessionSetup) return SETUP_BYTES_MAX;
  if (command === Command.treeConnect || command === Command.create) return NAME_BYTES_MAX;
  return command === Command.transaction || command === Command.transaction2 || command === Command.write ? CALL_BYTES_MAX : HEADER_BYTES;
}

/** Section 2.2.3.1, then a count of words, the words, a count of bytes and the bytes. */
const HEADER_BYTES = 32;
const SETUP_BYTES_MAX = 4096;
const NAME_BYTES_MAX = 1024;
/** A bind or a call, and what it names; of a file's content more than needed. */
const CALL_BYTES_MAX = 2048;
const Header = { command: 4, flags2: 10, tree: 24, message: 30, wordCount: 32, words: 33 } as const;
const RESPONSE = 0x80;
const Flag2 = { extendedSecurity: 0x0800, status: 0x4000, unicode: 0x8000 } as const;

const Command = {
  transaction: 0x25,
  write: 0x2f,
  transaction2: 0x32,
  transaction2More: 0x33,
  negotiate: 0x72,
  sessionSetup: 0x73,
  treeConnect: 0x75,
  otherTransaction: 0xa0,
  create: 0xa2,
} as const;
/** MS-CIFS section 2.2.6.15: a subcommand that is reserved and that no system ever sent. An implant in the kernel listens to it. */
const TRANSACTION2_SESSION_SETUP = 0x0e;
/** How that implant says that it is there: it adds 0x10 to the number it was asked under, in an answer that says "not implemented". */
const IMPLANT_MESSAGE = 0x51;
const NOT_IMPLEMENTED = 0xc0000002;
/** Section 2.2.5.6: a question to a pipe and its answer. */
const PIPE_TRANSCEIVE = 0x26;
/** Section 2.2.4.64: the only way to open a file that makes none. */
const OPEN = 1;
/** Section 2.2.2.1: those still in use, in its order. */
const COMMANDS: Readonly<Record<number, string>> = {
  0x00: "CREATE_DIRECTORY",
  0x01: "DELETE_DIRECTORY",
  0x04: "CLOSE",
  0x05: "FLUSH",
  0x06: "DELETE",
  0x07: "RENAME",
  0x08: "QUERY_INFORMATION",
  0x09: "SET_INFORMATION",
  0x0a: "READ",
  0x0b: "WRITE",
  0x10: "CHECK_DIRECTORY",
  0x22: "SET_INFORMATION2",
  0x23: "QUERY_INFORMATION2",
  0x24: "LOCKING",
  0x25: "TRANSACTION",
  0x26: "TRANSACTION",
  0x2b: "ECHO",
  0x2d: "OPEN",
  0x2e: "READ",
  0x2f: "WRITE",
  0x32: "TRANSACTION2",
  0x33: "TRANSACTION2",
  0x34: "FIND_CLOSE",
  0x70: "TREE_CONNECT",
  0x71: "TREE_DISCONNECT",
  0x72: "NEGOTIATE",
  0x73: "SESSION_SETUP",
  0x74: "LOGOFF",
  0x75: "TREE_CONNECT",
  0x80: "QUERY_INFORMATION_DISK",
  0x81: "SEARCH",
  0xa0: "NT_TRANSACT",
  0xa1: "NT_TRANSACT",
  0xa2: "NT_CREATE",
  0xa4: "NT_CANCEL",
  0xa5: "NT_RENAME",
  0xc0: "PRINT",
  0xc1: "PRINT",
  0xc2: "PRINT",
};

/** The count of words tells the forms of one command apart. */
const Words = { negotiated: 17, setup: 10, setupLogin: 13, setupToken: 12, answered: 3, answeredToken: 4 } as const;
const NO_DIALECT = 0xffff;

export function readSmb1(body: Uint8Array, report: Report, context: Context<Memory>): void {
  const header = new Reader(body, Header.command);
  const command = header.u8();
  const status = header.u32le();
  const response = (header.u8() & RESPONSE) !== 0;
  if (body.length < HEADER_BYTES) return report.malformed("a header is cut short");
  const name = COMMANDS[command];
  if (!response && name !== undefined) report.operation(name);

  if (command === Command.negotiate && response) readNegotiated(body, report, context);
  else if (command === Command.sessionSetup && response) {
    report.observe(context.sender, "dialect", "SMB 1");
    readAnswer(body, report, context);
    // Before Windows 2000 a status is a class and a code, of which only "none" reads the same.
    if (status === 0 || (flags2(body) & Flag2.status) !== 0) readStatus(status, report, context.memory);
  } else if (command === Command.sessionSetup) readSetup(body, report, context);
  else if (response) readOther(command, status, body, report, context.memory);
  else readRequest(command, body, report, context.memory);
}

function readOther(command: number, status: number, body: Uint8Array, report: Report, memory: Memory): void {
  const message = new Reader(body, Header.message).u16le();
  if (command === Command.transaction2 && status === NOT_IMPLEMENTED && message === IMPLANT_MESSAGE) report.notable("implantAnswer");
  if (command === Command.treeConnect && memory.asked.delete(message) && status === 0)
    add(memory.trees, new Reader(body, Header.tree).u16le());
}

function readRequest(command: number, body: Uint8Array, report: Report, memory: Memory): void {
  const message = new Reader(body, Header.message).u16le();
  const words = new Reader(body, Header.words);
  switch (command) {
    case Command.treeConnect: {
      // Section 2.2.4.55.1: four words, the last the length of a password; then that, then the path.
      words.skip(6);
      const password = words.u16le();
      const path = new Reader(body, Header.words + 8 + 2 + password);
      if (!path.overrun && isOfAdministrators(textsOf(path, body, true)())) add(memory.asked, message);
      return;
    }
    case Command.create: {
      // Section 2.2.4.64.1: 24 words, of which the disposition stands at byte 35; then the name.
      words.skip(35);
      const disposition = words.u32le();
      words.skip(48 - 39 + 2);
      if (!words.overrun && memory.trees.has(new Reader(body, Header.tree).u16le()))
        readFileOfAdministrators(textsOf(words, body, true)(), disposition !== OPEN, report);
      return;
    }
    case Command.transaction: {
      // Section 2.2.4.33.1: counts and offsets, then two words of setup.
      words.skip(22);
      const [length, offset] = [words.u16le(), words.u16le()];
      words.skip(2);
      const isQuestion = words.u16le() === PIPE_TRANSCEIVE;
      const pipe = words.u16le();
      if (isQuestion && !words.overrun && offset > 0) report.inside("dcerpc", body.subarray(offset, offset + length), String(pipe));
      return;
    }
    case Command.write: {
      // Section 2.2.4.43.1: the file, where to, then how much and where that stands.
      words.skip(4);
      const pipe = words.u16le();
      words.skip(14);
      const [length, offset] = [words.u16le(), words.u16le()];
      if (words.overrun || body[offset] !== 5 || body[offset + 1] !== 0) return;
      return report.inside("dcerpc", body.subarray(offset, offset + length), String(pipe));
    }
    case Command.transaction2:
      words.skip(28);
      if (words.u16le() === TRANSACTION2_SESSION_SETUP && !words.overrun) report.notable("implantQuestion");
      return;
    case Command.otherTransaction:
      return add(memory.transactions, message);
    case Command.transaction2More:
      // Section 2.2.4.47 goes on with a transaction of its own kind only: one that was begun as another is measured wrongly (MS17-010).
      if (memory.transactions.has(message)) report.notable("mixedTransaction");
  }
}

/** Section 2.2.4.52.2; with extended security MS-SMB section 2.2.4.5.2.1. */
function readNegotiated(body: Uint8Array, report: Report, { sender }: Context): void {
  const words = new Reader(body, Header.wordCount);
  const count = words.u8();
  const dialect = words.u16le();
  if (words.overrun || dialect === NO_DIALECT) return;
  report.observe(sender, "dialect", "SMB 1");
  if (count !== Words.negotiated) return;
  report.observe(sender, "smbDialect", "NT LM 0.12");
  words.skip(31);
  const challengeBytes = words.u8();
  words.skip(2);
  if ((flags2(body) & Flag2.extendedSecurity) !== 0) {
    const id = words.take(16);
    if (!words.overrun) report.observe(sender, "uuid", guid(id));
    return;
  }
  words.skip(challengeBytes);
  const text = textsOf(words, body, false);
  report.observe(sender, "domain", text());
  report.observe(sender, "hostname", text());
}

/**
 * Section 2.2.4.53.1. What a client says of its system is often made up, and by tools always: it is told as a program's word.
 * The account's name and the two passwords are passed over.
 */
function readSetup(body: Uint8Array, report: Report, { sender, memory }: Context<Memory>): void {
  const reader = new Reader(body, Header.wordCount);
  const count = reader.u8();
  const words = reader.inner(count * 2);
  reader.skip(2);
  const token = find(body, "NTLMSSP\0", HEADER_BYTES);
  if (token >= 0) report.inside("ntlmssp", body.subarray(token));
  memory.offered = token < 0 ? null : ntlmUser(body.subarray(token)) || null;

  words.skip(14);
  const first = words.u16le();
  const second = count === Words.setupLogin ? words.u16le() : 0;
  if (count !== Words.setup && count !== Words.setupLogin && count !== Words.setupToken) return;
  reader.skip(first + second);
  if (reader.overrun) return report.malformed("a session setup ends inside its secrets");
  const text = textsOf(reader, body, true);
  if (count !== Words.setupToken) {
    // Without a name, or without either password, it is nobody who comes in.
    const user = text();
    if (user !== "" && first + second > 2) memory.offered = user.toLowerCase();
    text();
  }
  const system = text();
  const manager = text();
  report.observe(sender, "userAgent", [system, manager].filter((part) => part !== "").join("; "));
}

/** Section 2.2.4.53.2; with extended security MS-SMB section 2.2.4.6.2. */
function readAnswer(body: Uint8Array, report: Report, { sender }: Context): void {
  const reader = new Reader(body, Header.wordCount);
  const count = reader.u8();
  const words = reader.inner(count * 2);
  reader.skip(2);
  if (count !== Words.answered && count !== Words.answeredToken) return;
  words.skip(6);
  const token = find(body, "NTLMSSP\0", HEADER_BYTES);
  if (token >= 0) report.inside("ntlmssp", body.subarray(token));
  if (count === Words.answeredToken) reader.skip(words.u16le());
  if (reader.overrun) return report.malformed("an answer ends inside its token");
  const text = textsOf(reader, body, true);
  report.observe(sender, "osStated", text());
  report.observe(sender, "lanManager", text());
  report.observe(sender, "domain", text());
}

function flags2(body: Uint8Array): number {
  return new Reader(body, Header.flags2).u16le();
}

/** Reads one text after another, each up to its NUL; in Unicode the first stands at an even place. */
function textsOf(reader: Reader, body: Uint8Array, aligned: boolean): () => string {
  // Some that can write two bytes a character do, and do not say so: letters of Latin have a zero behind each.
  const { bytes, offset } = reader;
  const seenWide = bytes[offset] !== 0 && bytes[offset + 1] === 0 && bytes[offset + 2] !== 0 && bytes[offset + 3] === 0;
  const unicode = (flags2(body) & Flag2.unicode) !== 0 || seenWide;
  if (unicode && aligned && reader.offset % 2 !== 0) reader.skip(1);
  return () => {
    const bytes = reader.take(nulAt(reader, unicode ? 2 : 1) - reader.offset);
    reader.skip(Math.min(unicode ? 2 : 1, reader.remaining));
    return unicode ? utf16le(bytes) : ascii(bytes);
  };
}

function nulAt({ bytes, offset, end }: Reader, width: 1 | 2): number {
  for (let at = offset; at + width <= end; at += width) if (bytes[at] === 0 && bytes[at + width - 1] === 0) return at;
  return end;
}
