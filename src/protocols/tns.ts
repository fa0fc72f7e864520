/**
 * Oracle's TNS. It is published nowhere: packets as many programs describe them (uncorroborated), so only what stands there as text counts.
 *
 * A client names its machine when it connects; a listener that refuses says its version. All else is not read.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const tns: Protocol = {
  name: "tns",
  title: "Oracle TNS",
  over: [{ tcp: [1521] }],
  setting: "server",
  privacy: {
    reads: "The machine a client connects from; the version of a listener that refuses.",
    ends: "Users, programs, services, questions and answers.",
    keeps: ["hostname", "serverBanner"],
  },
  recognize,
  speaker: (message): Side => (message[TYPE_OFFSET] === Type.connect ? "client" : "server"),
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : Math.max(new Reader(stream).u16(), HEADER_BYTES)),
  read,
};

/** Length, a sum that is never made, type, flags, another sum. */
const HEADER_BYTES = 8;
const TYPE_OFFSET = 4;
const Type = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11 } as const;
/** Versions of the protocol, 300 of Oracle 7 to 320 of 23. */
const VERSIONS = [300, 330] as const;
const CONNECT_FRONT = "(DESCRIPTION=";

function recognize(message: Uint8Array, side: Side): boolean {
  const reader = new Reader(message);
  const length = reader.u16();
  const sum = reader.u16();
  const type = reader.u8();
  reader.skip(1);
  const headSum = reader.u16();
  if (sum !== 0 || headSum !== 0 || length !== message.length || length < HEADER_BYTES + 4) return false;
  const version = reader.u16();
  switch (type) {
    case Type.connect:
      return side !== "server" && isVersion(version) && find(message, CONNECT_FRONT) > 0;
    case Type.accept:
      return side !== "client" && isVersion(version) && length >= 24;
    case Type.refuse:
      return side !== "client" && find(message, CONNECT_FRONT) > 0;
    default:
      return false;
  }
}

function isVersion(version: number): boolean {
  return version >= VERSIONS[0] && version <= VERSIONS[1];
}

function read(message: Uint8Array, report: Report, { sender, cut }: Context): void {
  const type = message[TYPE_OFFSET];
  const from = find(message, CONNECT_FRONT);
  const text = from < 0 ? "" : Buffer.from(message.subarray(from)).toString("latin1");
  if (type === Type.connect) {
    report.operation("CONNECT");
    // Who connects says program, machine and user in this order; another HOST further on is the server as the client calls it.
    report.observe(
      sender,
      "hostname",
      ascii(Buffer.from(/\(CID=(?:\(PROGRAM=[^)]{0,256}\))?\(HOST=([^()]{1,64})\)/.exec(text)?.[1] ?? "", "latin1")),
    );
  } else if (type === Type.refuse) {
    report.attempt("association", "refused");
    report.observe(sender, "serverBanner", versionOf(Number(/\(VSNNUM=(\d{1,10})\)/.exec(text)?.[1] ?? 0)));
    report.enough();
  } else if (type === Type.accept || type === Type.data) report.enough();
  else if (type !== Type.redirect && type !== Type.resend && !cut) report.malformed("a packet of a type nobody knows");
}

/** Major, minor, and three more, in 8, 4, 8, 4 and 8 bits. */
function versionOf(number: number): string {
  return number < 1 << 24 ? "" : `Oracle ${number >>> 24}.${(number >>> 20) & 15}.${(number >>> 12) & 255}`;
}
