/**
 * Cisco IOS: an extended access list for each family, on every interface of the router inward, so that each packet that is routed is judged
 * once, where it comes in. No state is kept.
 *
 * What comes back by TCP is told by `established`: a segment with ACK or RST (Cisco, "Configuring IP Access Lists"). So a server opens
 * nothing to a client, since that takes a SYN without either. One that carries neither of the three flags, which no stack sends, is not
 * taken for an answer, where other targets without state would let it come back.
 *
 * An entry with a port or a type would let later fragments through by address and protocol alone (Cisco, "Access Control Lists and IP
 * Fragments"), those of the ground between any two. So they are judged first, by entries of their own that fit nothing else: one goes where
 * its protocol may go between the two. How far into the packet it begins cannot be asked: one that could write over the first one's header
 * is not told apart. Ports of SCTP cannot be said, and a policy that has some is refused.
 *
 * A list that is changed while it stands is for a moment another one, and one that is named and not there lets everything through. So the
 * name carries the wall's hash: the new one stands whole before an interface is turned to it, and the old one is there to go back to.
 */
import { FAMILIES, rangesOf, without, type Addresses, type Family } from "../ranges.ts";
import { GROUND, type CompiledRule } from "../../model/policy.ts";
import { endsOf, fragmentPermits, groundEntries, permits, protocolOf, remarkOf, withoutPortsOfSctp } from "./cisco-entries.ts";
import { hashOf, lines, mustGovern, type Exporter, type Wall } from "./exporter.ts";
import { withoutQuotes } from "./object-names.ts";

export const ciscoIos: Exporter = {
  name: "cisco-ios",
  title: "Cisco IOS, extended access lists of a router",
  sees: { place: "router", direction: "both", keepsState: false },
  extension: "txt",
  write: (wall) => {
    const lists = listsOf(wall);
    return lines([
      `! Policy "${withoutQuotes(wall.policy.name)}" as access lists of a Cisco router, written by Auscult: auscult ${markOf(wall)}`,
      "! A router judges what is routed through it: what stays within one network passes by. No state is kept: of TCP what has ACK or RST",
      "! (established) comes back from a rule's port, of UDP and other protocols anything does.",
      "! What is denied, and what is only watched, is logged: a line in five minutes for each pair. That takes the processor: look at its load.",
      ...lists.flatMap(({ family, name, entries }) => [
        "!",
        `! ${entries.filter((it) => !it.startsWith("remark")).length} entries: compare them with what your router holds.`,
        family === 4 ? `ip access-list extended ${name}` : `ipv6 access-list ${name}`,
        ...entries.map((entry) => ` ${entry}`),
      ]),
      "!",
      "! Then on every interface that routes, one after the other, without these signs. The list before it stays, to go back to:",
      ...lists.map(({ family, name }) => `!  ${applied(family, name)}`),
    ]);
  },
  rollback: (wall) =>
    lines([
      `! Takes policy "${withoutQuotes(wall.policy.name)}" away again: auscult ${markOf(wall)}`,
      "! First on every interface it was put on, without these signs, or put back the list that stood there before:",
      ...listsOf(wall).map(({ family, name }) => `!  no ${applied(family, name)}`),
      "! Only then the lists: one that is named on an interface and not there lets everything through.",
      ...listsOf(wall).map(({ family, name }) => `no ${family === 4 ? "ip access-list extended" : "ipv6 access-list"} ${name}`),
    ]),
};

interface List {
  readonly family: Family;
  readonly name: string;
  readonly entries: readonly string[];
}

function listsOf(wall: Wall): readonly List[] {
  withoutPortsOfSctp(wall);
  mustGovern(wall);
  const { enforced, monitored } = wall;
  return FAMILIES.filter((family) => [enforced, monitored].some((it) => rangesOf(it, family).length > 0)).map((family) => ({
    family,
    name: `AUSCULT-V${family}-${markOf(wall).slice(0, NAME_DIGITS)}`,
    entries: entriesFor(wall, family),
  }));
}
const NAME_DIGITS = 8;
const markOf = (wall: Wall) => hashOf([ciscoIos.name, wall]);

function entriesFor(wall: Wall, family: Family): readonly string[] {
  const ground = GROUND.filter((it) => it.family === family);
  const isWhole = ({ fromPort, toPort, icmpTypes }: (typeof GROUND)[number]) =>
    fromPort === null && toPort === null && icmpTypes.length === 0;
  return [
    "remark how addresses are got and kept: what has neither port nor type",
    ...ground.filter(isWhole).flatMap(groundEntries),
    "remark later fragments: where their protocol may go",
    ...wall.policy.rules.flatMap((rule) => bothWays(wall, rule, family, fragmentPermits)),
    ...rest(wall, family, " fragments"),
    "remark how addresses are got and kept, and what the network says of trouble",
    ...ground.filter((it) => !isWhole(it)).flatMap(groundEntries),
    ...wall.policy.rules.flatMap((rule, at) => {
      const entries = bothWays(wall, rule, family, permits);
      return entries.length === 0 ? [] : [remarkOf([at], rule.because), ...entries];
    }),
    "remark what no rule allows",
    ...rest(wall, family, ""),
  ];
}

/** Forth, then back. */
function bothWays({ policy }: Wall, { from, to, service }: CompiledRule, family: Family, way: typeof permits): readonly string[] {
  const [clients, servers] = [from, to].map((place) => endsOf(rangesOf(policy.sets[place]!, family), family)) as [
    readonly string[],
    readonly string[],
  ];
  return [...way(service, family, clients, servers, false), ...way(service, family, servers, clients, true)];
}

/** Of what no rule allows: the spared first, then whom it is dropped for, whom it is only watched for, and everybody else. */
function rest({ spared, enforced, monitored }: Wall, family: Family, fragments: string): readonly string[] {
  const protocol = protocolOf(family);
  const about = (action: string, whom: Addresses, log: string) =>
    endsOf(rangesOf(whom, family), family).flatMap((end) =>
      end === "any"
        ? [`${action} ${protocol} any any${fragments}${log}`]
        : [`${action} ${protocol} ${end} any${fragments}${log}`, `${action} ${protocol} any ${end}${fragments}${log}`],
    );
  return [
    ...about("permit", spared, " log"),
    ...about("deny", enforced, " log"),
    ...about("permit", without(monitored, spared), " log"),
    `permit ${protocol} any any${fragments}`,
  ];
}

function applied(family: Family, name: string): string {
  return family === 4 ? `ip access-group ${name} in` : `ipv6 traffic-filter ${name} in`;
}
