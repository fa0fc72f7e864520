/**
 * ONC RPC: RFC 5531, with its port mapper (RFC 1833), and what rides on it: NFS (RFC 1813, 7530) and instruments of the laboratory (VXI-11).
 *
 * Which program is called is told, and the name a client gives its own machine. Files, paths and users are not read.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8 } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const oncrpc: Protocol<Memory> = {
  name: "oncrpc",
  title: "ONC RPC",
  over: [{ udp: [111, 2049] }, { tcp: [111, 2049] }],
  setting: "server",
  privacy: {
    reads: "Programs called, the name of a client's machine, and the ports the port mapper names.",
    ends: "Users and their groups, paths, files and their content.",
    keeps: ["hostname"],
  },
  recognize: (message, side) => {
    const body = unframed(message);
    return isCall(body) ? side !== "server" : side === "server" && isReply(body);
  },
  speaker: (): Side => "client",
  messageLength: (stream) => (stream.length < MARK_BYTES ? 0 : MARK_BYTES + (new Reader(stream).u32() & 0x7fff_ffff)),
  wanted: (stream) => Math.min(MARK_BYTES + (new Reader(stream).u32() & 0x7fff_ffff), WANTED_BYTES_MAX),
  remember: () => ({ asked: new Map() }),
  read,
};

interface Memory {
  /** Of the port mapper: by the number of a call, the transport of the program it looks for. */
  readonly asked: Map<number, "tcp" | "udp">;
}
const ASKED_MAX = 16;

/** Over TCP: section 11, a length whose top bit says that it is the last fragment. */
const MARK_BYTES = 4;
const LAST = 0x80;
/** Credentials have 400 bytes at most (section 8.2); files are not for us. */
const WANTED_BYTES_MAX = 640;

/** Section 9: number of the call, 0 for a call, version 2, program, its version, procedure, credential, verifier. */
const VERSION = 2;
const AUTHENTICATION_BYTES_MAX = 400;
/** IANA, "Remote Procedure Call (RPC) Program Numbers". */
const PROGRAMS: Readonly<Record<number, string>> = {
  100000: "PORTMAP", 100003: "NFS", 100004: "YP", 100005: "MOUNT", 100007: "YP", 100011: "QUOTA", 100021: "LOCK", 100024: "STATUS",
  100083: "TOOLTALK", 100227: "NFS_ACL", 100232: "SADMIND", 395183: "VXI_11", 395184: "VXI_11", 395185: "VXI_11",
}; // prettier-ignore
const PORTMAP = 100_000;
/** Remote administration of Solaris: anybody could run commands by it (CVE-1999-0977, CVE-2003-0722). */
const SADMIND = 100_232;
/** RFC 1833 section 3: in version 2 a program's port is asked for under this number. */
const GET_PORT = 3;
const Transport = { 6: "tcp", 17: "udp" } as const;
/** RFC 5531 section 8.2: a time, a name, then users. */
const AUTH_SYSTEM = 1;
const MACHINE_BYTES_MAX = 255;
/** IANA: from none to RPCSEC_GSS and TLS. */
const FLAVOR_MAX = 7;
const VERSION_MAX = 16;
const PROCEDURE_MAX = 64;

/** Without the mark, which datagrams do not have: a call or reply there has its number in the same place, so what follows decides. */
function unframed(message: Uint8Array): Uint8Array {
  if ((message[0]! & LAST) === 0 || isCall(message)) return message;
  const length = new Reader(message).u32() & 0x7fff_ffff;
  return length < 24 || length + MARK_BYTES < message.length ? message : message.subarray(MARK_BYTES);
}

function isCall(message: Uint8Array): boolean {
  if (message.length < 40 || message[4] !== 0 || message[7] !== 0) return false;
  const reader = new Reader(message, 4);
  const isKnown = reader.u32() === 0 && reader.u32() === VERSION && reader.u32() in PROGRAMS;
  if (!isKnown || reader.u32() > VERSION_MAX || reader.u32() > PROCEDURE_MAX || reader.u32() > FLAVOR_MAX) return false;
  return reader.u32() <= AUTHENTICATION_BYTES_MAX;
}

/** An accepted reply is nearly all zeros: too little to know one by, but for the server of a call. */
function isReply(message: Uint8Array): boolean {
  const reader = new Reader(message);
  const number = reader.u32();
  const isOne = reader.u32() === 1 && reader.u32() <= 1 && reader.u32() <= FLAVOR_MAX;
  return number !== 0 && isOne && reader.u32() <= AUTHENTICATION_BYTES_MAX && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  const body = unframed(message);
  if (side === "server") return readReply(new Reader(body), report, sender, memory);
  // A long call comes in fragments; all after the first begin anywhere.
  if (!isCall(body)) return;
  const reader = new Reader(body);
  const number = reader.u32();
  reader.skip(8);
  const program = reader.u32();
  const version = reader.u32();
  const procedure = reader.u32();
  report.operation(PROGRAMS[program]!);
  const flavor = reader.u32();
  const credential = reader.inner(reader.u32());
  reader.skip(4);
  reader.skip(reader.u32());
  if (reader.overrun) return report.malformed("a call's proof runs past the end");
  if (flavor === AUTH_SYSTEM) {
    credential.skip(4);
    const length = credential.u32();
    if (length <= MACHINE_BYTES_MAX) report.observe(sender, "hostname", utf8(credential.take(length)));
    if (credential.overrun) return report.malformed("a machine's name runs past the end");
  }
  if (program !== PORTMAP || version !== VERSION || procedure !== GET_PORT || memory.asked.size >= ASKED_MAX) return;
  const wanted = reader.u32();
  if (wanted === SADMIND) report.notable("rpcAdminSought", receiver.ip ?? receiver.mac);
  reader.skip(4);
  const transport = Transport[reader.u32() as keyof typeof Transport];
  if (!reader.overrun && wanted in PROGRAMS && transport !== undefined) memory.asked.set(number, transport);
}

function readReply(reader: Reader, report: Report, server: Context["sender"], memory: Memory): void {
  const transport = memory.asked.get(reader.u32());
  if (transport === undefined || reader.u32() !== 1 || reader.u32() !== 0) return;
  reader.skip(4);
  reader.skip(reader.u32());
  const isSuccess = reader.u32() === 0;
  const port = reader.u32();
  if (reader.overrun || !isSuccess || port === 0 || port > 0xffff) return;
  report.expect({ transport, server, port, protocol: "oncrpc" });
}
