import assert from "node:assert/strict";
import { test } from "node:test";
import { hex as print } from "./text.ts";
import { hex } from "../testing/notes.ts";
import { derDate, derElement, derText } from "./der.ts";
import { Reader } from "./reader.ts";

const element = (bytes: Uint8Array) => derElement(new Reader(bytes));

test("short and long lengths", () => {
  const reader = new Reader(hex`02 01 05   04 81 02 aabb   04 82 0001 cc`);
  assert.deepEqual(
    [0, 1, 2].map(() => print(derElement(reader).content)),
    ["05", "aabb", "cc"],
  );
  assert.equal(reader.overrun, false);
});

test("a length past the end, an indefinite one and one of five bytes are no more than what is there", () => {
  for (const bytes of [hex`04 7f aa`, hex`30 80 0000`, hex`30 85 0100000000 aa`, hex`30`, hex``]) {
    const reader = new Reader(bytes);
    derElement(reader);
    assert.equal(reader.overrun, true);
    assert.equal(reader.remaining, 0);
  }
});

test("names in the forms certificates use", () => {
  assert.equal(derText(element(hex`0c 05 5374 c3bc 6b`)), "Stük");
  assert.equal(derText(element(hex`13 03 616263`)), "abc");
  assert.equal(derText(element(hex`1e 04 0061 0062`)), "ab");
  assert.equal(derText(element(hex`02 01 61`)), "");
});

test("dates of both centuries", () => {
  assert.equal(derDate(element(hex`17 0d 3439 31323331 323335393539 5a`)), "2049-12-31");
  assert.equal(derDate(element(hex`17 0d 3530 30313031 303030303030 5a`)), "1950-01-01");
  assert.equal(derDate(element(hex`18 0f 39393939 31323331 323335393539 5a`)), "9999-12-31");
  assert.equal(derDate(element(hex`17 02 3439`)), "");
  assert.equal(derDate(element(hex`05 00`)), "");
});
