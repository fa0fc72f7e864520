import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { syslog } from "./syslog.ts";

const read = (line: string) => {
  assert.equal(syslog.recognize(Buffer.from(line), "unknown"), true);
  return notes(syslog, Buffer.from(line));
};

test("host and program are read, the text never", () => {
  assert.deepEqual(read("<165>1 2003-10-11T22:14:15.003Z pacs-1 dcmrecv 411 ID47 - Study of Marker^Patient stored"), [
    "operation: MESSAGE",
    "10.0.0.1 hostname: pacs-1",
    "10.0.0.1 software: dcmrecv",
  ]);
  assert.deepEqual(read("<34>Oct 11 22:14:15 pacs-1 sshd[212]: Marker Patient"), [
    "operation: MESSAGE",
    "10.0.0.1 hostname: pacs-1",
    "10.0.0.1 software: sshd",
  ]);
});

test("a bare word may be anything a person typed, an address is no name", () => {
  assert.deepEqual(read("<34>Oct 11 22:14:15 192.0.2.7 Marker: discharged"), ["operation: MESSAGE"]);
  assert.deepEqual(read("<189>123: %SYS-5-CONFIG_I: Configured"), ["operation: MESSAGE"]);
});

test("a message that ends in its header gives what it had", () => {
  assert.deepEqual(read("<34>1 - pacs-1"), ["operation: MESSAGE"]);
  assert.deepEqual(notes(syslog, Buffer.from("no head")), ["operation: MESSAGE", "malformed: no priority"]);
});

test("markup, a priority nobody has and bytes after one are not syslog", () => {
  assert.equal(syslog.recognize(Buffer.from("<html><body>"), "unknown"), false);
  assert.equal(syslog.recognize(Buffer.from("<192>1 - a b "), "unknown"), false);
  assert.equal(syslog.recognize(Buffer.from("<034>1 - a b "), "unknown"), false);
  assert.equal(syslog.recognize(hex`3c 31 33 3e 41 ff 01 02`, "unknown"), false);
});
