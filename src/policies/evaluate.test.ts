/** What may be and what may not, in both forms, as a person would say it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompiledPolicy, CompiledRule, CompiledSet, JudgedPacket, Service } from "../model/policy.ts";
import { judgeConversation, judgePacket, setsOf } from "./evaluate.ts";

const DICOM: Service = { transport: "tcp", ports: [{ from: 104, to: 104 }] };
const PING: Service = { transport: "icmp", ports: [{ from: 8, to: 8 }] };

const policy: CompiledPolicy = {
  name: "test",
  sets: [
    set("scanners", ["10.0.0.1", "10.0.0.4"], true),
    set("archives", ["10.0.0.9", "10.0.0.9"], false),
    set("anyone", ["0.0.0.0", "255.255.255.255"], false),
  ],
  rules: [rule(0, 1, DICOM), rule(1, 0, PING), rule(0, 1, { transport: "udp", ports: [{ from: 100, to: 200 }] })],
};

test("an address belongs to every set whose range holds it, and its neighbors to none", () => {
  assert.deepEqual(
    ["10.0.0.0", "10.0.0.1", "10.0.0.4", "10.0.0.5", "10.0.0.9", "fe80::1", "no address"].map((it) => setsOf(policy, it)),
    [[2], [0, 2], [0, 2], [2], [1, 2], [], []],
  );
});

test("a scanner opens to the archive, and the archive does not open to the scanner", () => {
  assert.equal(conversation("10.0.0.1", "10.0.0.9", "tcp", 104), "allowed by 0");
  assert.equal(conversation("10.0.0.1", "10.0.0.9", "tcp", 105), "denied");
  assert.equal(conversation("10.0.0.9", "10.0.0.1", "tcp", 104), "denied");
  assert.equal(conversation("10.0.0.9", "10.0.0.1", "icmp", 8), "allowed by 1");
});

test("what no governed group takes part in is left alone, and so is asking for an address", () => {
  assert.equal(conversation("10.0.0.9", "10.0.0.20", "tcp", 23), "not governed");
  assert.equal(conversation("10.0.0.20", "10.0.0.1", "tcp", 23), "denied");
  assert.equal(conversation("10.0.0.1", "10.0.0.20", "udp", 67), "ground");
  assert.equal(conversation("10.0.0.1", "10.0.0.20", "udp", 68), "ground");
  assert.equal(conversation("10.0.0.1", "10.0.0.20", "udp", 69), "denied");
});

test("a rule for whole protocols allows what has ports in them, as a conversation and packet by packet", () => {
  const whole = (...numbers: number[]): CompiledPolicy => ({
    ...policy,
    rules: [rule(0, 1, { transport: "ip", ports: numbers.map((it) => ({ from: it, to: it })) })],
  });
  const [sender, receiver] = ["10.0.0.1", "10.0.0.9"];
  for (const [numbers, transport, outcome] of [
    [[], "tcp", "allowed"],
    [[], "icmp", "allowed"],
    [[6], "tcp", "allowed"],
    [[6], "udp", "denied"],
    [[1], "icmp", "allowed"],
    [[58], "icmp", "denied"],
  ] as const) {
    const it = whole(...numbers);
    const [client, server] = [setsOf(it, sender), setsOf(it, receiver)];
    assert.equal(
      judgeConversation(it, { family: 4, client, server, transport, port: 8 }).outcome,
      outcome,
      `${numbers.join()} ${transport}`,
    );
    const protocol = { tcp: 6, udp: 17, icmp: 1 }[transport];
    const ports = transport === "icmp" ? null : { from: 40_000, to: 8 };
    const packet = { family: 4, sender, receiver, protocol, ports, tcpFlags: 2, icmpType: 8, fragmentOffset: 0 } as const;
    assert.equal(judgePacket(it, packet).outcome, outcome, `${numbers.join()} ${transport}`);
  }
});

test("without state, what comes back is let through by its port, unless it opens a connection", () => {
  const [scanner, archive] = ["10.0.0.1", "10.0.0.9"];
  assert.equal(packet(scanner, archive, { from: 40_000, to: 104 }, 2), "allowed by 0");
  assert.equal(packet(archive, scanner, { from: 104, to: 40_000 }, 18), "answer by 0");
  assert.equal(packet(archive, scanner, { from: 104, to: 40_000 }, 2), "denied");
  assert.equal(packet(archive, scanner, { from: 105, to: 40_000 }, 16), "denied");
  assert.equal(packet(archive, scanner, { from: 104, to: 40_000 }, null), "denied");
});

test("of UDP anything that comes from the port is an answer: that is the opening exporters tell of", () => {
  const udp = { protocol: 17, tcpFlags: null };
  assert.equal(judged({ ...udp, sender: "10.0.0.9", receiver: "10.0.0.1", ports: { from: 150, to: 9 } }), "answer by 2");
  assert.equal(judged({ ...udp, sender: "10.0.0.9", receiver: "10.0.0.1", ports: { from: 201, to: 9 } }), "denied");
});

test("a rule for protocols of IP holds for what they carry, of a conversation as of a packet", () => {
  const ends = { client: [0], server: [1], family: 4 as const };
  const by = (ports: Service["ports"]) => ({ ...policy, rules: [rule(0, 1, { transport: "ip", ports })] });
  const outcome = (ports: Service["ports"], transport: "tcp" | "icmp") =>
    judgeConversation(by(ports), { ...ends, transport, port: 9 }).outcome;
  assert.deepEqual([outcome([], "tcp"), outcome([], "icmp")], ["allowed", "allowed"]);
  assert.deepEqual([outcome([{ from: 6, to: 6 }], "tcp"), outcome([{ from: 6, to: 6 }], "icmp")], ["allowed", "denied"]);
  assert.deepEqual([outcome([{ from: 1, to: 1 }], "tcp"), outcome([{ from: 1, to: 1 }], "icmp")], ["denied", "allowed"]);
});

test("a later fragment goes where its protocol may go, unless it could write over the header of the first", () => {
  const fragment = { protocol: 6, ports: null, tcpFlags: null };
  const [scanner, archive] = ["10.0.0.1", "10.0.0.9"];
  assert.equal(judged({ ...fragment, sender: scanner, receiver: archive, fragmentOffset: 1480 }), "allowed by 0");
  assert.equal(judged({ ...fragment, sender: archive, receiver: scanner, fragmentOffset: 1480 }), "answer by 0");
  assert.equal(judged({ ...fragment, sender: scanner, receiver: archive, fragmentOffset: 8 }), "denied");
  assert.equal(judged({ ...fragment, sender: scanner, receiver: archive, fragmentOffset: 56 }), "denied");
  assert.equal(judged({ ...fragment, sender: scanner, receiver: "10.0.0.20", fragmentOffset: 1480 }), "denied");
  assert.equal(judged({ ...fragment, protocol: 132, sender: scanner, receiver: archive, fragmentOffset: 1480 }), "denied");
});

test("what is cut before its ports has none, so no rule that asks for them holds", () => {
  assert.equal(judged({ sender: "10.0.0.1", receiver: "10.0.0.9", protocol: 6, ports: null, tcpFlags: null }), "denied");
});

test("an echo is answered by its own type and no other", () => {
  const icmp = { protocol: 1, ports: null, tcpFlags: null };
  assert.equal(judged({ ...icmp, sender: "10.0.0.9", receiver: "10.0.0.1", icmpType: 8 }), "allowed by 1");
  assert.equal(judged({ ...icmp, sender: "10.0.0.1", receiver: "10.0.0.9", icmpType: 0 }), "answer by 1");
  assert.equal(judged({ ...icmp, sender: "10.0.0.1", receiver: "10.0.0.9", icmpType: 8 }), "denied");
  assert.equal(judged({ ...icmp, sender: "10.0.0.1", receiver: "10.0.0.9", icmpType: 3 }), "ground");
});

function set(group: string, [first, last]: readonly [string, string], governs: boolean): CompiledSet {
  return { group, ward: null, builtIn: false, governs, lifeSupporting: false, macs: [], ipv4: [{ first, last }], ipv6: [] };
}

function rule(from: number, to: number, service: Service): CompiledRule {
  return { rule: 0, from, to, service, because: "tested" };
}

function conversation(client: string, server: string, transport: "tcp" | "udp" | "icmp", port: number): string {
  const ends = { client: setsOf(policy, client), server: setsOf(policy, server) };
  return inWords(judgeConversation(policy, { family: 4, ...ends, transport, port }));
}

function packet(sender: string, receiver: string, ports: JudgedPacket["ports"], tcpFlags: number | null): string {
  return judged({ sender, receiver, protocol: 6, ports, tcpFlags });
}

function judged(
  it: Pick<JudgedPacket, "sender" | "receiver" | "protocol" | "ports" | "tcpFlags"> & {
    readonly icmpType?: number;
    readonly fragmentOffset?: number;
  },
): string {
  return inWords(judgePacket(policy, { family: 4, icmpType: null, fragmentOffset: 0, ...it }));
}

function inWords(decision: ReturnType<typeof judgePacket>): string {
  if (decision.outcome !== "allowed") return decision.outcome;
  return `${decision.answer ? "answer" : "allowed"} by ${decision.rule}`;
}
