/**
 * ICMP for IPv4: RFC 792, the echo only.
 *
 * Pings that carry more than ping programs send by themselves may carry something else. What it is goes no further: only whether it
 * is the same again, and whether an answer brings back what was sent.
 */
import { Reader } from "../bytes/reader.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const icmp: Protocol = {
  name: "icmp",
  title: "ICMP",
  over: [{ ip: 1 }],
  privacy: {
    reads: "The number of a ping, and whether it carries the same as another.",
    ends: "What a ping carries.",
    keeps: [],
  },
  recognize: (message) => isEcho(message) && message[1] === 0,
  read,
};

const Type = { reply: 0, request: 8 } as const;
/** Type, code, checksum, id, number. */
const HEADER_BYTES = 8;
/** Linux and BSD send 56 bytes, Windows 32. */
const ORDINARY_BYTES_MAX = 64;
/** A tunnel fills its pings with something else each time; the front tells. */
const COMPARED_BYTES = 256;

function isEcho(message: Uint8Array): boolean {
  return message.length >= HEADER_BYTES && (message[0] === Type.request || message[0] === Type.reply);
}

function read(message: Uint8Array, report: Report, { cut }: Context): void {
  const reader = new Reader(message, 4);
  const echo = `${reader.u16()}/${reader.u16()}`;
  const data = reader.rest();
  if (data.length <= ORDINARY_BYTES_MAX || (cut && data.length < COMPARED_BYTES)) return;
  report.notable("largeEcho", echo, data.length);
  report.notable("largeEchoData", `${echo}/${Buffer.from(data.subarray(0, COMPARED_BYTES)).toString("latin1")}`);
}
