/**
 * The one evaluation: may this be, and by which rule? In two forms, for targets that keep state (a conversation; its answers follow) and
 * for those that do not (a packet). Dry run, tests and the proof against a kernel all ask here; each exporter is held against it.
 */
import { ipWords } from "../bytes/address.ts";
import { GROUND } from "../model/policy.ts";
import type {
  AddressRange,
  CompiledPolicy,
  CompiledRule,
  Decision,
  JudgedConversation,
  JudgedPacket,
  PortRange,
  PolicyTransport,
  Service,
} from "../model/policy.ts";

export function judgeConversation(policy: CompiledPolicy, it: JudgedConversation): Decision {
  const ground = groundOf(it);
  if (ground >= 0) return { outcome: "ground", ground };
  if (!isGoverned(policy, it.client, it.server)) return { outcome: "not governed" };
  const rule = policy.rules.findIndex((rule) => joins(rule, it.client, it.server) && serves(rule.service, it));
  return rule < 0 ? { outcome: "denied" } : { outcome: "allowed", rule, answer: false };
}

export function judgePacket(policy: CompiledPolicy, it: JudgedPacket): Decision {
  const ground = GROUND.findIndex(
    ({ family, protocol, fromPort, toPort, icmpTypes }) =>
      family === it.family &&
      protocol === it.protocol &&
      (fromPort === null || fromPort === it.ports?.from) &&
      (toPort === null || toPort === it.ports?.to) &&
      (icmpTypes.length === 0 || (it.icmpType !== null && icmpTypes.includes(it.icmpType))),
  );
  if (ground >= 0) return { outcome: "ground", ground };
  const [sender, receiver] = [setsOf(policy, it.sender), setsOf(policy, it.receiver)];
  if (!isGoverned(policy, sender, receiver)) return { outcome: "not governed" };
  if (it.fragmentOffset > 0 && it.fragmentOffset < FRAGMENT_OFFSET_MIN) return { outcome: "denied" };
  for (const [rule, which] of policy.rules.entries()) {
    if (joins(which, sender, receiver) && carries(which.service, it, false)) return { outcome: "allowed", rule, answer: false };
    if (joins(which, receiver, sender) && carries(which.service, it, true)) return { outcome: "allowed", rule, answer: true };
  }
  return { outcome: "denied" };
}

/** Places of the sets an address belongs to, ascending. None for a text that is no address. */
export function setsOf({ sets }: CompiledPolicy, address: string): number[] {
  const key = addressKey(address);
  if (key === null) return [];
  return sets.flatMap(({ ipv4, ipv6 }, place) => (within(key.length === 8 ? ipv4 : ipv6, key) ? [place] : []));
}

/** Bits in hexadecimal: addresses of one family are in the order of their keys. Null for a text that is no address. */
export function addressKey(address: string): string | null {
  const parsed = ipWords(address);
  if (parsed === null) return null;
  const digits = parsed.words.map((word) => word.toString(16).padStart(8, "0"));
  return parsed.family === 4 ? digits[3]! : digits.join("");
}

function within(ranges: readonly AddressRange[], key: string): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (addressKey(ranges[middle]!.last)! < key) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && addressKey(ranges[low]!.first)! <= key;
}

export function isGoverned({ sets }: CompiledPolicy, one: readonly number[], other: readonly number[]): boolean {
  return one.some((place) => sets[place]!.governs) || other.some((place) => sets[place]!.governs);
}

function joins({ from, to }: CompiledRule, client: readonly number[], server: readonly number[]): boolean {
  return client.includes(from) && server.includes(to);
}

export function offers({ transport, ports }: Service, asked: PolicyTransport, port: number): boolean {
  return transport === asked && (ports.length === 0 || ports.some(({ from, to }) => from <= port && port <= to));
}

/** A rule for a whole protocol allows what has ports of its own in it, as it does packet by packet. */
function serves(service: Service, { family, transport, port }: JudgedConversation): boolean {
  if (service.transport !== "ip" || transport === "ip") return offers(service, transport, port);
  const protocols =
    transport === "icmp" ? [...(family === 6 ? [] : [Protocol.icmp]), ...(family === 4 ? [] : [Protocol.icmp6])] : [Protocol[transport]];
  return protocols.some((protocol) => offers(service, "ip", protocol));
}

const Protocol = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const;
const SYN = 2;
const ACK = 16;
/**
 * A later fragment that begins within the first 64 bytes may write over the header that was judged (RFC 1858, RFC 3128). No link is so
 * narrow that one needs to.
 */
export const FRAGMENT_OFFSET_MIN = 64;
/** Question to answer, RFC 792 and RFC 4443: echo, time stamp, information, address mask. */
export const ICMP_ANSWERS: Readonly<Record<4 | 6, Readonly<Record<number, number>>>> = {
  4: { 0: 8, 14: 13, 16: 15, 18: 17 },
  6: { 129: 128 },
};

/** Types that answer one of these. */
export function answersTo(types: readonly PortRange[], family: 4 | 6): readonly number[] {
  return Object.entries(ICMP_ANSWERS[family]).flatMap(([answer, question]) =>
    types.some(({ from, to }) => from <= question && question <= to) ? [Number(answer)] : [],
  );
}

/**
 * Whether a packet is of this service, on its way to the server or back. What cannot be read in it matches nothing that asks for it; but a
 * later fragment goes where its protocol may go: without its first one, which is judged by its ports, nobody puts it together.
 */
function carries(service: Service, { family, ports, tcpFlags, icmpType, ...it }: JudgedPacket, answer: boolean): boolean {
  const { transport } = service;
  if (transport === "ip") return offers(service, "ip", it.protocol);
  if (it.protocol !== (transport === "icmp" && family === 6 ? Protocol.icmp6 : Protocol[transport])) return false;
  if (it.fragmentOffset > 0) return !answer || isAnswered(service, family);
  if (transport === "icmp") {
    if (service.ports.length === 0) return true;
    const type = icmpType === null ? undefined : answer ? ICMP_ANSWERS[family][icmpType] : icmpType;
    return type !== undefined && offers(service, "icmp", type);
  }
  if (answer && transport === "tcp" && (tcpFlags === null || (tcpFlags & (SYN | ACK)) === SYN)) return false;
  if (service.ports.length === 0) return true;
  const port = answer ? ports?.from : ports?.to;
  return port !== undefined && offers(service, transport, port);
}

/** Of ICMP only questions are. */
function isAnswered(service: Service, family: 4 | 6): boolean {
  return (
    service.transport !== "icmp" ||
    service.ports.length === 0 ||
    Object.values(ICMP_ANSWERS[family]).some((it) => offers(service, "icmp", it))
  );
}

const TRANSPORT_OF: Readonly<Record<number, PolicyTransport>> = { 1: "icmp", 2: "ip", 17: "udp", 58: "icmp" };

/** Of a conversation only the server's port is known. */
function groundOf({ family, transport, port }: JudgedConversation): number {
  return GROUND.findIndex(
    (it) =>
      (family === null || it.family === family) &&
      TRANSPORT_OF[it.protocol] === transport &&
      (transport === "icmp" ? it.icmpTypes.includes(port) : transport === "ip" ? port === it.protocol : port === it.toPort),
  );
}
