import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { mysql } from "./mysql.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const greeting = hex`
  2e 0000 00 0a ${Buffer.from("8.0.33\0")}          # 46 bytes, version 10
  07000000 6162636465666768 00 ffff 21 0200 ffff 15 ${new Uint8Array(10)} 6162636465 00 00`;
const login = hex`24 0000 01 05a63e00 00000001 21 ${new Uint8Array(23)} 61000000`;
const secured = hex`20 0000 01 05ae3e00 00000001 21 ${new Uint8Array(23)}`;

test("a server greets with its version", () => {
  assert.equal(mysql.messageLength!(greeting), greeting.length);
  assert.equal(mysql.recognize(greeting, "server"), true);
  assert.equal(mysql.recognize(greeting, "client"), false);
  assert.deepEqual(notes(mysql, greeting, SERVER), ["10.0.0.2 serverBanner: MySQL 8.0.33"]);
  assert.deepEqual(notes(mysql, greeting.subarray(0, 30), SERVER), ["malformed: no greeting"]);
});

test("who is turned away before any greeting has met one too", () => {
  const words = Buffer.from("Host '10.0.0.1' is not allowed to connect to this MariaDB server");
  const away = hex`${(words.length + 3).toString(16)} 0000 00 ff 6a04 ${words}`;
  assert.equal(mysql.recognize(away, "server"), true);
  assert.equal(mysql.recognize(away, "client"), false);
  assert.equal(mysql.recognize(hex`43 0000 00 ff 0104 ${words}`, "server"), false, "another code");
  assert.deepEqual(notes(mysql, away, SERVER), ["enough"]);
});

test("whether a log-in was right; behind TLS nobody knows", () => {
  assert.equal(mysql.recognize(login, "client"), true);
  assert.deepEqual(notes(mysql, login), ["operation: LOGIN"]);
  assert.deepEqual(notes(mysql, secured), ["enough"]);
  assert.deepEqual(notes(mysql, hex`07 0000 02 00 00 00 0200 0000`, SERVER), ["login accepted", "enough"]);
  const memory = mysql.remember!();
  notes(mysql, login, { memory });
  assert.deepEqual(notes(mysql, hex`09 0000 02 ff 1504 2332383030 30`, { ...SERVER, memory }), ["login refused of a", "enough"]);
  notes(mysql, login, { memory });
  assert.deepEqual(notes(mysql, hex`09 0000 02 ff 1904 2334323030 30`, { ...SERVER, memory }), ["enough"], "no such database");
  assert.deepEqual(notes(mysql, hex`09 0000 00 ff 6904 6e6f 6e6f 6e6f`, SERVER), ["enough"], "a host that is blocked offered nothing");
  assert.deepEqual(notes(mysql, hex`02 0000 02 01 04`, SERVER), [], "more is to be proven");
});

test("a length that is another's, a version without numbers and a log-in with something in its zeros are not MySQL", () => {
  assert.equal(mysql.recognize(greeting.subarray(0, 40), "server"), false);
  assert.equal(mysql.recognize(hex`2e 0000 00 0a ${Buffer.from("hello!\0")} ${greeting.subarray(12)}`, "server"), false);
  const other = login.slice();
  other[20] = 1;
  assert.equal(mysql.recognize(other, "client"), false);
});
