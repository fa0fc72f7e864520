import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { smtp } from "./smtp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const line = (text: string) => new Uint8Array(Buffer.from(`${text}\r\n`, "latin1"));

test("a server greets with its program", () => {
  const greeting = line("220 mail.clinic.example ESMTP Postfix (Debian)");
  assert.equal(smtp.recognize(greeting, "server"), true);
  assert.deepEqual(notes(smtp, greeting, SERVER), ["10.0.0.2 serverBanner: mail.clinic.example ESMTP Postfix (Debian)"]);
});

test("a log-in is told, and how it ended; who it was is not", () => {
  const memory = smtp.remember!();
  assert.deepEqual(notes(smtp, line("AUTH LOGIN am9obg=="), { memory }), [
    "operation: AUTH",
    "notable: mailLogIn",
    "10.0.0.2 clearCredentials: smtp",
  ]);
  assert.deepEqual(notes(smtp, line("334 UGFzc3dvcmQ6"), { ...SERVER, memory }), []);
  assert.deepEqual(notes(smtp, line("c2VjcmV0"), { memory }), []);
  assert.deepEqual(notes(smtp, line("535 5.7.8 no"), { ...SERVER, memory }), ["login refused"]);
  assert.deepEqual(notes(smtp, line("535 5.7.8 no"), { ...SERVER, memory }), []);
});

test("where the mail or the encryption begins, the reading ends", () => {
  assert.deepEqual(notes(smtp, line("DATA")), ["operation: DATA", "enough"]);
  assert.deepEqual(notes(smtp, line("STARTTLS")), ["operation: STARTTLS", "enough"]);
});

test("what has no line end is one message, and files greet alike", () => {
  assert.equal(smtp.messageLength!(line("EHLO ward")), 11);
  assert.equal(smtp.messageLength!(new Uint8Array(9000).fill(65)), 9000);
  assert.deepEqual(notes(smtp, line("EHLO ward").subarray(0, 3)), []);
  assert.equal(smtp.recognize(line("220 ProFTPD Server ready"), "server"), false);
  assert.equal(smtp.recognize(line("EHLO ward"), "client"), true);
});
