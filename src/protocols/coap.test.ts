import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { coap } from "./coap.ts";

const ASKED = hex`42 01 0007 0102 bb ${Buffer.from(".well-known")} 04 ${Buffer.from("core")}`;
const ANSWERED = hex`62 45 0007 0102 c1 28 ff ${Buffer.from("</t>;rt=t")}`;

test("a question is known by its form and what it asks for, and the method is told", () => {
  assert.equal(coap.recognize(ASKED, "client"), true);
  assert.equal(coap.recognize(ASKED, "server"), false);
  assert.equal(coap.recognize(ANSWERED, "server"), false);
  assert.deepEqual(notes(coap, ASKED), ["operation: GET"]);
  assert.deepEqual(notes(coap, ANSWERED, { side: "server" }), []);
});

test("a datagram that is not wholly of this form is another's", () => {
  const others = {
    "a header alone": hex`40 01 0007`,
    "an unknown option": hex`41 01 0007 01 a1 00 14 ${Buffer.from("core")}`,
    "a path that is no text": hex`41 01 0007 01 b5 00 ${Buffer.from("core")}`,
    "a length past the end": hex`41 01 0007 01 b4 ${Buffer.from("core")} 05 61`,
    "a mark without a payload": hex`41 01 0007 01 b4 ${Buffer.from("core")} ff`,
    "a question for a name": hex`4201 0100 0001 0000 0000 0000 0161 00 0001 0001`,
    "another version": hex`82 01 0007 0102 b4 ${Buffer.from("core")}`,
    "an answer's code": hex`42 45 0007 0102 b4 ${Buffer.from("core")}`,
  };
  for (const [what, bytes] of Object.entries(others)) {
    assert.equal(coap.recognize(bytes, "client"), false, what);
    assert.equal(coap.recognize(bytes, "server"), false, what);
  }
});

test("damage is told, and any cut is survived", () => {
  assert.deepEqual(notes(coap, hex`82 01`), ["malformed: no version that there is"]);
  for (let bytes = 0; bytes < ASKED.length; bytes++) {
    coap.recognize(ASKED.subarray(0, bytes), "client");
    notes(coap, ASKED.subarray(0, bytes), { cut: true });
  }
});
