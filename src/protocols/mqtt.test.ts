import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { mqtt } from "./mqtt.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => hex`${Buffer.byteLength(words).toString(16).padStart(4, "0")} ${Buffer.from(words)}`;
const message = (front: string, more: Uint8Array) => hex`${front} ${more.length.toString(16).padStart(2, "0")} ${more}`;
const connect = (level: string, flags: string, more: Uint8Array) => message("10", hex`${text("MQTT")} ${level} ${flags} 003c ${more}`);

test("a program's name is a pattern, a password in the clear a finding, the user nobody", () => {
  const asked = connect("04", "c2", hex`${text("bed-7_0042 jroe")} ${text("jroe")} ${text("secret")}`);
  assert.equal(mqtt.recognize(asked, "client"), true);
  assert.equal(mqtt.recognize(asked, "server"), false);
  assert.equal(mqtt.messageLength!(hex`${asked} 20`), asked.length);
  const memory = mqtt.remember!();
  assert.deepEqual(notes(mqtt, asked, { memory }), [
    "operation: CONNECT",
    "10.0.0.1 userAgent: MQTT client a-a9 a",
    "10.0.0.2 clearCredentials: mqtt",
  ]);
  const answered = hex`20 02 00 05`;
  assert.equal(mqtt.recognize(answered, "server"), true);
  assert.equal(mqtt.recognize(answered, "unknown"), false);
  assert.deepEqual(notes(mqtt, answered, { ...SERVER, memory }), ["login refused"]);
});

test("topics are patterns, each told once", () => {
  const memory = mqtt.remember!();
  const publish = message("30", hex`${text("ward3/Röe/42/hr")} 3732`);
  assert.deepEqual(notes(mqtt, publish, { memory }), ["operation: PUBLISH", "10.0.0.1 service: MQTT publishes a9/a/9/a"]);
  assert.deepEqual(notes(mqtt, publish, { memory }), ["operation: PUBLISH"]);
  assert.deepEqual(notes(mqtt, message("82", hex`0001 ${text("ward3/#")} 00 ${text("+/42")} 00`), { memory }), [
    "operation: SUBSCRIBE",
    "10.0.0.1 service: MQTT subscribes a9/#",
    "10.0.0.1 service: MQTT subscribes +/9",
  ]);
});

test("a broker that tells its version is named by it, in version 5 behind properties", () => {
  const memory = mqtt.remember!();
  notes(mqtt, connect("05", "02", hex`05 11 00000e10 ${text("")}`), { memory });
  const version = message("31", hex`${text("$SYS/broker/version")} 00 ${Buffer.from("mosquitto version 2.0.11")}`);
  assert.deepEqual(notes(mqtt, version, { ...SERVER, memory }), ["10.0.0.2 serverBanner: mosquitto version 2.0.11"]);
});

test("what came before a value that runs past the end still counts, and any cut is survived", () => {
  const broken = message("82", hex`0001 ${text("a/b")} 00 00ff 61`);
  assert.deepEqual(notes(mqtt, broken), [
    "operation: SUBSCRIBE",
    "10.0.0.1 service: MQTT subscribes a/a",
    "malformed: it ends inside a value",
  ]);
  assert.deepEqual(notes(mqtt, hex`10 ffffffff 01`), ["malformed: no length it can have"]);
  const whole = connect("05", "c2", hex`00 ${text("x")} ${text("y")} ${text("z")}`);
  for (let bytes = 0; bytes < whole.length; bytes++) notes(mqtt, whole.subarray(0, bytes), { cut: true });
});

test("another name, level or reserved flag is not MQTT", () => {
  assert.equal(mqtt.recognize(message("10", hex`${text("MQTX")} 04 02 003c ${text("x")}`), "client"), false);
  assert.equal(mqtt.recognize(connect("07", "02", text("x")), "client"), false);
  assert.equal(mqtt.recognize(connect("04", "03", text("x")), "client"), false);
  assert.equal(mqtt.recognize(message("10", hex`0006 ${Buffer.from("MQIsdp")} 03 02 003c ${text("x")}`), "client"), true);
  assert.equal(mqtt.recognize(hex`20 02 00 00 41`, "server"), false);
});
