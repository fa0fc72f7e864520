import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { eapol } from "./eapol.ts";

const MACHINE = { sender: { mac: "02:00:00:00:00:0a" } };
const u16 = (value: number) => value.toString(16).padStart(4, "0");
const eap = (code: string, more: Uint8Array) => hex`01 00 ${u16(4 + more.length)} ${code} 07 ${u16(4 + more.length)} ${more}`;
const identity = (words: string) => eap("02", hex`01 ${Buffer.from(words)}`);

test("a computer's account is a host name", () => {
  assert.equal(eapol.recognize(identity("host/pump-pc.ward.example"), "client"), true);
  assert.deepEqual(notes(eapol, identity("host/pump-pc.ward.example"), MACHINE), [
    "operation: IDENTITY",
    "02:00:00:00:00:0a hostname: pump-pc",
    "02:00:00:00:00:0a domain: ward.example",
  ]);
  assert.deepEqual(notes(eapol, hex`${identity("WARD\\CT-1$")} 000000`, MACHINE), [
    "operation: IDENTITY",
    "02:00:00:00:00:0a hostname: CT-1",
    "02:00:00:00:00:0a domain: WARD",
  ]);
});

test("a user is nobody", () => {
  for (const user of ["jroe", "jroe@ward.example", "WARD\\jroe", "anonymous", "host/", "host/jane roe", "host/pump-pc\\jroe", "jroe\0$"])
    assert.deepEqual(notes(eapol, identity(user), MACHINE), ["operation: IDENTITY"], user);
});

test("it starts, is let in or not, and a weak method is a finding", () => {
  assert.deepEqual(notes(eapol, hex`02 01 0000`), ["operation: START"]);
  assert.deepEqual(notes(eapol, eap("03", hex``)), ["login accepted"]);
  assert.deepEqual(notes(eapol, eap("04", hex``)), ["login refused"]);
  assert.deepEqual(notes(eapol, eap("02", hex`04 10 ${"5a".repeat(16)}`), MACHINE), ["02:00:00:00:00:0a dialect: EAP-MD5"]);
  assert.deepEqual(notes(eapol, eap("02", hex`19 00`), MACHINE), []);
  assert.deepEqual(notes(eapol, eap("01", hex`01 ${Buffer.from("networkid=x")}`)), []);
});

test("any cut is survived, and a length of more than there is, is broken", () => {
  const whole = identity("host/pump-pc");
  for (let bytes = 0; bytes < whole.length; bytes++) notes(eapol, whole.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(eapol, whole.subarray(0, 12)), ["malformed: its length is more than there is"]);
});

test("an unknown version, kind or code, and lengths that disagree are not 802.1X", () => {
  assert.equal(eapol.recognize(hex`07 00 0005 02 07 0005 01`, "client"), false);
  assert.equal(eapol.recognize(hex`01 09 0000`, "client"), false);
  assert.equal(eapol.recognize(hex`01 00 0005 09 07 0005 01`, "client"), false);
  assert.equal(eapol.recognize(hex`01 00 0005 02 07 0006 01`, "client"), false);
});
