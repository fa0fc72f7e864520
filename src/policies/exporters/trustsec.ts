/**
 * Cisco TrustSec: the matrix of security groups, as a table. A row is a cell: what one group may send to another, as an access list of the
 * kind ISE takes and a switch writes under `ip access-list role-based`. Addresses of a group and lines of a list stand where either is named
 * first. Lines know no addresses: `permit|deny`, a protocol, ports behind
 * `src` and `dst` (Cisco TrustSec configuration guide, "Security Group ACL": "a stateless access control mechanism").
 *
 * Every address has one group, so devices in several groups of the policy are a group of their own here. Cells that are not in the table
 * are left to the matrix' default, which must permit: it is for what nobody governs. What no state costs:
 *
 * - TCP that comes back is told by its port alone, so a server may open to its clients from the rule's port, as by UDP.
 * - Types of ICMP are not told apart. Its errors must come through, and so all of it does.
 * - Multicast has no group to be sent to, and passes by.
 *
 * Ports of SCTP cannot be said, and a policy that has some is refused.
 */
import { createHash } from "node:crypto";
import { csvLine } from "../../bytes/csv-line.ts";
import { clean } from "../../bytes/text.ts";
import type { Service } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { EVERY_ADDRESS, FAMILIES, isEmpty, MULTICAST, rangesOf, rangeText, without, type Family } from "../ranges.ts";
import { numbersIn } from "../service.ts";
import { alikeAmong, type Alike } from "./alike.ts";
import { portWords } from "./cisco-entries.ts";
import { NotExportable, type Exporter, type Wall } from "./exporter.ts";
import { objectNames } from "./object-names.ts";

export const trustsec: Exporter = {
  name: "trustsec",
  title: "Cisco TrustSec, the matrix of security groups (CSV)",
  sees: { place: "port", direction: "both", keepsState: false },
  extension: "csv",
  write: (wall) => {
    const first = firstTime();
    const group = ({ name, tag, alike }: SecurityGroup, family: Family) => [
      name,
      `${tag}`,
      first(`${family} ${name}`, () => addressesOf(alike, family, tag)),
    ];
    return table([
      HEAD,
      ...cellsOf(wall).map(({ family, from, to, isEnforced, lines }) => [
        `IPv${family}`,
        ...group(from, family),
        ...group(to, family),
        isEnforced ? "ENABLED" : "MONITOR",
        listName(lines),
        first(listName(lines), () => lines.join("\n")),
      ]),
    ]);
  },
  rollback: (wall) =>
    table([
      ["take away the cell of", "to", "then, where no other cell has it, the access list"],
      ...cellsOf(wall).map(({ from, to, lines }) => [from.name, to.name, listName(lines)]),
    ]),
};

export interface SecurityGroupList {
  readonly name: string;
  /** Of the cells that have it the first, "pumps → server", and how many there are. */
  readonly between: string;
  readonly cells: number;
  readonly lines: readonly string[];
}

/** The lists of the matrix, each once, in the order in which they stand there. */
export function securityGroupLists(wall: Wall): readonly SecurityGroupList[] {
  return [...Map.groupBy(cellsOf(wall), ({ lines }) => listName(lines))].map(([name, cells]) => {
    const { from, to, lines } = cells[0]!;
    return { name, between: `${from.name} → ${to.name}`, cells: cells.length, lines };
  });
}

const HEAD = [
  "IP version",
  "source",
  "source tag",
  "source addresses",
  "destination",
  "destination tag",
  "destination addresses",
  "status",
  "access list",
  "lines",
];

/** We found no limit that Cisco publishes for all releases: short, of letters, digits and underscores. */
const NAME_LENGTH_MAX = 32;
/** Tags are proposed; whoever has them already keeps the hospital's own. 0 is what has none. */
const TAGS_FROM = 2_000;
const UNKNOWN = { name: "Unknown", tag: 0 };

interface SecurityGroup {
  readonly name: string;
  readonly tag: number;
  readonly alike: Alike;
}

interface Cell {
  readonly family: Family;
  readonly from: SecurityGroup;
  readonly to: SecurityGroup;
  /** Else it is monitored: counted, and let through. */
  readonly isEnforced: boolean;
  readonly lines: readonly string[];
}

function cellsOf(wall: Wall): readonly Cell[] {
  for (const { service } of wall.policy.rules)
    if (service.transport === "sctp" && service.ports.length > 0)
      throw new NotExportable(
        "expected no rule for ports of SCTP, got one: access lists of security groups know ports of TCP and UDP only",
      );
  const groups = groupsOf(wall);
  const cells = FAMILIES.flatMap((family) => {
    const present = groups.filter(({ alike }) => rangesOf(alike, family).length > 0);
    return present.flatMap((from) =>
      present.flatMap((to): readonly Cell[] => {
        if (!(from.alike.isGoverned || to.alike.isGoverned)) return [];
        // Who is spared has cells as well: without one nobody would give the group its tag, and it would be of those who have none.
        const isSpared = from.alike.isSpared || to.alike.isSpared;
        const isEnforced = isSpared || from.alike.isEnforced || to.alike.isEnforced;
        return [{ family, from, to, isEnforced, lines: isSpared ? ["permit ip"] : linesFor(family, from.alike, to.alike, wall) }];
      }),
    );
  });
  if (cells.length === 0) throw new NotExportable("expected a group with an address that is enforced or monitored, got none");
  return cells;
}

function groupsOf(wall: Wall): readonly SecurityGroup[] {
  const nameOf = objectNames(NAME_LENGTH_MAX);
  // Also where a group of the policy is called so.
  nameOf(UNKNOWN.name);
  let tag = TAGS_FROM;
  return alikeAmong(EVERY_ADDRESS, wall)
    .filter((alike) => !isEmpty(without(alike, MULTICAST)))
    .map((alike) => {
      const title = alike.title || builtInTitle(alike, wall);
      const key = `${alike.places.join()} ${alike.isEnforced} ${alike.isSpared} ${alike.isGoverned}`;
      const named =
        title === ""
          ? UNKNOWN
          : { name: nameOf(key, title.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/_$/, "")).replace(/[-.]/g, "_"), tag: tag++ };
      return { ...named, alike };
    });
}

/** "outside": the addresses of a built-in group have a tag as well, by a mapping of networks. */
function builtInTitle({ places }: Alike, { policy }: Wall): string {
  return places
    .map((place) => policy.sets[place]!.group)
    .filter((group) => group !== "anyone")
    .join(" and ");
}

function linesFor(family: Family, from: Alike, to: Alike, { policy }: Wall): readonly string[] {
  const ground = GROUND.filter((it) => it.family === family).map(({ protocol, fromPort, toPort }) =>
    protocol === UDP ? `permit udp src eq ${fromPort} dst eq ${toPort}` : `permit ${protocolWord(protocol, family)}`,
  );
  const rules = policy.rules.flatMap((rule) => [
    ...(from.places.includes(rule.from) && to.places.includes(rule.to) ? permits(rule.service, family, "dst") : []),
    ...(from.places.includes(rule.to) && to.places.includes(rule.from) ? permits(rule.service, family, "src") : []),
  ]);
  return [...new Set([...ground, ...rules]), "deny ip log"];
}

/** `dst`: what is asked, forth. `src`: what answers, back. */
function permits({ transport, ports }: Service, family: Family, end: "dst" | "src"): readonly string[] {
  switch (transport) {
    case "ip":
      return ports.length === 0 ? ["permit ip"] : numbersIn(ports).map((number) => `permit ${protocolWord(number, family)}`);
    case "icmp":
      return ["permit icmp"];
    case "sctp":
      return [`permit ${SCTP}`];
    case "tcp":
    case "udp":
      return ports.length === 0 ? [`permit ${transport}`] : ports.map((range) => `permit ${transport} ${end} ${portWords(range)}`);
  }
}

const UDP = 17;
const SCTP = 132;
const WORDS: Readonly<Record<Family, Readonly<Record<number, string>>>> = {
  4: { 1: "icmp", 2: "igmp", 6: "tcp", 17: "udp" },
  6: { 6: "tcp", 17: "udp", 58: "icmp" },
};
const protocolWord = (number: number, family: Family) => WORDS[family][number] ?? `${number}`;

/** By what is in it: the same lines are one list, whatever else the policy has. */
function listName(lines: readonly string[]): string {
  return `Auscult_${createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 12)}`;
}

/** The text the first time, nothing after that. */
function firstTime(): (key: string, text: () => string) => string {
  const told = new Set<string>();
  return (key, text) => {
    if (told.has(key)) return "";
    told.add(key);
    return text();
  };
}

function addressesOf(alike: Alike, family: Family, tag: number): string {
  if (tag === UNKNOWN.tag) return "every other";
  return rangesOf(alike, family).map(rangeText).join(" ");
}

/** Lines of an access list stand below each other in their cell. */
function table(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => csvLine(row.map((it) => it.split("\n").map(clean).join("\n")))).join("");
}
