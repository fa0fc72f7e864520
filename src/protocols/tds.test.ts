import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { tds } from "./tds.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const hello = (type: string) => hex`
  ${type} 01 001a 0000 01 00                        # whole, 26 bytes
  00 000b 0006   01 0011 0001   ff                  # version, encryption
  0f 00 07d0 0000   00`; //                           15.0.2000

test("a server says its version before anybody logs in", () => {
  assert.equal(tds.recognize(hello("12"), "client"), true);
  assert.equal(tds.recognize(hello("04"), "server"), true);
  assert.equal(tds.recognize(hello("04"), "client"), false);
  assert.deepEqual(notes(tds, hello("12")), []);
  assert.deepEqual(notes(tds, hello("04"), SERVER), ["10.0.0.2 serverBanner: SQL Server 15.0.2000"]);
  assert.deepEqual(notes(tds, hello("04").subarray(0, 20), SERVER), ["malformed: the server's hello does not say its version"]);
});

test("who logs in without encryption names its machine and shows its password", () => {
  const login = hex`
    10 01 003e 0000 01 00   36000000 04000074 ${new Uint8Array(28)}
    3000 0300   0000 0000   0000 0300               # machine, user, password
    57005300 3700`;
  assert.equal(tds.recognize(login, "client"), true);
  assert.deepEqual(notes(tds, login), ["operation: LOGIN", "10.0.0.1 hostname: WS7", "10.0.0.2 clearCredentials: tds"]);
  assert.deepEqual(notes(tds, login.subarray(0, 60)), ["operation: LOGIN", "malformed: a log-in is cut short", "enough"]);
});

test("whether that was right is told by number", () => {
  const said = (...tokens: string[]) => {
    const memory = tds.remember!();
    notes(tds, hex`10 01 003e 0000 01 00   36000000 04000074 ${new Uint8Array(28)} 3000 0000   3000 0300   0000 0300 57005300 3700`, {
      memory,
    });
    const body = hex`${tokens.join("")}`;
    return notes(tds, hex`04 01 00${(body.length + 8).toString(16).padStart(2, "0")} 0000 01 00 ${body}`, { ...SERVER, memory });
  };
  assert.deepEqual(said("e30200aaaa", "aa060018480000 0000"), ["login refused of WS7", "enough"]);
  assert.deepEqual(said("aa060077100000 0000"), ["enough"], "no such database");
  assert.deepEqual(said("ad0100 00"), ["login accepted", "enough"]);
  assert.deepEqual(said("ad4000 00"), ["malformed: a token of the answer to a log-in runs past the end", "enough"]);
});

test("the browser names the machine", () => {
  const text = Buffer.from("ServerName;DB-01;InstanceName;LIS;IsClustered;No;Version;15.0.2000.5;tcp;1433;;");
  const answer = hex`05 ${text.length.toString(16)}00 ${text}`;
  assert.equal(tds.recognize(answer, "server"), true);
  assert.deepEqual(notes(tds, answer, SERVER), ["10.0.0.2 hostname: DB-01", "10.0.0.2 serverBanner: SQL Server 15.0.2000.5"]);
  assert.equal(tds.recognize(answer.subarray(0, 40), "server"), false);
});

test("tokens that point outside, and another length, are not TDS", () => {
  const wrong = hello("12");
  wrong[10] = 0x40;
  assert.equal(tds.recognize(wrong, "client"), false);
  assert.equal(tds.recognize(hex`12 01 001b 0000 01 00 00 000b 0006 ff 0f0007d00000`, "client"), false);
  assert.equal(tds.recognize(hex`04 01 0008 0000 01 00`, "server"), false);
});
