import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { rtsp } from "./rtsp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const message = (...lines: string[]) => Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
const ASKED = message("DESCRIBE rtsp://jroe:secret@10.0.0.2/bed4 RTSP/1.0", "CSeq: 2", "User-Agent: Viewer/2.1");
const ANSWERED = message("RTSP/1.0 401 Unauthorized", "CSeq: 2", "Server: Cam 7", 'WWW-Authenticate: Digest realm="CAM-7", nonce="1"');

test("both sides say their programs; whose bed it is does not matter", () => {
  assert.equal(rtsp.recognize(ASKED, "client"), true);
  assert.equal(rtsp.recognize(ASKED, "server"), false);
  assert.equal(rtsp.recognize(ANSWERED, "server"), true);
  assert.deepEqual(notes(rtsp, ASKED), ["operation: DESCRIBE", "10.0.0.1 userAgent: Viewer/2.1"]);
  assert.deepEqual(notes(rtsp, ANSWERED, SERVER), ["10.0.0.2 serverBanner: Cam 7", "10.0.0.2 realm: CAM-7"]);
});

test("a password in the clear is a finding, and the answer to it is told", () => {
  const memory = rtsp.remember!();
  const login = message("PLAY rtsp://10.0.0.2/bed4 RTSP/1.0", "Authorization: Basic anJvZTpzZWNyZXQ=");
  assert.deepEqual(notes(rtsp, login, { memory }), ["operation: PLAY", "10.0.0.2 clearCredentials: rtsp"]);
  assert.deepEqual(notes(rtsp, message("RTSP/1.0 401 Unauthorized", "CSeq: 2"), { ...SERVER, memory }), ["login refused of jroe"]);
  notes(rtsp, message("PLAY rtsp://10.0.0.2/ RTSP/1.0", 'Authorization: Digest username="jroe"'), { memory });
  assert.deepEqual(notes(rtsp, message("RTSP/1.0 200 OK", "CSeq: 3"), { ...SERVER, memory }), ["login accepted"]);
});

test("pictures among the words pass by their length, descriptions by theirs", () => {
  assert.equal(rtsp.messageLength!(hex`24 00 0102 ff`), 4 + 258);
  assert.equal(rtsp.wanted!(hex`24 00 0102 ff`), 4);
  const described = message("RTSP/1.0 200 OK", "Content-Length: 12");
  assert.equal(rtsp.messageLength!(described), described.length + 12);
  assert.deepEqual(notes(rtsp, hex`24 00 0102`, SERVER), []);
});

test("after a gap it goes on at an answer, and any cut is survived", () => {
  assert.equal(rtsp.resume!(hex`24 00 ${ANSWERED}`), 2);
  assert.equal(rtsp.messageLength!(Buffer.alloc(9000, 0x61)), 9000);
  for (const [bytes, context] of [
    [ASKED, {}],
    [ANSWERED, SERVER],
  ] as const)
    // prettier-ignore
    for (let length = 0; length < bytes.length; length++) notes(rtsp, bytes.subarray(0, length), { ...context, cut: true });
  assert.deepEqual(notes(rtsp, Buffer.from("HELLO\r\n\r\n")), ["malformed: neither a question nor an answer"]);
});

test("HTTP and SIP, which look alike, are not RTSP", () => {
  assert.equal(rtsp.recognize(message("OPTIONS * HTTP/1.1", "Host: x"), "client"), false);
  assert.equal(rtsp.recognize(message("OPTIONS sip:x SIP/2.0"), "client"), false);
  assert.equal(rtsp.recognize(message("HTTP/1.1 200 OK"), "server"), false);
});
