/** What was heard of a device, as sentences for `because`. */
import type { AnsweredService, Examined, FleetDevice, Telltale } from "../model/weakness.ts";

/** Pieces of evidence of one weakness: whoever wants all looks at the device's connections. */
const BECAUSE_MAX = 8;

/** One weakness where any such service answered. */
export function* answering(
  { services }: FleetDevice,
  isSuch: (service: AnsweredService) => boolean,
  more: Partial<Examined> = {},
): Generator<Examined> {
  const such = services.filter(isSuch);
  if (such.length === 0) return;
  yield {
    ...more,
    because: latest(such).map((it) => ({ at: it.last, text: answeredInWords(it) })),
    first: Math.min(...such.map(({ first }) => first)),
    last: Math.max(...such.map(({ last }) => last)),
  };
}

/** One weakness where it said any such thing. */
export function* saying(
  { said }: FleetDevice,
  isSuch: (telltale: Telltale) => boolean,
  words: (telltale: Telltale) => string,
  more: Partial<Examined> = {},
): Generator<Examined> {
  const such = said.filter(isSuch);
  if (such.length === 0) return;
  yield {
    ...more,
    because: latest(such).map((it) => ({ at: it.last, text: words(it) })),
    first: Math.min(...such.map(({ first }) => first)),
    last: Math.max(...such.map(({ last }) => last)),
  };
}

/** "TCP port 23 of 10.0.0.7 answered 2 clients in telnet". */
export function answeredInWords({ ip, transport, port, protocol, clients }: AnsweredService): string {
  const spoken = protocol === null ? "" : ` in ${protocol}`;
  return `${transport.toUpperCase()} port ${port} of ${ip} answered ${clients} ${clients === 1 ? "client" : "clients"}${spoken}`;
}

function latest<Of extends { readonly last: number }>(all: readonly Of[]): readonly Of[] {
  return all.toSorted((a, b) => b.last - a.last).slice(0, BECAUSE_MAX);
}

/** Whether a secret crossed to it by this protocol. */
export function saysItsSecret({ said }: FleetDevice, protocol: string): boolean {
  return said.some((it) => it.attribute === "clearCredentials" && it.protocol === protocol);
}

/** YYYY-MM-DD (UTC). */
export function dayOf(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 10);
}

/** Whether its page asks for a name and a password, as one heard. */
export function asksAtItsPage({ said }: FleetDevice): boolean {
  return said.some(({ attribute, protocol }) => (attribute === "realm" || attribute === "clearCredentials") && protocol === "http");
}
