/**
 * A policy: what groups of alike devices need, and so all they may do.
 *
 * What a policy governs. A conversation (or packet) is judged when either end is a member of a group that governs; everything else is
 * *not governed* and is left alone. Within, whatever no rule allows is denied. A group may stand in a policy merely to be named as a
 * peer (`governs: false`): "the pumps' server" can be written down without judging all that server does. The built-in groups never
 * govern. What an address is got and kept by (ARP, DHCP, neighbors: GROUND) is never governed either, or nobody would have an address.
 *
 * Policies only ever allow, so the order of rules changes no verdict, only which rule is named: the first in order of text.
 */
import type { CareClass } from "./device.ts";

export interface Policy {
  readonly name: string;
  /** In order of text; the built-in ones are not among them. */
  readonly groups: readonly Group[];
  /** In order of text: the first that allows is the one named. */
  readonly rules: readonly Rule[];
  readonly tests: readonly PolicyTest[];
}

/**
 * Devices alike, by what is asserted of them and never by a list of addresses. `select` is a filter in the words of `auscult devices`
 * (model/filter.ts). Who matches only by what is *probably* so is no member; he waits.
 */
export interface Group {
  readonly name: string;
  readonly select: string;
  /** What its members do and is done to them is judged. False: it is only named as a peer of others. */
  readonly governs: boolean;
  /** What becomes of a device that matches after membership was worked out: it waits for a person, or is a member at once. */
  readonly newcomers: "hold" | "admit";
  /** Where the policy stands, group by group and place by place. A place not named has the state of `everywhere`, else is a draft. */
  readonly states: readonly GroupState[];
}

/** Draft: exists on paper. Monitor: logged and counted, nothing dropped. Enforced: what no rule allows is dropped. */
export const POLICY_STATES = ["draft", "monitor", "enforced"] as const;
export type PolicyState = (typeof POLICY_STATES)[number];

export interface GroupState {
  /** A ward as devices' locations name it, or `everywhere`. */
  readonly place: string;
  readonly state: PolicyState;
}

/**
 * Groups every policy has without writing them down. `outside`: addresses that are not the hospital's own. `multicast`: IPv4
 * 224.0.0.0/4 and IPv6 ff00::/8. `broadcast`: 255.255.255.255 and the networks' own broadcast addresses as they were heard.
 * `anyone`: every address. They are peers only: none governs.
 */
export const BUILT_IN_GROUPS = ["outside", "multicast", "broadcast", "anyone"] as const;
export type BuiltInGroup = (typeof BUILT_IN_GROUPS)[number];

/** `tcp`, `udp`, `sctp`: ports are the server's. `icmp`: ports are types, of ICMP or ICMPv6 by the family of the addresses. `ip`: ports are protocol numbers. */
export const POLICY_TRANSPORTS = ["tcp", "udp", "sctp", "icmp", "ip"] as const;
export type PolicyTransport = (typeof POLICY_TRANSPORTS)[number];

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** One transport and the server's ports, sorted, disjoint and not adjacent. No ports: the whole transport; only a person may say so. */
export interface Service {
  readonly transport: PolicyTransport;
  readonly ports: readonly PortRange[];
}

/**
 * Members of `from` may open conversations of this service to members of `to`; answers follow. Never the other way round: a modality
 * opens to the archive, the archive does not open to the modality.
 */
export interface Rule {
  /** Names of groups, of the policy or built in. */
  readonly from: string;
  readonly to: string;
  readonly service: Service;
  /** Why, in words for the ward: never empty. */
  readonly because: string;
  /** Learned: heard in a recording. Expected: a profile or the maker says this kind needs it. Said: a person. */
  readonly origin: "learned" | "expected" | "said";
  /** Only between members of one ward: both have an asserted location, and the ward of both is the same. */
  readonly same: "ward" | null;
  /** Last day on which it holds, "2026-12-31", UTC. Null: no end. A rule past its end allows nothing. */
  readonly until: string | null;
  /** The hospital's own number of the change that brought it; null where none was said. */
  readonly change: string | null;
}

/**
 * "every infusion pumps reaches drug library on tcp 4000": each member of `from` is allowed to at least one member of `to` (every) or
 * none is allowed to any (no). Without a service: on any at all.
 */
export interface PolicyTest {
  readonly kind: "every" | "no";
  readonly from: string;
  readonly to: string;
  readonly service: Service | null;
}

/**
 * Membership is a result with a date: selectors evaluated once, as of the recording's last moment. It names devices by their number in
 * the recording, and the addresses each wore last; an address that several wore is the latest wearer's alone.
 */
export interface Membership {
  /** The recording's last moment, microseconds since 1970. */
  readonly at: number;
  /** In the policy's order of groups. */
  readonly groups: readonly GroupMembership[];
  /** Addresses of networks' broadcasts, as heard, sorted. */
  readonly broadcasts: readonly string[];
  /** The hospital's own addresses, IPv4 first, sorted and disjoint: its networks, and whatever else a machine of its own wears. All others are outside. */
  readonly inside: readonly AddressRange[];
  /** Members that wore another address within the 30 days before: what an export of addresses loses its hold on. */
  readonly moved: number;
}

export interface GroupMembership {
  readonly group: string;
  /** By their number. */
  readonly members: readonly Member[];
  /** Who would be a member if what is probably so were so (or not so). */
  readonly waiting: readonly Waiting[];
}

export interface Member {
  /** "d12". */
  readonly device: string;
  readonly name: string;
  readonly kind: string;
  readonly care: CareClass;
  /** The ward where it was last heard, asserted; null where not known. */
  readonly ward: string | null;
  /** Its cards with the addresses they wore last, by MAC; without a MAC where it was heard beyond a router. */
  readonly endpoints: readonly MemberEndpoint[];
}

export interface MemberEndpoint {
  readonly mac: string | null;
  /** In the order of their bits. Empty where the card was heard without an address. */
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

export interface Waiting {
  readonly device: string;
  readonly name: string;
  /** "kind is probably infusion pump (87 %)": what would settle it. */
  readonly because: string;
}

/**
 * What the replay says of one conversation. `kept`: `rule` allows it. `would block`: it is governed and no rule allows it. `cannot
 * tell`: the recording is no ground to say, for the reason given. `not heard yet` is said of a rule, never of a conversation: nobody
 * was heard using it. `not governed`: neither end is a member of a group that governs.
 */
export const VERDICTS_OF_POLICY = ["would block", "cannot tell", "kept", "not heard yet", "not governed"] as const;
export type Verdict = (typeof VERDICTS_OF_POLICY)[number];

// What evaluator and exporters take. ------------------------------------------------------------------------------------------

/**
 * A policy with its membership worked in, a relation spelled out (a rule within one ward becomes a rule for each ward), rules past their
 * end left out. Plain numbers: a set is its place in `sets`, a rule its place in `rules`. The same policy and membership give the
 * same bytes.
 */
export interface CompiledPolicy {
  readonly name: string;
  /** A set governs or does not; the pair of two sets is governed when either does. */
  readonly sets: readonly CompiledSet[];
  /** In order of text; those of one rule of the policy stand together, by ward. */
  readonly rules: readonly CompiledRule[];
}

/** The addresses of a group, or of a group's members in one ward. Sets may overlap: a device may be in several groups. */
export interface CompiledSet {
  /** The policy's group, or the built-in one. */
  readonly group: string;
  /** Of a relation: only the members in this ward. Null: all of them. */
  readonly ward: string | null;
  readonly builtIn: boolean;
  /** False for sets of one ward too: their group's own set governs. */
  readonly governs: boolean;
  /** Some member is life-supporting: never enforced by us, never widened. */
  readonly lifeSupporting: boolean;
  /** Sorted, lower case with colons. Members are told by their MAC only where no address of theirs is at hand (a frame that is not IP). */
  readonly macs: readonly string[];
  /** Sorted, disjoint, not adjacent. */
  readonly ipv4: readonly AddressRange[];
  readonly ipv6: readonly AddressRange[];
}

/** Both ends belong to it; as text in our own spelling (bytes/text.ts). */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

export interface CompiledRule {
  /** Its place in Policy.rules. */
  readonly rule: number;
  /** Places in `sets`. */
  readonly from: number;
  readonly to: number;
  readonly service: Service;
  readonly because: string;
}

/**
 * `allowed` by this compiled rule, `answer` where the packet goes back from the rule's `to` to its `from`; `denied`: governed, and no
 * rule allows it; `ground`: by this place in GROUND, which comes before everything. Frames that are not IP are not governed.
 */
export type Decision =
  | { readonly outcome: "allowed"; readonly rule: number; readonly answer: boolean }
  | { readonly outcome: "denied" }
  | { readonly outcome: "not governed" }
  | { readonly outcome: "ground"; readonly ground: number };

/**
 * What is judged by targets that keep state: who began it, with whom, on what. `port` is the type of ICMP and the protocol number of
 * `ip`. Each end by the places in `sets` it belongs to (`setsOf` in policies/evaluate.ts).
 */
export interface JudgedConversation {
  /** Of its addresses; null where its ends were heard without. */
  readonly family: 4 | 6 | null;
  readonly client: readonly number[];
  readonly server: readonly number[];
  readonly transport: PolicyTransport;
  readonly port: number;
}

/**
 * What is judged by targets that keep no state: one packet, as it is. A rule lets its answers back by what a single packet shows: of TCP
 * whatever comes from the rule's port and is no bare SYN, of ICMP the answer's type, of UDP, SCTP and `ip` everything that comes from
 * the rule's port or protocol. The last is an opening, and exporters say so. Rules are tried in order, each first forth, then back.
 */
export interface JudgedPacket {
  readonly family: 4 | 6;
  readonly sender: string;
  readonly receiver: string;
  /** IP protocol number, of what follows the extension headers. */
  readonly protocol: number;
  /** Null where they cannot be read: a fragment but the first, a header cut short, a protocol without ports. */
  readonly ports: { readonly from: number; readonly to: number } | null;
  /** Flags of TCP as on the wire (SYN 2, ACK 16); null where they cannot be read. */
  readonly tcpFlags: number | null;
  readonly icmpType: number | null;
  /** Bytes of the whole packet before this later fragment of it; 0 for one that is whole, and for a first fragment. */
  readonly fragmentOffset: number;
}

/**
 * What an address is got and kept by, and what the network itself says of trouble. An exporter writes these before its rules; a target
 * that filters only IP needs no line for ARP. `null` ports: any.
 */
export interface Ground {
  readonly name: string;
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  /** Empty: every type. */
  readonly icmpTypes: readonly number[];
  readonly because: string;
}

const ICMP = 1;
const IGMP = 2;
const UDP = 17;
const ICMP6 = 58;

export const GROUND: readonly Ground[] = [
  ground("DHCP request", 4, UDP, { fromPort: 68, toPort: 67, because: "RFC 2131: asking for an address" }),
  ground("DHCP answer", 4, UDP, { fromPort: 67, toPort: 68, because: "RFC 2131: being given one, before it is worn" }),
  ground("DHCPv6 request", 6, UDP, { fromPort: 546, toPort: 547, because: "RFC 8415: asking for an address" }),
  ground("DHCPv6 answer", 6, UDP, { fromPort: 547, toPort: 546, because: "RFC 8415: being given one" }),
  ground("neighbors", 6, ICMP6, { icmpTypes: [133, 134, 135, 136], because: "RFC 4861: what ARP is to IPv4" }),
  ground("group membership", 4, IGMP, { because: "RFC 3376: switches forward groups by it" }),
  ground("IPv6 group membership", 6, ICMP6, { icmpTypes: [130, 131, 132, 143], because: "RFC 3810: switches forward groups by it" }),
  ground("ICMP errors", 4, ICMP, { icmpTypes: [3, 11, 12], because: "RFC 792, RFC 1191: without them large packets vanish" }),
  ground("ICMPv6 errors", 6, ICMP6, { icmpTypes: [1, 2, 3, 4], because: "RFC 4443, RFC 8201: without them large packets vanish" }),
];

function ground(
  name: string,
  family: 4 | 6,
  protocol: number,
  it: Partial<Pick<Ground, "fromPort" | "toPort" | "icmpTypes">> & { readonly because: string },
): Ground {
  return { name, family, protocol, fromPort: null, toPort: null, icmpTypes: [], ...it };
}
