import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { modbus } from "./modbus.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const WRITE = hex`0007 0000 0006 01 06 0001 0003`; // transaction 7, six bytes, unit 1: register 1 becomes 3

test("who writes to a controller is told by the function", () => {
  assert.equal(modbus.recognize(WRITE, "client"), true);
  assert.equal(modbus.messageLength!(WRITE), 12);
  assert.deepEqual(notes(modbus, WRITE), ["operation: WRITE_REGISTER", "notable: modbusWrite"]);
  assert.deepEqual(notes(modbus, hex`0007 0000 0003 01 86 02`, SERVER), [], "a refused write says nothing of the device");
});

const identification = hex`
  0008 0000 0022 01 2b 0e 01 01 00 00 03            # three objects
  00 0a 41697220576f726b7332                        # maker: Air Works2
  01 04 41572d37                                    # product code: AW-7
  02 04 76342e32`; //                                 revision: v4.2

test("a controller that is asked says what it is", () => {
  assert.deepEqual(notes(modbus, identification, SERVER), [
    "10.0.0.2 maker: Air Works2",
    "10.0.0.2 hardware: AW-7",
    "10.0.0.2 software: v4.2",
  ]);
});

test("an object that runs past the end is broken, what came before it counts", () => {
  assert.deepEqual(notes(modbus, identification.subarray(0, 30), SERVER), [
    "10.0.0.2 maker: Air Works2",
    "malformed: an object of the identification runs past the end",
  ]);
  for (let bytes = 0; bytes < identification.length; bytes++) notes(modbus, identification.subarray(0, bytes), { ...SERVER, cut: true });
});

test("after a gap a message begins where another follows it", () => {
  assert.equal(modbus.resume!(hex`0006 01 03 ${WRITE} ${WRITE}`), 4);
  assert.equal(modbus.resume!(new Uint8Array(4096)), -1);
});

test("questions and answers of every shape are told by the length their function has", () => {
  for (const [what, bytes] of Object.entries({
    "read two": hex`0001 0000 0006 01 03 0000 0002`,
    "two read": hex`0001 0000 0007 01 03 04 0001 0002`,
    "write two": hex`0001 0000 000b 01 10 0000 0002 04 0001 0002`,
    "read and write": hex`0001 0000 000d 01 17 0000 0001 0000 0001 02 0001`,
    "a fault": hex`0001 0000 0003 01 83 02`,
    "a server's name": hex`0001 0000 0006 01 11 03 414200`,
    "Schneider's own": hex`0001 0000 0004 00 5a 0002`,
  }))
    assert.equal(modbus.recognize(bytes, "unknown"), true, what);
});

test("a length that fits no message, a directory's answer, and a name server's over TCP, are not Modbus", () => {
  assert.equal(modbus.recognize(hex`3084 0000 0010 02 01 01 65840000 00070a01 00040004 00`, "server"), false);
  assert.equal(modbus.recognize(hex`0007 0000 0106 01 06 0001 0003`, "client"), false);
  assert.equal(modbus.recognize(hex`0007 0000 0006 01 06 0001 0003 ffff ff`, "client"), false);
  assert.equal(modbus.recognize(hex`001d 1234 0100 0001 0000 0000 0000 01 61 00 0001 0001`, "client"), false);
});
