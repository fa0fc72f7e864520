/** What a group's list must let through is what the evaluator lets its members send, address by address and port by port. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JudgedPacket } from "../model/policy.ts";
import { Random } from "../simulation/random.ts";
import { FIRST_ADDRESS, randomPolicy } from "../testing/random-wall.ts";
import { judgePacket, setsOf } from "./evaluate.ts";
import { permitsOf, placesOf, type Permit } from "./permit-list.ts";
import { textOf } from "./ranges.ts";
import { isWithin, wordsOf } from "./ternary.ts";

test("what the lines of a group let through is what the evaluator allows its members to send, by policies from chance", () => {
  let allowed = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const random = new Random(seed);
    const policy = randomPolicy(random);
    const group = policy.sets[0]!.group;
    const places = placesOf(policy, group);
    const lists = ([1, 2] as const).map((ends) => permitsOf(policy, places, ends));
    for (let more = 0; more < 400; more++) {
      const packet = randomPacket(random);
      const sender = setsOf(policy, packet.sender);
      // Of a device in several groups the lists of all of them count.
      if (!sender.includes(0) || sender.some((place) => place > 0 && policy.sets[place]!.group !== group && !policy.sets[place]!.builtIn)) continue;
      const decision = judgePacket({ ...policy, rules: policy.rules }, packet);
      if (decision.outcome === "ground") continue;
      for (const list of lists) assert.equal(list.some((it) => lets(it, packet)), decision.outcome === "allowed", `seed ${seed}: ${JSON.stringify(packet)}`);
      allowed += Number(decision.outcome === "allowed");
    }
  }
  assert.ok(allowed > 100, String(allowed));
}); // prettier-ignore

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

function lets(permit: Permit, { family, sender, receiver, protocol, ports, icmpType, tcpFlags }: JudgedPacket): boolean {
  if (permit.family !== family) return false;
  const [from, to] = [wordsOf(sender)!, wordsOf(receiver)!];
  const [client, server] = permit.way === "forth" ? [from, to] : [to, from];
  const peer = permit.way === "forth" ? server : client;
  const told = permit.value.length === from.length ? peer : [...client, ...server];
  if (!isWithin({ value: told, mask: told.map(() => 0) }, permit)) return false;
  const holds = (number: number) => permit.ports.from <= number && number <= permit.ports.to;
  if (permit.transport === "ip") return holds(protocol);
  if (permit.transport === "icmp") return protocol === (family === 4 ? 1 : 58) && icmpType !== null && holds(icmpType);
  if (protocol !== PROTOCOLS[permit.transport] || ports === null) return false;
  if (permit.way === "back" && permit.transport === "tcp" && (tcpFlags! & 18) === 2) return false;
  return holds(permit.way === "forth" ? ports.to : ports.from);
}

function randomPacket(random: Random): JudgedPacket {
  const family = random.below(3) === 0 ? 6 : 4;
  const address = () => textOf(FIRST_ADDRESS[family] + BigInt(random.below(60)), family);
  const [sender, receiver] = [address(), address()];
  const protocol = [6, 6, 6, 17, 17, 132, family === 4 ? 1 : 58, 47][random.below(8)]!;
  const hasPorts = [6, 17, 132].includes(protocol);
  const port = () => 100 + random.below(30);
  return {
    family,
    sender,
    receiver,
    protocol,
    ports: hasPorts ? { from: port(), to: port() } : null,
    tcpFlags: protocol === 6 ? [2, 16, 18][random.below(3)]! : null,
    icmpType: protocol === 1 || protocol === 58 ? [8, 0, 13, 14, 128, 129][random.below(6)]! : null,
    fragmentOffset: 0,
  };
}
