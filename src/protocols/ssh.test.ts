import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ssh } from "./ssh.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;

const text = (line: string) => new Uint8Array(Buffer.from(line));
const u32 = (value: number) => value.toString(16).padStart(8, "0");

/** A proposal: packet length, padding length, message 20, a cookie, the lists, nothing guessed, padding. */
function proposal(lists: readonly string[]): Uint8Array {
  const named = Buffer.concat(lists.map((list) => hex`${u32(list.length)} ${text(list)}`));
  const body = hex`04 14 ${"ab".repeat(16)} ${named} 00 00000000 00000000`;
  return hex`${u32(body.length)} ${body}`;
}
const LISTS = ["kex1,kex2", "rsa", "up", "down", "macup", "macdown", "none", "zlib", "", ""];

test("a server's first line names its program", () => {
  const line = text("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3\r\n");
  assert.equal(ssh.recognize(line, "server"), true);
  assert.equal(ssh.messageLength!(line), line.length);
  assert.deepEqual(notes(ssh, line, SERVER), ["10.0.0.2 serverBanner: SSH-2.0-OpenSSH_8.9p1 Ubuntu-3"]);
  assert.deepEqual(notes(ssh, text("SSH-2.0-PuTTY_Release_0.78\n")), ["10.0.0.1 userAgent: SSH-2.0-PuTTY_Release_0.78"]);
});

test("version 1 is a finding, also of a server that could do both", () => {
  assert.deepEqual(notes(ssh, text("SSH-1.5-Cisco-1.25\n"), SERVER).slice(1), ["10.0.0.2 dialect: SSH 1", "enough"]);
  assert.deepEqual(notes(ssh, text("SSH-1.99-OpenSSH_3.4\n"), SERVER).slice(1), ["10.0.0.2 dialect: SSH 1"]);
  assert.deepEqual(notes(ssh, text("SSH-1.99-OpenSSH_3.4\n")).slice(1), []);
});

test("each side is known by what it proposes in its own direction; a third proposal is none", () => {
  const memory = ssh.remember!();
  const message = proposal(LISTS);
  assert.equal(ssh.messageLength!(message), message.length);
  // MD5 of "kex1,kex2;up;macup;none" and of "kex1,kex2;down;macdown;zlib", worked out with md5sum.
  assert.deepEqual(notes(ssh, message, { memory }), ["operation: KEXINIT", "10.0.0.1 hassh: client c5f815cad9ff2646e985e581bbe1e52a"]);
  assert.deepEqual(notes(ssh, message, { ...SERVER, memory }), [
    "operation: KEXINIT",
    "10.0.0.2 hassh: server 6f12a2b7bff79d70ecafe29e53a44d4d",
  ]);
  assert.deepEqual(notes(ssh, message, { memory }).at(-1), "enough");
});

test("a list longer than the proposal is said to be broken", () => {
  const broken = hex`0000001c 04 14 ${"ab".repeat(16)} 0000ffff 6b6578 00000000`;
  assert.deepEqual(notes(ssh, broken), ["operation: KEXINIT", "malformed: a list of algorithms runs past the end of the proposal"]);
});

/** From new keys on: lengths of what the server (<) and the client (>) say, a second between them. */
function sealed(...lengths: string[]): string[] {
  const memory = ssh.remember!();
  const keys = hex`0000000c 0a 15 00000000000000000000`;
  let at = 0;
  const lines = [...notes(ssh, keys, { ...SERVER, memory, at }), ...notes(ssh, keys, { memory, at })];
  for (const it of lengths) {
    const message = new Uint8Array(Number(it.slice(1))).fill(0xa5);
    lines.push(...notes(ssh, message, { ...(it.startsWith("<") ? SERVER : {}), memory, at: (at += 1_000_000) }));
  }
  return lines;
}
const times = (count: number, ...lengths: string[]) => Array.from({ length: count }, () => lengths).flat();

test('log-ins refused are counted by the equal length of their refusals, the first of "none" not', () => {
  assert.deepEqual(sealed(">56", "<56", ">72", "<76", ...times(3, ">152", "<76")), times(3, "login refused"));
  assert.deepEqual(sealed(">56", "<44", ">72", "<52", ">152", "<20", "<32"), ["login refused"], "in two parts");
  assert.deepEqual(
    sealed(">56", "<44", ">72", "<252", ...times(2, ">152", "<52"), ">9"),
    times(2, "login refused"),
    "a banner before the first",
  );
  assert.deepEqual(
    sealed(">56", "<44", ">72", "<52", ...times(2, ">90", "<80", ">152", "<52")),
    times(2, "login refused"),
    "asked each time",
  );
  assert.deepEqual(
    sealed(">56", "<44", ">72", "<52", ...times(6, ">152", "<52")),
    [...times(6, "login refused"), "enough"],
    "six a connection",
  ); // prettier-ignore // prettier-ignore
});

test("keystrokes and their echo are none: success is the shortest answer, and ends the counting", () => {
  assert.deepEqual(sealed(">56", "<44", ">72", "<52", ">152", "<28", ">90", "<44", ...times(20, ">36", "<36")).slice(0, 2), ["login accepted", "enough"]); // prettier-ignore
  assert.deepEqual(sealed(">56", "<44", ">72", "<52", ...times(1, ">152", "<52"), ">152", "<28", ">90").slice(0, 3), ["login refused", "login accepted", "enough"]); // prettier-ignore
});

test("what is not the beginning of a connection, and packets already encrypted, are enough", () => {
  assert.equal(ssh.messageLength!(hex`a1b2c3d4 e5f60718 99`), 9, "read as they come");
  assert.deepEqual(notes(ssh, hex`a1b2c3d4 e5f60718`), ["enough"]);
});

test("cut at any byte, it is survived and its length is not yet known", () => {
  const line = text("SSH-2.0-x\r\n");
  for (let bytes = 0; bytes < line.length; bytes++) assert.equal(ssh.messageLength!(line.subarray(0, bytes)), 0);
  const message = proposal(LISTS);
  for (let bytes = 0; bytes < message.length; bytes++) notes(ssh, message.subarray(0, bytes), { cut: true });
});

test("a line that only speaks of SSH, and one without an end, are not it", () => {
  assert.equal(ssh.recognize(text("SSH service ready\r\n"), "server"), false);
  assert.equal(ssh.recognize(text("220 SSH-2.0-x\r\n"), "server"), false);
  assert.equal(ssh.recognize(text("SSH-2.0-OpenSSH"), "server"), false);
});
