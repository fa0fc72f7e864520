import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { smb } from "./smb.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const TOKEN = "4e544c4d5353500002000000";

const wide = (text: string) => new Uint8Array(Buffer.from(`${text}\0`, "utf16le"));
const narrow = (text: string) => new Uint8Array(Buffer.from(`${text}\0`));
const u16 = (value: number) => hex`${(value & 0xff).toString(16).padStart(2, "0")} ${(value >> 8).toString(16).padStart(2, "0")}`;
const framed = (body: Uint8Array) => hex`00 ${body.length.toString(16).padStart(6, "0")} ${body}`;

/** Header of SMB 2: size 64, status, command, response or not. */
const smb2 = (
  { command, status = "00000000", response = false }: { command: string; status?: string; response?: boolean },
  body: Uint8Array,
) => framed(hex`fe534d42 4000 0000 ${status} ${command} 0100 ${response ? "01" : "00"}000000 ${"00".repeat(44)} ${body}`);

/** Header of SMB 1, then words and bytes. `flags2` in network order here: 00c8 is Unicode, 32-bit status, extended security. */
const smb1 = (
  {
    command,
    status = "00000000",
    response = false,
    flags2 = "00c8",
  }: { command: string; status?: string; response?: boolean; flags2?: string },
  words: Uint8Array,
  bytes: Uint8Array,
) => {
  const count = (words.length / 2).toString(16).padStart(2, "0");
  return framed(
    hex`ff534d42 ${command} ${status} ${response ? "98" : "18"} ${flags2} ${"00".repeat(20)} ${count} ${words} ${u16(bytes.length)} ${bytes}`,
  );
};

test("a server of version 2 or 3 says which dialect it chose, and its identifier", () => {
  const answer = smb2(
    { command: "0000", response: true },
    hex`
    4100 0100 1103 0000                             # size, signing, dialect 3.1.1
    04030201 0605 0807 090a0b0c0d0e0f10             # server GUID
    00000000`,
  );
  assert.equal(smb.recognize(answer, "server"), true);
  assert.equal(smb.messageLength!(answer), answer.length);
  assert.deepEqual(notes(smb, answer, SERVER), ["10.0.0.2 smbDialect: 3.1.1", "10.0.0.2 uuid: 01020304-0506-0708-090a-0b0c0d0e0f10"]);
});

test("a log-in of version 2 is refused", () => {
  const refused = smb2({ command: "0100", status: "6d0000c0", response: true }, hex`0900 0000 0000 0000`);
  assert.deepEqual(notes(smb, refused, SERVER), ["login refused"]);
  const halfway = smb2({ command: "0100", status: "160000c0", response: true }, hex`0900 0000 4800 0c00 ${TOKEN}`);
  assert.deepEqual(notes(smb, halfway, SERVER), ["inside ntlmssp: 12 bytes"]);
});

test("of a write nothing but its header is wanted", () => {
  const write = smb2({ command: "0900" }, hex`3100 7000 ${"41".repeat(500)}`);
  assert.equal(smb.wanted!(write), 68);
  assert.deepEqual(notes(smb, write.subarray(0, 68), { cut: true }), ["operation: WRITE"]);
});

test("a server that still chooses version 1 is a finding, with its system and both ends of its log-in", () => {
  const negotiatedWith = (flags2: string) =>
    smb1(
      { command: "72", response: true, flags2 },
      hex`0500 03 3200 0100 04110000 00000100 00000000 fde30000 0000000000000000 0000 08`,
      hex`1122334455667788 ${wide("CLINIC")} ${wide("PACS1")}`,
    );
  const negotiated = negotiatedWith("00c0");
  assert.equal(smb.recognize(negotiated, "server"), true);
  assert.deepEqual(notes(smb, negotiated, SERVER), [
    "10.0.0.2 dialect: SMB 1",
    "10.0.0.2 smbDialect: NT LM 0.12",
    "10.0.0.2 domain: CLINIC",
    "10.0.0.2 hostname: PACS1",
  ]);
  assert.deepEqual(
    notes(smb, negotiatedWith("0040"), SERVER),
    notes(smb, negotiated, SERVER),
    "two bytes a character, though it does not say so",
  );
  const answer = smb1(
    { command: "73", response: true },
    hex`ff00 0000 0000 0c00`,
    hex`${TOKEN} 00 ${wide("Windows 5.1")} ${wide("Windows 2000 LAN Manager")} ${wide("CLINIC")}`,
  );
  assert.deepEqual(notes(smb, answer, SERVER), [
    "10.0.0.2 dialect: SMB 1",
    "inside ntlmssp: 101 bytes", // and what follows it: its own offsets say where it ends
    "10.0.0.2 osStated: Windows 5.1",
    "10.0.0.2 lanManager: Windows 2000 LAN Manager",
    "10.0.0.2 domain: CLINIC",
    "login accepted",
  ]);
});

test("what a client says of its system is a program's word; its user ends here", () => {
  const setup = smb1(
    { command: "73", flags2: "00c0" },
    hex`ff00 0000 0411 3200 0000 00000000 0300 0300 00000000 d4000000`,
    hex`aaaaaa bbbbbb 00 ${wide("jroe")} ${wide("CLINIC")} ${wide("Windows 2000 2195")} ${wide("Windows 2000 5.0")}`,
  );
  const said = notes(smb, setup);
  assert.deepEqual(said, ["operation: SESSION_SETUP", "10.0.0.1 userAgent: Windows 2000 2195; Windows 2000 5.0"]);
  assert.doesNotMatch(said.join(), /jroe/);
});

test("a client with a token, and one from before Windows NT 4 in single bytes", () => {
  const token = smb1(
    { command: "73" },
    hex`ff00 0000 0411 3200 0000 00000000 0c00 00000000 d4000000`,
    hex`${TOKEN} 00 ${wide("Unix")} ${wide("Samba")}`,
  );
  assert.deepEqual(notes(smb, token).slice(1), ["inside ntlmssp: 35 bytes", "10.0.0.1 userAgent: Unix; Samba"]);
  const old = smb1(
    { command: "73", flags2: "0000" },
    hex`ff00 0000 0411 3200 0000 00000000 0200 00000000`,
    hex`aaaa ${narrow("jroe")} ${narrow("CLINIC")} ${narrow("Windows 4.0")} ${narrow("LM")}`,
  );
  assert.deepEqual(notes(smb, old).slice(1), ["10.0.0.1 userAgent: Windows 4.0; LM"]);
});

test("a NetBIOS session begins with who calls", () => {
  const request = hex`
    81 000044
    20 ${"4341".repeat(16)} 00                      # called: a name of spaces
    20 4544 4645 4442 ${"4341".repeat(13)} 00       # calling: CT1, in half bytes from "A" on`;
  assert.equal(smb.recognize(request, "client"), true);
  assert.equal(smb.messageLength!(request), 72);
  assert.equal(smb.wanted!(request), 72);
  assert.deepEqual(notes(smb, request), ["10.0.0.1 hostname: CT1"]);
  assert.equal(smb.messageLength!(hex`82 000000`), 4);
  assert.deepEqual(notes(smb, hex`82 000000`, SERVER), []);
});

test("once both encrypt, there is no more to read", () => {
  assert.deepEqual(notes(smb, framed(hex`fd534d42 ${"00".repeat(48)}`)), ["enough"]);
});

test("after a gap a message begins where frame and header agree", () => {
  const message = smb2({ command: "0300" }, hex`0900 0000`);
  const stream = hex`41fe534d42 0000000041 ${message}`;
  assert.equal(smb.resume!(stream), 10);
  assert.equal(smb.messageLength!(stream), 10, "out of step, the rest up to there is one message");
  assert.deepEqual(notes(smb, stream.subarray(0, 10)), ["malformed: bytes between messages that belong to none"]);
  assert.equal(smb.resume!(new Uint8Array(Buffer.from("xSMB".repeat(1000)))), -1);
});

test("a setup that ends inside its secrets, and a header cut short, are broken", () => {
  const words = hex`ff00 0000 0411 3200 0000 00000000 ff00 ff00 00000000 d4000000`;
  assert.equal(notes(smb, smb1({ command: "73" }, words, hex`aabb`)).at(-1), "malformed: a session setup ends inside its secrets");
  assert.deepEqual(notes(smb, framed(hex`ff534d42 73`)), ["malformed: a header is cut short"]);
  assert.deepEqual(notes(smb, framed(hex`fe534d42 4000`)), ["malformed: a header is cut short"]);
  for (const whole of [smb1({ command: "73" }, words, hex`aabb`), smb2({ command: "0000", response: true }, hex`4100`)])
    for (let bytes = 0; bytes < whole.length; bytes++) notes(smb, whole.subarray(0, bytes), { cut: true });
});

test("a frame of something else, and one too short for a header, are not SMB", () => {
  assert.equal(smb.recognize(hex`00 000040 ${"05".repeat(64)}`, "client"), false);
  assert.equal(smb.recognize(hex`00 000010 fe534d42 4000 ${"00".repeat(10)}`, "client"), false);
  assert.equal(smb.recognize(hex`81 000044 21`, "client"), false);
});
