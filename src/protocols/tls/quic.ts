/**
 * QUIC versions 1 and 2: RFC 9000, RFC 9001, RFC 9369.
 *
 * HTTP/3 and ever more else. Its first packets are encrypted with keys that stand in the packet itself (RFC 9001 section 5.2), so the
 * client's TLS hello can be read: by which name the server is asked, and with which library. All later ones only both ends can read.
 */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { Reader } from "../../bytes/reader.ts";
import type { Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { clientHello, ja4 } from "./client-hello.ts";

export const quic: Protocol<Memory> = {
  name: "quic",
  title: "QUIC",
  over: [{ udp: [443, 853, 8443] }],
  encrypted: true,
  privacy: {
    reads: "The version and the client's hello.",
    ends: "Everything else is encrypted.",
    keeps: ["ja4", "askedAs"],
  },
  recognize: (message, side) => initialOf(message) !== null && (side !== "client" || message.length >= CLIENT_BYTES_MIN),
  speaker,
  remember: () => ({ keys: null, pieces: [], packets: 0 }),
  read,
};

interface Memory {
  /** Of the client; made of the identifier it first chose for its server. */
  keys: Keys | null;
  /** Of the hello, by their places in it. */
  readonly pieces: Piece[];
  packets: number;
}
interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

interface Version {
  readonly verb: string;
  readonly salt: Buffer;
  /** In front of the labels keys are made with. */
  readonly label: string;
  /** Two bits of the first byte. */
  readonly initial: number;
}
/** RFC 9001 section 5.2; RFC 9369 section 3. */
const VERSIONS: Readonly<Record<number, Version>> = {
  1: { verb: "QUIC 1", salt: Buffer.from("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "hex"), label: "quic", initial: 0 },
  // Browsers of 2020 and 2021, and programs nobody has built anew since: draft-ietf-quic-tls-29 section 5.2.
  0xff00001d: { verb: "QUIC draft 29", salt: Buffer.from("afbfec289993d24c9e9786f19c6111e04390a899", "hex"), label: "quic", initial: 0 },
  0x6b3343cf: { verb: "QUIC 2", salt: Buffer.from("0dede3def700a6db819381be6e269dcbf9bd2ed9", "hex"), label: "quicv2", initial: 1 },
};
/** RFC 9000 section 17.2. */
const LONG = 0xc0;
const ID_BYTES_MAX = 20;
/** RFC 9000 section 14.1: clients pad the datagrams with their first packets to this. */
const CLIENT_BYTES_MIN = 1200;
/** RFC 9001 section 5.4.2: where the sample begins after the packet number, and its length; section 5.3: the tag at the end. */
const SAMPLE_OFFSET = 4;
const SAMPLE_BYTES = 16;
const TAG_BYTES = 16;
/** With keys against quantum computers a hello has 2 KB, in two or three packets. */
const HELLO_BYTES_MAX = 8 << 10;
const PACKETS_MAX = 8;
/** Chrome makes a dozen. */
const PIECES_MAX = 64;
const CLIENT_HELLO = 1;

interface Initial {
  readonly version: Version;
  /** The identifier of whom it is sent to. */
  readonly target: Uint8Array;
  /** Up to the packet number. */
  readonly headerBytes: number;
  /** From its first byte to its last, which may be followed by another packet. */
  readonly packet: Uint8Array;
}

/** RFC 9000 section 17.2.2; null for anything else. */
function initialOf(datagram: Uint8Array): Initial | null {
  const first = datagram[0] ?? 0;
  if ((first & LONG) !== LONG) return null;
  const reader = new Reader(datagram, 1);
  const version = VERSIONS[reader.u32()];
  if (version === undefined || ((first >> 4) & 3) !== version.initial) return null;
  const target = reader.take(Math.min(reader.u8(), ID_BYTES_MAX + 1));
  const source = reader.take(Math.min(reader.u8(), ID_BYTES_MAX + 1));
  if (target.length > ID_BYTES_MAX || source.length > ID_BYTES_MAX) return null;
  reader.skip(variable(reader));
  const length = variable(reader);
  const headerBytes = reader.offset;
  reader.skip(length);
  if (reader.overrun || length < SAMPLE_OFFSET + SAMPLE_BYTES) return null;
  return { version, target, headerBytes, packet: datagram.subarray(0, reader.offset) };
}

/** RFC 9000 section 16: the top bits say how many bytes a number has. */
function variable(reader: Reader): number {
  const first = reader.u8();
  let value = first & 0x3f;
  for (let more = (1 << (first >> 6)) - 1; more > 0; more--) value = value * 256 + reader.u8();
  return value;
}

/** Both sides' first packets look alike; only a client's opens with the keys that stand in it. */
function speaker(message: Uint8Array): Side {
  const initial = initialOf(message);
  return initial !== null && decrypted(initial, keysOf(initial)) !== null ? "client" : "unknown";
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  if (++memory.packets > PACKETS_MAX) return report.enough();
  const initial = side === "server" ? null : initialOf(message);
  if (initial === null) return;
  memory.keys ??= keysOf(initial);
  const frames = decrypted(initial, memory.keys);
  // A server whose side nobody knew, or a capture that cut it.
  if (frames === null) return;
  report.operation(initial.version.verb);
  addPieces(memory.pieces, frames);
  const header = new Reader(joined(memory.pieces));
  const kind = header.u8();
  const length = header.u24();
  if (header.overrun || length > header.remaining) return;
  const hello = kind === CLIENT_HELLO ? clientHello(header.inner(length)) : null;
  if (hello === null) report.malformed("the first message is no client hello");
  else {
    report.observe(receiver, "askedAs", hello.serverName);
    report.observe(sender, "ja4", ja4(hello, "q"));
  }
  memory.packets = PACKETS_MAX;
}

interface Keys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly mask: Buffer;
}

/** RFC 9001 section 5.2. */
function keysOf({ version: { salt, label }, target }: Initial): Keys {
  const secret = createHmac("sha256", salt).update(target).digest();
  const client = expanded(secret, "client in", 32);
  return { key: expanded(client, `${label} key`, 16), iv: expanded(client, `${label} iv`, 12), mask: expanded(client, `${label} hp`, 16) };
}

/** HKDF-Expand-Label, RFC 8446 section 7.1; nothing here is longer than one round of it (RFC 5869 section 2.3). */
function expanded(secret: Buffer, label: string, bytes: number): Buffer {
  const whole = `tls13 ${label}`;
  const info = Buffer.concat([Buffer.from([0, bytes, whole.length]), Buffer.from(whole), Buffer.from([0, 1])]);
  return createHmac("sha256", secret).update(info).digest().subarray(0, bytes);
}

/** The frames of a packet, null where these keys do not open it: RFC 9001 sections 5.3 and 5.4. */
function decrypted({ headerBytes, packet }: Initial, { key, iv, mask }: Keys): Uint8Array | null {
  const cipher = createCipheriv("aes-128-ecb", mask, null);
  const sample = packet.subarray(headerBytes + SAMPLE_OFFSET, headerBytes + SAMPLE_OFFSET + SAMPLE_BYTES);
  const hidden = cipher.update(sample);
  const first = packet[0]! ^ (hidden[0]! & 0x0f);
  const numberBytes = (first & 3) + 1;
  const header = packet.slice(0, headerBytes + numberBytes);
  header[0] = first;
  const nonce = Buffer.from(iv);
  for (let i = 0; i < numberBytes; i++) {
    const byte = (header[headerBytes + i]! ^= hidden[1 + i]!);
    nonce[nonce.length - numberBytes + i]! ^= byte;
  }
  const body = packet.subarray(header.length);
  if (body.length < TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAAD(header);
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  const frames = decipher.update(body.subarray(0, body.length - TAG_BYTES));
  try {
    decipher.final();
    return frames;
  } catch {
    // Not an error: whether the keys fit is what is asked.
    return null;
  }
}

/** A client's first packets hold no others before the hello is whole: there is nothing to acknowledge yet. */
const Frame = { padding: 0, ping: 1, crypto: 6 } as const;

/** RFC 9000 section 19: clients cut the hello and shuffle its pieces, so that nothing on the way takes to reading it. */
function addPieces(pieces: Piece[], frames: Uint8Array): void {
  const reader = new Reader(frames);
  while (reader.remaining > 0 && !reader.overrun && pieces.length < PIECES_MAX) {
    const type = reader.u8();
    if (type === Frame.padding || type === Frame.ping) continue;
    if (type !== Frame.crypto) break;
    const at = variable(reader);
    pieces.push({ at, bytes: reader.take(variable(reader)) });
  }
}

/** From the front up to the first gap. */
function joined(pieces: readonly Piece[]): Uint8Array {
  const hello = new Uint8Array(HELLO_BYTES_MAX);
  let length = 0;
  for (const { at, bytes } of pieces.toSorted((a, b) => a.at - b.at)) {
    if (at > length || at + bytes.length > HELLO_BYTES_MAX) break;
    hello.set(bytes, at);
    length = Math.max(length, at + bytes.length);
  }
  return hello.subarray(0, length);
}
