/**
 * DCE/RPC: C706 (chapters 12 and 14), Microsoft's additions MS-RPCE. Over TCP, and without connections over UDP.
 *
 * Windows machines steer one another by it, and DCOM and PROFINET ride on it. Who binds to which interface is the story: services,
 * registry, scheduler, replication of a directory. Of what is called only the number is read, and of a few calls whether they carry
 * something no program would; and the endpoint mapper's answers, which tell the port a conversation goes on with.
 */
import { find } from "../../bytes/find.ts";
import { Reader } from "../../bytes/reader.ts";
import { hex } from "../../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { notableCall } from "./calls.ts";
import { INTERFACES } from "./interfaces.ts";

export const dcerpc: Protocol<Memory> = {
  name: "dcerpc",
  title: "DCE/RPC",
  over: [{ tcp: [135] }, { udp: [135, 34964] }, { inside: "smb", as: "dcerpc" }],
  privacy: {
    reads: "Interfaces asked for, numbers of calls, and the port the endpoint mapper names.",
    ends: "What calls carry; users and proofs of log-ins.",
    keeps: [],
  },
  recognize,
  speaker: (message) => (message[0] === CONNECTIONLESS ? CALLS_4[message[1]!] : KINDS[message[2]!]) ?? "unknown",
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), WANTED_BYTES_MAX),
  remember: () => ({ mapper: -1, interfaces: new Map() }),
  read,
};

interface Memory {
  /** The context under which this conversation asks the endpoint mapper, -1 for none. */
  mapper: number;
  /** Identifiers of interfaces, by the context they are called under. */
  readonly interfaces: Map<number, string>;
}

/** C706 section 12.6.3.1: version, minor, kind, flags, format of data, length of it all, of its proof, call. */
const CONNECTED = 5;
const HEADER_BYTES = 16;
const LENGTH_OFFSET = 8;
/** A bind with twenty interfaces and a ticket fits. */
const WANTED_BYTES_MAX = 4096;
const FRONT_BYTES_MIN = 1024;

/** C706 section 12.6.4, and MS-RPCE section 2.2.2: who sends which kind. */
const Kind = { request: 0, response: 2, fault: 3, bind: 11, bindAck: 12, bindNak: 13, alter: 14, alterResponse: 15, proof: 16 } as const;
const KINDS: Readonly<Record<number, Side>> = {
  0: "client", 2: "server", 3: "server", 11: "client", 12: "server", 13: "server", 14: "client", 15: "server", 16: "client", 18: "client", 19: "client",
}; // prettier-ignore
/** Floating point has four forms (C706 section 14.1); integers are big or little, letters ASCII or EBCDIC. */
const LITTLE = 0x10;
const FLOAT_MAX = 3;

const CONTEXTS_MAX = 32;
const SYNTAX_BYTES = 20;
const PROOF_HEADER_BYTES = 8;

/** C706 section 12.5.2: 80 bytes, which the other form does not have. */
const CONNECTIONLESS = 4;
const HEADER_4_BYTES = 80;
const Offset4 = { format: 4, interface: 24, length: 74 } as const;
/** Kinds that call, and those that answer. */
const CALLS_4: Readonly<Record<number, Side>> = {
  0: "client", 1: "client", 2: "server", 3: "server", 4: "server", 5: "server", 6: "server", 7: "client", 8: "client", 9: "server", 10: "server",
}; // prettier-ignore

function recognize(message: Uint8Array, side: Side): boolean {
  const version = message[0];
  if (version !== CONNECTED && version !== CONNECTIONLESS) return false;
  if (version === CONNECTIONLESS) return isCall4(message) && fits(CALLS_4[message[1]!]!, side);
  const sender = KINDS[message[2] ?? -1];
  if (sender === undefined || !fits(sender, side) || !isHeader(message)) return false;
  const reader = new Reader(message, LENGTH_OFFSET);
  const length = reader.u16le();
  const proof = reader.u16le();
  if (proof + HEADER_BYTES > length) return false;
  reader.skip(4);
  switch (message[2]) {
    case Kind.bind:
    case Kind.alter: {
      reader.skip(8);
      const contexts = reader.u8();
      reader.skip(5);
      const syntaxes = reader.u8();
      return contexts > 0 && contexts <= CONTEXTS_MAX && syntaxes > 0 && syntaxes <= CONTEXTS_MAX && length > 24 + 24 + SYNTAX_BYTES - 1;
    }
    default:
      // Where one ends the next begins, or nothing; of a long one handed on, more than its front need not be there.
      if (message.length < length) return message.length >= FRONT_BYTES_MIN;
      return message.length === length || isHeader(message.subarray(length));
  }
}

function messageLength(stream: Uint8Array): number {
  if (stream[0] === CONNECTIONLESS) return stream.length < HEADER_4_BYTES ? 0 : HEADER_4_BYTES + new Reader(stream, Offset4.length).u16le();
  if (stream.length < HEADER_BYTES) return 0;
  return isHeader(stream) ? new Reader(stream, LENGTH_OFFSET).u16le() : stream.length;
}

function fits(sender: Side, side: Side): boolean {
  return side === "unknown" || sender === side;
}

function isHeader(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEADER_BYTES &&
    bytes[0] === CONNECTED &&
    bytes[1]! <= 1 &&
    (bytes[2] ?? -1) in KINDS &&
    isFormat(bytes, 4) &&
    bytes[7] === 0 &&
    new Reader(bytes, LENGTH_OFFSET).u16le() >= HEADER_BYTES
  );
}

/** Only little-endian machines are left that speak it (lengths are read as such); the others are not taken. */
function isFormat(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LITTLE && bytes[at + 1]! <= FLOAT_MAX && bytes[at + 2] === 0;
}

function isCall4(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEADER_4_BYTES &&
    (bytes[1] ?? -1) in CALLS_4 &&
    isFormat(bytes, Offset4.format) &&
    new Reader(bytes, Offset4.length).u16le() === bytes.length - HEADER_4_BYTES
  );
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  if (message[0] === CONNECTIONLESS) {
    if (!isCall4(message)) return report.malformed("the length is not the datagram's");
    if (message[1] === Kind.request) report.operation(named(message.subarray(Offset4.interface, Offset4.interface + 16)));
    return;
  }
  if (!isHeader(message)) {
    report.malformed("bytes between messages that belong to none");
    return report.enough();
  }
  const body = new Reader(message, HEADER_BYTES);
  switch (message[2]) {
    case Kind.bind:
    case Kind.alter:
      readBind(body, report, context.memory);
      return handOn(message, report);
    case Kind.bindAck:
    case Kind.alterResponse:
    case Kind.proof:
      return handOn(message, report);
    case Kind.request:
      return readCall(message, body, report, context.memory);
    case Kind.bindNak:
      return report.attempt("association", "refused");
    case Kind.response: {
      body.skip(4);
      if (body.u16le() !== context.memory.mapper) return;
      body.skip(2);
      return readTowers(body, report, context);
    }
  }
}

/** C706 section 12.6.4.3: sizes, group, then each context with an interface and the forms its data may take. */
function readBind(body: Reader, report: Report, memory: Memory): void {
  body.skip(8);
  const contexts = Math.min(body.u8(), CONTEXTS_MAX);
  body.skip(3);
  for (let i = 0; i < contexts; i++) {
    const id = body.u16le();
    const forms = body.u8();
    body.skip(1);
    const uuid = body.take(16);
    body.skip(4 + forms * SYNTAX_BYTES);
    if (body.overrun) return report.malformed("a context of a bind runs past the end");
    const identifier = identifierOf(uuid);
    if (memory.interfaces.size < CONTEXTS_MAX) memory.interfaces.set(id, identifier);
    const name = INTERFACES[identifier] ?? "OTHER";
    if (name === "ENDPOINT_MAPPER") memory.mapper = id;
    // Clients offer the same interface once more, in 64 bits, and a "feature" that is none.
    report.operation(name);
  }
}

/** An interface nobody named here is still one that was asked for. */
function named(uuid: Uint8Array): string {
  return INTERFACES[identifierOf(uuid)] ?? "OTHER";
}

/** C706 appendix A: as it is written. */
function identifierOf(uuid: Uint8Array): string {
  const reader = new Reader(uuid);
  const numbers = [
    reader.u32le().toString(16).padStart(8, "0"),
    ...[reader.u16le(), reader.u16le()].map((it) => it.toString(16).padStart(4, "0")),
  ];
  const rest = hex(reader.rest());
  return `${numbers.join("-")}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

/** C706 section 12.6.4.9: room for the answer, context, number; then an object, where a flag says so, and what the call carries. */
const OBJECT = 0x80;
const FIRST = 0x01;

function readCall(message: Uint8Array, body: Reader, report: Report, memory: Memory): void {
  const flags = message[3]!;
  // Further pieces of a long one have the same number.
  if ((flags & FIRST) === 0) return;
  body.skip(4);
  const uuid = memory.interfaces.get(body.u16le());
  const number = body.u16le();
  if ((flags & OBJECT) !== 0) body.skip(16);
  if (uuid === undefined || body.overrun) return;
  const isProven = new Reader(message, LENGTH_OFFSET + 2).u16le() > 0;
  const called = notableCall(uuid, number, isProven ? EMPTY : body.rest());
  if (called !== null) report.notable(called);
}
const EMPTY = new Uint8Array(0);

/** C706 section 13.2.6.1: a proof of some kind stands at the end. Of those only NTLM says more than that there is one. */
function handOn(message: Uint8Array, report: Report): void {
  const header = new Reader(message, LENGTH_OFFSET);
  const isWhole = header.u16le() === message.length;
  const length = header.u16le();
  if (!isWhole || length === 0 || message.length < HEADER_BYTES + PROOF_HEADER_BYTES + length) return;
  const proof = message.subarray(message.length - length);
  const at = find(proof, "NTLMSSP\0");
  if (at >= 0) report.inside("ntlmssp", proof.subarray(at));
}

/** C706 appendices L and O: a handle, how many; then an array of pointers to towers, and the towers, each of floors. */
const FLOORS_MAX = 8;
const TOWERS_MAX = 16;
const Floor = { tcp: 0x07, udp: 0x08 } as const;

function readTowers(body: Reader, report: Report, { sender }: Context<Memory>): void {
  body.skip(20 + 4 + 8);
  const towers = Math.min(body.u32le(), TOWERS_MAX);
  body.skip(towers * 4);
  for (let i = 0; i < towers; i++) {
    body.skip(4);
    const length = body.u32le();
    const tower = body.inner(length);
    body.skip(Math.min(-length & 3, body.remaining));
    if (body.overrun) return report.malformed("a tower of the endpoint mapper runs past the end");
    const floors = Math.min(tower.u16le(), FLOORS_MAX);
    for (let floor = 0; floor < floors && !tower.overrun; floor++) {
      const protocol = tower.inner(tower.u16le()).u8();
      const address = tower.inner(tower.u16le());
      const port = address.u16();
      if (tower.overrun || address.overrun || port === 0) continue;
      if (protocol === Floor.tcp) report.expect({ transport: "tcp", server: sender, port, protocol: "dcerpc" });
      else if (protocol === Floor.udp) report.expect({ transport: "udp", server: sender, port, protocol: "dcerpc" });
    }
  }
}
