/** Both hellos of TLS 1.2 (RFC 5246), with the name that is asked for (RFC 6066 section 3), then what nobody can read. */
import { bytes, latin, u16 } from "../frames.ts";
import type { Line } from "../wire.ts";

const Content = { changeCipher: 20, handshake: 22, data: 23 } as const;
const Handshake = { clientHello: 1, serverHello: 2, certificate: 11 } as const;
const Extension = { serverName: 0, groups: 10, pointFormats: 11, signatures: 13, masterSecret: 23, renegotiation: 0xff01 } as const;
const VERSION = 0x0303;
const CIPHERS = [0xc02c, 0xc02b, 0xc030, 0xc02f, 0x009f, 0x009e];
const CHOSEN = 0xc02f;
const GROUPS = [0x001d, 0x0017, 0x0018];
const SIGNATURES = [0x0804, 0x0805, 0x0401, 0x0501, 0x0403];

interface Chosen {
  /** By the server: 0x0301 is TLS 1.0. */
  readonly version?: number;
  /** Shown by the server, as DER. */
  readonly certificate?: Uint8Array;
}

/** `random` is drawn, 64 bytes: it stands for keys and for what they hide. */
export function secured(name: string, random: Uint8Array, { version = VERSION, certificate }: Chosen = {}): readonly Line[] {
  const extensions = bytes(
    extension(Extension.serverName, sized(bytes([0], sized(latin(name))))),
    extension(Extension.groups, sized(bytes(...GROUPS.map((it) => u16(it))))),
    extension(Extension.pointFormats, Uint8Array.of(1, 0)),
    extension(Extension.signatures, sized(bytes(...SIGNATURES.map((it) => u16(it))))),
    extension(Extension.masterSecret, new Uint8Array(0)),
    extension(Extension.renegotiation, Uint8Array.of(0)),
  );
  const ciphers = sized(bytes(...CIPHERS.map((it) => u16(it))));
  const client = bytes(u16(VERSION), random.subarray(0, 32), [0], ciphers, [1, 0], sized(extensions));
  const given = sized(bytes(extension(Extension.masterSecret, new Uint8Array(0)), extension(Extension.renegotiation, Uint8Array.of(0))));
  const server = bytes(u16(version), random.subarray(32, 64), [0], u16(CHOSEN), [0], given);
  const finished = bytes(record(Content.changeCipher, Uint8Array.of(1)), record(Content.handshake, random.subarray(0, 40)));
  const shown = certificate === undefined ? [] : [record(Content.handshake, handshake(Handshake.certificate, sized3(sized3(certificate))))];
  const hidden = record(Content.data, bytes(random, random.toReversed()));
  return [
    ["client", record(Content.handshake, handshake(Handshake.clientHello, client))],
    ["server", bytes(record(Content.handshake, handshake(Handshake.serverHello, server)), ...shown)],
    ["client", finished],
    ["server", finished],
    ["client", hidden],
    ["server", hidden],
  ];
}

function record(type: number, content: Uint8Array): Uint8Array {
  return bytes([type], u16(VERSION), sized(content));
}

function handshake(kind: number, content: Uint8Array): Uint8Array {
  return bytes([kind], sized3(content));
}

function extension(type: number, content: Uint8Array): Uint8Array {
  return bytes(u16(type), sized(content));
}

function sized(content: Uint8Array): Uint8Array {
  return bytes(u16(content.length), content);
}

function sized3(content: Uint8Array): Uint8Array {
  return bytes([content.length >> 16], u16(content.length & 0xffff), content);
}
