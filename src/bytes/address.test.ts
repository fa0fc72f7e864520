import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { ipWords, macWords } from "./address.ts";
import { ip, mac } from "./text.ts";

test("what is written as text reads back as the same numbers", () => {
  assertProperty(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      // IPv4-mapped addresses are written as IPv4 on purpose.
      fc.pre(!bytes.subarray(0, 10).every((byte) => byte === 0));
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      assert.deepEqual(ipWords(ip(bytes)), { family: 6, words: [0, 4, 8, 12].map((at) => view.getUint32(at)) });
    }),
  );
  assert.deepEqual(ipWords("10.0.0.255"), { family: 4, words: [0, 0, 0, 0x0a0000ff] });
  assert.deepEqual(ipWords("::"), { family: 6, words: [0, 0, 0, 0] });
  assert.deepEqual(ipWords("fe80::1"), { family: 6, words: [0xfe800000, 0, 0, 1] });
  assert.deepEqual(ipWords("64:ff9b::192.0.2.1"), { family: 6, words: [0x0064ff9b, 0, 0, 0xc0000201] });
  assert.deepEqual(macWords(mac(new Uint8Array([0, 9, 0xfb, 0x12, 0x34, 0xff]))), [0x0009, 0xfb1234ff]);
});

test("what is no address is null", () => {
  for (const text of ["", "10.0.0", "10.0.0.256", "10.0.0.1.2", "1:2:3", "::1::", "1:2:3:4:5:6:7:8:9", "g::", "fe80:::1", "12345::"])
    assert.equal(ipWords(text), null, text);
  for (const text of ["", "00:09:fb:12:34", "00-09-fb-12-34-56", "00:09:fb:12:34:5g"]) assert.equal(macWords(text), null, text);
});
