import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { sip } from "./sip.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const lines = (...text: string[]) => new Uint8Array(Buffer.from([...text, "", ""].join("\r\n")));
const VIA = "Via: SIP/2.0/UDP 10.0.0.1";
const register = (...more: string[]) =>
  lines("REGISTER sip:clinic.example SIP/2.0", VIA, "From: <sip:anna@clinic.example>", "CSeq: 2 REGISTER", ...more);
const answer = (status: string, ...more: string[]) => lines(`SIP/2.0 ${status}`, VIA, "CSeq: 2 REGISTER", ...more);

test("a telephone says what it is, and nothing says whose", () => {
  const message = register("User-Agent: Callphone 7/3.2 anna@clinic.example sip:4711 004912345678");
  assert.equal(sip.recognize(message, "client"), true);
  assert.equal(sip.messageLength!(message), message.length);
  assert.deepEqual(notes(sip, message), ["operation: REGISTER", "10.0.0.1 userAgent: Callphone 7/3.2 · · ·"]);
});

test("whether a proof was right; one that was only late is no refusal", () => {
  const memory = sip.remember!();
  const challenge = 'WWW-Authenticate: Digest realm="pbx", stale=true';
  notes(sip, register('Authorization: Digest username="anna"'), { memory });
  assert.deepEqual(notes(sip, answer("401 Unauthorized", challenge), { ...SERVER, memory }), ["10.0.0.2 realm: pbx"]);
  notes(sip, register('Authorization: Digest username="anna"'), { memory });
  assert.deepEqual(notes(sip, answer("100 Trying"), { ...SERVER, memory }), []);
  assert.deepEqual(notes(sip, answer("403 Forbidden", "Server: Board 1"), { ...SERVER, memory }), [
    "10.0.0.2 serverBanner: Board 1",
    "login refused of anna",
  ]);
  assert.deepEqual(notes(sip, answer("403 Forbidden"), { ...SERVER, memory }), [], "nothing was proven");
});

test("what is no text in a realm is shown as a dot", () => {
  const challenge = 'WWW-Authenticate: Digest realm="p\u0000b\u001bx"';
  assert.deepEqual(notes(sip, answer("401 Unauthorized", challenge), { ...SERVER, memory: sip.remember!() }), ["10.0.0.2 realm: p"]);
  assert.deepEqual(notes(sip, answer("401 Unauthorized", challenge.replace("\0", "")), { ...SERVER, memory: sip.remember!() }), [
    "10.0.0.2 realm: pb·x",
  ]);
});

test("what is handed on is another's word", () => {
  const invite = (...vias: string[]) => lines("INVITE sip:1@10.0.0.2 SIP/2.0", ...vias, "CSeq: 1 INVITE", "User-Agent: X");
  assert.deepEqual(notes(sip, invite(VIA, "v: SIP/2.0/UDP 10.0.0.9")), ["operation: INVITE"]);
  assert.deepEqual(notes(sip, invite(`${VIA}, SIP/2.0/UDP 10.0.0.9`)), ["operation: INVITE"]);
  assert.deepEqual(notes(sip, lines("SIP/2.0 200 OK", VIA, "CSeq: 1 INVITE", "User-Agent: X"), SERVER), []);
});

test("over TCP a body follows, and empty lines stand between", () => {
  const message = lines("INFO sip:1@10.0.0.2 SIP/2.0", VIA, "l: 4");
  assert.equal(sip.messageLength!(Buffer.concat([message, Buffer.from("body")])), message.length + 4);
  assert.equal(sip.messageLength!(message.subarray(0, 20)), 0);
  assert.equal(sip.messageLength!(Buffer.from("\r\n\r\n")), 1);
  assert.deepEqual(notes(sip, Buffer.from("\r\n\r\n")), []);
  assert.deepEqual(notes(sip, Buffer.from("neither a line nor a head")), ["malformed: no line to start with"]);
});

test("HTTP, RTSP and SIP's words in a sentence are not SIP", () => {
  for (const text of [
    "OPTIONS * HTTP/1.1",
    "OPTIONS rtsp://10.0.0.2/ RTSP/1.0",
    "INVITE sip:anna to SIP/2.0",
    "SIP/3.0 200 OK",
    "SIP/2.0 OK",
  ])
    assert.equal(sip.recognize(lines(text, VIA), "client"), false, text);
  assert.equal(sip.recognize(new Uint8Array(0), "unknown"), false);
});
