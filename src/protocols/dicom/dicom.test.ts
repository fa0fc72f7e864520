import assert from "node:assert/strict";
import { test } from "node:test";
import { find } from "../../bytes/find.ts";
import { hex, notes } from "../../testing/notes.ts";
import { dicom } from "./dicom.ts";

const CLIENT = { side: "client", sender: { ip: "10.0.0.1" }, receiver: { ip: "10.0.0.2" } } as const;
const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;

const number = (value: number, bytes: number) => value.toString(16).padStart(bytes * 2, "0");
const text = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));
const little = (value: number, bytes: number) => new Uint8Array(Buffer.from(number(value, bytes), "hex")).toReversed();

const unit = (type: number, body: Uint8Array) => hex`${number(type, 1)} 00 ${number(body.length, 4)} ${body}`;
const item = (type: string, body: Uint8Array) => hex`${type} 00 ${number(body.length, 2)} ${body}`;
const association = (type: 1 | 2, called: string, calling: string, ...items: Uint8Array[]) =>
  unit(
    type,
    hex`0001 0000                                      # version 1
        ${text(called.padEnd(16))} ${text(calling.padEnd(16))} ${"00".repeat(32)}
        ${item("10", text("1.2.840.10008.3.1.1.1"))}
        ${Buffer.concat(items)}`,
  );
const asked = (id: number, sopClass: string, syntax = EXPLICIT) =>
  item("20", hex`${number(id, 1)} 000000 ${item("30", text(sopClass))} ${item("40", text(syntax))}`);
const answered = (id: number, result: number, syntax = EXPLICIT) =>
  item("21", hex`${number(id, 1)} 00 ${number(result, 1)} 00 ${item("40", text(syntax))}`);
const user = (...items: Uint8Array[]) => item("50", new Uint8Array(Buffer.concat(items)));
const implementation = (uid: string, version: string) => [item("52", text(uid)), item("55", text(version))];

const IMPLICIT = "1.2.840.10008.1.2";
const EXPLICIT = "1.2.840.10008.1.2.1";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const STUDY_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
const STUDY_GET = "1.2.840.10008.5.1.4.1.2.2.3";
const WORKLIST = "1.2.840.10008.5.1.4.31";
const ECHO = "1.2.840.10008.1.1";

/** One value: presentation context 1, bit 0 of control is command, bit 1 last. */
const value = (control: number, fragment: Uint8Array) => hex`${number(fragment.length + 2, 4)} 01 ${number(control, 1)} ${fragment}`;
const data = (...values: Uint8Array[]) => unit(4, new Uint8Array(Buffer.concat(values)));
const element = (tag: string, content: Uint8Array) =>
  hex`${little(Number.parseInt(tag.slice(0, 4), 16), 2)} ${little(Number.parseInt(tag.slice(4), 16), 2)} ${little(content.length, 4)} ${content}`;
const command = (field: string, ...more: Uint8Array[]) =>
  value(
    3,
    hex`${element("00000002", text(`${CT_IMAGE}\0`))} ${element("00000100", hex`${field}`)} ${element("00000800", hex`0000`)} ${Buffer.concat(more)}`,
  );
const explicit = (tag: string, representation: string, content: string) =>
  hex`${little(Number.parseInt(tag.slice(0, 4), 16), 2)} ${little(Number.parseInt(tag.slice(4), 16), 2)} ${text(representation)} ${little(content.length, 2)} ${text(content)}`;

const STORE = "0100";
const FIND = "2000";
const image = hex`
  ${explicit("00080060", "CS", "CT")}
  ${explicit("00080070", "LO", "Scan Works")}
  ${explicit("00080090", "PN", "ZZTEST^REFERRER ")}
  ${explicit("00081010", "SH", "CT_ROOM_2 ")}
  0800 4011 5351 0000 ffffffff                         # sequence 0008,1140 of unknown length
    feff 00e0 ffffffff                                 #   item of unknown length
      ${explicit("00081090", "LO", "NOT THE MODEL ")}
    feff 0de0 00000000
  feff dde0 00000000
  ${explicit("00081090", "LO", "SW-64 ")}
  ${explicit("00100010", "PN", "ZZTEST^ALPHA")}
  ${explicit("00100020", "LO", "ZZ-4711 ")}
  ${explicit("00181000", "LO", "SN0815")}
  ${explicit("00181020", "LO", "4.1\\VB20A")}
  ${explicit("00181030", "LO", "ZZTEST PROTOCOL ")}`;

/** An association of a scanner whose title is given, agreed on: the memory that goes with it. */
const agreed = (calling: string, sopClass = CT_IMAGE, syntax = EXPLICIT) => {
  const memory = dicom.remember!();
  notes(dicom, association(1, "ARCHIVE", calling, asked(1, sopClass, syntax)), { ...CLIENT, memory });
  notes(dicom, association(2, "ARCHIVE", calling, answered(1, 0, syntax)), { ...SERVER, memory });
  return memory;
};

test("a scanner names itself, and the archive answers to its title with what it grants", () => {
  const memory = dicom.remember!();
  const request = association(
    1,
    "ARCHIVE",
    "CT_ROOM_2",
    asked(1, CT_IMAGE),
    asked(3, WORKLIST),
    user(item("51", hex`00004000`), ...implementation("1.2.3.4", "SCAN_1")),
  );
  assert.equal(dicom.recognize(request, "client"), true);
  assert.equal(dicom.recognize(request, "server"), false);
  assert.equal(dicom.messageLength!(request), request.length);
  assert.deepEqual(notes(dicom, request, { ...CLIENT, memory }), [
    "10.0.0.1 aeTitle: CT_ROOM_2",
    "10.0.0.1 dicomImplementation: 1.2.3.4 SCAN_1",
    `10.0.0.1 sopClass: ${CT_IMAGE}`,
    `10.0.0.1 sopClass: ${WORKLIST}`,
    "10.0.0.1 dicomRole: storage sender",
    "10.0.0.1 dicomRole: worklist client",
  ]);

  const answer = association(2, "", "", answered(1, 0), answered(3, 3), user(...implementation("1.2.3.9", "KEEP_7")));
  assert.equal(dicom.recognize(answer, "server"), true);
  assert.deepEqual(notes(dicom, answer, { ...SERVER, memory }), [
    "association accepted",
    "notable: dicomAssociation",
    "10.0.0.2 aeTitle: ARCHIVE",
    "10.0.0.2 dicomImplementation: 1.2.3.9 KEEP_7",
    `10.0.0.2 sopClass: ${CT_IMAGE}`,
    "10.0.0.2 dicomRole: storage receiver",
  ]);
});

test("a title that was refused is nobody's", () => {
  const memory = dicom.remember!();
  notes(dicom, association(1, "GUESS", "STRANGER", asked(1, STUDY_FIND)), { ...CLIENT, memory });
  const refusal = unit(3, hex`00 01 01 07`); // for good, by the user, called title unknown
  assert.equal(dicom.recognize(refusal, "server"), true);
  assert.deepEqual(notes(dicom, refusal, { ...SERVER, memory }), ["association refused"]);
});

test("who answers queries is an archive; who offers to receive what it asks for sends nothing", () => {
  const memory = dicom.remember!();
  const offersToReceive = item("54", hex`${number(CT_IMAGE.length, 2)} ${text(CT_IMAGE)} 00 01`);
  const request = association(1, "ARCHIVE", "DESK", asked(1, STUDY_FIND), asked(3, STUDY_GET), asked(5, CT_IMAGE), user(offersToReceive));
  const roles = (lines: readonly string[]) => lines.filter((line) => line.includes("dicomRole"));
  assert.deepEqual(roles(notes(dicom, request, { ...CLIENT, memory })), [
    "10.0.0.1 dicomRole: query client",
    "10.0.0.1 dicomRole: retrieve client",
  ]);
  const withoutRole = association(1, "ARCHIVE", "DESK", asked(1, STUDY_GET), asked(3, CT_IMAGE));
  assert.deepEqual(roles(notes(dicom, withoutRole, CLIENT)), ["10.0.0.1 dicomRole: retrieve client"]);
  const answer = association(2, "ARCHIVE", "DESK", answered(1, 0), answered(3, 0), answered(5, 0));
  assert.deepEqual(roles(notes(dicom, answer, { ...SERVER, memory })), ["10.0.0.2 dicomRole: archive"]);
});

test("trying the line is a role of its own only when nothing else is asked for", () => {
  const roles = (...classes: string[]) =>
    notes(dicom, association(1, "A", "B", ...classes.map((it, i) => asked(1 + 2 * i, it)))).filter((line) => line.includes("dicomRole"));
  assert.deepEqual(roles(ECHO), ["10.0.0.1 dicomRole: echo client"]);
  assert.deepEqual(roles(ECHO, CT_IMAGE), ["10.0.0.1 dicomRole: storage sender"]);
});

test("a name with a passcode or a token is a secret in the clear, and neither is kept; a name alone is none", () => {
  const requestWith = (kind: string) =>
    association(
      1,
      "A",
      "B",
      asked(1, ECHO),
      user(item("58", hex`${kind} 00 ${number(5, 2)} ${text("ZZUSR")} ${number(6, 2)} ${text("ZZPASS")}`)),
    );
  assert.ok(find(requestWith("02"), "ZZPASS") > 0);
  for (const [kind, secret] of Object.entries({ "01": false, "02": true, "03": false, "04": true, "05": true })) {
    const lines = notes(dicom, requestWith(kind));
    assert.equal(lines.includes("10.0.0.1 clearCredentials: dicom"), secret, kind);
    assert.doesNotMatch(lines.join("\n"), /ZZ/);
  }
});

test("an image says which machine made it; of the patient it is only told that there is one", () => {
  const stored = data(command(STORE), value(2, image));
  for (const marker of ["ZZTEST^ALPHA", "ZZ-4711", "ZZTEST^REFERRER", "ZZTEST PROTOCOL"]) assert.ok(find(stored, marker) > 0, marker);
  assert.deepEqual(notes(dicom, stored, { ...CLIENT, memory: agreed("CT_ROOM_2") }), [
    "operation: C-STORE",
    `10.0.0.1 storedClass: ${CT_IMAGE}`,
    "10.0.0.1 speaksFor: SN0815",
    "10.0.0.1 imagesOf: SW-64",
    "10.0.0.1 modality: CT",
    "10.0.0.1 maker: Scan Works",
    "10.0.0.1 stationName: CT_ROOM_2",
    "10.0.0.1 model: SW-64",
    "10.0.0.1 serial: SN0815",
    "10.0.0.1 software: 4.1, VB20A",
    "10.0.0.1 patientData: dicom",
  ]);
});

test("what a router passes on is of the machine behind it, and patient data is told once", () => {
  const memory = agreed("ROUTER");
  const stored = data(command(STORE), value(2, image));
  const lines = notes(dicom, stored, { ...CLIENT, memory });
  assert.ok(lines.includes("10.0.0.1/SN0815 model: SW-64"));
  assert.ok(lines.includes("10.0.0.1 speaksFor: SN0815") && lines.includes("10.0.0.1 imagesOf: SW-64"));
  assert.ok(!lines.includes("10.0.0.1 model: SW-64"));
  assert.ok(lines.includes("10.0.0.1 patientData: dicom"));
  assert.ok(!notes(dicom, stored, { ...CLIENT, memory }).some((line) => line.includes("patientData")));
});

test("the same image in implicit and in big endian encoding", () => {
  const implicit = hex`${element("00080060", text("US"))} ${element("00181000", text("SN1 "))}`;
  const bigEndian = hex`0008 0060 4353 0002 ${text("US")}   0018 1000 4c4f 0004 ${text("SN1 ")}`;
  for (const [syntax, bytes] of [
    [IMPLICIT, implicit],
    [BIG_ENDIAN, bigEndian],
  ] as const)
    assert.deepEqual(notes(dicom, data(command(STORE), value(2, bytes)), { ...CLIENT, memory: agreed("ROUTER", CT_IMAGE, syntax) }), [
      "operation: C-STORE",
      `10.0.0.1 storedClass: ${CT_IMAGE}`,
      "10.0.0.1 speaksFor: SN1",
      "10.0.0.1/SN1 modality: US",
      "10.0.0.1/SN1 serial: SN1",
    ]);
});

test("a query names nobody, whatever it holds", () => {
  const query = hex`${explicit("00080060", "CS", "CT")} ${explicit("00100010", "PN", "ZZTEST*")} ${explicit("00181000", "LO", "SN0815")}`;
  assert.deepEqual(notes(dicom, data(command(FIND), value(2, query)), { ...CLIENT, memory: agreed("DESK", STUDY_FIND) }), [
    "operation: C-FIND",
    "notable: dicomQuery",
    "10.0.0.1 patientData: dicom",
  ]);
});

test("a command in two fragments is one, and images on somebody's behalf come from an archive", () => {
  const memory = agreed("ARCHIVE_2");
  const whole = command(STORE, element("00001030", text("DESK"))).subarray(6);
  assert.deepEqual(notes(dicom, data(value(1, whole.subarray(0, 20))), { ...CLIENT, memory }), []);
  assert.deepEqual(notes(dicom, data(value(3, whole.subarray(20))), { ...CLIENT, memory }), [
    "operation: C-STORE",
    "10.0.0.1 dicomRole: archive",
    "notable: dicomSubOperation",
  ]);
  assert.deepEqual(notes(dicom, data(value(3, whole)), { ...CLIENT, memory }), ["operation: C-STORE", "10.0.0.1 dicomRole: archive"], "once an association"); // prettier-ignore
});

test("heard from the middle, the command still tells its class, and the data set its encoding", () => {
  const lines = notes(dicom, data(command(STORE), value(2, image)), CLIENT);
  assert.ok(lines.includes(`10.0.0.1 sopClass: ${CT_IMAGE}`));
  assert.ok(lines.includes("10.0.0.1/SN0815 model: SW-64"));
});

test("heard from the middle, who asks is the client; an image may go either way", () => {
  const sides = (bytes: Uint8Array) => (["client", "server", "unknown"] as const).filter((side) => dicom.recognize(bytes, side));
  assert.deepEqual(sides(data(command(FIND))), ["client", "unknown"]);
  assert.deepEqual(sides(data(command("2080"))), ["server", "unknown"]);
  assert.deepEqual(sides(data(command(STORE), value(2, image))), ["client", "server", "unknown"]);
});

test("of pixels nothing but two headers is wanted; of the front of a data set, a few kilobytes", () => {
  const pixels = data(value(0, new Uint8Array(16_000).fill(0x7f)));
  assert.equal(dicom.messageLength!(pixels.subarray(0, 16)), pixels.length);
  assert.equal(dicom.wanted!(pixels.subarray(0, 16)), 12);
  assert.deepEqual(notes(dicom, pixels.subarray(0, 12), { ...CLIENT, cut: true }), []);

  const front = data(value(0, new Uint8Array(Buffer.concat([image, new Uint8Array(16_000)]))));
  assert.equal(dicom.wanted!(front.subarray(0, 16)), 12 + 4096);
  const both = data(command(STORE), value(0, new Uint8Array(Buffer.concat([image, new Uint8Array(16_000)]))));
  const lines = notes(dicom, both.subarray(0, dicom.wanted!(both.subarray(0, 200))), { ...CLIENT, memory: agreed("ROUTER"), cut: true });
  assert.ok(lines.includes("10.0.0.1/SN0815 serial: SN0815"));
});

test("a data set cut within the serial says none", () => {
  const cut = image.subarray(0, find(image, "SN0815") + 3);
  const lines = notes(dicom, data(command(STORE), value(0, cut)), { ...CLIENT, memory: agreed("CT_ROOM_2") });
  assert.ok(lines.includes("10.0.0.1 model: SW-64"));
  assert.ok(!lines.some((line) => line.includes("serial")));
});

test("after a gap, units are found again where their values close on their end", () => {
  const units = data(value(0, new Uint8Array(300).fill(4)));
  assert.equal(dicom.resume!(hex`04 00 00000102 04 04 04 ${units}`), 9);
  assert.equal(dicom.resume!(hex`${"04000102".repeat(50)}`), -1);
  assert.equal(dicom.recognize(units, "unknown"), true);
  const request = association(1, "A", "B", asked(1, CT_IMAGE));
  assert.equal(dicom.resume!(hex`01 00 0100 ${request} ${units}`), 4);
});

test("broken: an item, a value, a command, a type", () => {
  const request = association(1, "A", "B", asked(1, CT_IMAGE)).subarray(0, -4);
  assert.ok(notes(dicom, request).includes("malformed: an item runs past the end of the association"));
  assert.ok(!notes(dicom, request, { cut: true }).some((line) => line.startsWith("malformed")));
  assert.deepEqual(notes(dicom, unit(4, hex`00001000 01 03 0000`)), ["malformed: a value is longer than the unit it is in"]);
  assert.deepEqual(notes(dicom, data(value(3, element("00000100", hex`7777`)))), ["malformed: a command set without a command"]);
  assert.deepEqual(notes(dicom, unit(9, hex`00000000`)), ["malformed: bytes between messages that belong to none"]);
});

test("sequences nested without end, or of no known length, stop the reading and nothing else", () => {
  const nested = hex`${"feff00e0ffffffff".repeat(100)}`;
  const bytes = hex`${explicit("00080060", "CS", "CT")} 0800 4011 5351 0000 ffffffff ${nested} ${explicit("00181000", "LO", "SN")}`;
  assert.deepEqual(notes(dicom, data(command(STORE), value(2, bytes)), { ...CLIENT, memory: agreed("ROUTER") }), [
    "operation: C-STORE",
    `10.0.0.1 storedClass: ${CT_IMAGE}`,
  ]);
});

test("what looks alike is another protocol", () => {
  for (const other of [
    hex`01 00 0000 0006 0103 0000 000a`, // Modbus, transaction 256
    hex`16 0301 0200 01`, // TLS
    hex`04 01 0050 c0000201 00`, // SOCKS 4
    hex`03 00 0013 0e e0 0000 0000 00`, // RDP
  ])
    for (const side of ["client", "server", "unknown"] as const) assert.equal(dicom.recognize(other, side), false);
});
