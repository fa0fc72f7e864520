import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { dnp3 } from "./dnp3.ts";

// From station 1 to 10: read the time; then a restart. The checks of their data are not looked at.
const READ = hex`0564 0b c4 0a00 0100 acd1   c1 c1 01 32 01 07 0000`;
const RESTART = hex`0564 08 c4 0a00 0100 fc42   c2 c2 0d 0000`;
/** From 10 to 1: an answer. */
const ANSWER = hex`0564 0a 44 0100 0a00 6e25   c3 c2 81 0000 0000`;
const FUNCTION_OFFSET = 12;

test("what is asked for is told, by whom the control says", () => {
  for (const message of [READ, RESTART, ANSWER]) assert.equal(dnp3.recognize(message, "unknown"), true);
  assert.equal(dnp3.messageLength!(hex`${READ} ${RESTART}`), READ.length);
  assert.deepEqual(notes(dnp3, READ), ["operation: READ"]);
  assert.deepEqual(notes(dnp3, RESTART), ["operation: COLD_RESTART", "notable: controllerStopped"]);
  const operate = READ.map((byte, place) => (place === FUNCTION_OFFSET ? 5 : byte));
  assert.deepEqual(notes(dnp3, operate), ["operation: DIRECT_OPERATE", "notable: dnp3Write"]);
  assert.deepEqual(notes(dnp3, ANSWER, { side: "server" }), []);
});

test("after a gap it goes on where a header's check agrees", () => {
  assert.equal(dnp3.resume!(hex`0102 ${READ}`), 2);
  assert.equal(dnp3.resume!(hex`0564 0b c4 0a00 0100 0000 00`), -1);
});

test("any cut is survived, and what is out of step is broken", () => {
  for (let bytes = 0; bytes < READ.length; bytes++) notes(dnp3, READ.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(dnp3, READ.subarray(1)), ["malformed: no start of a frame, or its check does not agree"]);
});

test("a check that does not agree and a length no frame has are not DNP3", () => {
  assert.equal(dnp3.recognize(hex`0564 0b c4 0a00 0100 acd0 c1 c1 01`, "unknown"), false);
  assert.equal(dnp3.recognize(hex`0564 04 c4 0a00 0100 acd1`, "unknown"), false);
  assert.equal(dnp3.recognize(hex`0564`, "unknown"), false);
});
