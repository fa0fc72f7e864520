/** SMB 2 and 3: MS-SMB2. The header is section 2.2.1. */
import { find } from "../../bytes/find.ts";
import { ntlmUser } from "../../bytes/ntlm-user.ts";
import { Reader } from "../../bytes/reader.ts";
import { utf16le } from "../../bytes/text.ts";
import type { Context, Report } from "../../model/protocol.ts";
import { add, type Memory } from "./memory.ts";
import { isOfAdministrators, readFileOfAdministrators } from "./shares.ts";
import { readStatus } from "./status.ts";

export function isSmb2(body: Uint8Array): boolean {
  return find(body.subarray(0, 4), "\xfeSMB") === 0 && (body.length < 6 || new Reader(body, 4).u16le() === HEADER_BYTES);
}

/** How much of a message is read: headers tell the operation; setting up a session, naming a share or a file, and calls in pipes tell more. */
export function smb2Wanted(body: Uint8Array): number {
  const command = new Reader(body, Header.command).u16le();
  if (command <= Command.sessionSetup) return SETUP_BYTES_MAX;
  if (command === Command.treeConnect || command === Command.create) return NAME_BYTES_MAX;
  if (command !== Command.write && command !== Command.control) return HEADER_BYTES;
  const from = command === Command.write ? WRITE_DATA_OFFSET : CONTROL_DATA_OFFSET;
  if (body.length < from + 2) return from + 2;
  return isCall(body, from) ? from + CALL_BYTES_MAX : HEADER_BYTES + SHORT_BYTES;
}

/** C706 section 12.6.3.1: how a message of DCE/RPC begins. */
function isCall(body: Uint8Array, from: number): boolean {
  return body[from] === 5 && body[from + 1] === 0;
}

const HEADER_BYTES = 64;
/** A challenge or an answer in NTLM fits; of a Kerberos ticket nothing is read. */
const SETUP_BYTES_MAX = 4096;
/** A path has 260 characters mostly. */
const NAME_BYTES_MAX = 64 + 56 + 1024;
/** Sections 2.2.21 and 2.2.31: where data stand when nothing was put before them, as everybody writes it. */
const WRITE_DATA_OFFSET = HEADER_BYTES + 48;
const CONTROL_DATA_OFFSET = HEADER_BYTES + 56;
/** Of a write or a control: the number of its file and what it is about. */
const SHORT_BYTES = 32;
/** A bind, a call and what it names; what a call carries may be a program. */
const CALL_BYTES_MAX = 2048;
const Header = { status: 8, command: 12, flags: 16, message: 24, tree: 36 } as const;
const RESPONSE = 1;

const Command = { negotiate: 0, sessionSetup: 1, treeConnect: 3, create: 5, write: 9, control: 11 } as const;
/** Section 2.2.13: of how a file is opened, the only way that makes none. */
const OPEN = 1;
/** Section 2.2.31: a question to a pipe and its answer. */
const PIPE_TRANSCEIVE = 0x0011_c017;
const DIALECTS_MAX = 64;
/** Drafts of versions that no released system offers (MS-SMB2 appendix A). */
const WITHDRAWN = new Set([0x0222, 0x0224, 0x0310]);
// prettier-ignore
const COMMANDS = [
  "NEGOTIATE", "SESSION_SETUP", "LOGOFF", "TREE_CONNECT", "TREE_DISCONNECT", "CREATE", "CLOSE", "FLUSH", "READ", "WRITE",
  "LOCK", "IOCTL", "CANCEL", "ECHO", "QUERY_DIRECTORY", "CHANGE_NOTIFY", "QUERY_INFO", "SET_INFO", "OPLOCK_BREAK",
];
/** Section 2.2.4. 0x02ff only says that the client shall ask again in version 2. */
const DIALECTS: Readonly<Record<number, string>> = { 0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1" };

export function readSmb2(body: Uint8Array, report: Report, { sender, memory }: Context<Memory>): void {
  const header = new Reader(body, Header.status);
  const status = header.u32le();
  const command = header.u16le();
  header.skip(2);
  const response = (header.u32le() & RESPONSE) !== 0;
  if (header.overrun) return report.malformed("a header is cut short");
  const name = COMMANDS[command];
  if (!response && name !== undefined) report.operation(name);

  if (command === Command.negotiate && response && status === 0) {
    const answer = new Reader(body, HEADER_BYTES);
    answer.skip(4);
    report.observe(sender, "smbDialect", DIALECTS[answer.u16le()] ?? "");
    answer.skip(2);
    const id = answer.take(16);
    if (answer.overrun) return report.malformed("the answer to a negotiation is cut short");
    report.observe(sender, "uuid", guid(id));
  } else if (command === Command.sessionSetup) {
    const token = find(body, "NTLMSSP\0", HEADER_BYTES);
    if (token >= 0) report.inside("ntlmssp", body.subarray(token));
    if (response) readStatus(status, report, memory);
    // Whose ticket another proof is cannot be told.
    else memory.offered = token < 0 ? "" : ntlmUser(body.subarray(token)) || null;
  } else if (command === Command.treeConnect) readTree(body, status, response, memory);
  else if (!response) readRequest(command, body, report, memory);
}

/** Section 2.2.9: flags, then where its path stands; of the answer only the number that the tree has from then on. */
function readTree(body: Uint8Array, status: number, response: boolean, memory: Memory): void {
  const number = new Reader(body, Header.message).u32le();
  if (response) {
    if (memory.asked.delete(number) && status === 0) add(memory.trees, new Reader(body, Header.tree).u32le());
  } else if (isOfAdministrators(textAt(body, HEADER_BYTES + 4))) add(memory.asked, number);
}

function readRequest(command: number, body: Uint8Array, report: Report, memory: Memory): void {
  const fixed = new Reader(body, HEADER_BYTES);
  switch (command) {
    case Command.negotiate: {
      fixed.skip(2);
      const count = Math.min(fixed.u16le(), DIALECTS_MAX);
      fixed.skip(32);
      for (let i = 0; i < count; i++) if (WITHDRAWN.has(fixed.u16le()) && !fixed.overrun) return report.notable("withdrawnDialect");
      return;
    }
    case Command.create: {
      if (!memory.trees.has(new Reader(body, Header.tree).u32le())) return;
      fixed.skip(36);
      const disposition = fixed.u32le();
      if (!fixed.overrun) readFileOfAdministrators(textAt(body, HEADER_BYTES + 44), disposition !== OPEN, report);
      return;
    }
    case Command.write: {
      fixed.skip(16);
      const file = fixed.take(16);
      if (isCall(body, WRITE_DATA_OFFSET)) report.inside("dcerpc", body.subarray(WRITE_DATA_OFFSET), Buffer.from(file).toString("latin1"));
      return;
    }
    case Command.control: {
      fixed.skip(4);
      const code = fixed.u32le();
      const file = fixed.take(16);
      if (code === PIPE_TRANSCEIVE && isCall(body, CONTROL_DATA_OFFSET))
        report.inside("dcerpc", body.subarray(CONTROL_DATA_OFFSET), Buffer.from(file).toString("latin1"));
    }
  }
}

/** An offset from the header and a length, and there the text; "" where it is not all there. */
function textAt(body: Uint8Array, at: number): string {
  const field = new Reader(body, at);
  const offset = field.u16le();
  const length = field.u16le();
  const text = new Reader(body, offset);
  const bytes = text.take(length);
  return field.overrun || text.overrun ? "" : utf16le(bytes);
}

/** MS-DTYP section 2.3.4: the first three groups stand with their lowest byte first. Nothing but zeros is nobody's. */
export function guid(bytes: Uint8Array): string {
  if (bytes.length < 16 || bytes.every((byte) => byte === 0)) return "";
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const text = order.map((at) => bytes[at]!.toString(16).padStart(2, "0")).join("");
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
