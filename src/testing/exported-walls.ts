/**
 * What the texts for equipment are held against: packets and conversations from chance, aimed at the edges of rules, each with what the
 * evaluator says a wall does to it. Every exporter's test reads its text by a reader of its own and asks that what it read.
 */
import type { CompiledPolicy, Decision, JudgedConversation, JudgedPacket, PolicyTransport } from "../model/policy.ts";
import { GROUND } from "../model/policy.ts";
import { judgeConversation, judgePacket, setsOf } from "../policies/evaluate.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import { holds, type Addresses } from "../policies/ranges.ts";
import { Random } from "../simulation/random.ts";
import { aimedFrame } from "./aimed-frames.ts";
import { pick, randomPolicy, wallAround } from "./random-wall.ts";

/** The first packet of a conversation, and what is asked of the evaluator. */
export interface Opening {
  readonly packet: JudgedPacket;
  readonly conversation: JudgedConversation;
}

const TRANSPORTS: Readonly<Record<number, PolicyTransport>> = { 6: "tcp", 17: "udp", 132: "sctp" };

/** Seeded: the same walls each time. */
export function* randomWalls(seed: number, count: number, change = (policy: CompiledPolicy) => policy): Generator<readonly [Wall, Random]> {
  const random = new Random(seed);
  for (let made = 0; made < count; made++) {
    const policy = change(randomPolicy(random));
    const wall = wallAround(policy, pick(random, ["drop", "drop", "mixed"] as const), random);
    // Chance may make groups of nobody: there is nothing to export then.
    if ([wall.enforced, wall.monitored].some(({ ipv4, ipv6 }) => ipv4.length + ipv6.length > 0)) yield [wall, random];
  }
}

/** Packets that are whole and can be read to their ports: what happens to pieces is each target's own affair. */
export function wholePacket(random: Random, policy: CompiledPolicy): JudgedPacket {
  for (;;) {
    const { packet } = aimedFrame(random, policy, "bridge", 1);
    if (packet !== null && packet.fragmentOffset === 0 && packet.protocol > 0 && !(packet.protocol === 6 && packet.tcpFlags === null))
      return packet;
  }
}

/** None is sent to multicast: a firewall's policies do not judge that. */
export function opening(random: Random, policy: CompiledPolicy): Opening {
  for (;;) {
    const packet = wholePacket(random, policy);
    const { family, sender, receiver, protocol, icmpType } = packet;
    if (/^(22[4-9]|23\d)\.|^ff/.test(receiver)) continue;
    const isIcmp = protocol === (family === 4 ? 1 : 58);
    const transport = isIcmp ? "icmp" : (TRANSPORTS[protocol] ?? "ip");
    const port = isIcmp ? icmpType! : transport === "ip" ? protocol : packet.ports!.to;
    // Of the ground a conversation tells the server's port only: it is asked from the client's own.
    const asked = GROUND.find((it) => it.family === family && it.protocol === protocol && it.toPort === port);
    const ports = asked === undefined || packet.ports === null ? packet.ports : { from: asked.fromPort!, to: port };
    const conversation = { family, client: setsOf(policy, sender), server: setsOf(policy, receiver), transport, port };
    return { packet: { ...packet, ports }, conversation };
  }
}

/** Whether the wall drops it: denied, an end of it enforced and none spared. */
export function isDropped({ enforced, spared }: Wall, { outcome }: Decision, { sender, receiver }: JudgedPacket): boolean {
  const some = (which: Addresses) => holds(which, sender) || holds(which, receiver);
  return outcome === "denied" && some(enforced) && !some(spared);
}

export function dropsConversation(wall: Wall, { packet, conversation }: Opening): boolean {
  return isDropped(wall, judgeConversation(wall.policy, conversation), packet);
}

export function dropsPacket(wall: Wall, packet: JudgedPacket): boolean {
  return isDropped(wall, judgePacket(wall.policy, packet), packet);
}
