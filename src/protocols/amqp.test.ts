import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { amqp } from "./amqp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const u32 = (value: number) => value.toString(16).padStart(8, "0");
const short = (words: string) => hex`${words.length.toString(16).padStart(2, "0")} ${Buffer.from(words)}`;
const long = (words: Uint8Array | string) => hex`${u32(words.length)} ${Buffer.from(words)}`;
const method = (number: string, more: Uint8Array) => hex`01 0000 ${u32(4 + more.length)} 000a ${number} ${more} ce`;
const entry = (name: string, value: string) => hex`${short(name)} 53 ${long(value)}`;

const capabilities = hex`${short("capabilities")} 46 ${long(hex`${short("basic.nack")} 74 01`)}`;
const START = method(
  "000a",
  hex`0009 ${long(hex`${capabilities} ${entry("product", "RabbitMQ")} ${entry("cluster_name", "rabbit@x")} ${entry("version", "3.8.9")}`)}
    ${long("AMQPLAIN PLAIN")} ${long("en_US")}`,
);
const startOk = (how: string, answer: string) =>
  method("000b", hex`${long(hex`${entry("product", "pika")} ${entry("version", "1.2")}`)} ${short(how)} ${long(answer)} ${short("en_US")}`);

test("a broker's first frame names it", () => {
  const asked = hex`414d5150 00000901`;
  assert.equal(amqp.recognize(asked, "client"), true);
  assert.deepEqual(notes(amqp, asked), ["operation: CONNECT"]);
  assert.equal(amqp.recognize(START, "server"), true);
  assert.equal(amqp.recognize(START, "client"), false);
  assert.equal(amqp.messageLength!(hex`${START} 01`), START.length);
  assert.deepEqual(notes(amqp, START, SERVER), ["10.0.0.2 serverBanner: RabbitMQ 3.8.9"]);
});

test("a password in the clear is a finding, the user is nobody, and whether it was right is told", () => {
  assert.deepEqual(notes(amqp, startOk("PLAIN", "\0jroe\0secret")), ["10.0.0.1 userAgent: pika 1.2", "10.0.0.2 clearCredentials: amqp"]);
  assert.deepEqual(notes(amqp, startOk("PLAIN", "\0guest\0guest")).at(-1), "10.0.0.2 clearCredentials: amqp, known default");
  assert.deepEqual(notes(amqp, startOk("EXTERNAL", "")), ["10.0.0.1 userAgent: pika 1.2"]);
  assert.deepEqual(notes(amqp, method("001e", hex`07ff 00020000 003c`), SERVER), ["login accepted", "enough"]);
  assert.deepEqual(notes(amqp, method("0032", hex`0193 ${short("no")} 0000 0000`), SERVER), ["login refused", "enough"]);
});

test("in the middle of a conversation it is known by its frames", () => {
  const publish = hex`01 0001 00000009 003c 0028 0000 00 00 00 ce`; // basic, publish: to nobody
  assert.equal(amqp.recognize(publish, "unknown"), true);
  assert.equal(amqp.recognize(hex`01 0001 00000009 003c 0028 0000 00 00 00 cf`, "unknown"), false);
  assert.deepEqual(notes(amqp, publish), []);
});

test("version 1.0 is named and no more", () => {
  assert.equal(amqp.recognize(hex`414d5150 03010000`, "server"), true);
  assert.deepEqual(notes(amqp, hex`414d5150 03010000`, SERVER), ["10.0.0.2 serverBanner: AMQP 1.0", "enough"]);
});

test("a table that runs past the end is broken, and any cut is survived", () => {
  assert.deepEqual(notes(amqp, method("000a", hex`0009 000000ff 07`), SERVER), ["malformed: it ends inside a value"]);
  for (const message of [START, startOk("PLAIN", "\0a\0b")])
    for (let bytes = 0; bytes < message.length; bytes++) notes(amqp, message.subarray(0, bytes), { ...SERVER, cut: true });
});

test("four letters alone, and another class of method, are not AMQP", () => {
  assert.equal(amqp.recognize(Buffer.from("AMQP is a protocol"), "client"), false);
  assert.equal(amqp.recognize(hex`01 0000 00000005 0015 000a 09 ce`, "server"), false);
});
