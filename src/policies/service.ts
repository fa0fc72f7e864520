/** Services as people write them: `tcp 104`, `tcp 443, 8000-8010`, `icmp 8`, `udp any`. */
import { nearest } from "../bytes/nearest.ts";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import type { PolicyTransport, PortRange, Service } from "../model/policy.ts";

/** The highest port, ICMP type or IP protocol number. */
const PORT_MAX: Readonly<Record<PolicyTransport, number>> = { tcp: 65_535, udp: 65_535, sctp: 65_535, icmp: 255, ip: 255 };
export const ANY_PORT = "any";

/** Throws an Error that says what was expected and what came. */
export function serviceIn(text: string): Service {
  const [word = "", ...rest] = text.trim().split(/\s+/);
  const transport = POLICY_TRANSPORTS.find((it) => it === word.toLowerCase());
  if (transport === undefined) {
    const near = nearest(word.toLowerCase(), POLICY_TRANSPORTS);
    throw new Error(
      `expected a service such as "tcp 104", "udp 161-162" or "icmp 8", got "${text}"${near === undefined ? "" : ` (did you mean ${near}?)`}`,
    );
  }
  const ports = rest.join(" ");
  if (ports.toLowerCase() === ANY_PORT) return { transport, ports: [] };
  if (ports === "") throw new Error(`expected ports after "${transport}", such as "${transport} 104", or "${transport} ${ANY_PORT}"`);
  return { transport, ports: joined(ports.split(",").map((part) => rangeIn(part.trim(), PORT_MAX[transport]))) };
}

function rangeIn(text: string, most: number): PortRange {
  const [, first = "", last = first] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || from > to || to > most)
    throw new Error(`expected a port, or two with - between them, of 0 to ${most}, got "${text}"`);
  return { from, to };
}

/** Sorted, disjoint, not adjacent. */
export function joined(ranges: readonly PortRange[]): PortRange[] {
  const all: PortRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = all.at(-1);
    if (last !== undefined && range.from <= last.to + 1) all[all.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else all.push(range);
  }
  return all;
}

export function serviceText({ transport, ports }: Service): string {
  return `${transport} ${ports.length === 0 ? ANY_PORT : ports.map(portText).join(", ")}`;
}

/** `104`, or `8000-8010`. */
export function portText({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/** Each by itself, for equipment that knows no ranges of them. */
export function numbersIn(ports: readonly PortRange[]): readonly number[] {
  return ports.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}
