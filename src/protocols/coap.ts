/**
 * CoAP: RFC 7252, observing RFC 7641, blocks RFC 7959, further methods RFC 8132.
 *
 * Sensors and actors of small power. Named: that it is spoken, and by which methods; paths are anybody's own words, and end here.
 */
import { Reader } from "../bytes/reader.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const coap: Protocol = {
  name: "coap",
  title: "CoAP",
  over: [{ udp: [5683] }],
  privacy: { reads: "Methods, and that the form is right.", ends: "Paths, questions and all that is said.", keeps: [] },
  recognize: (message, side) => side !== "server" && isQuestion(message),
  read,
};

/** RFC 7252 section 12.1.1, RFC 8132. */
const METHODS: Readonly<Record<number, string>> = { 1: "GET", 2: "POST", 3: "PUT", 4: "DELETE", 5: "FETCH", 6: "PATCH", 7: "iPATCH" };
/** Section 3: version, kind and length of a token; a code; a number; the token; options; perhaps a mark and a payload. */
const HEADER_BYTES = 4;
const VERSION = 1;
const TOKEN_BYTES_MAX = 8;
const PAYLOAD = 0xff;
/** Section 5.10, RFC 7641, 7959, 7967, 8613, 8768, 9175. */
const OPTIONS = new Set([1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 20, 23, 27, 28, 35, 39, 60, 252, 258, 292]);
const TEXTS = new Set([3, 8, 11, 15, 20, 35, 39]);
const TEXT_BYTES_MAX = 255;
/** A segment of a path, a host, a word of a query: RFC 3986 section 3.3. */
const WORD = /^[\w.~%:@=+-]{3,}$/;
/** Section 3.1: longer forms of a number of four bits. */
const Long = { byte: 13, word: 14, none: 15 } as const;

/** The whole datagram is of this form, and says in words what it asks for: with fewer bytes it could be anything. */
function isQuestion(message: Uint8Array): boolean {
  const first = message[0] ?? 0;
  const tokenBytes = first & 0x0f;
  if (first >> 6 !== VERSION || tokenBytes > TOKEN_BYTES_MAX || METHODS[message[1] ?? 0] === undefined) return false;
  const reader = new Reader(message, HEADER_BYTES + tokenBytes);
  let option = 0;
  let saysWhat = false;
  while (reader.remaining > 0) {
    const head = reader.u8();
    if (head === PAYLOAD) return saysWhat && reader.remaining > 0;
    option += long(head >> 4, reader);
    const value = reader.take(long(head & 0x0f, reader));
    if (reader.overrun || !OPTIONS.has(option) || value.length > TEXT_BYTES_MAX) return false;
    if (!TEXTS.has(option)) continue;
    if (!value.every((byte) => byte >= 0x20 && byte !== 0x7f)) return false;
    saysWhat ||= WORD.test(Buffer.from(value).toString("latin1"));
  }
  return saysWhat && !reader.overrun;
}

function long(short: number, reader: Reader): number {
  if (short === Long.byte) return Long.byte + reader.u8();
  // 255 and more follow, and 14 bits of number hold every option there is.
  if (short === Long.word) return 269 + reader.u16();
  return short === Long.none ? Number.MAX_SAFE_INTEGER : short;
}

function read(message: Uint8Array, report: Report, { side }: Context): void {
  const code = message[1] ?? 0;
  if (message.length < HEADER_BYTES || (message[0] ?? 0) >> 6 !== VERSION) return report.malformed("no version that there is");
  const method = METHODS[code];
  if (method !== undefined && side !== "server") report.operation(method);
}
