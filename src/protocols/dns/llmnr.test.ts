import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { llmnr } from "./llmnr.ts";

const SENDER = { ip: "192.0.2.7", mac: "00:09:fb:12:34:56" };

test("who answers names itself, with its other address too", () => {
  const response = hex`
    4711 8000 0001 0002 0000 0000
    05 6e75727365 00 00ff 0001                       # anything about "nurse"
    05 4e55525345 00 0001 0001 0000001e 0004 c0000207
    05 4e55525345 00 001c 0001 0000001e 0010 20010db8000000000000000000000007`;
  assert.equal(llmnr.recognize(response, "unknown"), true);
  assert.deepEqual(notes(llmnr, response, { sender: SENDER }), [
    "operation: RESPONSE",
    `notable: nameAnswered nurse 0 from ${SENDER.mac} to ?`,
    `${SENDER.mac} hostname: NURSE`,
    "2001:db8::7 hostname: NURSE",
  ]);
});

test("a question is somebody else's name, unless it is for the proxy that strangers like to be", () => {
  const query = (label: Uint8Array) => hex`4711 0000 0001 0000 0000 0000 ${Uint8Array.of(label.length)} ${label} 00 0001 0001`;
  assert.equal(llmnr.recognize(query(Buffer.from("nurse")), "unknown"), true);
  assert.deepEqual(notes(llmnr, query(Buffer.from("nurse"))), ["operation: QUERY"]);
  assert.deepEqual(notes(llmnr, query(Buffer.from("WPAD"))), ["operation: QUERY", "10.0.0.1 wants: wpad"]);
});

test("what came before a broken record still counts", () => {
  const broken = hex`
    4711 8000 0001 0002 0000 0000  01 61 00 0001 0001
    c00c 0001 0001 0000001e 0004 c0000207  c00c 0001 0001 0000001e 0004 c000`;
  assert.equal(llmnr.recognize(broken, "unknown"), false);
  assert.deepEqual(notes(llmnr, broken, { sender: SENDER }), [
    "operation: RESPONSE",
    `notable: nameAnswered a 0 from ${SENDER.mac} to ?`,
    `${SENDER.mac} hostname: a`,
    "malformed: a record is cut short or its name is broken",
  ]);
});

test("DNS asks for recursion and mDNS for local names: both are not this", () => {
  assert.equal(llmnr.recognize(hex`4711 0100 0001 0000 0000 0000 01 61 00 0001 0001`, "unknown"), false);
  assert.equal(llmnr.recognize(hex`4711 0000 0001 0000 0000 0000 01 61 05 6c6f63616c 00 0001 0001`, "unknown"), true);
  assert.equal(llmnr.recognize(hex`0000 0000 0001 0000 0000 0000 01 61 05 6c6f63616c 00 0001 0001`, "unknown"), false);
});
