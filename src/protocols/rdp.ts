/**
 * Remote Desktop: MS-RDPBCGR, in TPKT (RFC 1006, T.123) and X.224.
 *
 * The first two messages say who is steered from where, and how they protect it. What follows is TLS, which is handed on; only without
 * it does the client also say its own name and build. The user in the cookie ends here.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, utf16le } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const rdp: Protocol = {
  name: "rdp",
  title: "RDP",
  over: [{ tcp: [3389] }],
  encrypted: true,
  privacy: {
    reads:
      "How the connection is protected; without protection the client's machine and build, and whether it names a channel only the system opens.",
    ends: "The user in the cookie, all other settings and channels. The screen is encrypted, or counted only.",
    keeps: ["hostname", "userAgent", "dialect"],
  },
  recognize,
  speaker: (message) => (message[TPKT_BYTES + 1] === Type.request ? "client" : "server"),
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), MESSAGE_BYTES_MAX),
  read,
};

/** RFC 1006 section 6: version 3, a zero, the length of it all. X.224 section 13: length, type, references, class. */
const TPKT_BYTES = 4;
const X224_BYTES = 7;
const Type = { request: 0xe0, confirm: 0xd0, data: 0xf0 } as const;
const TYPE_OFFSET = 5;
const COOKIE = "Cookie: ";

/** Sections 2.2.1.1.1 and 2.2.1.2: type, flags, a length of 8, protocols. */
const NEGOTIATION_BYTES = 8;
const Negotiation = { request: 1, response: 2, failure: 3 } as const;

/** A TLS record: RFC 8446 section 5.1. */
const TLS_HANDSHAKE = 0x16;
const TLS_HEADER_BYTES = 5;
/** The largest TLS record; what a client says of itself is a few hundred bytes. */
const MESSAGE_BYTES_MAX = 18 << 10;

/** T.124 section 8.7: the key under which a client's settings stand in a conference request; then blocks of type, length, content. */
const CLIENT_KEY = "Duca";
/** Section 2.2.1.3.2: the first block, of version, screen, keyboard, build and name. */
const CORE = 0xc001;
/** Section 2.2.1.3.4: channels the client wants, each with a name of 8 bytes and options. */
const CHANNELS = 0xc003;
const CHANNELS_MAX = 31;
const CHANNEL_NAME_BYTES = 8;
/** Section 3.3.5: the system opens it by itself; old ones free it twice when a client asks for it, too (CVE-2019-0708). */
const RESERVED = "MS_T120";
const BLOCKS_MAX = 16;
const NAME_BYTES = 32;

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message);
  if (reader.u16() !== 0x0300) return false;
  const length = reader.u16();
  const rest = reader.u8();
  const type = reader.u8();
  if (length > 1024 || rest + TPKT_BYTES + 1 !== length || message.length < length) return false;
  // Siemens S7 and other users of X.224 put selectors (0xc0 to 0xc2) where this has a cookie, a negotiation or nothing.
  if (type === Type.request)
    return rest === X224_BYTES - 1 || find(message, COOKIE) === TPKT_BYTES + X224_BYTES || negotiation(message) !== null;
  return type === Type.confirm && negotiation(message) !== null;
}

/** What stands at the end of a request or an answer: kind and protocols. */
function negotiation(message: Uint8Array): { readonly kind: number; readonly protocols: number } | null {
  if (message.length < TPKT_BYTES + X224_BYTES + NEGOTIATION_BYTES) return null;
  for (const from of [TPKT_BYTES + X224_BYTES, message.length - NEGOTIATION_BYTES]) {
    const reader = new Reader(message, from);
    const kind = reader.u8();
    reader.skip(1);
    if (kind >= Negotiation.request && kind <= Negotiation.failure && reader.u16le() === NEGOTIATION_BYTES)
      return { kind, protocols: reader.u32le() };
  }
  return null;
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < TLS_HEADER_BYTES) return 0;
  if (stream[0] === 3) return Math.max(new Reader(stream, 2).u16(), TPKT_BYTES);
  if (stream[0]! >= 20 && stream[0]! <= 23) return TLS_HEADER_BYTES + new Reader(stream, 3).u16();
  // Section 2.2.8.1.1: drawing, and after a gap anything.
  return stream.length;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (message[0] === TLS_HANDSHAKE) return report.inside("tls", message);
  if (message[0] !== 3) return report.enough();
  switch (message[TYPE_OFFSET]) {
    case Type.request:
      report.operation("CONNECT");
      break;
    case Type.confirm: {
      const answer = negotiation(message);
      if (answer?.kind === Negotiation.failure) report.attempt("association", "refused");
      // Section 5.3: its own encryption, with keys anybody can have; servers that know nothing else do not answer the question.
      else if (answer === null || answer.protocols === 0) report.observe(sender, "dialect", "RDP without TLS");
      break;
    }
    case Type.data:
      readData(message, report, sender);
      break;
    default:
      report.malformed("neither a connection nor data in X.224");
  }
}

function readData(message: Uint8Array, report: Report, client: Address): void {
  const key = find(message, CLIENT_KEY);
  // A client's first words are the only ones to read, and the server's answer to them is nobody's name.
  if (key < 0) return;
  const reader = new Reader(message, key + CLIENT_KEY.length);
  // T.125 in packed encoding: lengths from 128 on take two bytes.
  if ((reader.u8() & 0x80) !== 0) reader.skip(1);
  for (let i = 0; i < BLOCKS_MAX && reader.remaining > 0; i++) {
    const type = reader.u16le();
    const block = reader.inner(reader.u16le() - 4);
    if (reader.overrun) return report.malformed("a block of the client's settings runs past the end");
    if (type === CHANNELS && namesReserved(block)) report.notable("reservedChannel");
    if (type !== CORE) continue;
    // Version, width, height, color, sequence, keyboard.
    block.skip(4 + 2 + 2 + 2 + 2 + 4);
    const build = block.u32le();
    const name = utf16le(block.take(NAME_BYTES));
    if (block.overrun) return report.malformed("the client's settings are cut short");
    report.observe(client, "hostname", name);
    report.observe(client, "userAgent", `RDP client build ${build}`);
  }
  report.enough();
}

function namesReserved(block: Reader): boolean {
  const count = Math.min(block.u32le(), CHANNELS_MAX);
  for (let i = 0; i < count && !block.overrun; i++) {
    if (ascii(block.take(CHANNEL_NAME_BYTES)).toUpperCase().startsWith(RESERVED)) return true;
    block.skip(4);
  }
  return false;
}
