import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { program } from "./program.ts";

const PE = hex`4d5a ${"00".repeat(58)} 80000000 ${"00".repeat(64)} 50450000 4c01`;
const ELF = hex`7f454c46 02 01 01 00 0000000000000000 0200 3e00`;

test("programs for Linux and Windows are known by how they begin", () => {
  assert.equal(program.recognize(ELF, "client"), true);
  assert.equal(program.recognize(PE, "server"), true);
  assert.deepEqual(notes(program, ELF), ["notable: program", "enough"]);
});

test("cut before they say so, or only with the first letters of one, they are none", () => {
  assert.equal(program.recognize(PE.subarray(0, 100), "client"), false);
  assert.equal(program.recognize(ELF.subarray(0, 6), "client"), false);
  assert.equal(program.recognize(hex`7f454c46 07 01 01`, "client"), false);
  assert.equal(program.recognize(hex`4d5a ${"20".repeat(200)}`, "client"), false);
});
