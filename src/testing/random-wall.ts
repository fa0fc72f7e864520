/** Walls from chance: small, so that rules overlap and packets hit them. The same seed gives the same wall. */
import type { AddressRange, CompiledPolicy, CompiledRule, CompiledSet, Decision, PortRange, Service } from "../model/policy.ts";
import { setsOf } from "../policies/evaluate.ts";
import { ALL, NO_ADDRESSES, textOf, together, type Family } from "../policies/ranges.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import type { Random } from "../simulation/random.ts";

/** Addresses of all groups lie from here on, in so small a space that groups share some. */
export const FIRST_ADDRESS: Readonly<Record<Family, bigint>> = { 4: 0x0a14_0000n, 6: 0xfd20n << 112n };
export const ADDRESSES = 200;
const PORTS_FROM = 100;
const PORTS = 24;
/** Tunnels and the like, and two that nobody uses: nothing a kernel reads more of. */
export const PROTOCOLS = [46, 47, 50, 89, 103, 253, 254] as const;

export type Chosen<Value> = readonly Value[];

export function pick<Value>(random: Random, all: Chosen<Value>): Value {
  return all[random.below(all.length)]!;
}

export function chance(random: Random, share: number): boolean {
  return random.next() < share;
}

export function randomPolicy(random: Random): CompiledPolicy {
  const groups = 3 + random.below(4);
  const sets = Array.from({ length: groups }, (_, at) => randomSet(random, at, at === 0 || chance(random, 0.65)));
  const builtIn = [
    set("anyone", false, [ALL[4]], [ALL[6]]),
    set("multicast", false, [{ first: "224.0.0.0", last: "239.255.255.255" }], [{ first: "ff00::", last: ALL[6].last }]),
  ].map((it) => ({ ...it, builtIn: true }));
  const all = [...sets, ...builtIn];
  const end = () => (chance(random, 0.85) ? random.below(groups) : groups + random.below(builtIn.length));
  const rules: readonly CompiledRule[] = Array.from({ length: 4 + random.below(10) }, (_, rule) => ({
    rule,
    from: end(),
    to: end(),
    service: randomService(random),
    because: `tested "${rule}"`,
  }));
  return { name: "from chance", sets: all, rules };
}

/** `drop`: what is denied is dropped. `log`: nothing is. `mixed`: some of each, and some are spared. */
export function wallAround(policy: CompiledPolicy, denied: "drop" | "log" | "mixed", random: Random): Wall {
  const governing = policy.sets.filter((it) => it.governs);
  const some = (share: number) => together(...governing.filter(() => chance(random, share)));
  if (denied === "mixed") {
    const enforced = some(0.6);
    return { policy, enforced, monitored: together(...governing), spared: some(0.3) };
  }
  const all = together(...governing);
  const [enforced, monitored] = denied === "drop" ? [all, NO_ADDRESSES] : [NO_ADDRESSES, all];
  return { policy, enforced, monitored, spared: NO_ADDRESSES };
}

/** Whether a packet goes on: what is denied is dropped where one end is enforced and none is spared. */
export function passesWall(
  { enforced, spared }: Wall,
  packet: { readonly sender: string; readonly receiver: string },
  { outcome }: Decision,
): boolean {
  if (outcome !== "denied") return true;
  const standing: CompiledPolicy = { name: "", rules: [], sets: [enforced, spared].map((it) => set("", true, it.ipv4, it.ipv6)) };
  const ends = [...setsOf(standing, packet.sender), ...setsOf(standing, packet.receiver)];
  return ends.includes(1) || !ends.includes(0);
}

function randomSet(random: Random, at: number, governs: boolean): CompiledSet {
  const [ipv4, ipv6] = ([4, 6] as const).map((family) => (chance(random, 0.1) ? [] : randomRanges(random, family)));
  return set(`g${at}`, governs, ipv4!, ipv6!);
}

function set(group: string, governs: boolean, ipv4: readonly AddressRange[], ipv6: readonly AddressRange[]): CompiledSet {
  return { group, ward: null, builtIn: false, governs, lifeSupporting: false, macs: [], ipv4, ipv6 };
}

/** Single addresses as often as longer ranges, and never two that touch. */
function randomRanges(random: Random, family: Family): readonly AddressRange[] {
  const ranges: AddressRange[] = [];
  let at = 1 + random.below(30);
  for (let more = 1 + random.below(5); more > 0 && at < ADDRESSES; more--) {
    const length = chance(random, 0.5) ? 1 : 2 + random.below(24);
    const text = (offset: number) => textOf(FIRST_ADDRESS[family] + BigInt(offset), family);
    ranges.push({ first: text(at), last: text(at + length - 1) });
    at += length + 1 + random.below(40);
  }
  return ranges;
}

function randomService(random: Random): Service {
  const transport = pick(random, ["tcp", "tcp", "tcp", "udp", "udp", "sctp", "icmp", "ip"] as const);
  if (chance(random, 0.06)) return { transport, ports: [] };
  if (transport === "ip") return { transport, ports: numbers([...new Set([pick(random, PROTOCOLS), pick(random, PROTOCOLS)])]) };
  if (transport === "icmp") return { transport, ports: numbers([...new Set([pick(random, TYPES), pick(random, TYPES)])]) };
  const ports: PortRange[] = [];
  let at = PORTS_FROM + random.below(PORTS);
  if (chance(random, 0.05)) ports.push({ from: 0, to: random.below(3) });
  for (let more = 1 + random.below(3); more > 0; more--) {
    const to = at + (chance(random, 0.6) ? 0 : 1 + random.below(6));
    ports.push({ from: at, to });
    at = to + 2 + random.below(8);
  }
  if (chance(random, 0.05)) ports.push({ from: 65_535 - random.below(3), to: 65_535 });
  return { transport, ports };
}

/** Questions of ICMP and ICMPv6, and some that have no answer. */
const TYPES = [5, 8, 9, 13, 15, 17, 128, 137, 140] as const;

function numbers(all: readonly number[]): readonly PortRange[] {
  const sorted = all.toSorted((a, b) => a - b);
  const [one, other] = sorted;
  if (other !== undefined && other === one! + 1) return [{ from: one!, to: other }];
  return sorted.map((it) => ({ from: it, to: it }));
}
