import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { opcua } from "./opcua.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const le32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const text = (words: string | null) => (words === null ? le32(-1) : hex`${le32(Buffer.byteLength(words))} ${Buffer.from(words)}`);
const kind = (letters: string, more: Uint8Array) => hex`${Buffer.from(letters)} ${le32(8 + more.length)} ${more}`;
const message = (number: number, more: Uint8Array, letters = "MSGF") =>
  kind(letters, hex`${le32(1)} ${le32(1)} ${le32(2)} ${le32(2)} 01 00 ${le32(number).subarray(0, 2)} ${more}`);
const clear = () => ({ isClear: true, goesOn: false, userAsked: false });

const HELLO = kind(
  "HELF",
  hex`${le32(0)} ${le32(65536)} ${le32(65536)} ${le32(0)} ${le32(0)} ${text("opc.tcp://sterile-2.example:4840/x")}`,
);
const REQUEST_HEADER = hex`00 00 0000000000000000 ${le32(1)} ${le32(0)} ${text(null)} ${le32(1000)} 00 00 00`;
const ANSWER_HEADER = hex`0000000000000000 ${le32(1)} ${le32(0)} 00 ${le32(-1)} 00 00 00`;
const application = (name: string, product: string) =>
  hex`${text("urn:x")} ${text(product)} 02 ${text(name)} ${le32(0)} ${text(null)} ${text(null)} ${le32(1)} ${text("opc.tcp://x:4840")}`;
const endpoint = (mode: number) => hex`
  ${text("opc.tcp://x:4840")} ${application("Washer 7", "http://washers.example/w7")} ${text(null)} ${le32(mode)}
  ${text("http://opcfoundation.org/UA/SecurityPolicy#None")}
  ${le32(1)} ${text("0")} ${le32(0)} ${text(null)} ${text(null)} ${text(null)}
  ${text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary")} 00`;

test("who asks names the server", () => {
  assert.equal(opcua.recognize(HELLO, "client"), true);
  assert.equal(opcua.recognize(HELLO, "server"), false);
  assert.equal(opcua.messageLength!(hex`${HELLO} 4f`), HELLO.length);
  assert.deepEqual(notes(opcua, HELLO), ["10.0.0.2 askedAs: sterile-2.example"]);
  const ack = kind("ACKF", hex`${le32(0)} ${le32(65536)} ${le32(65536)} ${le32(0)} ${le32(0)}`);
  assert.equal(opcua.recognize(ack, "server"), true);
  assert.deepEqual(notes(opcua, ack, SERVER), []);
});

test("a channel without protection is read on, another is not", () => {
  const open = (policy: string) =>
    kind("OPNF", hex`${le32(1)} ${text(`http://opcfoundation.org/UA/SecurityPolicy#${policy}`)} ${le32(-1)} ${le32(-1)}`);
  assert.equal(opcua.recognize(open("None"), "client"), true);
  const memory = { isClear: false, goesOn: false, userAsked: false };
  assert.deepEqual(notes(opcua, open("None"), { memory }), []);
  assert.equal(memory.isClear, true);
  assert.deepEqual(notes(opcua, open("Basic256Sha256")), ["enough"]);
  assert.deepEqual(notes(opcua, message(673, REQUEST_HEADER)), []); // nothing heard of the channel
  assert.deepEqual(notes(opcua, message(673, REQUEST_HEADER), { memory }), ["operation: WRITE", "notable: opcuaWrite"]);
});

test("a server says what it is and that it lets anybody listen", () => {
  const answer = message(431, hex`${ANSWER_HEADER} ${le32(2)} ${endpoint(3)} ${endpoint(1)}`);
  assert.deepEqual(notes(opcua, answer, { ...SERVER, memory: clear() }), [
    "10.0.0.2 description: Washer 7",
    "10.0.0.2 software: http://washers.example/w7",
    "10.0.0.2 description: Washer 7",
    "10.0.0.2 software: http://washers.example/w7",
    "10.0.0.2 dialect: OPC UA without security",
  ]);
  const created = hex`${ANSWER_HEADER} 01 01 0100 04 0100 ${"07".repeat(16)} 0000000000000000 ${text(null)} ${text("x")} ${le32(1)} ${endpoint(3)}`;
  assert.deepEqual(notes(opcua, message(464, created), { ...SERVER, memory: clear() }), [
    "10.0.0.2 description: Washer 7",
    "10.0.0.2 software: http://washers.example/w7",
  ]);
});

test("a client says its program, not its machine; a user's password in the clear is a finding, the user is nobody's", () => {
  const session = message(461, hex`${REQUEST_HEADER} ${application("Expert@PC-ROE", "urn:y")} ${text(null)}`);
  assert.deepEqual(notes(opcua, session, { memory: clear() }), ["operation: CREATE_SESSION", "10.0.0.1 userAgent: Expert"]);
  const user = (encryption: string | null) => {
    const token = hex`${text("1")} ${text("jroe")} ${text("secret")} ${text(encryption)}`;
    return message(
      467,
      hex`${REQUEST_HEADER} ${text(null)} ${text(null)} ${le32(-1)} ${le32(1)} ${text("en")} 01 00 4401 01 ${le32(token.length)} ${token}`,
    );
  };
  const memory = clear();
  assert.deepEqual(notes(opcua, user(null), { memory }), ["operation: ACTIVATE_SESSION", "10.0.0.2 clearCredentials: opcua"]);
  assert.deepEqual(notes(opcua, message(470, ANSWER_HEADER), { ...SERVER, memory }), ["login accepted"]);
  assert.deepEqual(notes(opcua, user("rsa"), { memory }), ["operation: ACTIVATE_SESSION"]);
  const fault = hex`0000000000000000 ${le32(1)} 00001f80 00 ${le32(-1)} 00 00 00`; // user access denied
  assert.deepEqual(notes(opcua, message(397, fault), { ...SERVER, memory }), ["login refused"]);
});

test("what came before an end inside a value still counts, and any cut is survived", () => {
  const whole = message(431, hex`${ANSWER_HEADER} ${le32(2)} ${endpoint(1)} ${text("opc")} ff`);
  assert.deepEqual(notes(opcua, whole, { ...SERVER, memory: clear() }).slice(-2), [
    "10.0.0.2 dialect: OPC UA without security",
    "malformed: it ends inside a header or a value",
  ]);
  for (let bytes = 0; bytes < whole.length; bytes++) notes(opcua, whole.subarray(0, bytes), { cut: true, memory: clear() });
  // The rest of a message too large has no beginning of its own.
  const memory = clear();
  notes(opcua, message(431, ANSWER_HEADER, "MSGC"), { ...SERVER, memory });
  assert.deepEqual(notes(opcua, message(673, REQUEST_HEADER), { memory }), []);
});

test("words that begin alike and lengths that disagree are not OPC UA", () => {
  assert.equal(opcua.recognize(Buffer.from("HELFER DER STATION, GUTEN TAG, WIE GEHT ES"), "client"), false);
  assert.equal(opcua.recognize(Buffer.from("MSGF and then some words"), "client"), false);
  assert.equal(opcua.recognize(kind("ACKF", le32(0)), "server"), false);
  assert.equal(opcua.recognize(kind("OPNF", hex`${le32(1)} ${text("urn:other")}`), "client"), false);
});
