import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ipp } from "./ipp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const u16 = (number: number) => number.toString(16).padStart(4, "0");
const attribute = (tag: string, name: string, value: string) =>
  hex`${tag} ${u16(name.length)} ${text(name)} ${u16(value.length)} ${text(value)}`;
const head = hex`0200 0000 00000001 01 ${attribute("47", "attributes-charset", "utf-8")} 04`;
const model = attribute("41", "printer-make-and-model", "Works Laser 400");
const id = attribute("41", "printer-device-id", "MFG:Works;CMD:PS;MDL:Laser 400;SN:W42;");

test("a printer says what it is", () => {
  const firmware = attribute("41", "printer-firmware-string-version", "1.2");
  const uuid = attribute("45", "printer-uuid", "urn:uuid:00000000-0000-0000-0000-0000000000aa");
  const answer = hex`${head} ${model} ${id} ${firmware} ${uuid} ${attribute("42", "printer-name", "Anna's")} 03`;
  assert.equal(ipp.recognize(answer, "server"), true);
  assert.deepEqual(notes(ipp, answer, SERVER), [
    "10.0.0.2 model: Works Laser 400",
    "10.0.0.2 maker: Works",
    "10.0.0.2 serial: W42",
    "10.0.0.2 software: 1.2",
    "10.0.0.2 uuid: 00000000-0000-0000-0000-0000000000aa",
  ]);
});

test("a print server's queue, or its list of them, is another machine", () => {
  const queue = attribute("45", "printer-uri-supported", "ipp://10.0.0.2/printers/ward");
  assert.deepEqual(notes(ipp, hex`${head} ${model} ${queue} 03`, SERVER), []);
  assert.deepEqual(notes(ipp, hex`${head} ${model} 04 ${model} 03`, SERVER), []);
  assert.deepEqual(notes(ipp, hex`${head} ${model} ${attribute("45", "device-uri", "usb://x")} 03`, SERVER), []);
});

test("what is asked for is the operation, and an answer without its end says nothing", () => {
  assert.deepEqual(notes(ipp, hex`0200 000b 00000001 01 47 0000`), ["operation: GET_PRINTER_ATTRIBUTES"]);
  assert.deepEqual(notes(ipp, hex`${head} ${model}`, SERVER), ["malformed: an attribute runs past the end"]);
  assert.deepEqual(notes(ipp, hex`${head} ${model}`, { ...SERVER, cut: true }), []);
  assert.deepEqual(notes(ipp, hex`0200 0400 00000001 01 47 0000 03`, SERVER), [], "refused");
});

test("another version, and attributes that begin otherwise, are not IPP", () => {
  assert.equal(ipp.recognize(hex`0300 000b 00000001 01 47`, "client"), false);
  assert.equal(ipp.recognize(hex`0200 000b 00000001 02 47`, "client"), false);
  assert.equal(ipp.recognize(text("{}"), "client"), false);
});
