import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ntlmssp } from "./ntlmssp.ts";

const SIGNATURE = "4e544c4d53535000";
const wide = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const u16 = (value: number) => hex`${(value & 0xff).toString(16).padStart(2, "0")} ${(value >> 8).toString(16).padStart(2, "0")}`;
const field = (length: number, offset: number) => hex`${u16(length)} ${u16(length)} ${u16(offset)} 0000`;
const pair = (id: string, text: string) => hex`${id} ${u16(wide(text).length)} ${wide(text)}`;

const INFORMATION = hex`
  ${pair("0200", "CLINIC")}                         # domain, NetBIOS
  ${pair("0100", "PACS1")}                          # computer, NetBIOS
  ${pair("0400", "clinic.test")} ${pair("0300", "pacs1.clinic.test")}
  0700 0800 0011223344556677                        # time
  0000 0000`;
const challenge = (information: Uint8Array) => hex`
  ${SIGNATURE} 02000000
  ${field(12, 56)}                                  # target name
  00000002                                          # flags: a version is there
  0123456789abcdef 0000000000000000                 # the challenge
  ${field(information.length, 68)}
  0a 00 6345 0000000f                               # 10.0, build 17763
  ${wide("CLINIC")} ${information}`;

test("a server names itself, its domain and its Windows", () => {
  const message = challenge(INFORMATION);
  assert.equal(ntlmssp.recognize(message, "server"), true);
  assert.deepEqual(notes(ntlmssp, message), [
    "10.0.0.1 ntlmVersion: 10.0.17763",
    "10.0.0.1 hostname: PACS1",
    "10.0.0.1 domain: CLINIC",
    "10.0.0.1 hostname: pacs1.clinic.test",
    "10.0.0.1 domain: clinic.test",
  ]);
});

test("a machine without a domain is not called its own", () => {
  const alone = challenge(hex`${pair("0200", "JANES-PC")} ${pair("0100", "JANES-PC")} 0000 0000`);
  assert.deepEqual(notes(ntlmssp, alone).slice(1), ["10.0.0.1 hostname: JANES-PC"]);
});

const authenticate = (responseBytes: number) => {
  const payload = hex`${wide("CLINIC")} ${wide("jroe")} ${wide("CT-01")} ${"ee".repeat(responseBytes)}`;
  return hex`
    ${SIGNATURE} 03000000
    ${field(0, 72)}                                 # LM response
    ${field(responseBytes, 102)}                    # NT response
    ${field(12, 72)} ${field(8, 84)} ${field(10, 92)} # domain, user, workstation
    ${field(0, 102)} 01000002                       # flags: Unicode, a version is there
    06 01 b11d 0000000f ${payload}`; //               6.1, build 7601
};

test("of a client the machine is kept and the user is not", () => {
  const said = notes(ntlmssp, authenticate(60));
  assert.deepEqual(said, ["10.0.0.1 hostname: CT-01", "10.0.0.1 ntlmClientVersion: 6.1.7601"]);
  assert.doesNotMatch(said.join(), /jroe/);
});

test("an answer of version 1 is a finding", () => {
  assert.equal(notes(ntlmssp, authenticate(24)).at(-1), "10.0.0.1 dialect: NTLM 1");
});

test("a first message gives only a version, and 0.0.0 is none", () => {
  const first = (version: string) => hex`${SIGNATURE} 01000000 00000002 ${field(0, 0)} ${field(0, 0)} ${version} 0000000f`;
  assert.deepEqual(notes(ntlmssp, first("0601b11d")), ["10.0.0.1 ntlmClientVersion: 6.1.7601"]);
  assert.deepEqual(notes(ntlmssp, first("00000000")), []);
  const checksumInstead = hex`${SIGNATURE} 01000000 00000002 ${field(0, 0)} ${field(0, 0)} 3aef2fdf 15cbdbf0`;
  assert.deepEqual(notes(ntlmssp, checksumInstead), []);
});

test("a field that points outside, and a value that does not end, are broken", () => {
  const outside = challenge(INFORMATION);
  outside[44] = 0xff;
  outside[45] = 0xff;
  assert.deepEqual(notes(ntlmssp, outside), [
    "10.0.0.1 ntlmVersion: 10.0.17763",
    "malformed: the target information lies outside the message",
  ]);
  assert.deepEqual(notes(ntlmssp, challenge(hex`${pair("0100", "PACS1")} 0200 ff00 41`)).slice(1), [
    "10.0.0.1 hostname: PACS1",
    "malformed: the target information ends inside a value",
  ]);
});

test("cut at any byte, it is survived", () => {
  for (const message of [challenge(INFORMATION), authenticate(24)])
    for (let bytes = 0; bytes < message.length; bytes++) notes(ntlmssp, message.subarray(0, bytes), { cut: true });
});

test("another mechanism, and a fourth kind, are not NTLM", () => {
  assert.equal(ntlmssp.recognize(hex`6086 0606 2b06 0105 0502`, "client"), false);
  assert.equal(ntlmssp.recognize(hex`${SIGNATURE} 04000000`, "client"), false);
});
