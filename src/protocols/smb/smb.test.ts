import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { smb } from "./smb.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const TOKEN = "4e544c4d5353500002000000";

/** NTLM, the third message, whose user's length and place follow. */
const PROOF = `4e544c4d53535000 03000000 ${"00".repeat(24)}`;

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
  assert.deepEqual(notes(smb, refused, SERVER), [], "nobody was heard to prove anything");
  const memory = smb.remember!();
  const proof = (user: Uint8Array) => smb2({ command: "0100" }, hex`1900 ${PROOF} ${u16(user.length)} 0000 2c000000 ${user}`);
  notes(smb, proof(hex`61006200`), { memory });
  assert.deepEqual(notes(smb, refused, { ...SERVER, memory }), ["login refused of a\0b\0"]);
  assert.deepEqual(notes(smb, refused, { ...SERVER, memory }), [], "once");
  notes(smb, proof(hex``), { memory });
  assert.deepEqual(notes(smb, refused, { ...SERVER, memory }), [], "nobody is not refused");
  const halfway = smb2({ command: "0100", status: "160000c0", response: true }, hex`0900 0000 4800 0c00 ${TOKEN}`);
  assert.deepEqual(notes(smb, halfway, SERVER), ["inside ntlmssp: 12 bytes"]);
});

test("of a write to a file hardly more than its header is wanted", () => {
  const write = smb2({ command: "0900" }, hex`3100 7000 ${"41".repeat(500)}`);
  assert.equal(smb.wanted!(write), 100);
  assert.equal(smb.wanted!(write.subarray(0, 80)), 118, "until it is known what it carries");
  assert.deepEqual(notes(smb, write.subarray(0, 100), { cut: true }), ["operation: WRITE"]);
});

const call = hex`05 00 00 03 10000000 1800 0000 01000000 00000000 0000 0f00`;

test("what is called through a pipe is handed on, from either version", () => {
  const file = "ab".repeat(16);
  const written = smb2({ command: "0900" }, hex`3100 7000 ${u16(call.length)} 0000 ${"00".repeat(8)} ${file} ${"00".repeat(16)} ${call}`);
  assert.deepEqual(notes(smb, written), ["operation: WRITE", "inside dcerpc: 24 bytes"]);
  const asked = (code: string) => smb2({ command: "0b00" }, hex`3900 0000 ${code} ${file} ${"00".repeat(32)} ${call}`);
  assert.deepEqual(notes(smb, asked("17c01100")), ["operation: IOCTL", "inside dcerpc: 24 bytes"]);
  assert.deepEqual(notes(smb, asked("18c01100")), ["operation: IOCTL"], "no question to a pipe");
  const words = (kind: string) =>
    hex`0000 ${u16(call.length)} 0000 0000 00 00 0000 00000000 0000 0000 0000 ${u16(call.length)} 4300 02 00 ${kind} 0140`;
  const old = (kind: string) => smb1({ command: "25" }, words(kind), call);
  assert.deepEqual(notes(smb, old("2600")), ["operation: TRANSACTION", "inside dcerpc: 24 bytes"]);
  assert.deepEqual(notes(smb, old("5300")), ["operation: TRANSACTION"]);
});

test("a program laid on a share of administrators, and answers fetched there; on another share neither", () => {
  const said = (share: string, file: string, disposition: string) => {
    const memory = smb.remember!();
    const path = wide(share).subarray(0, -2);
    const name = wide(file).subarray(0, -2);
    notes(smb, smb2({ command: "0300" }, hex`0900 0000 4800 ${u16(path.length)} ${path}`), { memory });
    notes(smb, smb2({ command: "0300", response: true }, hex`1000`), { ...SERVER, memory });
    const create = hex`3900 ${"00".repeat(34)} ${disposition} 00000000 7800 ${u16(name.length)} ${"00".repeat(8)} ${name}`;
    return notes(smb, smb2({ command: "0500" }, create), { memory }).slice(1);
  };
  assert.deepEqual(said("\\\\10.0.0.2\\ADMIN$", "temp\\x.exe", "05000000"), ["notable: programToAdminShare"]);
  assert.deepEqual(said("\\\\pc7\\c$", "x.ps1", "02000000"), ["notable: programToAdminShare"]);
  assert.deepEqual(said("\\\\pc7\\ADMIN$", "x.exe", "01000000"), [], "only looked at");
  assert.deepEqual(said("\\\\pc7\\ADMIN$", "__1665432109.77", "01000000"), ["notable: commandOutput"]);
  assert.deepEqual(said("\\\\pc7\\ADMIN$", "report.pdf", "05000000"), []);
  assert.deepEqual(said("\\\\pc7\\tools", "x.exe", "05000000"), []);
});

test("a client that offers withdrawn versions probes", () => {
  const offer = (...dialects: string[]) =>
    smb2({ command: "0000" }, hex`2400 ${u16(dialects.length)} ${"00".repeat(32)} ${dialects.join("")}`);
  assert.deepEqual(notes(smb, offer("0202", "2202", "1103")), ["operation: NEGOTIATE", "notable: withdrawnDialect"]);
  assert.deepEqual(notes(smb, offer("0202", "1002", "0003", "0203", "1103")), ["operation: NEGOTIATE"]);
});

test("version 1: an implant asked for, its answer, and two kinds of transaction mixed", () => {
  const words = (kind: string) => hex`${"00".repeat(26)} 01 00 ${kind}`;
  assert.deepEqual(notes(smb, smb1({ command: "32" }, words("0e00"), hex``)), ["operation: TRANSACTION2", "notable: implantQuestion"]);
  assert.deepEqual(notes(smb, smb1({ command: "32" }, words("0500"), hex``)), ["operation: TRANSACTION2"]);
  const answer = smb1({ command: "32", status: "020000c0", response: true }, hex``, hex``);
  assert.deepEqual(notes(smb, answer, SERVER), []);
  answer[4 + 30] = 0x51;
  assert.deepEqual(notes(smb, answer, SERVER), ["notable: implantAnswer"]);
  const memory = smb.remember!();
  assert.deepEqual(notes(smb, smb1({ command: "33" }, hex`0000`, hex``), { memory }), ["operation: TRANSACTION2"]);
  notes(smb, smb1({ command: "a0" }, hex`0000`, hex``), { memory });
  assert.deepEqual(notes(smb, smb1({ command: "33" }, hex`0000`, hex``), { memory }), [
    "operation: TRANSACTION2",
    "notable: mixedTransaction",
  ]);
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
