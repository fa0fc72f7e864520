import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../testing/notes.ts";
import { Reader } from "./reader.ts";
import { ascii, ipv6, mac, withoutMail } from "./text.ts";

test("numbers come in the order of the wire", () => {
  const reader = new Reader(hex`01 0203 040506 0708090a 0100`);
  assert.deepEqual([reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.u16le()], [1, 0x203, 0x40506, 0x708090a, 1]);
  assert.equal(reader.overrun, false);
});

test("past the end there are zeros, and it is remembered", () => {
  const reader = new Reader(hex`01`);
  assert.equal(reader.u32(), 0);
  assert.equal(reader.overrun, true);
  assert.equal(reader.take(5).length, 0);
});

test("a view into a larger buffer never shows its neighbors", () => {
  const reader = new Reader(hex`ff ff 01 ff ff`.subarray(2, 3));
  assert.equal(reader.u16(), 0);
});

test("text from the wire holds no control characters", () => {
  assert.equal(ascii(hex`1b 5b 33 31 6d 70 75 6d 70 00 78`), "·[31mpump");
  assert.equal(mac(hex`00 09 fb 12 34 56`), "00:09:fb:12:34:56");
});

test("IPv6 is written as RFC 5952 has it", () => {
  assert.equal(ipv6(hex`20010db8 00000000 00000000 00000001`), "2001:db8::1");
  assert.equal(ipv6(hex`20010db8 00000001 00010001 00010001`), "2001:db8:0:1:1:1:1:1");
  assert.equal(ipv6(hex`20010db8 00000001 00000000 00000001`), "2001:db8:0:1::1");
  assert.equal(ipv6(hex`00000000 00000000 00000000 00000000`), "::");
  assert.equal(ipv6(hex`00000000 00000000 0000ffff c0000201`), "192.0.2.1");
});

test("mail addresses do not stay in a text that names a product", () => {
  assert.equal(withoutMail("Acme 7 (ask jane.roe@clinic.example, or <joe@x>)"), "Acme 7 (ask ·, or <·>)");
  assert.equal(withoutMail("Acme 7"), "Acme 7");
});
