/**
 * STUN: RFC 8489, with TURN (RFC 8656) and ICE (RFC 8445) over it.
 *
 * Telephones, nurse call and video find out how they are seen from outside. Named: who answers, and with which program (SOFTWARE) where
 * that is said. Addresses, users and all that is relayed end here.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const stun: Protocol = {
  name: "stun",
  title: "STUN",
  over: [{ udp: [3478] }, { tcp: [3478] }],
  atAnyPort: true,
  privacy: {
    reads: "Method and kind of each message, and the program of whoever answers.",
    ends: "Addresses, users and their proofs, and all that is relayed.",
    keeps: ["serverBanner"],
  },
  recognize: (message, side) => {
    const head = headOf(message);
    return head !== null && (side === "unknown" || head.kind >= ANSWER === (side === "server"));
  },
  speaker: (message) => speakerOf(headOf(message)),
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : HEADER_BYTES + new Reader(stream, LENGTH_OFFSET).u16()),
  read,
};

// RFC 8489 section 5: two bits of 0, fourteen that weave a method of twelve and a kind of two; length, cookie, transaction.
const HEADER_BYTES = 20;
const LENGTH_OFFSET = 2;
const COOKIE = 0x2112a442;
const KIND = { request: 0, indication: 1, success: 2, error: 3 } as const;
const ANSWER = KIND.success;
/** RFC 8489 section 18.2, RFC 8656 section 17. */
const METHODS: Readonly<Record<number, string>> = {
  1: "BINDING",
  3: "ALLOCATE",
  4: "REFRESH",
  6: "SEND",
  7: "DATA",
  8: "PERMIT",
  9: "CHANNEL",
};
/** Section 14.14: at most 128 characters. */
const SOFTWARE = 0x8022;
const SOFTWARE_LENGTH_MAX = 128;

interface Head {
  readonly method: string;
  readonly kind: number;
}

function headOf(message: Uint8Array): Head | null {
  const reader = new Reader(message);
  const type = reader.u16();
  const length = reader.u16();
  if (reader.u32() !== COOKIE || type > 0x3fff || length % 4 !== 0 || message.length !== HEADER_BYTES + length) return null;
  const method = METHODS[((type & 0x3e00) >> 2) | ((type & 0xe0) >> 1) | (type & 0xf)];
  return method === undefined ? null : { method, kind: ((type & 0x100) >> 7) | ((type & 0x10) >> 4) };
}

/** What nobody answers may be sent by either. */
function speakerOf(head: Head | null): Side {
  return head === null || head.kind === KIND.indication ? "unknown" : head.kind >= ANSWER ? "server" : "client";
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const head = headOf(message);
  // Between them TURN relays data in frames of its own (RFC 8656 section 12.4).
  if (head === null) return;
  if (head.kind < ANSWER) return report.operation(head.method);
  const reader = new Reader(message, HEADER_BYTES);
  while (reader.remaining > 0) {
    const type = reader.u16();
    const length = reader.u16();
    const value = reader.take(length);
    reader.skip(-length & 3);
    if (reader.overrun) return report.malformed("an attribute runs past the end of the message");
    if (type === SOFTWARE) report.observe(sender, "serverBanner", withoutMail(utf8(value, SOFTWARE_LENGTH_MAX)));
  }
}
