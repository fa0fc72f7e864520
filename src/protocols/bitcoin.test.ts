import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { bitcoin } from "./bitcoin.ts";

const VERSION = hex`f9beb4d9 76657273696f6e0000000000 66000000 5f1a69d2`;

test("a node's message is recognized by its header, and read no further", () => {
  assert.equal(bitcoin.recognize(VERSION, "client"), true);
  assert.equal(bitcoin.messageLength!(VERSION), VERSION.length);
  assert.deepEqual(notes(bitcoin, VERSION), ["notable: bitcoin", "enough"]);
});

test("a header cut short, another magic, and a command with something behind its end are none", () => {
  assert.equal(bitcoin.recognize(VERSION.subarray(0, 18), "client"), false);
  assert.equal(bitcoin.recognize(hex`f9beb4da ${VERSION.subarray(4)}`, "client"), false);
  assert.equal(bitcoin.recognize(hex`f9beb4d9 766572736900006e00000000 66000000 5f1a69d2`, "client"), false);
});
