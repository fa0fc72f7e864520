import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ftpData } from "./ftp-data.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const PE = hex`4d5a ${"00".repeat(58)} 80000000 ${"00".repeat(64)} 50450000 4c01`;
const ELF = hex`7f454c46 02 01 01 00 0000000000000000 0200 3e00`;

test("a file that begins as a program is noted, from who gives it to who gets it", () => {
  assert.deepEqual(notes(ftpData, PE, SERVER), ["notable: programCarried 0 from 10.0.0.2 to 10.0.0.1", "enough"]);
  assert.deepEqual(notes(ftpData, ELF), ["notable: programCarried 0 from 10.0.0.1 to 10.0.0.2", "enough"]);
});

test("any other file, and one cut before it says what it is, tell nothing", () => {
  for (const file of [hex`89504e47 0d0a1a0a`, PE.subarray(0, 100), ELF.subarray(0, 6), new Uint8Array(0)])
    assert.deepEqual(notes(ftpData, file, SERVER), ["enough"]);
});

test("its front is one message, and no content is taken for it", () => {
  assert.equal(ftpData.messageLength!(PE), 512);
  assert.equal(ftpData.recognize(PE, "server"), false);
});
