import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { ftp } from "./ftp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const line = (text: string) => new Uint8Array(Buffer.from(`${text}\r\n`));

/** A dialogue, one line a message: "<" from the server, ">" from the client. */
function dialogue(...lines: string[]): string[] {
  const memory = ftp.remember!();
  return lines.flatMap((text) => notes(ftp, line(text.slice(2)), text.startsWith("<") ? { ...SERVER, memory } : { memory }));
}

test("a server greets with its program, and says its system", () => {
  assert.equal(ftp.recognize(line("220 (vsFTPd 3.0.3)"), "server"), true);
  assert.equal(ftp.messageLength!(line("220 ready")), 11);
  assert.deepEqual(dialogue("< 220-Carestream DryView 5950", "< 220 ready", "> SYST", "< 215 VXWORKS"), [
    "10.0.0.2 serverBanner: Carestream DryView 5950",
    "operation: SYST",
    "10.0.0.2 osStated: VXWORKS",
  ]);
  assert.deepEqual(dialogue("< 215 UNIX emulated by FileZilla"), []);
});

test("a name and a password crossed; whose they were is not kept", () => {
  const said = dialogue("> USER jroe", "< 331 Password required for jroe.", "> PASS hunter2", "< 530 Login incorrect for jroe.");
  assert.deepEqual(said, ["operation: USER", "operation: PASS", "10.0.0.2 clearCredentials: ftp", "login refused of jroe"]);
  assert.doesNotMatch(said.slice(0, 3).join(), /jroe|hunter2/);
  assert.deepEqual(dialogue("> USER anonymous", "> PASS a@b", "< 230-Welcome", "< 230 Be brief").slice(2), [
    "10.0.0.2 clearCredentials: ftp, known default",
    "login accepted",
  ]);
});

test("a refusal before any password, of anonymous, or told twice is none", () => {
  assert.deepEqual(dialogue("< 530 Please login with USER and PASS.", "> USER jroe", "< 530 not now").filter(isAttempt), []);
  assert.deepEqual(dialogue("> USER ftp", "> PASS a@b", "< 530 no anonymous here").filter(isAttempt), []);
  assert.deepEqual(dialogue("> USER jroe", "> PASS x", "< 530-no", "< 530 no", "> LIST", "< 530 no").filter(isAttempt), [
    "login refused of jroe",
  ]);
});

test("a usual name with a usual password, if taken, is said to be one", () => {
  assert.deepEqual(dialogue("> USER root", "> PASS root", "< 230 in").slice(3), ["login accepted", "notable: defaultCredentials"]);
  assert.deepEqual(dialogue("> USER root", "> PASS root", "< 530 no").slice(3), ["login refused of root"]);
  assert.deepEqual(dialogue("> USER root", "> PASS hunter2", "< 230 in").slice(3), ["login accepted"]);
});
const isAttempt = (line: string) => /^(?:login|notable)/.test(line);

test("the flow that carries a file is agreed on, by whoever will be asked", () => {
  assert.deepEqual(dialogue("< 227 Entering Passive Mode (192,0,2,9,4,1)."), ["expect: ftp-data tcp/1025 at 10.0.0.2"]);
  assert.deepEqual(dialogue("< 229 Entering Extended Passive Mode (|||6446|)"), ["expect: ftp-data tcp/6446 at 10.0.0.2"]);
  assert.deepEqual(dialogue("> PORT 192,0,2,9,4,2"), ["operation: PORT", "expect: ftp-data tcp/1026 at 10.0.0.1"]);
  assert.deepEqual(dialogue("> EPRT |2|2001:db8::9|6446|"), ["operation: EPRT", "expect: ftp-data tcp/6446 at 10.0.0.1"]);
  assert.deepEqual(dialogue("< 229 no port", "< 227 (1,2,3)", "> PORT 1,1,1,1,999,999"), ["operation: PORT"]);
});

test("firmware keeps its name, a document does not", () => {
  assert.deepEqual(dialogue("> STOR /fw/monitor-4.2.img", "> RETR roe_jane.pdf"), [
    "operation: STOR",
    "10.0.0.1 fileName: monitor-4.2.img",
    "notable: firmwareStored",
    "operation: RETR",
  ]);
});

test("once both agree to hide, there is no more to read", () => {
  assert.deepEqual(dialogue("> AUTH TLS", "< 234 go"), ["operation: AUTH", "enough"]);
});

test("a line without an end waits, and then passes as one; free words are no verbs", () => {
  assert.equal(ftp.messageLength!(line("220 ready").subarray(0, 9)), 0);
  assert.equal(ftp.messageLength!(new Uint8Array(9000).fill(0x41)), 9000);
  assert.deepEqual(notes(ftp, new Uint8Array(1024).fill(0xff), { cut: true }), []);
  assert.deepEqual(dialogue("> JANE Roe", ">  "), []);
  assert.equal(ftp.resume!(line("0 bytes left")), 14);
  assert.equal(ftp.resume!(line("x").subarray(0, 1)), -1);
});

test("mail servers greet alike, and mailboxes ask for a name too", () => {
  assert.equal(ftp.recognize(line("220 mx.clinic.example ESMTP Postfix"), "server"), false);
  assert.equal(ftp.recognize(line("220 mx.clinic.example at your service"), "server"), false);
  assert.equal(ftp.recognize(line("220 prn-3.clinic.example FTP server ready"), "server"), true);
  assert.equal(ftp.recognize(line("220 Printer 3 ready"), "server"), true);
  assert.equal(ftp.recognize(line("USER jroe"), "client"), false);
  assert.equal(ftp.recognize(line("+OK POP3 ready"), "server"), false);
  assert.equal(ftp.recognize(line("PASV"), "client"), true);
});
