import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../testing/notes.ts";
import { domainName } from "./domain-name.ts";
import { Reader } from "./reader.ts";

const MESSAGE = hex`
  04 70756d70 02 6964 00        # from 0: pump.id
  03 777777 c005                # from 9: www, then what stands at 5
  c00f                          # 15: points at itself
  c013                          # 17: points ahead
  c011                          # 19: points at what pointed here
  41 00                         # 21: a length of 65, which no label has
  05 7075                       # 23: five bytes, of which two are there`;

test("a name ends at its zero, and the reader stands behind it", () => {
  const reader = new Reader(MESSAGE);
  assert.equal(domainName(reader), "pump.id");
  assert.equal(reader.offset, 9);
});

test("a pointer leads to an earlier place, and the reader goes on behind the pointer", () => {
  const reader = new Reader(MESSAGE, 9);
  assert.equal(domainName(reader), "www.id");
  assert.equal(reader.offset, 15);
});

for (const [what, at] of Object.entries({ "at itself": 15, ahead: 17, "in a circle": 19, "to no label": 21, "past the end": 23 }))
  test(`a name that leads ${what} is no name`, () => {
    const reader = new Reader(MESSAGE, at);
    assert.equal(domainName(reader), null);
    assert.equal(reader.overrun, true);
  });

test("a name longer than 255 bytes is refused, however it is folded", () => {
  const label = `3f${"61".repeat(63)}`;
  assert.equal(domainName(new Reader(hex`${label.repeat(4)}00`)), null);
});
