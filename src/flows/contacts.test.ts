import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch } from "../model/batch.ts";
import type { SignalKind } from "../model/signal.ts";
import { dialogue } from "../testing/dialogue.ts";
import { arp, bytes, ethernet, ipv4, ipv6, latin, MAC_A, MAC_B, tcp, tcpFrame, u16, udp, udpFrame } from "../testing/frames.ts";
import { Ear, hear } from "../testing/hear.ts";

const SYN = "S";
const SYN_ACK = "SA";
const RST_ACK = "RA";
const ACK = "A";
const A = "10.0.0.1";
const B = "10.0.0.2";
const MAC = "02:00:00:00:00:0a";

/** `1 s contacts tcp 10.0.0.1: 10 first, 9 not answered, 5 failed, 1 answered` */
function lines(batches: readonly Batch[], ...kinds: SignalKind[]): string[] {
  const begin = Math.floor(batches[0]!.from / 1e6);
  return batches.flatMap(({ addresses, signals }) =>
    signals
      .filter(([, kind]) => kinds.includes(kind))
      .map(([at, kind, sender, receiver, , what, count, distinct, failed, amount]) => {
        const who = [sender, receiver].flatMap((place) => (place < 0 ? [] : [addresses[place]![2] ?? addresses[place]![1]]));
        return `${Math.ceil(at / 1e6) - begin} s ${kind} ${what} ${who.join(" → ")}: ${count} first, ${distinct} open, ${failed} failed, ${amount} answered`;
      }),
  );
}

const syn = (port: number, to = B, sequence = 7) => tcpFrame({ from: 40_000 + port, to: port, flags: SYN, sequence, toIp: to });
const answer = (port: number, flags: string, from = B) =>
  tcpFrame({ from: port, to: 40_000 + port, flags, sequence: 9, acknowledgment: 8, fromIp: from, toIp: A });
const ports = (count: number) => Array.from({ length: count }, (_, i) => 100 + i);

test("what is turned down failed, what is answered did not, and what waits when a recording ends is open", () => {
  const frames = [...ports(6).flatMap((port) => [syn(port), answer(port, RST_ACK)]), syn(22), answer(22, SYN_ACK), syn(23), syn(24)];
  assert.deepEqual(lines(hear(frames), "contacts", "probes"), [
    "1 s probes tcp 10.0.0.1 → 10.0.0.2: 9 first, 8 open, 6 failed, 1 answered",
    "1 s contacts tcp 10.0.0.1: 9 first, 8 open, 6 failed, 1 answered",
  ]);
});

test("silence for a second is a failure, in its own second though nothing is heard, and taken back by a late answer", () => {
  const ear = new Ear();
  for (const port of [22, 23]) ear.frame(syn(port));
  ear.wait(5);
  ear.frame(answer(22, SYN_ACK));
  assert.deepEqual(lines(ear.end(), "contacts", "lateAnswers"), [
    "2 s contacts tcp 10.0.0.1: 0 first, 0 open, 2 failed, 0 answered",
    "6 s lateAnswers tcp 10.0.0.1 → 10.0.0.2: 1 first, 0 open, 0 failed, 0 answered",
    "6 s lateAnswers tcp 10.0.0.1: 1 first, 0 open, 0 failed, 0 answered",
    "6 s contacts tcp 10.0.0.1: 0 first, 0 open, 0 failed, 0 answered",
  ]);
});

test("a SYN sent again failed at once; answered within the same second it did not", () => {
  const ear = new Ear({ every: 0.1 });
  for (const frame of [syn(22), syn(22), syn(23), syn(23), answer(23, SYN_ACK)]) ear.frame(frame);
  assert.deepEqual(lines(ear.end(), "contacts"), ["1 s contacts tcp 10.0.0.1: 2 first, 1 open, 1 failed, 1 answered"]);
});

test("on a mirror that hears the client only, its own acknowledgment proves the handshake", () => {
  const frames = ports(8).flatMap((port) => [syn(port), tcpFrame({ from: 40_000 + port, to: port, flags: ACK, sequence: 8 })]);
  const ear = new Ear();
  for (const frame of frames) ear.frame(frame);
  ear.wait(3);
  assert.deepEqual(lines(ear.end(), "contacts"), []);
});

test("flags that begin no connection failed whatever comes, and an acknowledgment of nothing when it is turned down", () => {
  const odd = ["", "F", "FPU", "SF"].map((flags, i) => tcpFrame({ from: 5_000, to: 100 + i, flags }));
  const acks = ports(3).flatMap((port) => [tcpFrame({ from: 50_000, to: port, flags: ACK }), tcpFrame({ from: port, to: 50_000, flags: "R", fromIp: B, toIp: A })]); // prettier-ignore
  assert.deepEqual(lines(hear([...odd]), "contacts"), ["1 s contacts odd 10.0.0.1: 4 first, 4 open, 4 failed, 0 answered"]);
  assert.deepEqual(lines(hear([...acks]), "contacts"), ["1 s contacts ack 10.0.0.1: 3 first, 3 open, 3 failed, 0 answered"]);
  const byes = acks.map((_, i) => (i % 2 === 0 ? tcpFrame({ from: 50_000, to: 110 + i, flags: "FA" }) : tcpFrame({ from: 109 + i, to: 50_000, flags: "R", fromIp: B, toIp: A }))); // prettier-ignore
  assert.deepEqual(lines(hear([...byes]), "contacts"), ["1 s contacts ack 10.0.0.1: 3 first, 3 open, 3 failed, 0 answered"]);
  // Who says good-bye to a server that still knows the connection is none.
  const known = [tcpFrame({ from: 50_000, to: 120, flags: "FA" }), tcpFrame({ from: 120, to: 50_000, flags: "FA", fromIp: B, toIp: A })];
  assert.deepEqual(lines(hear(known), "contacts"), []);
  // A connection heard from its middle whose server has forgotten it; and a server that keeps alive what its client forgot.
  const middle = [tcpFrame({ from: 50_000, to: 104, flags: "PA" }, latin("x")), tcpFrame({ from: 104, to: 50_000, flags: "R", fromIp: B, toIp: A })]; // prettier-ignore
  const server = [tcpFrame({ from: 22, to: 50_000, flags: ACK }), tcpFrame({ from: 50_000, to: 22, flags: "R", fromIp: B, toIp: A })];
  assert.deepEqual(lines(hear([...middle, ...server]), "contacts"), []);
});

test("a datagram fails when ICMP says so, whoever says it; its silence is nothing", () => {
  const ear = new Ear();
  for (const port of ports(20)) ear.frame(udpFrame({ from: 50_000, to: port }, latin("x")));
  const quoted = (port: number, family: 4 | 6) =>
    family === 4
      ? ipv4({ protocol: 17, from: A, to: B }, udp({ from: 50_000, to: port }, latin("x")))
      : ipv6({ nextHeader: 17, from: "fd00::1", to: "fd00::2" }, udp({ from: 50_000, to: port }, latin("x")));
  const icmp4 = (from: string, code: number, port: number) =>
    ethernet({ type: 0x0800, from: MAC_B, to: MAC_A }, ipv4({ protocol: 1, from, to: A, id: port }, bytes([3, code, 0, 0], u16(0), u16(0), quoted(port, 4)))); // prettier-ignore
  ear.frame(icmp4(B, 3, 100));
  ear.frame(icmp4(B, 3, 101));
  ear.frame(icmp4("10.9.9.9", 13, 102));
  // Told of something it never asked: nothing.
  ear.frame(icmp4(B, 3, 199));
  const six = { from: "fd00::1", to: "fd00::2" };
  ear.frame(ethernet({ type: 0x86dd }, ipv6({ nextHeader: 17, ...six }, udp({ from: 50_000, to: 103 }, latin("x")))));
  ear.frame(ethernet({ type: 0x86dd, from: MAC_B, to: MAC_A }, ipv6({ nextHeader: 58, from: six.to, to: six.from }, bytes([1, 4, 0, 0], u16(0), u16(0), quoted(103, 6))))); // prettier-ignore
  ear.wait(5);
  assert.deepEqual(lines(ear.end(), "contacts"), [
    "1 s contacts udp 10.0.0.1: 20 first, 20 open, 3 failed, 0 answered",
    "1 s contacts udp fd00::1: 1 first, 1 open, 1 failed, 0 answered",
  ]);
});

test("who looks for neighbors and who asks by IP is one sender; an answer counts for whom it is meant", () => {
  const look = (ip: string) => ethernet({ type: 0x0806, from: MAC, to: "ff:ff:ff:ff:ff:ff" }, arp(1, [MAC, A], ["00:00:00:00:00:00", ip]));
  const ear = new Ear();
  for (let host = 2; host < 12; host++) ear.frame(look(`10.0.0.${host}`));
  ear.frame(ethernet({ type: 0x0806, from: "02:00:00:00:00:0b", to: MAC }, arp(2, ["02:00:00:00:00:0b", B], [MAC, A])));
  ear.wait(2);
  assert.deepEqual(lines(ear.end(), "contacts"), [
    "1 s contacts arp 10.0.0.1: 10 first, 9 open, 0 failed, 1 answered",
    "2 s contacts arp 10.0.0.1: 0 first, 0 open, 9 failed, 0 answered",
  ]);
});

test("a machine that was named is no probe, for the ports a name is good for", () => {
  const named = bytes(u16(7), u16(0x8180), u16(1), u16(1), u16(0), u16(0), [4, ...latin("pacs"), 0], u16(1), u16(1), [0xc0, 12], u16(1), u16(1), [0, 0, 0, 60], u16(4), [10, 0, 0, 2]); // prettier-ignore
  const ask = bytes(u16(7), u16(0x0100), u16(1), u16(0), u16(0), u16(0), [4, ...latin("pacs"), 0], u16(1), u16(1));
  const ear = new Ear();
  ear.frame(udpFrame({ from: 51_000, to: 53, toIp: "10.0.0.53" }, ask));
  ear.frame(udpFrame({ from: 53, to: 51_000, fromIp: "10.0.0.53", toIp: A }, named));
  for (const port of ports(10)) ear.frame(syn(port));
  ear.wait(3);
  assert.deepEqual(lines(ear.end(), "contacts"), [
    // The name server's answer among them.
    "1 s contacts tcp 10.0.0.1: 6 first, 6 open, 0 failed, 1 answered",
    "2 s contacts named 10.0.0.1: 0 first, 0 open, 4 failed, 0 answered",
    "2 s contacts tcp 10.0.0.1: 0 first, 0 open, 6 failed, 0 answered",
  ]);
});

test("groups, broadcasts and answers to nobody's question are no contacts", () => {
  const ear = new Ear();
  for (let i = 1; i < 30; i++) {
    ear.frame(ethernet({ type: 0x0800, to: "01:00:5e:00:00:01" }, ipv4({ protocol: 6, from: A, to: `224.0.0.${i}` }, tcp({ from: 5, to: 80, flags: SYN })))); // prettier-ignore
    ear.frame(ethernet({ type: 0x0800, to: "ff:ff:ff:ff:ff:ff" }, ipv4({ protocol: 1, from: A, to: `10.0.${i}.255` }, bytes([8, 0], u16(0), u16(1), u16(i))))); // prettier-ignore
    ear.frame(ethernet({ type: 0x0800 }, ipv4({ protocol: 1, from: A, to: `10.0.1.${i}` }, bytes([0, 0], u16(0), u16(1), u16(i)))));
    ear.frame(tcpFrame({ from: 80, to: 50_000 + i, flags: SYN_ACK, fromIp: A, toIp: `10.0.2.${i}` }));
  }
  ear.wait(3);
  assert.deepEqual(lines(ear.end(), "contacts", "probes"), []);
});

test("who asks again is told apart by whom, with what is new beside it", () => {
  const round = Array.from({ length: 6 }, (_, i) => `10.0.0.${2 + i}`).flatMap((ip, i) => dialogue({ server: ip, client: A, clientPort: 40_000 + i, port: 161 }, [])); // prettier-ignore
  const ear = new Ear();
  for (const frame of round) ear.frame(frame);
  ear.wait(60);
  for (const frame of round.map((frame) => moved(frame))) ear.frame(frame);
  assert.deepEqual(lines(ear.end(), "recontacts"), ["61 s recontacts tcp 10.0.0.1: 6 first, 6 open, 0 failed, 0 answered"]);
});

/** From another port of the client's: its flow is another one. */
function moved(frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const at = copy[35] === 161 && copy[34] === 0 ? 36 : 34;
  copy[at] = 0xee;
  return copy;
}

test("forged senders show at their receiver", () => {
  const frames = Array.from({ length: 40 }, (_, i) => tcpFrame({ from: 1_000, to: 80, flags: SYN, fromIp: `10.7.0.${i}`, toIp: B }));
  assert.deepEqual(lines(hear(frames), "contacted"), ["1 s contacted  10.0.0.2: 40 first, 40 open, 0 failed, 0 answered"]);
});

test("a protocol nobody speaks fails when ICMP says so, also of packets that carry nothing", () => {
  const ear = new Ear();
  const six = { from: "fd00::1", to: "fd00::2" };
  const [asked4, asked6] = [(protocol: number) => ipv4({ protocol, from: A, to: B }), (nextHeader: number) => ipv6({ nextHeader, ...six })];
  for (const protocol of [90, 91, 92]) {
    ear.frame(ethernet({ type: 0x0800 }, asked4(protocol)));
    ear.frame(ethernet({ type: 0x86dd }, asked6(protocol)));
  }
  ear.frame(ethernet({ type: 0x0800, from: MAC_B, to: MAC_A }, ipv4({ protocol: 1, from: B, to: A }, bytes([3, 2, 0, 0], u16(0), u16(0), asked4(90))))); // prettier-ignore
  const problem = (code: number, protocol: number) =>
    ethernet({ type: 0x86dd, from: MAC_B, to: MAC_A }, ipv6({ nextHeader: 58, from: six.to, to: six.from }, bytes([4, code, 0, 0], u16(0), u16(6), asked6(protocol)))); // prettier-ignore
  ear.frame(problem(1, 90));
  ear.frame(problem(0, 91)); // A field that makes no sense: somebody is there.
  ear.wait(5);
  assert.deepEqual(lines(ear.end(), "contacts"), [
    "1 s contacts ip 10.0.0.1: 3 first, 3 open, 1 failed, 0 answered",
    "1 s contacts ip fd00::1: 3 first, 3 open, 1 failed, 0 answered",
  ]);
});
