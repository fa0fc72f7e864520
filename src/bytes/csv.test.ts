import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { csvRecords } from "./csv.ts";

test("cells, quotes and line ends", () => {
  assert.deepEqual(csvRecords('a,b\r\n"1,""2""\n3",4\rx,\n\n5"6,"7"8,', ","), [
    ["a", "b"],
    ['1,"2"\n3', "4"],
    ["x", ""],
    [""],
    ['5"6', "78", ""],
  ]);
  assert.deepEqual(csvRecords("", ","), []);
});

test("a quote that nobody closes is told with the line it begins in", () => {
  assert.throws(() => csvRecords('a,b\n"x\ny",1\n2,"z\n', ","), /^Error: expected a quote at the end of what begins with one in line 4$/);
});

test("what was written is read again", () => {
  const cells = fc.array(fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "=") }), { minLength: 1 }));
  fc.assert(
    fc.property(cells, (records) => {
      const text = records.map((record) => `${record.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`).join("");
      assert.deepEqual(csvRecords(text, ","), records);
    }),
    { interruptAfterTimeLimit: 5_000 },
  );
});
