/** Lines of nftables: what a packet of a service looks like, which end an address is, and how sets and chains stand around them. */
import type { Ground, PortRange, Service } from "../../model/policy.ts";
import { answersTo } from "../evaluate.ts";
import type { Family } from "../ranges.ts";
import { portText } from "../service.ts";

export type End = "from" | "to";

export interface Match {
  readonly text: string;
  /** What of it a later fragment has as well. */
  readonly protocol: string;
}

/** What a packet of this service looks like, on its way to the server or back; null where nothing comes back. */
export function serviceMatch({ transport, ports }: Service, family: Family, answer: boolean): Match | null {
  const isAny = ports.length === 0;
  if (transport === "ip") {
    const protocol = isAny ? "" : `meta l4proto ${listed(ports)}`;
    return { text: protocol, protocol };
  }
  if (transport === "icmp") {
    const word = family === 4 ? "icmp" : "icmpv6";
    const protocol = `meta l4proto ${word}`;
    const types = answer ? answersTo(ports, family).map((it) => ({ from: it, to: it })) : ports;
    if (isAny) return { text: protocol, protocol };
    return types.length === 0 ? null : { text: `${protocol} ${word} type ${listed(types)}`, protocol };
  }
  const protocol = `meta l4proto ${transport}`;
  const port = isAny ? "" : `${transport} ${answer ? "sport" : "dport"} ${listed(ports)}`;
  const flags = answer && transport === "tcp" ? "tcp flags & (syn | ack) != syn" : "";
  return { text: line(protocol, port, flags), protocol };
}

export function groundMatch({ family, protocol, fromPort, toPort, icmpTypes }: Ground): string {
  return [
    `meta protocol ${family === 4 ? "ip" : "ip6"}`,
    `meta l4proto ${protocol}`,
    ...(fromPort === null ? [] : [`udp sport ${fromPort}`]),
    ...(toPort === null ? [] : [`udp dport ${toPort}`]),
    ...(icmpTypes.length === 0 ? [] : [`${family === 4 ? "icmp" : "icmpv6"} type { ${icmpTypes.join(", ")} }`]),
  ].join(" ");
}

/** It cannot be told of a later fragment. */
export const readsHeader = ({ fromPort, toPort, icmpTypes }: Ground) => fromPort !== null || toPort !== null || icmpTypes.length > 0;

export const line = (...parts: readonly string[]) => parts.filter(Boolean).join(" ");
/** The kernel keeps at most so many bytes of a comment. */
const COMMENT_LENGTH_MAX = 120;
export const accept = (comment: string) => `counter accept comment "${comment.slice(0, COMMENT_LENGTH_MAX)}"`;
export const only = (family: Family) => `meta protocol ${family === 4 ? "ip" : "ip6"}`;
export const address = (family: Family, end: End) => `${family === 4 ? "ip" : "ip6"} ${end === "from" ? "saddr" : "daddr"}`;
export const listed = (ports: readonly PortRange[]) => (ports.length === 1 ? portText(ports[0]!) : `{ ${ports.map(portText).join(", ")} }`);

/** One line each: what changed from one wall to the next is then read line by line. */
export const elements = (texts: readonly string[]) =>
  texts.length === 0 ? [] : ["elements = {", ...texts.map((text, at) => `\t${text}${at < texts.length - 1 ? "," : ""}`), "}"];

export function block(head: string, inner: readonly string[]): string {
  return [`\t${head} {`, ...inner.map((line) => `\t\t${line}`), "\t}", ""].join("\n");
}
