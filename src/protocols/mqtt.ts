/**
 * MQTT: versions 3.1.1 and 5.0 of OASIS, and 3.1 before them.
 *
 * Sensors, badges, gateways and what collects their words. What a program calls itself and what it speaks about are anybody's free text:
 * of both only the pattern is kept.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8 } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const mqtt: Protocol<Memory> = {
  name: "mqtt",
  title: "MQTT",
  over: [{ tcp: [1883] }],
  privacy: {
    reads: "Kinds of messages, the pattern of a program's name and of its topics, whether a user was let in, the broker's version.",
    ends: "Names, topics, users, passwords, all that is said.",
    keeps: ["userAgent", "service", "serverBanner", "clearCredentials"],
  },
  recognize,
  messageLength: (stream) => {
    const { bytes, value } = variable(stream, 1);
    return bytes === 0 ? (stream.length < 1 + VARIABLE_BYTES_MAX ? 0 : stream.length) : 1 + bytes + value;
  },
  wanted: () => MESSAGE_BYTES_MAX,
  remember: () => ({ userAsked: false, isFive: false, topics: [] }),
  read,
};

interface Memory {
  userAsked: boolean;
  isFive: boolean;
  /** Patterns told. */
  readonly topics: string[];
}

/** Section 2.1: kind and flags, then what remains in up to four bytes of seven bits. */
const Kind = { connect: 1, accepted: 2, publish: 3, subscribe: 8 } as const;
const VARIABLE_BYTES_MAX = 4;
/** A name, a will, a user and a password; of what is said the topic. */
const MESSAGE_BYTES_MAX = 4096;
/** Section 3.1.2: by the protocol's name and level. */
const LEVELS: Readonly<Record<string, readonly number[]>> = { MQTT: [4, 5], MQIsdp: [3] };
const FIVE = 5;
const Flag = { reserved: 1, password: 0x40, user: 0x80 } as const;
const CONNECT_BYTES_MAX = 1 << 16;
/** Section 3.2.2.3 of 3.1.1; in 5 from 128 on. */
const REFUSAL_MAX = 5;
const FAILURE = 0x80;
const TOPICS_MAX = 8;
const FILTERS_MAX = 16;
/** A broker's word about itself: mosquitto and others, not in the standard. */
const VERSION_TOPIC = "$SYS/broker/version";

function recognize(message: Uint8Array, side: Side): boolean {
  const kind = message[0];
  if (kind === Kind.connect << 4) return side !== "server" && isConnect(message);
  return kind === Kind.accepted << 4 && side === "server" && isAccepted(message);
}

function isConnect(message: Uint8Array): boolean {
  const { bytes, value } = variable(message, 1);
  if (bytes === 0 || value > CONNECT_BYTES_MAX) return false;
  const reader = new Reader(message, 1 + bytes);
  const length = reader.u16();
  if (length !== 4 && length !== 6) return false;
  const levels = LEVELS[utf8(reader.take(length))];
  return levels?.includes(reader.u8()) === true && (reader.u8() & Flag.reserved) === 0 && !reader.overrun;
}

/** Little enough to be anything: it must be the first that a server says, and all of it. */
function isAccepted(message: Uint8Array): boolean {
  const [, remaining = 0, flags = 2, code = 0xff, properties] = message;
  if (message.length !== 2 + remaining || flags > 1) return false;
  return remaining === 2 ? code <= REFUSAL_MAX : (code === 0 || code >= FAILURE) && properties === remaining - 3;
}

/** Section 1.5.5 of version 5. No bytes: it is not all there, or longer than any. */
function variable(bytes: Uint8Array, at: number): { readonly bytes: number; readonly value: number } {
  let value = 0;
  for (let i = 0; i < VARIABLE_BYTES_MAX && at + i < bytes.length; i++) {
    value += (bytes[at + i]! & 0x7f) << (7 * i);
    if (bytes[at + i]! < 0x80) return { bytes: i + 1, value };
  }
  return { bytes: 0, value: 0 };
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { side, sender, memory, cut } = context;
  const front = message[0] ?? 0;
  const { bytes } = variable(message, 1);
  if (bytes === 0) return report.malformed("no length it can have");
  const reader = new Reader(message, 1 + bytes);
  switch (front >> 4) {
    case Kind.connect:
      readConnect(reader, report, context);
      break;
    case Kind.accepted:
      reader.skip(1);
      if (memory.userAsked) report.attempt("login", reader.u8() === 0 ? "accepted" : "refused");
      memory.userAsked = false;
      break;
    case Kind.publish: {
      const topic = string(reader);
      if (reader.overrun) break;
      if (side !== "server") report.operation("PUBLISH");
      if (side === "server" && topic === VERSION_TOPIC) {
        if ((front & 0x06) !== 0) reader.skip(2);
        skipProperties(reader, memory);
        report.observe(sender, "serverBanner", utf8(reader.rest()));
      } else if (side !== "server") tell(topic, "publishes", report, context);
      break;
    }
    case Kind.subscribe:
      report.operation("SUBSCRIBE");
      reader.skip(2);
      skipProperties(reader, memory);
      for (let i = 0; i < FILTERS_MAX && reader.remaining > 0; i++) {
        const filter = string(reader);
        reader.skip(1);
        if (!reader.overrun) tell(filter, "subscribes", report, context);
      }
  }
  if (reader.overrun && !cut) report.malformed("it ends inside a value");
}

/** Section 3.1: protocol, level, flags, time; then the program's name, a will, a user and a password. */
function readConnect(reader: Reader, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  string(reader);
  memory.isFive = reader.u8() === FIVE;
  const flags = reader.u8();
  reader.skip(2);
  skipProperties(reader, memory);
  const name = string(reader);
  if (reader.overrun) return;
  report.operation("CONNECT");
  if (name !== "") report.observe(sender, "userAgent", `MQTT client ${pattern(name)}`);
  memory.userAsked = (flags & Flag.user) !== 0;
  if ((flags & Flag.password) !== 0) report.observe(receiver, "clearCredentials", "mqtt");
}

function skipProperties(reader: Reader, { isFive }: Memory): void {
  if (!isFive) return;
  const { bytes, value } = variable(reader.bytes, reader.offset);
  reader.skip(bytes === 0 ? reader.remaining + 1 : bytes + value);
}

function tell(topic: string, does: string, report: Report, { sender, memory }: Context<Memory>): void {
  const told = `MQTT ${does} ${pattern(topic)}`;
  if (memory.topics.includes(told) || memory.topics.length >= TOPICS_MAX) return;
  memory.topics.push(told);
  report.observe(sender, "service", told);
}

/** Words of letters as a, of digits as 9, of both as a9; a name made up for each connection is the same each time. */
function pattern(text: string): string {
  return text.replace(/[\p{L}\p{M}\p{N}_]+/gu, (word) => (!/\p{N}/u.test(word) ? "a" : /^\p{N}+$/u.test(word) ? "9" : "a9"));
}

function string(reader: Reader): string {
  return utf8(reader.take(reader.u16()));
}
