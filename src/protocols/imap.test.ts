import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { imap } from "./imap.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const line = (words: string) => Buffer.from(`${words}\r\n`);
const GREETING = line("* OK [CAPABILITY IMAP4rev1 ID AUTH=PLAIN] Dovecot (Debian) ready.");

test("a server greets with its program, without what it can do and whose it is", () => {
  assert.equal(imap.recognize(GREETING, "server"), true);
  assert.equal(imap.recognize(GREETING, "client"), false);
  assert.deepEqual(notes(imap, GREETING, SERVER), ["10.0.0.2 serverBanner: Dovecot (Debian) ready."]);
  assert.deepEqual(notes(imap, line("* OK ask jroe@clinic.example"), SERVER), ["10.0.0.2 serverBanner: ask ·"]);
});

test("a log-in in the clear is told with its outcome, names and passwords are not", () => {
  const memory = imap.remember!();
  const login = notes(imap, line("a2 LOGIN jroe secret"), { memory });
  assert.deepEqual(login, ["operation: LOGIN", "10.0.0.2 clearCredentials: imap"]);
  assert.deepEqual(notes(imap, line("* CAPABILITY IMAP4rev1"), { ...SERVER, memory }), []);
  assert.deepEqual(notes(imap, line("a2 NO failed"), { ...SERVER, memory }), ["login refused"]);
  notes(imap, line("a3 AUTHENTICATE PLAIN"), { memory });
  assert.deepEqual(notes(imap, line("AGpyb2UAc2VjcmV0"), { memory }), []);
  assert.deepEqual(notes(imap, line("a3 OK in"), { ...SERVER, memory }), ["login accepted", "enough"]);
  assert.deepEqual(notes(imap, line("a4 STARTTLS")), ["operation: STARTTLS", "enough"]);
});

test("a client is known by a command, and other lines are not IMAP", () => {
  assert.equal(imap.recognize(line("a1 CAPABILITY"), "client"), true);
  for (const other of ["USER jroe", "220 mail ready", "+OK ready", "*1", "GET / HTTP/1.1", "a1 SELECT"])
    for (const side of ["client", "server"] as const) assert.equal(imap.recognize(line(other), side), false, other);
});

test("any cut is survived", () => {
  for (let bytes = 0; bytes < GREETING.length; bytes++) notes(imap, GREETING.subarray(0, bytes), { ...SERVER, cut: true });
  assert.equal(imap.messageLength!(Buffer.from("* OK no end")), 0);
  assert.equal(imap.messageLength!(Buffer.alloc(9000, 0x41)), 9000);
});
