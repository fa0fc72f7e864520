/** The first thing a client says, in TLS over TCP and inside QUIC alike, and its JA4 (FoxIO's published recipe for clients). */
import { createHash } from "node:crypto";
import type { Reader } from "../../bytes/reader.ts";
import { ascii } from "../../bytes/text.ts";

export const Extension = { serverName: 0, signatureAlgorithms: 13, alpn: 16, supportedVersions: 43 } as const;
/** More than any client sends; a longer list is cut, and its JA4 with it. */
const LIST_MAX = 200;

export const VERSIONS: Readonly<Record<number, readonly [name: string, ja4: string]>> = {
  0x0300: ["SSL 3.0", "s3"],
  0x0301: ["TLS 1.0", "10"],
  0x0302: ["TLS 1.1", "11"],
  0x0303: ["TLS 1.2", "12"],
  0x0304: ["TLS 1.3", "13"],
};
const EMPTY = new Uint8Array(0);

export interface ClientHello {
  readonly version: number;
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly serverName: string;
  readonly alpn: Uint8Array;
  readonly signatures: readonly number[];
}

/** RFC 8446 section 4.1.2. Values that only keep servers tolerant (RFC 8701) are left out everywhere. */
export function clientHello(reader: Reader): ClientHello | null {
  let version = reader.u16();
  reader.skip(32);
  reader.skip(reader.u8());
  const ciphers = numbers(reader.inner(reader.u16()));
  reader.skip(reader.u8());
  if (reader.overrun) return null;

  const extensions: number[] = [];
  let serverName = "";
  let alpn: Uint8Array = EMPTY;
  let signatures: readonly number[] = [];
  // Hellos of SSL 3 end here.
  const list = reader.inner(reader.remaining >= 2 ? reader.u16() : 0);
  while (list.remaining > 0 && extensions.length < LIST_MAX) {
    const type = list.u16();
    const body = list.inner(list.u16());
    if (list.overrun) return null;
    if (isGrease(type)) continue;
    extensions.push(type);
    switch (type) {
      case Extension.serverName:
        serverName = serverNameOf(body);
        break;
      case Extension.signatureAlgorithms:
        signatures = numbers(body.inner(body.u16()));
        break;
      case Extension.alpn:
        body.skip(2);
        alpn = body.take(body.u8());
        break;
      case Extension.supportedVersions:
        version = Math.max(...numbers(body.inner(body.u8())).filter((it) => it in VERSIONS), 0) || version;
    }
  }
  return { version, ciphers, extensions, serverName, alpn, signatures };
}

/** RFC 6066 section 3: a list whose only kind is a host name. */
function serverNameOf(list: Reader): string {
  list.skip(2);
  if (list.u8() !== 0) return "";
  const name = ascii(list.take(list.u16())).toLowerCase();
  return /^[a-z0-9_][a-z0-9._-]*$/.test(name) && !/^[\d.]+$/.test(name) ? name : "";
}

/** FoxIO's recipe; `over` is TCP or QUIC. How many and which ciphers and extensions, sorted, so that clients that shuffle them stay one; no part of it is about a person. */
export function ja4({ version, ciphers, extensions, serverName, alpn, signatures }: ClientHello, over: "t" | "q"): string {
  const name = serverName !== "" || extensions.includes(Extension.serverName) ? "d" : "i";
  const count = (list: readonly number[]) => String(Math.min(list.length, 99)).padStart(2, "0");
  const others = extensions.filter((type) => type !== Extension.serverName && type !== Extension.alpn);
  const inOrder = [...others].sort((a, b) => a - b).map(hex4);
  const signed = signatures.length > 0 ? `_${signatures.map(hex4).join(",")}` : "";
  const front = `${over}${VERSIONS[version]?.[1] ?? "00"}${name}${count(ciphers)}${count(extensions)}${alpnEnds(alpn)}`;
  const middle =
    ciphers.length > 0
      ? hash(
          [...ciphers]
            .sort((a, b) => a - b)
            .map(hex4)
            .join(","),
        )
      : NOTHING_HASHED;
  return `${front}_${middle}_${others.length > 0 ? hash(inOrder.join(",") + signed) : NOTHING_HASHED}`;
}

const NOTHING_HASHED = "000000000000";

function alpnEnds(alpn: Uint8Array): string {
  const ends = [alpn[0], alpn.at(-1)];
  if (ends[0] === undefined || ends[1] === undefined) return "00";
  const text = String.fromCharCode(ends[0], ends[1]);
  if (/^[0-9A-Za-z]{2}$/.test(text)) return text;
  return (ends[0] >> 4).toString(16) + (ends[1] & 0xf).toString(16);
}

function numbers(list: Reader): number[] {
  const values: number[] = [];
  while (list.remaining >= 2 && values.length < LIST_MAX) {
    const value = list.u16();
    if (!isGrease(value)) values.push(value);
  }
  return values;
}

/** RFC 8701: 0x0a0a, 0x1a1a, … 0xfafa. */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, "0");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
