import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { stun } from "./stun.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const TRANSACTION = "0102030405060708090a0b0c";
const ASKED = hex`0001 0000 2112a442 ${TRANSACTION}`;
const SOFTWARE = "Coturn-4.6.1 'Gorst'";
// Seen as 192.0.2.9, port 40000, both crossed with the cookie; then who answers.
const ANSWERED = hex`0101 0024 2112a442 ${TRANSACTION} 0020 0008 0001 bd52 e112a64b 8022 0014 ${Buffer.from(SOFTWARE).toString("hex")}`;

test("who asks is told by its method, who answers by its program; addresses are not", () => {
  assert.deepEqual(notes(stun, ASKED), ["operation: BINDING"]);
  assert.deepEqual(notes(stun, ANSWERED, SERVER), [`10.0.0.2 serverBanner: ${SOFTWARE}`]);
  assert.deepEqual(notes(stun, hex`0003 0000 2112a442 ${TRANSACTION}`), ["operation: ALLOCATE"]);
});

test("each side is known by its form, and nothing that is longer or shorter", () => {
  assert.deepEqual([stun.recognize(ASKED, "client"), stun.recognize(ASKED, "server"), stun.speaker!(ASKED)], [true, false, "client"]);
  assert.deepEqual(
    [stun.recognize(ANSWERED, "client"), stun.recognize(ANSWERED, "server"), stun.speaker!(ANSWERED)],
    [false, true, "server"],
  );
  assert.equal(stun.speaker!(hex`0011 0000 2112a442 ${TRANSACTION}`), "unknown", "keeps a way open: either does");
  assert.equal(stun.messageLength!(ANSWERED), ANSWERED.length);
  for (let bytes = 0; bytes < ANSWERED.length; bytes++) assert.equal(stun.recognize(ANSWERED.subarray(0, bytes), "server"), false);
});

test("an attribute that runs past the end is broken; what came before it counts", () => {
  const broken = hex`0101 0014 2112a442 ${TRANSACTION} 8022 0004 41424344 8022 00ff 00000000 00000000`;
  assert.deepEqual(notes(stun, broken.subarray(0, 40), SERVER), [
    "10.0.0.2 serverBanner: ABCD",
    "malformed: an attribute runs past the end of the message",
  ]);
});

test("another cookie, an odd length, an unknown method, and DHCP, whose cookie stands elsewhere, are none", () => {
  for (const other of [
    hex`0001 0000 2112a443 ${TRANSACTION}`,
    hex`0001 0001 2112a442 ${TRANSACTION} 00`,
    hex`0002 0000 2112a442 ${TRANSACTION}`,
    hex`8001 0000 2112a442 ${TRANSACTION}`,
    hex`01010600 11223344 ${TRANSACTION}`,
  ])
    assert.equal(stun.recognize(other, "unknown"), false);
});
