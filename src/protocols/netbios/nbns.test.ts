import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { nbns } from "./nbns.ts";

const SENDER = { ip: "192.0.2.7", mac: "00:09:fb:12:34:56" };

/** 15 bytes of name, one of suffix, each half byte a letter; as a label. */
function encoded(name: string, suffix: number): Uint8Array {
  const bytes = Buffer.from(name.padEnd(15, " ") + String.fromCharCode(suffix), "latin1");
  const halves = [...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  return Uint8Array.of(32, ...halves, 0);
}

const registration = (name: Uint8Array, flags: string, address = "c0000207") => hex`
  1234 2910 0001 0000 0000 0001                # registration, broadcast
  ${name} 0020 0001
  c00c 0020 0001 000493e0 0006 ${flags} ${address}`;

test("a machine registers its name, its workgroup and what it serves", () => {
  assert.equal(nbns.recognize(registration(encoded("NURSE-3", 0x00), "0000"), "unknown"), true);
  const lines = (name: string, suffix: number, flags: string) =>
    notes(nbns, registration(encoded(name, suffix), flags), { sender: SENDER });
  assert.deepEqual(lines("NURSE-3", 0x00, "0000"), ["operation: REGISTRATION", `${SENDER.mac} hostname: NURSE-3`]);
  assert.deepEqual(lines("CLINIC", 0x00, "8000"), ["operation: REGISTRATION", `${SENDER.mac} domain: CLINIC`]);
  assert.deepEqual(lines("CLINIC", 0x1c, "8000"), ["operation: REGISTRATION", `${SENDER.mac} capability: domain controller`]);
  assert.deepEqual(lines("NURSE-3", 0x20, "0000"), [
    "operation: REGISTRATION",
    `${SENDER.mac} hostname: NURSE-3`,
    `${SENDER.mac} capability: file server`,
  ]);
});

test("the name of who is logged in stays where it is", () => {
  assert.deepEqual(notes(nbns, registration(encoded("SOMEBODY", 0x03), "0000"), { sender: SENDER }), ["operation: REGISTRATION"]);
});

test("a status answer lists all of a machine's names", () => {
  const status = hex`
    1234 8400 0000 0001 0000 0000
    ${encoded("*", 0)} 0021 0001 00000000 0041 03
    ${Buffer.from("NAS".padEnd(15))} 00 0400
    ${Buffer.from("CLINIC".padEnd(15))} 00 8400
    ${Buffer.from("NAS".padEnd(15))} 20 0400
    0009fb123456 0000 0000`;
  assert.equal(nbns.recognize(status, "unknown"), true);
  assert.deepEqual(notes(nbns, status, { sender: SENDER, side: "server" }), [
    "operation: RESPONSE",
    `${SENDER.mac} hostname: NAS`,
    `${SENDER.mac} domain: CLINIC`,
    `${SENDER.mac} hostname: NAS`,
    `${SENDER.mac} capability: file server`,
  ]);
});

test("an answer names the address it gives, a question only what strangers like to answer", () => {
  const answer = hex`1234 8500 0000 0001 0000 0000 ${encoded("ARCHIVE", 0x20)} 0020 0001 00000e10 0006 0000 c0000209`;
  assert.deepEqual(notes(nbns, answer, { sender: SENDER }), [
    "operation: RESPONSE",
    `notable: nameAnswered archive 0 from ${SENDER.mac} to ?`,
    "192.0.2.9 hostname: ARCHIVE",
    "192.0.2.9 capability: file server",
  ]);
  const query = (name: string) => notes(nbns, hex`1234 0110 0001 0000 0000 0000 ${encoded(name, 0)} 0020 0001`);
  assert.deepEqual(query("WPAD"), ["operation: QUERY", "10.0.0.1 wants: wpad"]);
  assert.deepEqual(query("ARCHIVE"), ["operation: QUERY"]);
});

test("a name in letters beyond P is none, and a DNS question is DNS", () => {
  const wrong = registration(encoded("NURSE-3", 0), "0000");
  wrong[20] = 0x5a;
  assert.equal(nbns.recognize(wrong, "unknown"), false);
  assert.deepEqual(notes(nbns, wrong), ["malformed: a name that is not encoded as NetBIOS has it"]);
  assert.equal(nbns.recognize(hex`1234 0100 0001 0000 0000 0000 01 61 00 0020 0001`, "unknown"), false);
});
