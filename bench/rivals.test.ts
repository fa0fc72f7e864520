import assert from "node:assert/strict";
import { test } from "node:test";
import { ndpiReader, p0f } from "./rivals.ts";
import type { Statement } from "./tshark.ts";

const lines = (all: Iterable<Statement>) => [...all].map(({ about, attribute, text }) => `${about} ${attribute}: ${text}`);

test("p0f says systems of both ends, and programs of servers", () => {
  const block = (...rows: readonly string[]) =>
    `.-[ 192.0.2.4/54337 -> 192.0.2.169/80 ]-\n|\n${rows.map((row) => `| ${row}`).join("\n")}\n|\n`;
  const output = [
    block("client   = 192.0.2.4/54337", "os       = MacOS X 10.9 or newer (sometimes iPhone or iPad)"),
    block("server   = 192.0.2.169/80", "os       = Linux 3.x"),
    block("client   = 192.0.2.4/54338", "os       = ???"),
    block("client   = 192.0.2.4/54337", "app      = Chrome 27.x to 42.x"),
    block("server   = 192.0.2.169/80", "app      = Apache 2.x"),
  ].join("`----\n");
  assert.deepEqual(lines(p0f(output)), ["192.0.2.4 os: Apple system", "192.0.2.169 os: Linux", "192.0.2.169 software: Apache"]);
});

test("ndpiReader says names of clients where they are their own, and programs of servers", () => {
  const output = [
    "\t1\tUDP 0.0.0.0:68 -> 255.255.255.255:67 [proto: 18/DHCP][Hostname/SNI: pump7]",
    "\t2\tTCP 192.0.2.1:58395 <-> 192.0.2.168:22 [proto: 92/SSH][Hostname/SNI: SSH-2.0-OpenSSH_5.3][Server: SSH-2.0-OpenSSH_5.6]",
    "\t3\tTCP [2001:db8::1]:3722 <-> [2001:db8::2]:443 [proto: 91/TLS][Hostname/SNI: api.example.net]",
    "\tHTTP                 packets: 80            bytes: 48547",
  ].join("\n");
  assert.deepEqual(lines(ndpiReader(output)), ["0.0.0.0 names: pump7", "192.0.2.168 software: OpenSSH_5.6"]);
});
