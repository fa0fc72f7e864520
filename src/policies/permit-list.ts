/**
 * What a group's list must let through, line by line, before anything is merged: by the rules of a compiled policy, seen from where the
 * group's own packets come in. And what was heard there, against which a merge is weighed.
 */
import type { CompiledPolicy, CompiledSet, PolicyTransport, PortRange, Service } from "../model/policy.ts";
import type { Replay } from "../model/replay.ts";
import { answersTo, setsOf } from "./evaluate.ts";
import { order } from "./cells.ts";
import { FAMILIES, rangesOf, type Family } from "./ranges.ts";
import { numbersIn } from "./service.ts";
import { ternariesOf, wordsOf, type Box, type Ternary } from "./ternary.ts";

/** One line that says `permit`. Its bits are the peer's address where the list stands on the device's port, else the client's and then the server's. */
export interface Permit extends Box {
  readonly family: Family;
  readonly transport: PolicyTransport;
  /** `forth`: to the server, `ports` are where it goes. `back`: the server answers, `ports` are where it comes from. Of ICMP they are types, of `ip` protocols. */
  readonly way: "forth" | "back";
  /** Places in CompiledPolicy.rules, ascending. */
  readonly rules: readonly number[];
  /** An end of it is a group with life-supporting devices: it stays as it is. */
  readonly locked: boolean;
}

export interface Host {
  readonly name: string;
  readonly address: string;
  readonly lifeSupporting: boolean;
}

/** A device answered on this port, or is sent to there. */
export interface Served extends Host {
  readonly transport: PolicyTransport;
  readonly port: number;
}

export interface PermitList {
  /** 1: on the port of one device, only the peer is told. 2: both ends are. */
  readonly ends: 1 | 2;
  /** In the order of the rules. */
  readonly permits: readonly Permit[];
  readonly hosts: readonly Host[];
  readonly served: readonly Served[];
}

/** Sets that members of a group are in by being its members: the group's own, those of its wards, and built-in ones such as anyone. */
export function placesOf(policy: CompiledPolicy, group: string): number[] {
  const own = policy.sets.flatMap((set, place) => (set.group === group ? [place] : []));
  const addresses = own.flatMap((place) => [...policy.sets[place]!.ipv4, ...policy.sets[place]!.ipv6]);
  const builtIn = addresses.flatMap(({ first }) => setsOf(policy, first)).filter((place) => policy.sets[place]!.builtIn);
  return [...new Set([...own, ...builtIn])].sort((a, b) => a - b);
}

/**
 * What devices in these sets send, by the rules of a policy: to the servers of rules whose client they are, and answers to the clients of
 * rules whose server they are. `ends` as in PermitList.
 */
export function permitsOf({ sets, rules }: CompiledPolicy, places: readonly number[], ends: 1 | 2): Permit[] {
  return rules.flatMap(({ from, to, service }, rule) => {
    const [client, server] = [sets[from]!, sets[to]!];
    const ways = [...(places.includes(from) ? (["forth"] as const) : []), ...(places.includes(to) ? (["back"] as const) : [])];
    const locked = client.lifeSupporting || server.lifeSupporting;
    return ways.flatMap((way) =>
      FAMILIES.flatMap((family) =>
        portsOf(service, family, way).flatMap((ports) =>
          endsOf(client, server, family, way, ends).map((bits): Permit => ({ ...bits, ports, family, transport: service.transport, way, rules: [rule], locked })),
        ),
      ),
    );
  });
} // prettier-ignore

function endsOf(client: CompiledSet, server: CompiledSet, family: Family, way: Permit["way"], ends: 1 | 2): Ternary[] {
  const bitsOf = (set: CompiledSet) => rangesOf(set, family).flatMap(ternariesOf);
  const [clients, servers] = [bitsOf(client), bitsOf(server)];
  // Also where only the peer is told: without an address of its own in this family nobody sends.
  if (ends === 1) return clients.length === 0 || servers.length === 0 ? [] : way === "forth" ? servers : clients;
  return clients.flatMap((a) => servers.map((b) => ({ value: [...a.value, ...b.value], mask: [...a.mask, ...b.mask] })));
}

function portsOf({ transport, ports }: Service, family: Family, way: Permit["way"]): readonly PortRange[] {
  if (ports.length === 0) return [{ from: 0, to: transport === "icmp" || transport === "ip" ? 255 : 65_535 }];
  if (transport !== "icmp" && transport !== "ip") return ports;
  // Lists name a type or a protocol by its number, never a range of them.
  const sent = transport === "icmp" && way === "back" ? answersTo(ports, family) : numbersIn(ports);
  return sent.map((it) => ({ from: it, to: it }));
}

/** Worn by whoever has no address yet. */
const NOBODY: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Every address that was heard, by who wore it last, and what answered or was sent to on it. */
export function heardIn({ machines, conversations }: Replay): Pick<PermitList, "hosts" | "served"> {
  const wearer = new Map<string, { readonly number: number; readonly last: number }>();
  for (const { number, worn } of machines)
    for (const { ip, last } of worn)
      if (ip !== null && !NOBODY.has(ip) && last > (wearer.get(ip)?.last ?? -1)) wearer.set(ip, { number, last });
  const byNumber = new Map(machines.map((it) => [it.number, it]));
  const hostOf = (address: string): Host => {
    const { device } = byNumber.get(wearer.get(address)!.number)!;
    return { name: device.name, address, lifeSupporting: device.lifeCritical === "life-supporting" };
  };
  const addresses = [...wearer.keys()].filter((it) => wordsOf(it) !== null).sort(order);
  const addressesOf = Map.groupBy(addresses, (it) => wearer.get(it)!.number);
  const served = new Map<string, Served>();
  for (const { server, transport, port, answered, family } of conversations) {
    if (answered === 0 && byNumber.get(server)?.device.standing !== "group") continue;
    for (const address of addressesOf.get(server) ?? [])
      if (family === null || (family === 6) === address.includes(":"))
        served.set(`${address} ${transport} ${port}`, { ...hostOf(address), transport, port });
  }
  return { hosts: addresses.map(hostOf), served: [...served].sort(([a], [b]) => order(a, b)).map(([, it]) => it) };
}
