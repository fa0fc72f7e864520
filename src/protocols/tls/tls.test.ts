import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { tls } from "./tls.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const RANDOM = "5a".repeat(32);

const length = (bytes: number, content: Uint8Array) => content.length.toString(16).padStart(bytes * 2, "0");
const sized = (bytes: number, content: Uint8Array) => hex`${length(bytes, content)} ${content}`;
const record = (content: Uint8Array) => hex`16 0303 ${sized(2, content)}`;
const handshake = (kind: string, body: Uint8Array) => hex`${kind} ${sized(3, body)}`;

const HELLO = record(
  handshake(
    "01",
    hex`
    0303 ${RANDOM} 00
    0008 1301 1302 c02b 2a2a                        # three ciphers, and one only to keep servers tolerant
    01 00
    ${sized(
      2,
      hex`
      1a1a 0000                                     # an extension for tolerance
      0000 0016 0014 00 0011 706163732e636c696e69632e746573742e # pacs.clinic.test.
      0010 000e 000c 02 6832 08 687474702f312e31    # ALPN: h2, http/1.1
      000d 0006 0004 0403 0804
      002b 0005 04 7a7a 0304                        # versions: one for tolerance, 1.3
      `,
    )}`,
  ),
);

test("a client says by which name it asks, and what library it is made with", () => {
  assert.equal(tls.recognize(HELLO, "client"), true);
  assert.equal(tls.messageLength!(HELLO), HELLO.length);
  // SHA-256 of "1301,1302,c02b" and of "000d,002b_0403,0804", worked out with sha256sum.
  assert.deepEqual(notes(tls, HELLO), [
    "operation: TLS",
    "10.0.0.2 askedAs: pacs.clinic.test.",
    "10.0.0.1 ja4: t13d0304h2_5559582ccdc4_ef5f37ab036a",
  ]);
});

test("a hello may be spread over records", () => {
  const memory = tls.remember!();
  const message = HELLO.subarray(5);
  assert.equal(tls.recognize(record(message.subarray(0, 60)), "client"), true);
  assert.deepEqual(notes(tls, record(message.subarray(0, 60)), { memory }), []);
  assert.deepEqual(notes(tls, record(message.subarray(60)), { memory }), notes(tls, HELLO));
});

/** The front of a certificate: version 3, serial 5, an algorithm, issuer, dates, subject. */
const certificate = (issuer: string, subject: string) => {
  const name = (text: string) => {
    const value = new Uint8Array(Buffer.from(text));
    const pair = sized(1, hex`06 03 550403 0c ${sized(1, value)}`);
    return hex`30 ${sized(1, hex`31 ${sized(1, hex`30 ${pair}`)}`)}`;
  };
  const dates = hex`30 1e 17 0d 3230303130313030303030305a 17 0d 3330303130313030303030305a`;
  const front = hex`a0 03 02 01 02   02 01 05   30 03 06 01 2a   ${name(issuer)} ${dates} ${name(subject)}`;
  return hex`30 ${sized(1, hex`30 ${sized(1, front)}`)}`;
};
const certificates = (der: Uint8Array) => handshake("0b", sized(3, sized(3, der)));
const serverHello = (more: Uint8Array) => handshake("02", hex`0303 ${RANDOM} 00 c02b 00 ${more}`);

test("a server up to 1.2 shows which version it chose and its certificate", () => {
  const answer = record(hex`${serverHello(hex``)} ${certificates(certificate("Maker Root", "pump-7"))}`);
  assert.equal(tls.recognize(answer, "server"), true);
  assert.deepEqual(notes(tls, answer, SERVER), [
    "10.0.0.2 tlsVersion: TLS 1.2",
    "10.0.0.2 certificate: CN=pump-7",
    "10.0.0.2 certificateIssuer: CN=Maker Root",
    "10.0.0.2 certificateUntil: 2030-01-01",
  ]);
});

test("who signs for itself is not named twice", () => {
  const answer = record(hex`${serverHello(hex``)} ${certificates(certificate("JANES-PC", "JANES-PC"))}`);
  assert.deepEqual(notes(tls, answer, SERVER).slice(1, 3), [
    "10.0.0.2 certificate: CN=JANES-PC",
    "10.0.0.2 certificateIssuer: self-signed",
  ]);
});

test("a client's certificate may be a person's, and is not read", () => {
  assert.deepEqual(notes(tls, record(certificates(certificate("Staff", "Jane Roe")))), []);
});

test("from 1.3 on nothing after the server's hello can be read", () => {
  assert.deepEqual(notes(tls, record(serverHello(hex`0006 002b 0002 0304`)), SERVER), ["10.0.0.2 tlsVersion: TLS 1.3", "enough"]);
});

test("a server that asks for another hello has chosen nothing yet", () => {
  const retry = handshake("02", hex`0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c 00 1301 00 0006 002b 0002 0304`);
  assert.deepEqual(notes(tls, record(retry), SERVER), []);
});

test("encrypted records are recognized from the middle, and are enough", () => {
  const data = hex`17 0303 0004 a1b2c3d4`;
  assert.equal(tls.recognize(data, "unknown"), true);
  assert.equal(tls.recognize(hex`${data} 17 0303 0100 00`, "unknown"), true);
  assert.equal(tls.wanted!(data), 5);
  assert.deepEqual(notes(tls, data.subarray(0, 5), { ...SERVER, cut: true }), ["enough"]);
  assert.deepEqual(notes(tls, hex`14 0303 0001 01`, { side: "client" }), [], "a client may say so before its server was heard");
});

test("clients that still know SSL 2 greet in its form", () => {
  const old = hex`80 1c 01 0301 0003 0000 0010 000004 ${"11".repeat(16)}`;
  assert.equal(tls.recognize(old, "client"), true);
  assert.equal(tls.messageLength!(old), old.length);
  assert.deepEqual(notes(tls, old), ["operation: TLS"]);
});

test("a hello that ends before its ciphers is said to be broken", () => {
  assert.deepEqual(notes(tls, record(handshake("01", hex`0303 ${RANDOM} ff`))), ["malformed: a client hello is cut short"]);
  const answer = record(certificates(hex`04 03 616263`));
  assert.deepEqual(notes(tls, answer, SERVER), ["malformed: a certificate is not DER"]);
});

test("cut at any byte, it is survived", () => {
  const answer = record(hex`${serverHello(hex``)} ${certificates(certificate("Maker Root", "pump-7"))}`);
  for (const message of [HELLO, answer])
    for (let bytes = 0; bytes < message.length; bytes++) notes(tls, message.subarray(0, bytes), { ...SERVER, cut: true });
});

test("a record of 60 KB, an unknown version and a T.125 packet are not TLS", () => {
  assert.equal(tls.recognize(hex`16 0303 f000 01 00effc 0303 ${RANDOM}`, "client"), false);
  assert.equal(tls.recognize(hex`16 0503 0040 01 00003c 0503 ${RANDOM}`, "client"), false);
  assert.equal(tls.recognize(hex`03 00 0013 0e e0 0000 0000 00 01 00 0800 03000000`, "client"), false);
});

test("a heartbeat that asks for more than it brought is told, until it is encrypted", () => {
  const memory = tls.remember!();
  const heartbeat = (asked: string, brought: string) => hex`18 0302 ${sized(2, hex`01 ${asked} ${brought}`)}`;
  assert.deepEqual(notes(tls, heartbeat("3fed", "".padEnd(20, "00")), { memory }), ["notable: heartbeatOverread 16365"]);
  // Its very length and no padding: sent back is what lies behind.
  assert.deepEqual(notes(tls, heartbeat("000a", "".padEnd(20, "00")), { memory }), ["notable: heartbeatOverread 10"]);
  assert.deepEqual(notes(tls, heartbeat("000a", "".padEnd(52, "00")), { memory }), []);
  notes(tls, hex`14 0302 0001 01`, { memory });
  assert.deepEqual(notes(tls, heartbeat("3fed", "".padEnd(20, "00")), { memory }), []);
});
