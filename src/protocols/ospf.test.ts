import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ospf } from "./ospf.ts";

// FRR 8.4 says hello: version, kind, 44 bytes, router, area, checksum, unsecured, 8 bytes; mask, every 10 s, options, priority, dead after 40 s, nobody elected.
const HELLO = hex`02 01 002c 0a3d97dc 00000000 5a85 0000 0000000000000000 ffffff00 000a 02 01 00000028 00000000 00000000`;
const SIX = hex`03 01 0024 01010101 00000000 9a3e 00 00 00000005 01 000013 000a 0028 00000000 00000000`;

test("who says hello to routers works as one", () => {
  for (const message of [HELLO, SIX]) {
    assert.equal(ospf.recognize(message, "unknown"), true);
    assert.deepEqual(notes(ospf, message), ["operation: HELLO", "10.0.0.1 capability: router"]);
  }
});

test("a password in the clear is told and not repeated, a digest behind the message is none", () => {
  const secured = (kind: string, password: string) =>
    hex`02 01 002c 0a3d97dc 00000000 5a85 ${kind} ${password} ffffff00 000a 02 01 00000028 00000000 00000000`;
  assert.deepEqual(notes(ospf, secured("0001", Buffer.from("s3cret\0\0").toString("hex"))).at(-1), "10.0.0.1 clearCredentials: ospf");
  const digest = hex`${Buffer.from(secured("0002", "0000 01 10 6553f100")).toString("hex")} ${"5a".repeat(16)}`;
  assert.equal(ospf.recognize(digest, "unknown"), true);
  assert.deepEqual(notes(ospf, digest), ["operation: HELLO", "10.0.0.1 capability: router"]);
});

test("any cut is survived and broken", () => {
  for (let bytes = 0; bytes < HELLO.length; bytes++) {
    assert.equal(ospf.recognize(HELLO.subarray(0, bytes), "unknown"), false);
    assert.deepEqual(notes(ospf, HELLO.subarray(0, bytes)), ["malformed: shorter than it says, or of a kind that is none"]);
  }
});

test("another version, another kind and a length too short are not OSPF", () => {
  for (const front of ["01 01 002c", "04 01 002c", "02 00 002c", "02 06 002c", "02 01 0017", "02 01 002d", "03 01 000f"])
    assert.equal(ospf.recognize(hex`${front} ${Buffer.from(HELLO.subarray(4)).toString("hex")}`, "unknown"), false, front);
});
