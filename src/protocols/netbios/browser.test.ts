import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { browser } from "./browser.ts";

const SENDER = { ip: "192.0.2.7", mac: "00:09:fb:12:34:56" };

function encoded(name: string, suffix: number): Uint8Array {
  const bytes = Buffer.from(name.padEnd(15, " ") + String.fromCharCode(suffix), "latin1");
  return Uint8Array.of(32, ...[...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]), 0);
}

function datagram(data: Uint8Array, slot = "\\MAILSLOT\\BROWSE"): Uint8Array {
  const slotBytes = Buffer.from(`${slot}\0`);
  const start = 32 + 1 + 34 + 2 + slotBytes.length;
  const le = (value: number) => Uint8Array.of(value & 255, value >> 8);
  return hex`
    11 02 0001 c0000207 008a 0000 0000           # to a group, from 192.0.2.7 port 138
    ${encoded("NURSE-3", 0x00)} ${encoded("CLINIC", 0x1d)}
    ff534d42 25 ${new Uint8Array(27)}            # SMB, transaction
    11 0000 ${le(data.length)} 0000 0000 0000 0000 00000000 0000 0000 0000
    ${le(data.length)} ${le(start)} 0300 0100 0100 0200
    ${le(slotBytes.length + data.length)} ${slotBytes} ${data}`;
}

const announcement = (command: string, type = "03920000", comment = "Infusion server") => hex`
  ${command} 00 80fc0a00                         # every 12 minutes
  ${Buffer.from("NURSE-3".padEnd(16, "\0"))} 06 01
  ${type} 0f 01 55aa                             # workstation, server, print server, NT server
  ${Buffer.from(`${comment}\0`)}`;

test("a host says its name, system, role and what it is", () => {
  const message = datagram(announcement("01"));
  assert.equal(browser.recognize(message, "unknown"), true);
  assert.deepEqual(notes(browser, message, { sender: SENDER }), [
    "operation: ANNOUNCE",
    `${SENDER.mac} hostname: NURSE-3`,
    `${SENDER.mac} domain: CLINIC`,
    `${SENDER.mac} osStated: 6.1`,
    `${SENDER.mac} capability: print server`,
    `${SENDER.mac} description: Infusion server`,
  ]);
});

test("Samba tells the system of some Windows, and that it is a Unix server", () => {
  const lines = notes(browser, datagram(announcement("01", "039a0000", "Samba 4.17.12-Debian")), { sender: SENDER });
  assert.deepEqual(lines.slice(3), [
    `${SENDER.mac} osStated: Unix`,
    `${SENDER.mac} capability: print server`,
    `${SENDER.mac} capability: Unix server`,
    `${SENDER.mac} description: Samba 4.17.12-Debian`,
  ]);
});

test("what a person wrote of a machine that is no server stays, and so does a name within a description", () => {
  const last = (type: string, comment: string) => notes(browser, datagram(announcement("01", type, comment)), { sender: SENDER }).at(-1);
  assert.equal(last("03120000", "Jane's machine"), `${SENDER.mac} capability: print server`);
  assert.equal(
    last("039a0000", "nurse-3 server (Samba, Debian), ask jane@clinic.example"),
    `${SENDER.mac} description: · server (Samba, Debian), ask ·`,
  );
});

test("in a domain's announcement the version is nobody's", () => {
  assert.deepEqual(notes(browser, datagram(announcement("0c")), { sender: SENDER }), ["operation: ANNOUNCE DOMAIN"]);
});

test("a relayed announcement is about the machine inside", () => {
  assert.equal(notes(browser, datagram(announcement("01")), { sender: { ip: "192.0.2.1" } })[1], "192.0.2.7 hostname: NURSE-3");
});

test("an announcement cut short names nobody", () => {
  assert.deepEqual(notes(browser, datagram(announcement("01").subarray(0, 20)), { sender: SENDER }), [
    "operation: ANNOUNCE",
    "malformed: shorter than an announcement",
  ]);
});

test("another mailslot, and a datagram whose data lie outside it, are no browser's", () => {
  assert.equal(browser.recognize(datagram(announcement("01"), "\\MAILSLOT\\NET\\NETLOGON"), "unknown"), false);
  assert.equal(browser.recognize(datagram(announcement("01")).subarray(0, 200), "unknown"), false);
});
