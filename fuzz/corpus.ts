/**
 * What captures hold for each parser: their messages, cut as `flows` cuts them but naively, in memory, and with nothing counted. Seeds for
 * the fuzzer, and real bytes for tests of single parsers.
 */
import { closeSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ip, mac } from "../src/bytes/text.ts";
import { InputClock, readFrames } from "../src/capture/index.ts";
import { Decoder } from "../src/decode/index.ts";
import { Recognition, type Recognized } from "../src/flows/recognition.ts";
import type { Packet } from "../src/model/packet.ts";
import type { Address, Context, Protocol, Report, Side } from "../src/model/protocol.ts";
import { protocols } from "../src/protocols/index.ts";

/** One message as its parser would be given it. */
export interface Message extends Omit<Context, "memory"> {
  readonly protocol: Protocol;
  /** The same for all messages of one conversation, in their order. */
  readonly conversation: string;
  readonly bytes: Uint8Array;
}

/** Distinct messages kept for each protocol, and how long each may be. */
const MESSAGES_MAX = 400;
const MESSAGE_BYTES_MAX = 64 << 10;
/** Of a conversation's messages; a long one repeats itself. */
const CONVERSATION_MESSAGES_MAX = 200;
/** What waits for the end of its message. */
const HELD_BYTES_MAX = 256 << 10;

/** Distinct messages by protocol. */
export async function messagesOf(folders: readonly string[]): Promise<Map<string, Uint8Array[]>> {
  const messages = new Map<string, Uint8Array[]>(protocols.map(({ name }) => [name, []]));
  const seen = new Set<string>();
  for (const file of folders.flatMap(capturesIn))
    for (const { protocol, bytes } of await readCapture(file)) {
      const known = messages.get(protocol.name)!;
      const key = `${protocol.name} ${Buffer.from(bytes).toString("latin1")}`;
      if (known.length >= MESSAGES_MAX || seen.has(key)) continue;
      seen.add(key);
      known.push(bytes);
    }
  return messages;
}

export function capturesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:p?cap|pcapng|dmp|dump|ntar)(?:\.gz|\.zst)?$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

/** All messages of one capture that a parser reads, in the order of their last bytes. */
export async function readCapture(file: string): Promise<Message[]> {
  const cutter = new Cutter();
  const decoder = new Decoder();
  const fd = openSync(file, "r");
  try {
    const sink = {
      frame(bytes: Uint8Array, start: number, end: number, wireLength: number, at: number, linkType: number) {
        decoder.decode(bytes, start, end, wireLength, at, linkType);
        cutter.packet(decoder.packet);
      },
      drops: () => {},
      tick: () => {},
      pause: () => undefined,
      progress: () => {},
    };
    // What a damaged file says up to its damage counts.
    await readFrames(fd, sink, { live: false, clock: new InputClock() });
  } finally {
    closeSync(fd);
  }
  return cutter.messages;
}

const Ip = { tcp: 6, udp: 17 } as const;
const SYN = 2;
const ACK = 16;

interface Stream {
  readonly side: Side;
  expected: number;
  held: Uint8Array;
}

interface Conversation {
  protocol: Protocol | null;
  /** Which end, by its address and port, is the client; "" while that is not known. */
  client: string;
  readonly streams: Map<string, Stream>;
  readonly memories: Map<string, unknown>;
  messages: number;
  over: boolean;
}

class Cutter {
  readonly messages: Message[] = [];
  readonly #recognition = new Recognition(protocols);
  readonly #conversations = new Map<string, Conversation>();

  packet(packet: Packet): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    // A copy, since frames are gone after this call.
    const payload = bytes.slice(payloadStart, payloadEnd);
    if (packet.isFragment) return;
    if (packet.hasTransport && packet.ipProtocol === Ip.tcp) return this.#segment(packet, payload);
    if (payload.length === 0) return;
    if (packet.hasTransport && packet.ipProtocol === Ip.udp) return this.#datagram(packet, payload);
    const asked = packet.family === 0 ? this.#recognition.overEtherType(packet.etherType) : this.#recognition.overIp(packet.ipProtocol);
    const protocol = asked.find((it) => it.recognize(payload, "unknown"));
    if (protocol !== undefined) this.#read({ protocol, side: "unknown" }, payload, false, packet, conversationOf());
  }

  #datagram(packet: Packet, payload: Uint8Array): void {
    const conversation = this.#conversation(packet);
    const known = this.#recognition.ask("udp", payload, packet.sourcePort, packet.targetPort, "unknown");
    const cut = packet.payloadLength > payload.length;
    if (known !== null) this.#read(known, payload, cut, packet, conversation);
  }

  #segment(packet: Packet, payload: Uint8Array): void {
    const conversation = this.#conversation(packet);
    const [from, to] = ends(packet);
    if ((packet.tcpFlags & SYN) !== 0) {
      conversation.client = (packet.tcpFlags & ACK) === 0 ? from : to;
      conversation.streams.delete(from);
    }
    if (conversation.over) return;
    const side = conversation.client === "" ? "unknown" : conversation.client === from ? "client" : "server";
    const begins = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) >>> 0;
    let stream = conversation.streams.get(from);
    if (stream === undefined) {
      stream = { side, expected: begins, held: new Uint8Array(0) };
      conversation.streams.set(from, stream);
    }
    // What is sent again, or comes too early, is left out: the fuzzer needs messages, not all of them.
    if (payload.length === 0 || begins !== stream.expected || packet.payloadLength > payload.length) return;
    stream.expected = (stream.expected + payload.length) >>> 0;
    stream.held = Uint8Array.from(Buffer.concat([stream.held, payload]));
    this.#cut(stream, packet, conversation);
  }

  #cut(stream: Stream, packet: Packet, conversation: Conversation): void {
    while (stream.held.length > 0 && !conversation.over) {
      conversation.protocol ??=
        this.#recognition.ask("tcp", stream.held, packet.sourcePort, packet.targetPort, stream.side)?.protocol ?? null;
      const { protocol } = conversation;
      if (protocol === null) break;
      const length = protocol.messageLength?.(stream.held) ?? stream.held.length;
      const wanted = Math.min(length, protocol.wanted?.(stream.held) ?? MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX);
      if (length === 0 || stream.held.length < wanted) break;
      this.#read({ protocol, side: stream.side }, stream.held.subarray(0, wanted), wanted < length, packet, conversation);
      // The rest of it is only passed over.
      if (length > stream.held.length) stream.expected = (stream.expected + length - stream.held.length) >>> 0;
      stream.held = stream.held.subarray(length);
    }
    if (stream.held.length > HELD_BYTES_MAX) conversation.over = true;
  }

  #read({ protocol, side }: Recognized, bytes: Uint8Array, cut: boolean, packet: Packet, conversation: Conversation): void {
    if (++conversation.messages > CONVERSATION_MESSAGES_MAX) conversation.over = true;
    const [sender, receiver] = [addressOf(packet, true), addressOf(packet, false)];
    const message = {
      protocol,
      conversation: `${protocol.name} ${ends(packet).toSorted().join(" ")}`,
      bytes: bytes.slice(),
      side,
      cut,
      at: packet.at,
      sender,
      receiver,
      senderPort: packet.sourcePort,
      receiverPort: packet.targetPort,
    };
    this.messages.push(message);
    let memory = conversation.memories.get(protocol.name);
    if (memory === undefined) conversation.memories.set(protocol.name, (memory = protocol.remember?.()));
    protocol.read(message.bytes, this.#inside(protocol, side, packet, conversation), { ...message, memory });
  }

  /** Of what a message says, only what it hands on and that it has said enough matter here. */
  #inside(outer: Protocol, side: Side, packet: Packet, conversation: Conversation): Report {
    return {
      observe: () => {},
      operation: () => {},
      attempt: () => {},
      notable: () => {},
      claims: () => {},
      expect: () => {},
      program: () => {},
      touched: () => {},
      malformed: () => {},
      enough: () => (conversation.over = packet.ipProtocol === Ip.tcp),
      inside: (as, bytes) => {
        const protocol = this.#recognition.insideOf(outer.name, as).find((it) => it.recognize(bytes, side));
        if (protocol !== undefined) this.#read({ protocol, side }, bytes, false, packet, conversation);
      },
    };
  }

  #conversation(packet: Packet): Conversation {
    const key = `${packet.ipProtocol} ${packet.space} ${ends(packet).toSorted().join(" ")}`;
    const known = this.#conversations.get(key) ?? conversationOf();
    this.#conversations.set(key, known);
    return known;
  }
}

function conversationOf(): Conversation {
  return { protocol: null, client: "", streams: new Map(), memories: new Map(), messages: 0, over: false };
}

function ends(packet: Packet): [from: string, to: string] {
  return [
    `${packet.source0}.${packet.source1}.${packet.source2}.${packet.source3}:${packet.sourcePort}`,
    `${packet.target0}.${packet.target1}.${packet.target2}.${packet.target3}:${packet.targetPort}`,
  ];
}

function addressOf(packet: Packet, source: boolean): Address {
  const [high, low] = source ? [packet.macSourceHigh, packet.macSourceLow] : [packet.macTargetHigh, packet.macTargetLow];
  const words = source
    ? [packet.source0, packet.source1, packet.source2, packet.source3]
    : [packet.target0, packet.target1, packet.target2, packet.target3];
  const bytes = new DataView(new ArrayBuffer(24));
  words.forEach((word, i) => bytes.setUint32(4 * i, word));
  bytes.setUint16(16, high);
  bytes.setUint32(18, low);
  const all = new Uint8Array(bytes.buffer);
  return {
    ...(packet.hasMac ? { mac: mac(all.subarray(16, 22)) } : {}),
    ...(packet.family === 0 ? {} : { ip: ip(packet.family === 4 ? all.subarray(12, 16) : all.subarray(0, 16)) }),
  };
}
