import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { postgresql } from "./postgresql.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const start = hex`00000014 00030000 ${text("user\0anna\0\0")} 00`;

test("a log-in is told, whose it is not", () => {
  assert.equal(postgresql.recognize(start, "client"), true);
  assert.equal(postgresql.messageLength!(start), 20);
  assert.deepEqual(notes(postgresql, start), ["operation: LOGIN"]);
  assert.deepEqual(notes(postgresql, hex`00000008 04d2162f`), [], "asks for TLS");
});

test("what a server answers", () => {
  const clear = hex`52 00000008 00000003`;
  assert.equal(postgresql.recognize(clear, "server"), true);
  assert.deepEqual(notes(postgresql, clear, SERVER), ["10.0.0.2 clearCredentials: postgresql"]);
  assert.deepEqual(notes(postgresql, hex`52 00000008 00000000`, SERVER), ["login accepted"]);
  assert.deepEqual(notes(postgresql, hex`53 00000018 ${text("server_version\0\u{31}4.5\0")}`, SERVER), [
    "10.0.0.2 serverBanner: PostgreSQL 14.5",
  ]);
  const error = hex`45 00000018 ${text("SFATAL\0C28P01\0Mno\0\0")}`;
  assert.deepEqual(notes(postgresql, error, SERVER), ["enough"], "before a password it is an address that may not connect");
  const memory = postgresql.remember!();
  notes(postgresql, start, { memory });
  notes(postgresql, hex`70 00000008 ${text("pwd")} 00`, { memory });
  assert.deepEqual(notes(postgresql, error, { ...SERVER, memory }), ["login refused of anna", "enough"]);
  assert.deepEqual(notes(postgresql, hex`52 00000008 00`, SERVER), ["malformed: an answer to a log-in is cut short"]);
});

test("one letter agrees to TLS, or does not", () => {
  assert.equal(postgresql.messageLength!(hex`53 16 0303`), 1);
  assert.deepEqual(notes(postgresql, hex`53`, SERVER), ["enough"]);
  assert.equal(postgresql.messageLength!(hex`4e 52 00000008`), 1);
  assert.deepEqual(notes(postgresql, hex`4e`, SERVER), []);
});

test("another version, another length and a text that begins with R are not PostgreSQL", () => {
  assert.equal(postgresql.recognize(hex`00000014 00040000 ${text("user\0anna\0\0")} 00`, "client"), false);
  assert.equal(postgresql.recognize(start.subarray(0, 19), "client"), false);
  assert.equal(postgresql.recognize(text("READY to serve"), "server"), false);
  assert.equal(postgresql.recognize(start, "server"), false);
});
