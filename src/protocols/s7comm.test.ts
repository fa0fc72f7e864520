import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { s7comm } from "./s7comm.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const u16 = (value: number) => value.toString(16).padStart(4, "0");
const text = (words: string, length: number) => new Uint8Array(Buffer.from(words.padEnd(length, "\0")));

/** TPKT and X.224 data around one message. */
const data = (more: Uint8Array) => hex`0300 ${u16(7 + more.length)} 02f080 ${more}`;
const job = (parameters: Uint8Array) => data(hex`32 01 0000 0001 ${u16(parameters.length)} 0000 ${parameters}`);
const user = (parameters: Uint8Array, more: Uint8Array) =>
  data(hex`32 07 0000 0002 ${u16(parameters.length)} ${u16(more.length)} ${parameters} ${more}`);
/** The answer to a list: its number, index 0, length of a record, records. */
const list = (number: string, length: number, ...records: Uint8Array[]) => {
  const body = hex`${number} 0000 ${u16(length)} ${u16(records.length)} ${Buffer.concat(records)}`;
  return user(hex`000112 08 12 84 01 01 00 00 0000`, hex`ff 09 ${u16(body.length)} ${body}`);
};
const CONNECT = hex`0300 0016 11 e0 0000 0001 00 c0 01 0a c1 02 0100 c2 02 0102`; // asks for rack 0, slot 2
const SETUP = job(hex`f0 00 0001 0001 01e0`);

test("a connection alone is anybody's who uses X.224, with what follows it is S7", () => {
  assert.equal(s7comm.recognize(CONNECT, "client"), false);
  assert.equal(s7comm.recognize(hex`${CONNECT} ${SETUP}`, "client"), true);
  assert.equal(s7comm.recognize(SETUP, "unknown"), true);
  assert.equal(s7comm.messageLength!(hex`${CONNECT} ${SETUP}`), 22);
  assert.deepEqual(notes(s7comm, CONNECT), []);
});

test("who writes, loads and stops is told by the function", () => {
  assert.deepEqual(notes(s7comm, SETUP), ["operation: SETUP"]);
  assert.deepEqual(notes(s7comm, job(hex`05 01`)), ["operation: WRITE", "notable: s7Write"]);
  assert.deepEqual(notes(s7comm, job(hex`29 0000000000 09 ${text("P_PROGRAM", 9)}`)), [
    "operation: PLC_STOP",
    "notable: controllerStopped",
  ]);
  assert.deepEqual(notes(s7comm, user(hex`000112 04 11 45 01 00`, hex`ff 09 0008 0001020304050607`)), [
    "operation: PASSWORD",
    "10.0.0.2 clearCredentials: s7comm",
  ]);
});

test("a controller that is asked says what it is, but neither its plant's designations nor its card", () => {
  const modules = list(
    "0011",
    28,
    hex`0001 ${text("6ES7 315-2EH14-0AB0 ", 20)} 00c0 0004 0001`,
    hex`0006 ${text("6ES7 315-2EH14-0AB0 ", 20)} 00c0 5609 0101`, // hardware, whose version is not the firmware's
    hex`0007 ${text("", 20)} 00c0 5603 0206`, // firmware: V, 3, 2, 6
    hex`0081 ${text("Boot Loader", 20)} 0000 4120 0909`,
  );
  assert.deepEqual(notes(s7comm, modules, SERVER), ["10.0.0.2 model: 6ES7 315-2EH14-0AB0", "10.0.0.2 software: V3.2.6"]);
  const components = list(
    "001c",
    34,
    hex`0001 ${text("AIR-OR", 32)}`,
    hex`0003 ${text("=A1+OR", 32)}`,
    hex`0005 ${text("S C-X1AB00000001", 32)}`,
    hex`0007 ${text("CPU 315-2 PN/DP", 32)}`,
    hex`0008 ${text("MMC 00000000", 32)}`,
    hex`000b ${text("plant room 2", 32)}`,
  );
  assert.deepEqual(notes(s7comm, components, SERVER), [
    "10.0.0.2 hostname: AIR-OR",
    "10.0.0.2 serial: S C-X1AB00000001",
    "10.0.0.2 description: CPU 315-2 PN/DP",
    "10.0.0.2 location: plant room 2",
  ]);
});

test("the new form is named and no more", () => {
  const plus = data(hex`72 01 0008 31 0000 04ca 0000 00 72 01 0000`);
  assert.equal(s7comm.recognize(plus, "server"), true);
  assert.deepEqual(notes(s7comm, plus, SERVER), ["10.0.0.2 dialect: S7 communication plus", "enough"]);
});

test("after a gap it goes on where data begins", () => {
  assert.equal(s7comm.resume!(hex`0300 ff32 ${SETUP}`), 4);
  assert.equal(s7comm.resume!(hex`02f080 32`), -1);
});

test("what came before a list that ends early still counts, and any cut is survived", () => {
  const body = hex`0011 0000 001c 0002 0001 ${text("6ES7 215-1AG40-0XB0 ", 20)} 00c0 0004 0001 0007 20`;
  const broken = data(
    hex`32 07 0000 0002 000c ${u16(body.length + 40)} 000112 08 12 84 01 01 00 00 0000 ff 09 ${u16(body.length)} ${body}`,
  );
  assert.equal(s7comm.recognize(broken, "server"), false);
  assert.deepEqual(notes(s7comm, broken, SERVER), [
    "10.0.0.2 model: 6ES7 215-1AG40-0XB0",
    "malformed: it ends inside its parameters or data",
  ]);
  for (let bytes = 0; bytes < broken.length; bytes++) notes(s7comm, broken.subarray(0, bytes), { cut: true });
});

test("a remote desktop, another protocol over X.224, and lengths that disagree are not S7", () => {
  const cookie = text("Cookie: mstshash=x\r\n", 20);
  assert.equal(s7comm.recognize(hex`0300 001f 1a e0 0000 0000 00 ${cookie}`, "client"), false);
  assert.equal(s7comm.recognize(data(hex`0d 1e 05 06 13 01 00 16 01 02 14 02 0002 33 02 0001`), "client"), false); // MMS
  assert.equal(s7comm.recognize(data(hex`32 01 0000 0001 0009 0000 f0 00 0001 0001 01e0`), "client"), false);
});
