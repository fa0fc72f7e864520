import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { intellivue } from "./intellivue.ts";

const text = (words: string) => new Uint8Array(Buffer.from(words, "latin1"));
const u16 = (value: number) => value.toString(16).padStart(4, "0");
const sized = (bytes: Uint8Array) => hex`${u16(bytes.length)} ${bytes}`;
const label = (words: string) => sized(text(words));
const list = (...items: readonly Uint8Array[]) => {
  const all = new Uint8Array(Buffer.concat(items));
  return hex`${u16(items.length)} ${sized(all)}`;
};
const attribute = (id: string, value: Uint8Array) => hex`${id} ${sized(value)}`;
/** Kind of operation, command, and what it is about. */
const data = (kind: string, command: string, body: Uint8Array) => hex`e1 00 0002  ${kind} ${sized(hex`0001 ${command} ${sized(body)}`)}`;

const SYSTEM = "0021 0000 0000";
const announcement = (...attributes: readonly Uint8Array[]) =>
  hex`00 00 01 00  0001 ${sized(hex`0000 0000 ${sized(hex`${SYSTEM} 00001267 0d17 ${sized(list(...attributes))}`)}`)}`;
const created = (...attributes: readonly Uint8Array[]) =>
  data("0001", "0001", hex`${SYSTEM} 00001267 0d06 ${sized(hex`${SYSTEM} ${list(...attributes)}`)}`);
/** A poll's answer: number, times, kind of object, group, and one object of one context. */
const polled = (object: string, ...attributes: readonly Uint8Array[]) => {
  const contexts = list(hex`0000 ${list(hex`0007 ${list(...attributes)}`)}`);
  return data("0002", "0007", hex`${SYSTEM} 0c16 ${sized(hex`0001 00001267 0000000000000000 0001 ${object} 0000 ${contexts}`)}`);
};
const connect = hex`0d 10 05 08 13 01 00 16 01 02 80 00 14 02 00 02 c1 00`;

const SERVER = { side: "server" } as const;

test("an announcement ties the monitor's card to its address", () => {
  const said = announcement(attribute("0986", hex`0001 114d`), attribute("f100", hex`0009fb123456 0a000001 ffffff00`));
  assert.equal(intellivue.recognize(said, "unknown"), true);
  assert.deepEqual(notes(intellivue, said), [
    "operation: CONNECT_INDICATION",
    "10.0.0.1 deviceCode: MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS",
    "00:09:fb:12:34:56 address: 10.0.0.1",
  ]);
  assert.deepEqual(notes(intellivue, announcement(attribute("f100", hex`000000000000 0a000001 ffffff00`))), [
    "operation: CONNECT_INDICATION",
  ]);
});

test("a monitor that was connected to says what it is", () => {
  const said = created(
    attribute("0928", hex`${label("Philips\0")} ${label("MX800\0")}`),
    attribute("0984", sized(hex`0009fb123456`)),
    attribute("091e", sized(hex`0049 0043 0055 0020 0033`)),
  );
  assert.deepEqual(notes(intellivue, said, SERVER), [
    "operation: MDS_CREATE",
    "10.0.0.1 maker: Philips",
    "10.0.0.1 model: MX800",
    "10.0.0.1 uuid: 0009fb123456",
    "10.0.0.1 location: ICU 3",
  ]);
});

test("of a specification's numbers the product's are the monitor's, a board's are not", () => {
  const entries = list(hex`0001 0008 ${label("DE1")}`, hex`0001 0050 ${label("BOARD")}`, hex`0004 0058 ${label("L.01")}`);
  assert.deepEqual(notes(intellivue, polled("0021", attribute("092d", entries)), SERVER), [
    "10.0.0.1 serial: DE1",
    "10.0.0.1 software: L.01",
  ]);
});

test("of the patient it is only told that there is one", () => {
  const patient = polled("002a", attribute("095c", sized(text("\0Z\0Z"))), attribute("091e", sized(text("\0Z\0Z"))));
  assert.deepEqual(notes(intellivue, patient, SERVER), ["10.0.0.1 patientData: intellivue"]);
  assert.deepEqual(notes(intellivue, polled("0006", attribute("091e", sized(text("\0Z\0Z")))), SERVER), []);
});

test("who connects, what is asked for, and what is changed", () => {
  const invoked = (command: string, more: string) => notes(intellivue, data("0001", command, hex`${SYSTEM} ${more}`));
  assert.deepEqual(notes(intellivue, connect), ["operation: CONNECT"]);
  assert.deepEqual(notes(intellivue, hex`19 04 11 01 03 c1`), ["operation: ABORT"]);
  assert.deepEqual(notes(intellivue, hex`0c 04 11 01 08 c1`, SERVER), ["association refused"]);
  assert.deepEqual(invoked("0007", "00000000 0c16 0008 0001 0001 0021 0000"), ["operation: POLL"]);
  assert.deepEqual(invoked("0007", "00000000 f13b 0008 0001 0001 0006 0000"), ["operation: EXTENDED_POLL"]);
  assert.deepEqual(invoked("0007", "00000000 0c16 0008 0001 0001 002a 0807"), ["operation: POLL_PATIENT"]);
  assert.deepEqual(invoked("0005", "00000000 0001 0006 0000 f23a 0000"), ["operation: SET_PRIORITIES"]);
  assert.deepEqual(invoked("0005", "00000000 0001 0006 0000 0946 0000"), ["operation: SET", "notable: alarmsSet"]);
  assert.deepEqual(invoked("0003", "00000000"), ["operation: GET"]);
});

test("the monitor is the server, whoever was heard first", () => {
  for (const [message, side] of [
    [connect, "client"],
    [data("0001", "0007", hex`${SYSTEM}`), "client"],
    [data("0002", "0001", hex`${SYSTEM}`), "client"],
    [created(), "server"],
    [polled("0021"), "server"],
    [announcement(), "unknown"],
  ] as const)
    assert.equal(intellivue.speaker!(message), side, Buffer.from(message).toString("hex"));
});

test("a list that runs past its end is broken, and what came before it counts", () => {
  const said = created(attribute("0928", hex`${label("Philips")} ${label("X3")}`), hex`0984 0040 00`);
  assert.deepEqual(notes(intellivue, said, SERVER), [
    "operation: MDS_CREATE",
    "10.0.0.1 maker: Philips",
    "10.0.0.1 model: X3",
    "malformed: it ends inside what it tells",
  ]);
  assert.deepEqual(notes(intellivue, said.subarray(0, 40), SERVER), [
    "malformed: neither an announcement, nor a session, nor data, or its length is not the datagram's",
  ]);
});

test("another event, another presentation context, and lengths that are not the datagram's look alike", () => {
  const other = announcement();
  other[25] = 0x18;
  for (const bytes of [other, hex`${announcement()} 00`, hex`${connect} 00`, hex`0d 02 05 08`, hex`e1 00 0003 ${created().subarray(4)}`])
    assert.equal(intellivue.recognize(bytes, "unknown"), false, Buffer.from(bytes).toString("hex"));
});
