import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { knxnetip } from "./knxnetip.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const message = (service: string, more: Uint8Array) => hex`0610 ${service} ${(6 + more.length).toString(16).padStart(4, "0")} ${more}`;
const ADDRESS = hex`08 01 0a000001 0e57`;
const device = (serial: string) => hex`
  36 01 02 00 1101 0000 ${serial} e000170c 02000000000b      # pair of wires, 1.1.1, project, serial number, group, MAC
  ${Buffer.from("KNX IP Router 7".padEnd(30, "\0"))}`;
const FAMILIES = hex`08 02 02 01 03 01 04 01`;

test("who searches is answered with a name and a serial number", () => {
  const asked = message("0201", ADDRESS);
  assert.equal(knxnetip.recognize(asked, "client"), true);
  assert.equal(knxnetip.recognize(asked, "server"), false);
  assert.deepEqual(notes(knxnetip, asked), ["operation: SEARCH"]);
  const answered = message("0202", hex`${ADDRESS} ${device("00c501020304")} ${FAMILIES}`);
  assert.equal(knxnetip.recognize(answered, "server"), true);
  assert.equal(knxnetip.recognize(answered, "client"), false);
  const said = ["10.0.0.2 description: KNX IP Router 7", "10.0.0.2 serial: 00c501020304"];
  assert.deepEqual(notes(knxnetip, answered, SERVER), said);
  assert.deepEqual(notes(knxnetip, message("0204", hex`${device("00c501020304")} ${FAMILIES}`), SERVER), said);
  assert.deepEqual(notes(knxnetip, message("0204", device("000000000000")), SERVER), ["10.0.0.2 description: KNX IP Router 7"]);
});

test("who changes settings is told, what the wires carry is not read", () => {
  assert.deepEqual(notes(knxnetip, message("0310", hex`04 01 00 00 f6 000001 38 10 01 00`)), ["operation: CONFIGURE"]);
  const write = message("0530", hex`29 00 bc d0 1101 0901 01 00 81`);
  assert.equal(knxnetip.recognize(write, "unknown"), true);
  assert.deepEqual(notes(knxnetip, write), ["operation: ROUTE"]);
});

test("over TCP one message follows another", () => {
  const [set, answer] = [message("0423", hex`04 01 00 06 00 00`), message("0425", hex`04 01 03 06 00 00`)];
  assert.equal(knxnetip.recognize(hex`${set} ${answer}`, "client"), true);
  assert.equal(knxnetip.messageLength!(hex`${set} ${answer}`), set.length);
});

test("what came before a block that runs past the end still counts, and any cut is survived", () => {
  const broken = message("0204", hex`${device("00c501020304")} 40 02 02 01`);
  assert.deepEqual(notes(knxnetip, broken, SERVER).slice(1), ["10.0.0.2 serial: 00c501020304", "malformed: a block runs past the end"]);
  assert.deepEqual(
    notes(knxnetip, message("0204", hex`${device("00c501020304")} 00 00`), SERVER).at(-1),
    "malformed: a block runs past the end",
  );
  for (let bytes = 0; bytes < broken.length; bytes++) notes(knxnetip, broken.subarray(0, bytes), { cut: true });
});

test("another version, an unknown service and a length that is not the datagram's are not KNXnet/IP", () => {
  assert.equal(knxnetip.recognize(hex`0620 0201 000e ${ADDRESS}`, "client"), false);
  assert.equal(knxnetip.recognize(message("0299", ADDRESS), "client"), false);
  assert.equal(knxnetip.recognize(hex`0610 0201 0010 ${ADDRESS}`, "client"), false);
  assert.equal(knxnetip.recognize(message("0202", ADDRESS), "server"), false);
});
