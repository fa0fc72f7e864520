import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { tftp } from "./tftp.ts";

const READ = hex`
  0001                                              # a file is asked for
  696d616765732f70756d705f76322e62696e 00           # images/pump_v2.bin
  6f63746574 00                                     # octet
  626c6b73697a65 00 31343238 00`; //                  blksize 1428

test("a device asks for its firmware, and will be answered from another port", () => {
  assert.equal(tftp.recognize(READ, "client"), true);
  assert.deepEqual(notes(tftp, READ, { senderPort: 3072 }), [
    "operation: RRQ",
    "10.0.0.1 fileName: pump_v2.bin",
    "notable: firmwareFetched",
    "expect: tftp udp/3072 at 10.0.0.2",
  ]);
});

test("who pushes firmware or settings says so with its first datagram", () => {
  const pushed = (name: string, mode = "octet") =>
    notes(tftp, hex`0002 ${Buffer.from(name)} 00 ${Buffer.from(mode)} 00`).filter((it) => it.startsWith("notable"));
  assert.deepEqual(pushed("fw/pump_v2.bin"), ["notable: firmwarePushed"]);
  assert.deepEqual(pushed("running-config"), ["notable: settingsPushed"]);
  assert.deepEqual(pushed("rfc1350.txt"), []);
  assert.deepEqual(pushed("pump_v2.bin", "netascii"), [], "no program is text");
});

test("a document's name is not kept", () => {
  const write = hex`0002 726f655f6a616e652e706466 00 4e65744173636969 00`; // roe_jane.pdf, NetAscii
  assert.deepEqual(notes(tftp, write), ["operation: WRQ", "expect: tftp udp/40000 at 10.0.0.2"]);
});

test("blocks of the file say nothing", () => {
  assert.deepEqual(notes(tftp, hex`0003 0001 7f454c46`, { side: "server" }), ["enough"]);
  assert.deepEqual(notes(tftp, hex`0005 0001 6e6f6e65 00`, { side: "server" }), ["enough"]);
});

test("a request that ends before its mode is none", () => {
  for (let bytes = 0; bytes < 27; bytes++) assert.equal(tftp.recognize(READ.subarray(0, bytes), "client"), false);
  assert.deepEqual(notes(tftp, hex`0001 61`), ["enough"]);
  assert.deepEqual(notes(tftp, hex`ff01 61`), ["malformed: neither a request nor part of a transfer", "enough"]);
});

test("other datagrams that begin with small numbers are not TFTP", () => {
  assert.equal(tftp.recognize(hex`0001 0000 2112a442 aabbccddeeff001122334455`, "client"), false); // STUN
  assert.equal(tftp.recognize(hex`0001 61 00 726177 00`, "client"), false); // mode "raw"
});
