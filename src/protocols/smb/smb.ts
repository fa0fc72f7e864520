/**
 * SMB, all versions, on TCP 445 and in NetBIOS sessions on 139: MS-CIFS, MS-SMB, MS-SMB2, RFC 1002 section 4.3.
 *
 * File and printer shares of Windows and of what speaks like it. Setting up a session tells the version and often the system of both
 * ends, and whether a log-in was refused. Shares, paths and files are not read, but for whether a program is written to a share of
 * administrators. What is called through pipes is handed on.
 */
import { find } from "../../bytes/find.ts";
import { Reader } from "../../bytes/reader.ts";
import type { Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { netbiosName } from "./netbios-name.ts";
import { remember, type Memory } from "./memory.ts";
import { isSmb1, readSmb1, smb1Wanted } from "./smb1.ts";
import { isSmb2, readSmb2, smb2Wanted } from "./smb2.ts";

export const smb: Protocol<Memory> = {
  name: "smb",
  title: "SMB",
  over: [{ tcp: [445, 139] }],
  privacy: {
    reads:
      "Versions, names and systems of both sides while they agree on a session; commands; whether a file on a share of administrators is a program; calls through pipes.",
    ends: "Users, passwords, tickets, shares, paths and files.",
    keeps: ["uuid", "hostname", "domain", "osStated", "lanManager", "smbDialect", "userAgent", "dialect"],
  },
  recognize,
  speaker,
  messageLength,
  wanted,
  resume,
  remember,
  read,
};

/** RFC 1002 section 4.3.1: a type and a length, which direct TCP (MS-SMB2 section 2.1) widens to 24 bits. */
const FRAME_BYTES = 4;
const Frame = { message: 0x00, request: 0x81, positive: 0x82, negative: 0x83, retarget: 0x84, keepAlive: 0x85 } as const;
/** MS-SMB2 section 2.2.41 and 2.2.42: encrypted, and compressed. */
const ENCRYPTED = "\xfdSMB";
const COMPRESSED = "\xfcSMB";
/** A body that holds so many likenesses of a header is not worth the search. */
const RESUME_TRIES_MAX = 64;

function recognize(message: Uint8Array): boolean {
  const length = new Reader(message).u32();
  if (message[0] === Frame.request) return message.length >= FRAME_BYTES + 2 && length === 0x81000044 && message[FRAME_BYTES] === 0x20;
  return message.length >= FRAME_BYTES + 4 && message[0] === Frame.message && length >= 32 && isBody(message.subarray(FRAME_BYTES));
}

/** Both versions have a bit for answers: MS-CIFS 2.2.3.1, MS-SMB2 2.2.1.2. */
function speaker(message: Uint8Array): Side {
  if (message[0] === Frame.request) return "client";
  const body = message.subarray(FRAME_BYTES);
  if (isSmb1(body)) return (body[9]! & 0x80) === 0 ? "client" : "server";
  return isSmb2(body) ? ((body[16]! & 1) === 0 ? "client" : "server") : "unknown";
}

function isBody(body: Uint8Array): boolean {
  return isSmb1(body) || isSmb2(body) || startsWith(body, ENCRYPTED) || startsWith(body, COMPRESSED);
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < FRAME_BYTES * 2) return isEmptyFrame(stream) ? FRAME_BYTES : 0;
  // Out of step, since a length lied or bytes before were missed: everything up to where a message surely begins.
  if (!isFrame(stream)) return Math.max(resume(stream), 0);
  return FRAME_BYTES + (new Reader(stream).u32() & 0xffffff);
}

/** Positive answers and keep-alives are nothing but their header. */
function isEmptyFrame(stream: Uint8Array): boolean {
  return stream.length >= FRAME_BYTES && new Reader(stream, 1).u24() === 0 && stream[0]! >= Frame.request && stream[0]! <= Frame.keepAlive;
}

function isFrame(stream: Uint8Array): boolean {
  const type = stream[0]!;
  return type === Frame.message ? isBody(stream.subarray(FRAME_BYTES)) : type >= Frame.request && type <= Frame.keepAlive;
}

function wanted(stream: Uint8Array): number {
  const body = stream.subarray(FRAME_BYTES);
  return FRAME_BYTES + (isSmb1(body) ? smb1Wanted(body) : isSmb2(body) ? smb2Wanted(body) : NETBIOS_REQUEST_BYTES);
}
const NETBIOS_REQUEST_BYTES = 68;

function resume(stream: Uint8Array): number {
  let at = 0;
  for (let tries = 0; tries < RESUME_TRIES_MAX; tries++) {
    at = find(stream, "SMB", at + 1);
    if (at < 0) break;
    const start = at - 1 - FRAME_BYTES;
    if (start >= 0 && recognize(stream.subarray(start))) return start;
  }
  return -1;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const body = message.subarray(FRAME_BYTES);
  if (message[0] === Frame.request) {
    // RFC 1002 section 4.3.2: who is called, and who calls.
    report.observe(context.sender, "hostname", netbiosName(body.subarray(34)));
  } else if (isSmb1(body)) readSmb1(body, report, context);
  else if (isSmb2(body)) readSmb2(body, report, context);
  else if (startsWith(body, ENCRYPTED)) report.enough();
  else if (!isFrame(message)) report.malformed("bytes between messages that belong to none");
}

function startsWith(body: Uint8Array, signature: string): boolean {
  return find(body.subarray(0, signature.length), signature) === 0;
}
