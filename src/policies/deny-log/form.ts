/** What every form of a deny log is: one file each, one line in `index.ts`. Lines come from equipment: nothing in them throws. */
import type { PolicyTransport } from "../../model/policy.ts";

export interface DenyForm {
  readonly name: string;
  readonly title: string;
  /** Null: a line of something else. */
  readonly read: (line: string) => LoggedLine | null;
}

export interface LoggedLine {
  readonly denied: boolean;
  /** It is written before it is decided whether it is dropped: of our own wall also where that only watches. */
  readonly undecided: boolean;
  readonly client: string;
  readonly server: string;
  readonly transport: PolicyTransport;
  /** Null where the line names none; the protocol's number where `transport` is `ip`. */
  readonly port: number | null;
  readonly packets: number;
  /** Of the list or rule that stopped it, as the equipment names it. */
  readonly rule: string;
  /** As the line itself has it, where it is not said as syslog does. */
  readonly at: number | null;
}

const NUMBERS: Readonly<Record<string, PolicyTransport>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp", 132: "sctp" };
const WORDS: Readonly<Record<string, PolicyTransport>> = {
  icmp: "icmp",
  icmpv6: "icmp",
  icmp6: "icmp",
  "ipv6-icmp": "icmp",
  tcp: "tcp",
  udp: "udp",
  sctp: "sctp",
};
const OTHERS: Readonly<Record<string, number>> = {
  igmp: 2,
  ipinip: 4,
  gre: 47,
  esp: 50,
  ahp: 51,
  ah: 51,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  vrrp: 112,
};

/** Of a protocol as equipment names or numbers it. Null where nobody knows the word. */
export function protocolOf(text: string): { readonly transport: PolicyTransport; readonly number: number | null } | null {
  const word = text.toLowerCase();
  const transport = NUMBERS[word] ?? WORDS[word];
  if (transport !== undefined) return { transport, number: null };
  const number = OTHERS[word] ?? (/^\d{1,3}$/.test(word) && Number(word) < 256 ? Number(word) : null);
  return number === null ? null : { transport: "ip", number };
} // prettier-ignore

/** 1 to 65535; of ICMP equipment writes 0, or its code. */
export function portOf(text: string | undefined): number | null {
  const port = Number(text ?? "");
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
