/** Entries of Cisco's access lists, which its switches and routers read alike: what a rule is in them, and how they name addresses. */
import { clean } from "../../bytes/text.ts";
import type { AddressRange, Ground, PortRange, Service } from "../../model/policy.ts";
import { ICMP_ANSWERS } from "../evaluate.ts";
import { isWhole, prefixesOf, textOf, type Family } from "../ranges.ts";
import { NotExportable, type Wall } from "./exporter.ts";

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
        ports.length === 0 ? [protocolOf(family)] : numbersOf(ports).map(String),
        ends,
        (protocol, { from, to }) => `permit ${protocol} ${from} ${to}`,
      );
    case "icmp": {
      const types = isAnswer ? answersTo(ports, family) : numbersOf(ports);
      return ports.length === 0
        ? ends.map(({ from, to }) => `permit icmp ${from} ${to}`)
        : product(types, ends, (type, { from, to }) => `permit icmp ${from} ${to} ${type}`);
    }
    default: {
      const protocol = transport === "sctp" ? SCTP : transport;
      const back = isAnswer && transport === "tcp" ? " established" : "";
      const among = ports.length === 0 ? [""] : ports.map(portText);
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

export function remark(text: string): string {
  return clean(text).replace(/["\\]/g, "'");
}

export function remarkOf(rule: number, because: string): string {
  return `remark ${rule + 1}: ${remark(because)}`.slice(0, REMARK_LENGTH_MAX);
}

function answersTo(types: readonly PortRange[], family: Family): readonly number[] {
  return Object.entries(ICMP_ANSWERS[family]).flatMap(([answer, question]) =>
    types.some(({ from, to }) => from <= question && question <= to) ? [Number(answer)] : [],
  );
}

const product = <A, B, C>(all: readonly A[], others: readonly B[], made: (a: A, b: B) => C): C[] =>
  all.flatMap((a) => others.map((b) => made(a, b)));
const numbersOf = (ranges: readonly PortRange[]) =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
const portText = ({ from, to }: PortRange) => (from === to ? ` eq ${from}` : ` range ${from} ${to}`);
