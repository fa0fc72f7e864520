import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { mld } from "./mld.ts";

const MDNS = "ff0200000000000000000000000000fb";
const SOLICITED_NODE = "ff0200000000000000000001ff123456";

test("a version 2 report names the groups joined, but not those that only repeat an address", () => {
  const message = hex`
    8f 00 0000 0000 0003
    04 00 0000 ${MDNS}                                # to exclude none: joins
    04 00 0000 ${SOLICITED_NODE}                      # joins, says nothing new
    03 00 0000 ff02000000000000000000000000000c       # to include none: leaves`;
  assert.equal(mld.recognize(message, "unknown"), true);
  assert.deepEqual(notes(mld, message), ["operation: REPORT", "10.0.0.1 groups: ff02::fb"]);
});

test("version 1", () => {
  assert.deepEqual(notes(mld, hex`83 00 0000 0000 0000 ${MDNS}`), ["operation: REPORT", "10.0.0.1 groups: ff02::fb"]);
  assert.deepEqual(notes(mld, hex`84 00 0000 0000 0000 ${MDNS}`), ["operation: LEAVE"]);
});

test("a record past the end ends the reading, what came before counts", () => {
  const message = hex`8f 00 0000 0000 0002  04 00 0000 ${MDNS}  04 00 00ff ${MDNS}`;
  assert.deepEqual(notes(mld, message), [
    "operation: REPORT",
    "10.0.0.1 groups: ff02::fb",
    "malformed: a group record runs past the end of the message",
  ]);
});

test("an echo reply and a report of an ordinary address are no listener reports", () => {
  assert.equal(mld.recognize(hex`81 00 0000 0001 0001 ${MDNS}`, "unknown"), false);
  assert.equal(mld.recognize(hex`83 00 0000 0000 0000 20010db8000000000000000000000007`, "unknown"), false);
});
