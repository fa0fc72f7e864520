import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { citrix } from "./citrix.ts";

test("both greetings are known, from either side", () => {
  const ica = hex`7f7f 494341 00 7f7f 494341 00`;
  for (const side of ["client", "server"] as const) assert.equal(citrix.recognize(ica, side), true);
  assert.deepEqual(notes(citrix, ica), ["operation: ICA"]);
  const cgp = hex`1a 4347502f3031 01 00 20`;
  assert.equal(citrix.recognize(cgp, "client"), true);
  assert.deepEqual(notes(citrix, cgp), ["operation: CGP"]);
  assert.deepEqual(notes(citrix, hex`0102`), ["enough"], "what follows is not read");
});

test("half a greeting, and an executable file, are not Citrix", () => {
  assert.equal(citrix.recognize(hex`7f7f 4943`, "server"), false);
  assert.equal(citrix.recognize(hex`7f 454c46 01 01`, "server"), false);
  assert.equal(citrix.recognize(new Uint8Array(0), "unknown"), false);
});
