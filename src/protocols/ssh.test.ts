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

test("each side is known by what it proposes in its own direction, and then there is no more to hear", () => {
  const memory = ssh.remember!();
  const message = proposal(LISTS);
  assert.equal(ssh.messageLength!(message), message.length);
  // MD5 of "kex1,kex2;up;macup;none" and of "kex1,kex2;down;macdown;zlib", worked out with md5sum.
  assert.deepEqual(notes(ssh, message, { memory }), ["operation: KEXINIT", "10.0.0.1 hassh: client c5f815cad9ff2646e985e581bbe1e52a"]);
  assert.deepEqual(notes(ssh, message, { ...SERVER, memory }), [
    "operation: KEXINIT",
    "10.0.0.2 hassh: server 6f12a2b7bff79d70ecafe29e53a44d4d",
    "enough",
  ]);
});

test("a list longer than the proposal is said to be broken", () => {
  const broken = hex`0000001c 04 14 ${"ab".repeat(16)} 0000ffff 6b6578 00000000`;
  assert.deepEqual(notes(ssh, broken), ["operation: KEXINIT", "malformed: a list of algorithms runs past the end of the proposal"]);
});

test("the exchange itself, and packets already encrypted, are enough", () => {
  assert.deepEqual(notes(ssh, hex`0000000c 0a 15 00000000000000000000`), ["enough"]);
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
