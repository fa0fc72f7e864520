/**
 * Lines of Cisco's lists as what the budget merges, read and written again. A list on the port of one device names only the peer, and begins
 * with any (`ends` 1); that of a router names both ends (`ends` 2).
 */
import type { CompiledPolicy, PolicyTransport, PortRange } from "../../model/policy.ts";
import { addressText } from "../budget-report.ts";
import type { Permit } from "../permit-list.ts";
import { openBits, widthOf, WORDS, wordsOf, type Ternary } from "../ternary.ts";
import { portWords } from "./cisco-entries.ts";

export function isEntry(line: string): boolean {
  return line.startsWith("permit ") || line.startsWith("deny ");
}

/**
 * `permit tcp any host 10.0.0.1 eq 104`, `permit tcp any eq 104 host 10.0.0.1 established`, `permit icmp any host 10.0.0.1 8`. What comes
 * from a port of the sender, or is established, is an answer; without either the line reads the same both ways.
 */
export function permitOf(line: string, rule: number, family: 4 | 6, ends: 1 | 2, { sets, rules }: CompiledPolicy): Permit {
  const [action, protocol = "", ...words] = line.split(" ");
  const { from, to, service } = rules[rule]!;
  const [sender, own] = endIn(words, family);
  if (action !== "permit" || (ends === 1 && words[0] !== "any")) throw new Error(`expected a line that begins with permit${ends === 1 ? " and any" : ""}, got "${line}"`); // prettier-ignore
  const ownPort = words[own] === "eq" ? 2 : words[own] === "range" ? 3 : 0;
  const [receiver, other] = endIn(words.slice(own + ownPort), family);
  const after = words.slice(own + ownPort + other);
  const { transport } = service;
  const ports = transport === "ip" ? protocolIn(protocol) : transport === "icmp" ? typeIn(after) : portsIn(ownPort > 0 ? words.slice(own, own + ownPort) : after); // prettier-ignore
  const way = ownPort > 0 || after.includes("established") ? "back" : "forth";
  const bits = ends === 1 ? receiver : way === "forth" ? both(sender, receiver) : both(receiver, sender);
  return { ...bits, family, transport, way, ports, rules: [rule], locked: sets[from]!.lifeSupporting || sets[to]!.lifeSupporting };
}

export function lineOf({ family, transport, ports, way, ...bits }: Permit, ends: 1 | 2): string {
  const [client, server] = ends === 1 ? ["any", endText(bits, family)] : halves(bits, family).map((it) => endText(it, family)) as [string, string];
  // Of one end only the peer is told, whoever of the two it is.
  const [sender, receiver] = way === "forth" || ends === 1 ? [client, server] : [server, client];
  if (transport === "ip") return `permit ${widthOf(ports) > 1 ? (family === 4 ? "ip" : "ipv6") : ports.from} ${sender} ${receiver}`;
  if (transport === "icmp") return `permit icmp ${sender} ${receiver}${widthOf(ports) > 1 ? "" : ` ${ports.from}`}`;
  const protocol = protocolText(transport);
  const port = widthOf(ports) === widthOf(ALL_PORTS) ? "" : ` ${portWords(ports)}`;
  return way === "forth" ? `permit ${protocol} ${sender} ${receiver}${port}` : `permit ${protocol} ${sender}${port} ${receiver}${transport === "tcp" ? " established" : ""}`;
} // prettier-ignore

/** Later fragments of what a line of a router lets through: they have no port, and no type. */
export function fragmentsOf({ transport, ports, ...it }: Permit): string {
  const whole = transport === "ip" ? ports : transport === "icmp" ? ALL_NUMBERS : ALL_PORTS;
  return `${lineOf({ ...it, transport, ports: whole }, 2).replace(/ established$/, "")} fragments`;
}

/** The first range that stands there; none: all. */
export function portsIn(words: readonly string[]): PortRange {
  const at = words.findIndex((it) => it === "eq" || it === "range");
  if (at < 0) return ALL_PORTS;
  return { from: Number(words[at + 1]), to: Number(words[at + (words[at] === "eq" ? 1 : 2)]) };
}

const ALL_PORTS: PortRange = { from: 0, to: 65_535 };
const ALL_NUMBERS: PortRange = { from: 0, to: 255 };

function both(client: Ternary, server: Ternary): Ternary {
  return { value: [...client.value, ...server.value], mask: [...client.mask, ...server.mask] };
}

function halves({ value, mask }: Ternary, family: 4 | 6): readonly Ternary[] {
  const words = WORDS[family];
  return [0, words].map((from) => ({ value: value.slice(from, from + words), mask: mask.slice(from, from + words) }));
}

/** With how many words it stands in. */
function endIn([first = "", second = ""]: readonly string[], family: 4 | 6): readonly [Ternary, number] {
  const words = (text: string) => wordsOf(text) ?? noAddress(text);
  const all = Array.from({ length: WORDS[family] }, () => 0xffff_ffff);
  if (first === "any") return [{ value: all.map(() => 0), mask: all }, 1];
  if (first === "host") return [{ value: words(second), mask: all.map(() => 0) }, 2];
  if (family === 4) return [{ value: words(first), mask: words(second) }, 2];
  const [address = "", bits = ""] = first.split("/");
  const open = (at: number) => 2 ** Math.min(32, Math.max(0, 128 - Number(bits) - 32 * (WORDS[6] - 1 - at))) - 1;
  return [{ value: words(address), mask: all.map((_, at) => open(at)) }, 1];
}

function noAddress(text: string): never {
  throw new Error(`expected an address in a line, got "${text}"`);
}

function typeIn([type]: readonly string[]): PortRange {
  return type === undefined ? ALL_NUMBERS : { from: Number(type), to: Number(type) };
}

function protocolIn(protocol: string): PortRange {
  return protocol === "ip" || protocol === "ipv6" ? ALL_NUMBERS : { from: Number(protocol), to: Number(protocol) };
}

/** Lists know SCTP by its number only. */
function protocolText(transport: PolicyTransport): string {
  return transport === "sctp" ? "132" : transport;
}

function endText(bits: Ternary, family: 4 | 6): string {
  const open = openBits(bits.mask);
  return open === 32 * WORDS[family] ? "any" : `${open === 0 ? "host " : ""}${addressText(bits, family)}`;
}
