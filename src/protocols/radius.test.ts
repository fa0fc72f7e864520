import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { radius } from "./radius.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const attribute = (kind: number, value: Uint8Array | string) => Uint8Array.of(kind, 2 + value.length, ...Buffer.from(value));
const message = (code: string, ...attributes: Uint8Array[]) => {
  const more = Buffer.concat(attributes);
  return hex`${code} 07 ${(20 + more.length).toString(16).padStart(4, "0")} ${"5a".repeat(16)} ${more}`;
};
const USER = attribute(1, "jroe");
const PASSWORD = attribute(2, hex`${"a5".repeat(16)}`);

test("a switch says its name, and at which port a card is; the user is nobody", () => {
  const asked = message(
    "01",
    USER,
    PASSWORD,
    attribute(4, hex`0a000001`),
    attribute(32, "switch-3"),
    attribute(5, hex`0000c351`),
    attribute(87, "GigabitEthernet1/0/7"),
    attribute(31, "02-00-00-00-00-0A"),
    attribute(30, "02-00-00-00-00-0C"),
  );
  assert.equal(radius.recognize(asked, "client"), true);
  assert.equal(radius.recognize(asked, "server"), false);
  assert.deepEqual(notes(radius, asked), [
    "operation: ACCESS",
    "10.0.0.1 hostname: switch-3",
    "02:00:00:00:00:0a switchPort: switch-3 GigabitEthernet1/0/7",
  ]);
});

test("of wireless it is the network's name; what a proxy passes on is not the proxy's", () => {
  const asked = message("04", attribute(4, hex`0a000009`), attribute(31, "0200.0000.000a"), attribute(30, "02-00-00-00-00-0C:Clinical"));
  assert.deepEqual(notes(radius, asked), ["operation: ACCOUNT", "02:00:00:00:00:0a switchPort: 10.0.0.9 Clinical"]);
  const named = message("01", attribute(4, hex`0a000009`), attribute(32, "ap-7"), attribute(31, "192.0.2.7"));
  assert.deepEqual(notes(radius, named), ["operation: ACCESS", "10.0.0.9 hostname: ap-7"]);
});

test("a server lets in or not, and answers that anybody could have changed are a finding", () => {
  const seal = attribute(80, hex`${"00".repeat(16)}`);
  assert.equal(radius.recognize(message("02", seal), "server"), true);
  assert.deepEqual(notes(radius, message("02", seal), SERVER), ["login accepted"]);
  assert.deepEqual(notes(radius, message("03"), SERVER), ["login refused", "10.0.0.2 dialect: RADIUS without message authenticator"]);
  assert.deepEqual(notes(radius, message("05"), SERVER), []);
});

test("an attribute that runs past the end is broken, and any cut is survived", () => {
  const whole = message("01", USER, attribute(32, "switch-3"));
  assert.deepEqual(notes(radius, whole.subarray(0, -2)), ["operation: ACCESS", "malformed: an attribute runs past the end"]);
  assert.deepEqual(notes(radius, message("01", hex`20 01`)), ["operation: ACCESS", "malformed: an attribute runs past the end"]);
  for (let bytes = 0; bytes < whole.length; bytes++) notes(radius, whole.subarray(0, bytes), { cut: true });
});

test("an unknown code, a length that is not the datagram's, and attributes that do not end with it are not RADIUS", () => {
  assert.equal(radius.recognize(message("07", USER), "unknown"), false);
  assert.equal(radius.recognize(hex`${message("01", USER)} 00`, "unknown"), false);
  assert.equal(radius.recognize(message("01", hex`01 09 6a`), "unknown"), false);
  assert.equal(radius.recognize(message("01", hex`00 02`), "unknown"), false);
});
