/**
 * TLS up to 1.3 on TCP: RFC 8446 and 5246, server names RFC 6066, certificates RFC 5280.
 *
 * Before it hides everything else, the handshake says by which name the client asks, which library it is made with (JA4, FoxIO's
 * published recipe for clients), what the server chose, and up to version 1.2 who the server's certificate says it is.
 */
import { derDate, derElement, derText, Tag } from "../../bytes/der.ts";
import { Reader } from "../../bytes/reader.ts";
import type { Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { clientHello, Extension, ja4, VERSIONS } from "./client-hello.ts";

export const tls: Protocol<Memory> = {
  name: "tls",
  title: "TLS",
  atAnyPort: true,
  over: [{ tcp: [443, 8443, 2762, 636, 993, 995, 465, 853, 5061, 5986, 8883, 9443, 3269] }, { inside: "rdp", as: "tls" }],
  encrypted: true,
  privacy: {
    reads: "The hellos, and the server's certificate where it crosses in the clear.",
    ends: "Certificates of clients, and the parts of names that are people's: mail, department, place. The rest is encrypted.",
    keeps: ["ja4", "askedAs", "tlsVersion", "certificate", "certificateIssuer", "certificateUntil"],
  },
  recognize,
  speaker,
  messageLength,
  wanted: (stream) =>
    stream[0] === Content.handshake
      ? messageLength(stream)
      : Math.min(messageLength(stream), RECORD_HEADER_BYTES + (stream[0] === Content.heartbeat ? HEARTBEAT_HEADER_BYTES : 0)),
  remember: () => ({
    handshake: { client: EMPTY, server: EMPTY, unknown: EMPTY },
    records: 0,
    sealed: { client: false, server: false, unknown: false },
  }),
  read,
};

interface Memory {
  /** Handshake messages may be spread over records: what is left of the last one, for each side. */
  readonly handshake: Record<Side, Uint8Array>;
  /** Encrypted records of a client whose server was not heard. */
  records: number;
  /** What a side says after it changed its cipher is encrypted. */
  readonly sealed: Record<Side, boolean>;
}
const EMPTY = new Uint8Array(0);

/** RFC 8446 section 5.1: type, version, length. A record holds 16 KB, and 2 KB more when encrypted. */
const RECORD_HEADER_BYTES = 5;
const RECORD_BYTES_MAX = (16 << 10) + (2 << 10);
const Content = { changeCipherSpec: 20, alert: 21, handshake: 22, application: 23, heartbeat: 24 } as const;
const Handshake = { clientHello: 1, serverHello: 2, certificate: 11 } as const;
const HANDSHAKE_HEADER_BYTES = 4;
/** RFC 6520 section 4: type, length of what it brings, that, and at least 16 bytes of padding. */
const HEARTBEAT_HEADER_BYTES = 3;
const HEARTBEAT_PADDING_BYTES = 16;
const HEARTBEAT_REQUEST = 1;
/** Version, random, an empty session id, a cipher, a compression: the shortest hello. */
const HELLO_BYTES_MIN = 38;
/** Chains of a dozen certificates fit; of a longer message the front is read, which holds the server's own. */
const HANDSHAKE_BYTES_MAX = 48 << 10;
/** With early data (RFC 8446 section 2.3) a client may send some before the server has answered. */
const EARLY_RECORDS_MAX = 16;

/** RFC 8446 section 4.1.3: a server hello with this random asks the client to begin anew. */
const RETRY = "cf21ad74e59a6111";

/** RFC 5246 appendix E.2: clients that still knew SSL 2 greet in its form: a length with the top bit set, type 1, the version they can. */
function isOldHello(bytes: Uint8Array): boolean {
  return bytes.length >= RECORD_HEADER_BYTES && bytes[0] === 0x80 && bytes[2] === Handshake.clientHello && bytes[3] === 3 && bytes[4]! <= 3;
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < RECORD_HEADER_BYTES) return 0;
  return isOldHello(stream) ? 2 + stream[1]! : RECORD_HEADER_BYTES + new Reader(stream, 3).u16();
}

/** A hello whose length agrees with its record's, or a run of encrypted records whose lengths lead from one to the next. */
function recognize(message: Uint8Array): boolean {
  if (isOldHello(message)) return message.length === messageLength(message);
  const reader = new Reader(message);
  const type = reader.u8();
  const version = reader.u16();
  const length = reader.u16();
  if (!isRecord(type, version, length)) return false;
  if (type === Content.handshake) {
    const kind = reader.u8();
    const inner = reader.u24();
    const hello = reader.u16();
    // A hello spread over records is longer than the first of them; a server may put its other messages behind it.
    const fits = kind === Handshake.serverHello || inner + HANDSHAKE_HEADER_BYTES >= length;
    return (
      !reader.overrun &&
      (kind === Handshake.clientHello || kind === Handshake.serverHello) &&
      hello in VERSIONS &&
      inner >= HELLO_BYTES_MIN &&
      fits
    );
  }
  // Heard from the middle: two headers in a row are no accident, nor is a message that is one whole record.
  if (type !== Content.application || length === 0) return false;
  reader.skip(length);
  if (reader.overrun) return false;
  return reader.remaining === 0 || (reader.remaining >= RECORD_HEADER_BYTES && isRecord(reader.u8(), reader.u16(), reader.u16()));
}

/** Only hellos tell: what follows them looks the same from both sides. */
function speaker(message: Uint8Array): Side {
  if (isOldHello(message)) return "client";
  if (message[0] !== Content.handshake) return "unknown";
  return message[RECORD_HEADER_BYTES] === Handshake.clientHello ? "client" : "server";
}

function isRecord(type: number, version: number, length: number): boolean {
  return (
    type >= Content.changeCipherSpec && type <= Content.heartbeat && version >= 0x0300 && version <= 0x0303 && length <= RECORD_BYTES_MAX
  );
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { side, memory } = context;
  const header = new Reader(message);
  const type = header.u8();
  if (isOldHello(message)) return report.operation("TLS");
  // Out of step, after bytes that were missed: what follows is encrypted anyway.
  const version = header.u16();
  const length = header.u16();
  if (!isRecord(type, version, length)) return report.enough();
  if (type === Content.heartbeat) return readHeartbeat(header, length, report, context);
  if (type === Content.changeCipherSpec) memory.sealed[side] = true;
  if (type === Content.handshake) return readHandshake(header.rest(), report, context);
  // A client says "change cipher spec" before its server was heard (RFC 8446 appendix D.4); a server only after all it shows.
  if (type === Content.alert) return;
  if (side !== "client" || ++memory.records > EARLY_RECORDS_MAX) report.enough();
}

/** CVE-2014-0160: it asks to be sent back more than it brought, and is sent what lies behind in the server's memory. */
function readHeartbeat(heartbeat: Reader, length: number, report: Report, { side, memory }: Context<Memory>): void {
  if (memory.sealed[side] || length < HEARTBEAT_HEADER_BYTES) return;
  const isRequest = heartbeat.u8() === HEARTBEAT_REQUEST;
  const asked = heartbeat.u16();
  if (!heartbeat.overrun && isRequest && asked + HEARTBEAT_HEADER_BYTES + HEARTBEAT_PADDING_BYTES > length)
    report.notable("heartbeatOverread", undefined, asked);
}

function readHandshake(fragment: Uint8Array, report: Report, context: Context<Memory>): void {
  const { side, memory } = context;
  let bytes = memory.handshake[side];
  bytes = bytes.length === 0 ? fragment : Buffer.concat([bytes, fragment]);
  while (bytes.length >= HANDSHAKE_HEADER_BYTES) {
    const header = new Reader(bytes);
    const kind = header.u8();
    const length = header.u24();
    if (length > header.remaining && bytes.length < HANDSHAKE_BYTES_MAX) break;
    const body = header.take(Math.min(length, header.remaining));
    bytes = header.rest();
    if (!readMessage(kind, new Reader(body), report, context)) {
      bytes = EMPTY;
      break;
    }
  }
  // A copy: what `flows` lends is valid during the call only.
  memory.handshake[side] = bytes.length === 0 ? EMPTY : bytes.slice();
}

/** False when nothing after it can be read. */
function readMessage(kind: number, body: Reader, report: Report, { side, sender, receiver }: Context<Memory>): boolean {
  switch (kind) {
    case Handshake.clientHello: {
      const hello = clientHello(body);
      if (hello === null) return broken("a client hello is cut short", report);
      report.operation("TLS");
      report.observe(receiver, "askedAs", hello.serverName);
      report.observe(sender, "ja4", ja4(hello, "t"));
      return true;
    }
    case Handshake.serverHello: {
      const version = serverVersion(body);
      if (version === null) return broken("a server hello is cut short", report);
      if (version === 0) return true;
      report.observe(sender, "tlsVersion", VERSIONS[version]?.[0] ?? "");
      if (version === 0x0304) report.enough();
      return version !== 0x0304;
    }
    case Handshake.certificate: {
      // A client's certificate may be a person's.
      if (side !== "server") return true;
      body.skip(3);
      const certificate = certificateOf(body.inner(body.u24()));
      if (certificate === null) return broken("a certificate is not DER", report);
      if (isOfTor(certificate)) report.notable("torCertificate");
      report.observe(sender, "certificate", certificate.subject);
      // A machine that signs for itself would be named once more.
      report.observe(sender, "certificateIssuer", certificate.issuer === certificate.subject ? "self-signed" : certificate.issuer);
      report.observe(sender, "certificateUntil", certificate.until);
      return true;
    }
    default:
      return true;
  }
}

function broken(why: string, report: Report): false {
  report.malformed(why);
  return false;
}

/** The version chosen; 0 when the server asks for another hello, null when it is cut short. */
function serverVersion(reader: Reader): number | null {
  let version = reader.u16();
  const retry = Buffer.from(reader.take(32)).toString("hex").startsWith(RETRY);
  reader.skip(reader.u8());
  reader.skip(3);
  if (reader.overrun) return null;
  if (retry) return 0;
  const list = reader.inner(reader.remaining >= 2 ? reader.u16() : 0);
  while (list.remaining > 0) {
    const type = list.u16();
    const body = list.inner(list.u16());
    if (type === Extension.supportedVersions) version = body.u16();
  }
  return list.overrun ? null : version;
}

interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly until: string;
}

/** RFC 5280 section 4.1: the front of a certificate, up to whom it is for. */
function certificateOf(reader: Reader): Certificate | null {
  const whole = new Reader(derElement(reader).content);
  const signed = derElement(whole);
  if (signed.tag !== Tag.sequence) return null;
  const fields = new Reader(signed.content);
  let serial = derElement(fields);
  if (serial.tag === Tag.context0) serial = derElement(fields);
  derElement(fields);
  const issuer = nameOf(derElement(fields).content);
  const validity = new Reader(derElement(fields).content);
  derElement(validity);
  const until = derDate(derElement(validity));
  const subject = nameOf(derElement(fields).content);
  return fields.overrun || serial.tag !== Tag.integer ? null : { subject, issuer, until };
}

/** Tor, "Tor Protocol Specification", negotiating channels: random names of 8 to 20 letters of base32, the issuer's ends in .com, the own in .net. */
function isOfTor({ subject, issuer }: Certificate): boolean {
  return /^CN=www\.[a-z2-7]{8,20}\.net$/.test(subject) && /^CN=www\.[a-z2-7]{8,20}\.com$/.test(issuer);
}

/** X.520: common name 2.5.4.3 and organization 2.5.4.10. Other parts say where and what department, or hold an e-mail address. */
const NAMED: Readonly<Record<string, string>> = { "550403": "CN", "55040a": "O" };
const NAME_PARTS_MAX = 32;

function nameOf(content: Uint8Array): string {
  const parts: string[] = [];
  const sets = new Reader(content);
  for (let i = 0; i < NAME_PARTS_MAX && sets.remaining > 0; i++) {
    const pair = new Reader(derElement(new Reader(derElement(sets).content)).content);
    const label = NAMED[Buffer.from(derElement(pair).content).toString("hex")];
    const text = derText(derElement(pair));
    if (label !== undefined && text !== "" && !text.includes("@")) parts.push(`${label}=${text}`);
  }
  return parts.sort().join(", ");
}
