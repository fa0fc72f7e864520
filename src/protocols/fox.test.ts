import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { fox } from "./fox.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const message = (head: string, ...values: string[]) => Buffer.from([`fox ${head}`, "{", ...values, "};;", ""].join("\n"));

const ASKED = message(
  "a 1 -1 fox hello",
  "fox.version=s:1.0",
  "id=i:1",
  "hostName=s:plant-pc",
  "app.name=s:Workbench",
  "app.version=s:3.7.44",
);
const ANSWERED = message(
  "a 0 -1 fox hello",
  "hostName=s:192.0.2.7",
  "app.name=s:Station",
  "app.version=s:3.5.41.1",
  "os.name=s:QNX",
  "os.version=s:6.3.2",
  "station.name=s:West_Wing",
  "timeZone=s:Australia/Perth;28800000;0;null;null",
  "hostId=s:Qnx-NPM6-0000-0001-0002",
  "vmUuid=s:11e4d864-cd0e-664a-0000-00000000b83b",
  "brandId=s:vykon",
  'sysInfo=o:bog 61[<bog version="1.0">',
);

test("both sides say what they are", () => {
  assert.equal(fox.recognize(ASKED, "client"), true);
  assert.equal(fox.messageLength!(Buffer.concat([ASKED, ANSWERED])), ASKED.length);
  assert.equal(fox.messageLength!(ASKED.subarray(0, -2)), 0);
  assert.deepEqual(notes(fox, ASKED), ["operation: HELLO", "10.0.0.1 hostname: plant-pc", "10.0.0.1 userAgent: Workbench 3.7.44"]);
  assert.deepEqual(notes(fox, ANSWERED, SERVER), [
    "10.0.0.2 osStated: QNX 6.3.2",
    "10.0.0.2 software: Niagara Station 3.5.41.1",
    "10.0.0.2 serial: Qnx-NPM6-0000-0001-0002",
    "10.0.0.2 maker: Tridium",
    "10.0.0.2 description: West_Wing",
    "10.0.0.2 uuid: 11e4d864-cd0e-664a-0000-00000000b83b",
    "enough",
  ]);
});

test("what a PC calls its installation is no serial number, and whose brand nobody knows has no maker", () => {
  const station = message("a 0 -1 fox hello", "hostName=s:localhost", "app.name=s:Station", "hostId=s:Win-99CB-D49D", "brandId=s:vykon");
  assert.deepEqual(notes(fox, station, SERVER), ["10.0.0.2 software: Niagara Station", "enough"]);
  const branded = message("a 0 -1 fox hello", "app.name=s:Station", "hostId=s:Qnx-A", "brandId=s:constructor");
  assert.deepEqual(notes(fox, branded, SERVER), ["10.0.0.2 software: Niagara Station", "10.0.0.2 serial: Qnx-A", "enough"]);
});

test("a hello that never ends is read at its limit, and any cut is survived", () => {
  assert.equal(fox.messageLength!(Buffer.concat([ASKED.subarray(0, -5), Buffer.alloc(8192, 0x61)])) > 8192, true);
  for (let bytes = 0; bytes < ANSWERED.length; bytes++) notes(fox, ANSWERED.subarray(0, bytes), { ...SERVER, cut: true });
  assert.deepEqual(notes(fox, message("a 1 -1 fox challenge", "method=s:digest-md5")), ["malformed: no hello"]);
});

test("a text about a fox is none", () => {
  assert.equal(fox.recognize(Buffer.from("fox a 1 -1 fox hello and then nothing"), "client"), false);
  assert.equal(fox.recognize(Buffer.from("fox hunting hello\n{\n"), "client"), false);
});
