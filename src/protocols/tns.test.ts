import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { tns } from "./tns.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const packet = (type: string, front: Uint8Array, text: string) =>
  hex`${(8 + front.length + text.length).toString(16).padStart(4, "0")} 0000 ${type} 00 0000 ${front} ${Buffer.from(text)}`;
const VERSION = hex`013a 012c 0000`;
const connect = packet(
  "01",
  VERSION,
  "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=ris)(CID=(PROGRAM=C:\\ris.exe)(HOST=WS-042)(USER=anna)))(ADDRESS=(HOST=10.0.0.2)))",
);

test("who connects names its machine, and nobody", () => {
  assert.equal(tns.recognize(connect, "client"), true);
  assert.equal(tns.messageLength!(connect), connect.length);
  assert.deepEqual(notes(tns, connect), ["operation: CONNECT", "10.0.0.1 hostname: WS-042"]);
});

test("a listener that refuses says its version", () => {
  const refused = packet("04", hex`22 00 0030`, "(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514))");
  assert.equal(tns.recognize(refused, "server"), true);
  assert.deepEqual(notes(tns, refused, SERVER), ["association refused", "10.0.0.2 serverBanner: Oracle 19.0.0", "enough"]);
  const accepted = packet("02", VERSION, "\0".repeat(20));
  assert.equal(tns.recognize(accepted, "server"), true);
  assert.deepEqual(notes(tns, accepted, SERVER), ["enough"]);
});

test("a packet cut short, and of another type, is survived and broken", () => {
  for (let bytes = 0; bytes < connect.length; bytes++) notes(tns, connect.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(tns, packet("63", VERSION, "")), ["malformed: a packet of a type nobody knows"]);
});

test("another version, a length that is not the packet's and a text alone are not TNS", () => {
  assert.equal(tns.recognize(packet("01", hex`0500 012c 0000`, "(DESCRIPTION=(CONNECT_DATA=))"), "client"), false);
  assert.equal(tns.recognize(connect.subarray(0, 60), "client"), false);
  assert.equal(tns.recognize(packet("01", VERSION, "(nothing of the kind)"), "client"), false);
  assert.equal(tns.recognize(connect, "server"), false);
});
