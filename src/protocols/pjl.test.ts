import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { pjl } from "./pjl.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

test("a printer that is asked what it is says its model", () => {
  const memory = pjl.remember!();
  const asked = bytes("\x1b%-12345X@PJL INFO ID\r\n");
  assert.equal(pjl.recognize(asked, "client"), true);
  assert.equal(pjl.recognize(asked, "server"), false);
  assert.equal(pjl.messageLength!(asked), asked.length);
  assert.deepEqual(notes(pjl, asked, { memory }), ["operation: INFO"]);
  assert.equal(pjl.recognize(bytes('@PJL INFO ID\r\n"WORKS'), "server"), true);
  assert.deepEqual(notes(pjl, bytes("@PJL INFO ID\r\n"), { ...SERVER, memory }), []);
  assert.deepEqual(notes(pjl, bytes('"WORKS LASER 400"\r\n'), { ...SERVER, memory }), ["10.0.0.2 model: WORKS LASER 400"]);
  assert.deepEqual(notes(pjl, bytes("anything else\r\n"), { ...SERVER, memory }), []);
});

test("jobs are not read: only that there is one", () => {
  assert.deepEqual(notes(pjl, bytes('@PJL JOB NAME = "ZZTEST"\r\n')), ["operation: JOB"]);
  assert.deepEqual(notes(pjl, bytes('@PJL SET USERNAME = "zzstaff"\r\n')), []);
  assert.deepEqual(notes(pjl, bytes("@PJL ENTER LANGUAGE = PCL\r\n")), ["operation: ENTER", "enough"]);
  assert.deepEqual(notes(pjl, bytes("@PJL FSDOWNLOAD SIZE=5\r\n")), ["operation: FILE_WRITE"]);
});

test("a line without an end is waited for, and then let go", () => {
  assert.equal(pjl.messageLength!(bytes("@PJL INFO ID")), 0);
  assert.equal(pjl.messageLength!(new Uint8Array(600)), 600);
});

test("other escape sequences and an address are not PJL", () => {
  assert.equal(pjl.recognize(bytes("\x1b[2J@PJL \n"), "client"), false);
  assert.equal(pjl.recognize(bytes("@PJLX\n"), "server"), false);
  assert.equal(pjl.recognize(bytes("@PJL "), "server"), false);
});
