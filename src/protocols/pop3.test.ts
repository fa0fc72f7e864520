import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { pop3 } from "./pop3.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const line = (words: string) => Buffer.from(`${words}\r\n`);
const GREETING = line("+OK Dovecot (Debian) ready. <1f.1.6a3@mail.clinic.example>");

test("a server greets with its program, without its stamp", () => {
  assert.equal(pop3.recognize(GREETING, "server"), true);
  assert.equal(pop3.recognize(GREETING, "client"), false);
  assert.deepEqual(notes(pop3, GREETING, SERVER), ["10.0.0.2 serverBanner: Dovecot (Debian) ready."]);
});

test("a log-in in the clear is told with its outcome, names and passwords are not", () => {
  const memory = pop3.remember!();
  assert.deepEqual(notes(pop3, line("USER jroe"), { memory }), ["operation: USER"]);
  assert.deepEqual(notes(pop3, line("+OK"), { ...SERVER, memory }), []);
  assert.deepEqual(notes(pop3, line("PASS secret"), { memory }), ["operation: PASS", "10.0.0.2 clearCredentials: pop3"]);
  assert.deepEqual(notes(pop3, line("-ERR no"), { ...SERVER, memory }), ["login refused"]);
  // A stamp's answer is no password in the clear.
  assert.deepEqual(notes(pop3, line("APOP jroe c4c9334bac560ecc979e58001b3e22fb"), { memory }), ["operation: APOP"]);
  assert.deepEqual(notes(pop3, line("+OK in"), { ...SERVER, memory }), ["login accepted", "enough"]);
});

test("what other protocols say alike is not POP3", () => {
  assert.equal(pop3.recognize(line("CAPA"), "client"), true);
  for (const other of ["+OK", "+PONG", "USER jroe", "220 FTP ready", "* OK ready", "-ERR ready"])
    for (const side of ["client", "server"] as const) assert.equal(pop3.recognize(line(other), side), false, other);
});

test("any cut is survived", () => {
  for (let bytes = 0; bytes < GREETING.length; bytes++) notes(pop3, GREETING.subarray(0, bytes), { ...SERVER, cut: true });
  assert.equal(pop3.messageLength!(Buffer.alloc(9000, 0x41)), 9000);
});
