import assert from "node:assert/strict";
import { test } from "node:test";
import { lineLength } from "./lines.ts";

test("a line ends with its end; one without is waited for, but not for ever", () => {
  assert.equal(lineLength(Buffer.from("USER a\r\nPASS b\r\n")), 8);
  assert.equal(lineLength(Buffer.from("USER a")), 0);
  assert.equal(lineLength(new Uint8Array()), 0);
  assert.equal(lineLength(Buffer.alloc(8191, 0x61)), 0);
  assert.equal(lineLength(Buffer.alloc(8192, 0x61)), 8192);
});
