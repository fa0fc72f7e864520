/** Entries of Cisco's access lists, which its switches and routers read alike: what a rule is in them, and how they name addresses. */
import type { AddressRange, Ground, PortRange, Service } from "../../model/policy.ts";
import { answersTo } from "../evaluate.ts";
import { isWhole, prefixesOf, textOf, type Family } from "../ranges.ts";
import { numbersIn } from "../service.ts";
import { NotExportable, type Wall } from "./exporter.ts";
import { withoutQuotes } from "./object-names.ts";

/** IOS keeps no more of a remark. */
const REMARK_LENGTH_MAX = 100;
const UDP = 17;
const SCTP = 132;

export function withoutPortsOfSctp({ policy }: Wall): void {
  if (policy.rules.some(({ service }) => service.transport === "sctp" && service.ports.length > 0))
    throw new NotExportable("expected no rule for ports of SCTP, got one: these lists know ports of TCP and UDP only");
}

/** What one may send another by a rule, as its client or, `isAnswer`, as its server back: a line for each pair of ends. */
export function permits(
  { transport, ports }: Service,
  family: Family,
  senders: readonly string[],
  receivers: readonly string[],
  isAnswer: boolean,
): readonly string[] {
  const ends = product(senders, receivers, (from, to) => ({ from, to }));
  switch (transport) {
    case "ip":
      return product(
        ports.length === 0 ? [protocolOf(family)] : numbersIn(ports).map(String),
        ends,
        (protocol, { from, to }) => `permit ${protocol} ${from} ${to}`,
      );
    case "icmp": {
      const types = isAnswer ? answersTo(ports, family) : numbersIn(ports);
      return ports.length === 0
        ? ends.map(({ from, to }) => `permit icmp ${from} ${to}`)
        : product(types, ends, (type, { from, to }) => `permit icmp ${from} ${to} ${type}`);
    }
    default: {
      const protocol = transport === "sctp" ? SCTP : transport;
      const back = isAnswer && transport === "tcp" ? " established" : "";
      const among = ports.length === 0 ? [""] : ports.map((it) => ` ${portWords(it)}`);
      return product(among, ends, (port, { from, to }) =>
        isAnswer ? `permit ${protocol} ${from}${port} ${to}${back}` : `permit ${protocol} ${from} ${to}${port}`,
      );
    }
  }
}

/** Later fragments of what a rule lets through: they have no port, and no type. */
export function fragmentPermits(
  service: Service,
  family: Family,
  senders: readonly string[],
  receivers: readonly string[],
  isAnswer: boolean,
): readonly string[] {
  if (isAnswer && service.transport === "icmp" && service.ports.length > 0 && answersTo(service.ports, family).length === 0) return [];
  const whole = service.transport === "ip" ? service : { ...service, ports: [] };
  return permits(whole, family, senders, receivers, false).map((entry) => `${entry} fragments`);
}

export function groundEntries({ protocol, fromPort, toPort, icmpTypes }: Ground): readonly string[] {
  if (icmpTypes.length > 0) return icmpTypes.map((type) => `permit icmp any any ${type}`);
  const port = (it: number | null) => (it === null ? "" : ` eq ${it}`);
  return [`permit ${protocol === UDP ? "udp" : protocol} any${port(fromPort)} any${port(toPort)}`];
}

/** One address, or a network with the bits that do not count. */
export function endsOf(ranges: readonly AddressRange[], family: Family): readonly string[] {
  if (isWhole(ranges, family)) return ["any"];
  return ranges.flatMap(prefixesOf).map(({ address, bits }) => {
    if (bits === (family === 4 ? 32 : 128)) return `host ${address}`;
    return family === 4 ? `${address} ${textOf((1n << BigInt(32 - bits)) - 1n, 4)}` : `${address}/${bits}`;
  });
}

/** What stands for every protocol. */
export function protocolOf(family: Family): string {
  return family === 4 ? "ip" : "ipv6";
}

export function portWords({ from, to }: PortRange): string {
  return from === to ? `eq ${from}` : `range ${from} ${to}`;
}

/** What rules, by their places, are for. */
export function remarkOf(rules: readonly number[], because: string): string {
  return `remark ${rules.map((it) => it + 1).join(", ")}: ${withoutQuotes(because)}`.slice(0, REMARK_LENGTH_MAX);
}

const product = <A, B, C>(all: readonly A[], others: readonly B[], made: (a: A, b: B) => C): C[] =>
  all.flatMap((a) => others.map((b) => made(a, b)));
