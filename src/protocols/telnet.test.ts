import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { telnet } from "./telnet.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words, "latin1"));

/** A dialogue, "<" from the server, ">" from the client. */
function dialogue(...parts: string[]): string[] {
  const memory = telnet.remember!();
  return parts.flatMap((part) => notes(telnet, text(part.slice(1)), part.startsWith("<") ? { ...SERVER, memory } : { memory }));
}

test("both begin by negotiating", () => {
  const offer = hex`ff fd 18  ff fd 20  ff fb 01`; // do terminal type, do speed, will echo
  assert.equal(telnet.recognize(offer, "server"), true);
  assert.equal(telnet.messageLength!(offer), offer.length);
  assert.deepEqual(notes(telnet, offer, SERVER), []);
});

test("a server greets, in parts and in color, and asks for a name", () => {
  assert.equal(telnet.recognize(text("VxWorks login:\r\nUsername: "), "server"), true);
  assert.deepEqual(dialogue("<\xff\xfb\x01\x1b[1;31mNexus HMI-3 v7", "<.2\r\n*******\r\nlo", "<gin: "), [
    "10.0.0.2 serverBanner: Nexus HMI-3 v7.2",
    "operation: LOGIN",
  ]);
});

test("a typed password is said to have crossed, once, and whether it was taken", () => {
  const said = dialogue(
    "<pump7\r\nlogin: ",
    ">jroe\r\n",
    "<jroe\r\nPassword: ",
    ">hun",
    ">ter2\r\n",
    "<\r\n",
    "<Login incorrect\r\nlogin: ",
    ">root\r\n",
    "<Password: ",
    ">x\r\n",
    "<\r\n# ",
  );
  assert.deepEqual(said, [
    "10.0.0.2 serverBanner: pump7",
    "operation: LOGIN",
    "operation: LOGIN",
    "10.0.0.2 clearCredentials: telnet login",
    "login refused",
    "operation: LOGIN",
    "operation: LOGIN",
    "10.0.0.2 clearCredentials: telnet login",
    "login accepted",
    "enough",
  ]);
  assert.doesNotMatch(said.join(), /jroe|hunter/);
});

test("a name and a password that everybody knows, when they are taken, is said to be; which, is not", () => {
  const tried = (name: string[], secret: string[], answer: string) =>
    dialogue("<pump7\r\nlogin: ", ...name.map((it) => `>${it}`), "<Password: ", ...secret.map((it) => `>${it}`), answer);
  const said = tried(["admin\r\n"], ["admin\r\n"], "<\r\n# ");
  assert.deepEqual(said.slice(-3), ["login accepted", "notable: defaultCredentials", "enough"]);
  assert.ok(tried("root\r".split(""), "changeme\r".split(""), "<\r\n# ").includes("notable: defaultCredentials"), "key by key");
  const others = [tried(["admin\r\n"], ["zebra-41\r\n"], "<\r\n# "), tried(["jroe\r\n"], ["jroe\r\n"], "<\r\n# "), tried(["admin\r\n"], ["admin\r\n"], "<Login incorrect\r\nlogin: ")]; // prettier-ignore
  for (const it of others) assert.ok(!it.includes("notable: defaultCredentials"), it.join());
  assert.doesNotMatch(said.join(), /admin/);
  const second = dialogue("<login: ", ">admin\r\n", "<Password: ", ">x\r\n", "<Login incorrect\r\nlogin: ", ">jroe\r\n", "<Password: ", ">admin\r\n", "<\r\n# "); // prettier-ignore
  assert.ok(!second.includes("notable: defaultCredentials"), "one try's name is not another's");
});

test("a server that asks for nothing", () => {
  assert.deepEqual(dialogue("<BusyBox v1.20\r\n\r\n/ # "), ["10.0.0.2 serverBanner: BusyBox v1.20 /", "enough"]);
});

test("negotiation is not typing, and one that does not end is survived", () => {
  assert.deepEqual(dialogue("<password: ", ">\xff\xfc\x01", ">\xff\xfa\x18\x00secret"), ["operation: LOGIN"]);
  const offer = hex`ff fa 18 00 78 ff f0 ff fd 18`;
  for (let bytes = 0; bytes < offer.length; bytes++) assert.deepEqual(notes(telnet, offer.subarray(0, bytes), SERVER), []);
});

test("a dialogue that never logs in comes to an end", () => {
  const memory = telnet.remember!();
  for (let i = 0; i < 400; i++) assert.deepEqual(notes(telnet, text("x"), { memory }), []);
  assert.deepEqual(notes(telnet, text("x"), { memory }), ["enough"]);
});

test("a picture, padding, and a page that asks to log in are not Telnet", () => {
  assert.equal(telnet.recognize(hex`ff d8 ff e0 0010 4a464946`, "server"), false);
  assert.equal(telnet.recognize(hex`ff fb 90 64 00`, "server"), false); // MPEG audio
  assert.equal(telnet.recognize(hex`ff ff ff ff`, "server"), false);
  assert.equal(telnet.recognize(text("<p>Login: <input>\r\n</p>"), "server"), false);
  assert.equal(telnet.recognize(text("Username: "), "client"), false);
});
