/**
 * Cisco downloadable ACLs: one list for each kind of device, which the switch puts on the port where such a device is let in (ISE sends it
 * at authentication). It judges what the device sends and nothing else, packet by packet, and the switch fills in the device's own address
 * for `any` as the source. What is sent to the device passes by.
 *
 * A device in several groups may do what each of them may, so lists are made for each combination of groups that occurs, not for each
 * group. TCP that comes back is told by `established` (ACK or RST): a segment with neither and without SYN, which no stack sends, is
 * denied here and let through by other targets. An entry with a port lets later fragments through by address and protocol (Cisco, "Access
 * Control Lists and IP Fragments"): those of TCP go where TCP may go; those of UDP and ICMP go anywhere, since the ground names ports and
 * types for any receiver, and nobody puts them together without a first one. What could write over the first one's header is not told apart.
 */
import type { AddressRange } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { setsOf } from "../evaluate.ts";
import { FAMILIES, holds, rangesOf, rangeText, together, type Addresses, type Family } from "../ranges.ts";
import { piecesOf } from "./alike.ts";
import { endsOf, groundEntries, permits, protocolOf, remarkOf, withoutPortsOfSctp } from "./cisco-entries.ts";
import { hashOf, lines, type Exporter, type Wall } from "./exporter.ts";
import { withoutQuotes } from "./object-names.ts";

export const ciscoDacl: Exporter = {
  name: "cisco-dacl",
  title: "Cisco downloadable ACLs, one for each kind of device",
  sees: { place: "port", direction: "from the device", keepsState: false },
  extension: "txt",
  write: (wall) => {
    const lists = listsOf(wall);
    return lines([
      `! Policy "${withoutQuotes(wall.policy.name)}" as Cisco downloadable ACLs, written by Auscult: auscult ${hashOf(wall)}`,
      "! On the port of the device: what it sends is judged, what is sent to it passes by. No state is kept.",
      "! Some switches refuse a device whose list does not fit: compare the entries of its list with what yours holds.",
      ...lists.flatMap(({ name, entries, addresses }) => [
        "!",
        `! ${name}: ${entries.filter((it) => !it.startsWith("remark")).length} entries, for ${addresses.map(rangeText).join(", ")}`,
        ...entries,
      ]),
    ]);
  },
  rollback: (wall) =>
    lines([
      `! Takes policy "${withoutQuotes(wall.policy.name)}" away again: in each authorization profile take out these lists, or put back those before,`,
      "! and have the sessions authorized anew (change of authorization, or clear access-session on the port).",
      ...listsOf(wall).map(({ name }) => `! ${name}`),
    ]),
};

interface List {
  readonly name: string;
  readonly entries: readonly string[];
  /** Of the devices it is for. */
  readonly addresses: readonly AddressRange[];
}

/** Addresses that are in the same sets: their devices may do the same. */
interface Alike {
  readonly places: readonly number[];
  readonly family: Family;
  readonly isEnforced: boolean;
  readonly isSpared: boolean;
  readonly ranges: AddressRange[];
}

function listsOf(wall: Wall): readonly List[] {
  withoutPortsOfSctp(wall);
  const taken = new Set<string>();
  return FAMILIES.flatMap((family) =>
    alikeOf(wall, family).map((alike) => {
      const groups = alike.places.map((place) => wall.policy.sets[place]!).filter((it) => it.governs);
      const plain = `AUSCULT-${groups.map(({ group }) => nameOf(group)).join("-AND-")}-V${family}`;
      let name = plain;
      for (let more = 2; taken.has(name); more++) name = `${plain}-${more}`;
      taken.add(name);
      return { name, entries: entriesFor(wall, alike), addresses: alike.ranges };
    }),
  );
}

function alikeOf({ policy, enforced, monitored, spared }: Wall, family: Family): readonly Alike[] {
  const byKey = new Map<string, Alike>();
  for (const range of piecesOf(rangesOf(together(monitored, enforced), family), [...policy.sets, enforced, spared], family)) {
    const places = setsOf(policy, range.first);
    const [isEnforced, isSpared] = [holds(enforced, range.first), holds(spared, range.first)];
    const key = JSON.stringify([places, isEnforced, isSpared]);
    const alike = byKey.get(key) ?? { places, family, isEnforced, isSpared, ranges: [] };
    alike.ranges.push(range);
    byKey.set(key, alike);
  }
  return [...byKey.values()];
}

function entriesFor({ policy, enforced, spared }: Wall, { places, family, isEnforced, isSpared }: Alike): readonly string[] {
  const ip = protocolOf(family);
  const rules = policy.rules.flatMap(({ from, to, service, because }, at) => {
    const [client, server] = [policy.sets[from]!, policy.sets[to]!];
    const entries = [
      ...(places.includes(from) ? permits(service, family, ["any"], endsOf(rangesOf(server, family), family), false) : []),
      ...(places.includes(to) ? permits(service, family, ["any"], endsOf(rangesOf(client, family), family), true) : []),
    ];
    return entries.length === 0 ? [] : [remarkOf([at], because), ...entries];
  });
  const everything = (action: string, to: Addresses) => endsOf(rangesOf(to, family), family).map((peer) => `${action} ${ip} any ${peer}`);
  const rest = isSpared
    ? [`permit ${ip} any any`]
    : [
        ...everything("permit", spared),
        ...(isEnforced ? [`deny ${ip} any any`] : [...everything("deny", enforced), `permit ${ip} any any`]),
      ];
  return [
    "remark how addresses are got and kept, and what the network says of trouble",
    ...GROUND.filter((it) => it.family === family).flatMap(groundEntries),
    ...rules,
    "remark what no rule allows",
    ...rest,
  ];
}

function nameOf(group: string): string {
  return group.normalize("NFKD").toUpperCase().replace(/[^A-Z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "GROUP"; // prettier-ignore
}
