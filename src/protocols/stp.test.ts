import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { stp } from "./stp.ts";

const SENDER = { mac: "00:09:fb:12:34:56" };
const BRIDGE = "8000 0009fb123456";
const configuration = (flags: string) => hex`
  0000 00 00 ${flags}                     # spanning tree, version 0, configuration
  ${BRIDGE} 00000000 ${BRIDGE} 8001       # it is the root itself, port 1
  0000 1400 0200 0f00`; //                  age, largest age, hello, delay

test("who keeps the tree is a bridge", () => {
  assert.equal(stp.recognize(configuration("00"), "unknown"), true);
  assert.deepEqual(notes(stp, configuration("00"), { sender: SENDER }), [
    "operation: CONFIGURATION",
    `${SENDER.mac} capability: bridge`,
    `notable: treeRoot 0 in ${SENDER.mac}`,
  ]);
});

test("a change is told by a flag or by a message of its own", () => {
  for (const message of [configuration("01"), hex`0000 00 80`]) {
    const lines = notes(stp, message, { sender: SENDER });
    assert.equal(lines[0], "operation: TOPOLOGY CHANGE");
    assert.equal(lines[2], "notable: treeChanged");
  }
});

test("a configuration cut short tells nothing", () => {
  assert.equal(stp.recognize(configuration("00").subarray(0, 30), "unknown"), false);
  assert.deepEqual(notes(stp, configuration("00").subarray(0, 30)), ["malformed: shorter than its type needs"]);
});

test("GARP, which shares the address, has another protocol number", () => {
  assert.equal(stp.recognize(hex`0001 01 02 ${new Uint8Array(40)}`, "unknown"), false);
});
