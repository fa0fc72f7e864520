/**
 * AMQP 0-9-1 (RabbitMQ and its kin) and 1.0 (ISO 19464, by its first eight bytes).
 *
 * Brokers between clinical programs. Named: in 0-9-1 the broker's first frame has its product and version.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, utf8 } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const amqp: Protocol = {
  name: "amqp",
  title: "AMQP",
  over: [{ tcp: [5672] }],
  privacy: {
    reads: "Product and version of both sides, whether a password crosses in the clear, whether it was right.",
    ends: "Users and passwords, names of queues, all that is said.",
    keeps: ["serverBanner", "userAgent", "clearCredentials"],
  },
  recognize,
  messageLength,
  wanted: () => MESSAGE_BYTES_MAX,
  read,
};

/** 0-9-1 section 4.2.2, 1.0 section 2.2: four letters, then versions. */
const LETTERS = "AMQP";
const HEADER_BYTES = 8;
const VERSIONS = new Set(["0,0,9,1", "1,1,0,9", "1,1,0,10", "1,1,8,0", "0,1,0,0", "2,1,0,0", "3,1,0,0"]);
const ONE = "0,1,0,0";
const SASL = "3,1,0,0";
const TLS = "2,1,0,0";
/** Section 4.2.3 of 0-9-1: kind, channel, length, then that, then an end. A method is a class and a number. */
const METHOD = 1;
const KIND_MAX = 8;
const FRAME_BYTES = 8;
const FRAME_HEADER_BYTES = 7;
const Method = { start: 0x000a_000a, startOk: 0x000a_000b, tune: 0x000a_001e, close: 0x000a_0032 } as const;
/** Section 1: connection, channel, exchange, queue, basic, confirm, transaction; their methods from 10 to 120. */
const CLASSES = new Set([10, 20, 40, 50, 60, 85, 90]);
const NUMBER_MIN = 10;
const NUMBER_MAX = 120;
const END = 0xce;
const ACCESS_REFUSED = 403;
/** The default limit of a frame is 128 KB; what both say of themselves is below 1 KB. */
const MESSAGE_BYTES_MAX = 8192;
/** RabbitMQ's user that comes with it: documentation, access control. */
const GUEST = "\0guest\0guest";
const ENTRIES_MAX = 32;

function recognize(message: Uint8Array, side: Side): boolean {
  if (message[0] === METHOD) return isMethod(message, side);
  return (
    message[0] === LETTERS.charCodeAt(0) && find(message.subarray(0, LETTERS.length), LETTERS) === 0 && VERSIONS.has(versionOf(message))
  );
}

/** Also in the middle of a conversation: a known class, and the end where the length says. */
function isMethod(message: Uint8Array, side: Side): boolean {
  const reader = new Reader(message, 1);
  const channel = reader.u16();
  const body = reader.inner(reader.u32());
  if (reader.u8() !== END || reader.overrun) return false;
  const method = body.u32();
  if (method === Method.start) return side !== "client" && channel === 0;
  return CLASSES.has(method >>> 16) && (method & 0xffff) >= NUMBER_MIN && (method & 0xffff) <= NUMBER_MAX;
}

function versionOf(message: Uint8Array): string {
  return message.subarray(LETTERS.length, HEADER_BYTES).join(",");
}

function messageLength(stream: Uint8Array): number {
  const first = stream[0]!;
  if (first === LETTERS.charCodeAt(0)) return HEADER_BYTES;
  if (first > KIND_MAX) return stream.length;
  return stream.length < FRAME_HEADER_BYTES ? 0 : FRAME_BYTES + new Reader(stream, 3).u32();
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, cut }: Context): void {
  const reader = new Reader(message);
  if (message[0] === LETTERS.charCodeAt(0)) {
    const version = versionOf(message);
    if (side !== "server") report.operation("CONNECT");
    // The frames of 1.0 have another form, and say no product.
    if (side === "server" && (version === ONE || version === SASL || version === TLS)) {
      report.observe(sender, "serverBanner", "AMQP 1.0");
      report.enough();
    }
    return;
  }
  if (reader.u8() !== METHOD) return;
  reader.skip(2 + 4);
  switch (reader.u32()) {
    case Method.start:
      reader.skip(2);
      report.observe(sender, "serverBanner", productIn(reader));
      break;
    case Method.startOk:
      report.observe(sender, "userAgent", productIn(reader));
      readPassword(reader, report, receiver);
      break;
    case Method.tune:
      if (side === "server") report.attempt("login", "accepted");
      return report.enough();
    case Method.close:
      if (reader.u16() === ACCESS_REFUSED) report.attempt("login", "refused");
      return report.enough();
  }
  if (reader.overrun && !cut) report.malformed("it ends inside a value");
}

/** How it is given, and then the user and the password, or proof of them. */
function readPassword(reader: Reader, report: Report, broker: Context["receiver"]): void {
  const how = ascii(reader.take(reader.u8()));
  const answer = reader.take(reader.u32());
  if (reader.overrun || (how !== "PLAIN" && how !== "AMQPLAIN")) return;
  report.observe(broker, "clearCredentials", find(answer, GUEST) === 0 ? "amqp, known default" : "amqp");
}

/** Section 4.2.5.5: names, each with a value of a kind. */
function productIn(reader: Reader): string {
  const table = reader.inner(reader.u32());
  let product = "";
  let version = "";
  for (let i = 0; i < ENTRIES_MAX && table.remaining > 0; i++) {
    const name = ascii(table.take(table.u8()));
    const kind = String.fromCharCode(table.u8());
    const value = table.take(lengthOf(kind, table));
    if (table.overrun) break;
    if (kind === "S" && name === "product") product = utf8(value);
    if (kind === "S" && name === "version") version = utf8(value);
  }
  return `${product} ${version}`.trim();
}

/** As RabbitMQ writes them: its "AMQP 0-9-1 errata", section 3. */
const FIXED: Readonly<Record<string, number>> = { t: 1, b: 1, B: 1, s: 2, u: 2, I: 4, i: 4, l: 8, f: 4, d: 8, D: 5, T: 8, V: 0 };
function lengthOf(kind: string, table: Reader): number {
  return FIXED[kind] ?? ("SFAx".includes(kind) ? table.u32() : -1);
}
