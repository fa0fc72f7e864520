/** The two ends of a flow as other programs log it, and what they make of it. */
import { communityId, isCommunityId } from "../bytes/community-id.ts";
import { ipOf } from "./addresses.ts";

/** By the names that Suricata and Zeek have for them. */
const IP_PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, "ipv6-icmp": 58, icmp6: 58, sctp: 132 };

export interface Ends {
  readonly from: string | null;
  readonly to: string | null;
  /** "tcp/22"; "" where it is not known. */
  readonly asked: string;
  readonly flow: string | null;
}

/** `named`: the Community ID the log has, which holds where the ends are not all there: made of them it surely has our seed. */
export function endsOf(from: string, fromPort: number | null, to: string, toPort: number | null, transport: string, named: string): Ends {
  const [source, target, by] = [ipOf(from), ipOf(to), transport.toLowerCase()];
  const isSix = source?.includes(":") === true;
  const ipProtocol = by === "icmp" && isSix ? IP_PROTOCOLS["icmp6"] : IP_PROTOCOLS[by];
  const made =
    source === null || target === null || ipProtocol === undefined
      ? null
      : communityId({ ipProtocol, from: source, to: target, fromPort, toPort });
  const isPort = toPort !== null && Number.isInteger(toPort) && toPort >= 0 && toPort <= 0xffff;
  return {
    from: source,
    to: target,
    asked: ipProtocol === undefined || !isPort || by.includes("icmp") ? "" : `${by}/${toPort}`,
    flow: made ?? (isCommunityId(named) ? named : null),
  };
}
