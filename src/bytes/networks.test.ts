import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNetwork } from "./networks.ts";

const ends = (text: string) => {
  const it = exactNetwork(text);
  return it === null ? null : `${it.text} ${it.first}-${it.last}`;
};

test("a network by its first address, and one address, in one spelling with both ends", () => {
  assert.equal(ends("10.20.30.0/24"), "10.20.30.0/24 10.20.30.0-10.20.30.255");
  assert.equal(ends("10.20.30.7"), "10.20.30.7 10.20.30.7-10.20.30.7");
  assert.equal(ends("10.20.30.7/32"), "10.20.30.7 10.20.30.7-10.20.30.7");
  assert.equal(ends("0.0.0.0/0"), "0.0.0.0/0 0.0.0.0-255.255.255.255");
  assert.equal(ends("10.20.30.128/25"), "10.20.30.128/25 10.20.30.128-10.20.30.255");
  assert.equal(ends("FD00:0:0:0::7"), "fd00::7 fd00::7-fd00::7");
  assert.equal(ends("fd00:1::/64"), "fd00:1::/64 fd00:1::-fd00:1::ffff:ffff:ffff:ffff");
});

test("what has bits of a host, a length that is none, or is no address, is none", () => {
  for (const text of [
    "10.20.30.1/24",
    "fd00::1/64",
    "10.20.30.0/33",
    "10.20.30.0/",
    "10.20.30.0/x",
    "10.20.30.0/24/8",
    "10.20.30",
    "pump7",
    "",
    "/24",
  ])
    assert.equal(ends(text), null, text);
});
