/** SMB 2 and 3: MS-SMB2. The header is section 2.2.1. */
import { find } from "../../bytes/find.ts";
import { Reader } from "../../bytes/reader.ts";
import type { Context, Report } from "../../model/protocol.ts";
import { readStatus } from "./status.ts";

export function isSmb2(body: Uint8Array): boolean {
  return find(body.subarray(0, 4), "\xfeSMB") === 0 && (body.length < 6 || new Reader(body, 4).u16le() === HEADER_BYTES);
}

/** How much of a message is read: headers tell the operation, and only setting up a session tells more. */
export function smb2Wanted(body: Uint8Array): number {
  const command = new Reader(body, Header.command).u16le();
  return command <= Command.sessionSetup ? SETUP_BYTES_MAX : HEADER_BYTES;
}

const HEADER_BYTES = 64;
/** A challenge or an answer in NTLM fits; of a Kerberos ticket nothing is read. */
const SETUP_BYTES_MAX = 4096;
const Header = { status: 8, command: 12, flags: 16 } as const;
const RESPONSE = 1;

const Command = { negotiate: 0, sessionSetup: 1 } as const;
// prettier-ignore
const COMMANDS = [
  "NEGOTIATE", "SESSION_SETUP", "LOGOFF", "TREE_CONNECT", "TREE_DISCONNECT", "CREATE", "CLOSE", "FLUSH", "READ", "WRITE",
  "LOCK", "IOCTL", "CANCEL", "ECHO", "QUERY_DIRECTORY", "CHANGE_NOTIFY", "QUERY_INFO", "SET_INFO", "OPLOCK_BREAK",
];
/** Section 2.2.4. 0x02ff only says that the client shall ask again in version 2. */
const DIALECTS: Readonly<Record<number, string>> = { 0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1" };

export function readSmb2(body: Uint8Array, report: Report, { sender }: Context): void {
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
    if (response) readStatus(status, report);
  }
}

/** MS-DTYP section 2.3.4: the first three groups stand with their lowest byte first. Nothing but zeros is nobody's. */
export function guid(bytes: Uint8Array): string {
  if (bytes.length < 16 || bytes.every((byte) => byte === 0)) return "";
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const text = order.map((at) => bytes[at]!.toString(16).padStart(2, "0")).join("");
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
