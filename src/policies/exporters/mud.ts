/**
 * MUD: manufacturer usage descriptions (RFC 8520), in which a network is told what a kind of device needs. Written by the hospital for
 * devices whose maker wrote none. The text is a list; each of its elements holds one MUD file, by the name it is to be served under, and
 * whom it is for. Devices in several groups may do what each of them may, so there is a file for each combination that occurs.
 *
 * A file has access lists of RFC 8519 for what the device sends and for what it is sent; what none accepts is dropped. TCP that comes back
 * is told by `direction-initiated`, of which a network need look no further than at a SYN without an ACK. What these lists cannot say: ports
 * of SCTP, and to log and let through. So a policy that has the first is refused, and who is only monitored or is spared gets no file.
 */
import type { Ground, PortRange, Service } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { answersTo } from "../evaluate.ts";
import { FAMILIES, isWhole, prefixesOf, rangesOf, rangeText, type Addresses, type Family } from "../ranges.ts";
import { numbersIn } from "../service.ts";
import { alikeAmong, type Alike } from "./alike.ts";
import { NotExportable, type Exporter, type Wall } from "./exporter.ts";
import { objectNames, plainText } from "./object-names.ts";

export const mud: Exporter = {
  name: "mud",
  title: "MUD files (RFC 8520), one for each kind of device",
  sees: { place: "port", direction: "both", keepsState: false },
  extension: "json",
  write: (wall) => {
    let entries = 0;
    const count = (more: number) => {
      entries += more;
      if (entries > ENTRIES_MAX)
        throw new NotExportable(`expected at most ${ENTRIES_MAX} entries in all MUD files, got more: each pair of a device's group and an address of its peers takes some`); // prettier-ignore
    };
    return json(filesOf(wall).map(({ file, url, alike }) => ({ file, devices: devicesOf(alike), mud: mudFile(url, alike, wall, count) })));
  },
  rollback: (wall) =>
    json({
      "what-to-do":
        "Take the assignment of each URL from its devices in the MUD manager, then the file from the server: the manager takes its lists away.",
      files: filesOf(wall).map(({ file, url, alike }) => ({ file, "mud-url": url, devices: devicesOf(alike) })),
    }),
};

/** Nobody serves this: the hospital's own server goes in its place. RFC 8520 section 5 wants https; RFC 2606 keeps the name free. */
const SERVER = "https://mud.hospital.invalid";
/** RFC 8519: the name of a list or an entry has 1 to 64 letters, no space, nothing special. Ten are kept for "-from-ipv4". */
const NAME_LENGTH_MAX = 54;
/** Of the lists, not of the clock: a manager compares it with the present to know whether to ask again, and so asks each time. */
const LAST_UPDATE = "1970-01-01T00:00:00Z";
const CACHE_HOURS = 48;

/** Over all files, but for the few of the ground. No manager holds as many for a device, and the text would be hundreds of megabytes. */
const ENTRIES_MAX = 500_000;

interface File {
  readonly file: string;
  readonly url: string;
  readonly alike: Alike;
}

function filesOf(wall: Wall): readonly File[] {
  for (const { service } of wall.policy.rules)
    if (service.transport === "sctp" && service.ports.length > 0)
      throw new NotExportable("expected no rule for ports of SCTP, got one: lists of RFC 8519 know ports of TCP and UDP only");
  const enforced = alikeAmong(wall.enforced, wall).filter((it) => !it.isSpared);
  if (enforced.length === 0)
    throw new NotExportable("expected a group that is enforced, got none: a MUD file can only drop, it cannot log and let through");
  const nameOf = objectNames(NAME_LENGTH_MAX);
  return enforced.map((alike) => {
    const name = nameOf(alike.places.join(), alike.title);
    return { file: `${name}.json`, url: `${SERVER}/${name}.json`, alike };
  });
}

type Way = "from" | "to";
/** Told before as many entries are made. */
type Count = (more: number) => void;
type Matches = Readonly<Record<string, unknown>>;
interface Entry {
  readonly name: string;
  readonly matches: Matches;
  readonly actions: { readonly forwarding: "accept" };
}

function mudFile(url: string, alike: Alike, wall: Wall, count: Count): object {
  const name = url.slice(SERVER.length + 1, -".json".length);
  // In both families, also where no address of one was heard: without a list not even its neighbors would be found.
  const lists = (["from", "to"] as const).flatMap((way) =>
    FAMILIES.map((family) => ({
      way,
      name: `${name}-${way}-ipv${family}`,
      type: `ipv${family}-acl-type`,
      aces: { ace: entriesFor(way, family, alike, wall, count) },
    })),
  );
  const policyOf = (way: Way) => ({
    "access-lists": { "access-list": lists.filter((it) => it.way === way).map((it) => ({ name: it.name })) },
  });
  return {
    "ietf-mud:mud": {
      "mud-version": 1,
      "mud-url": url,
      "last-update": LAST_UPDATE,
      "cache-validity": CACHE_HOURS,
      "is-supported": true,
      systeminfo: plainText(`${alike.title}, by policy ${wall.policy.name}`),
      "from-device-policy": policyOf("from"),
      "to-device-policy": policyOf("to"),
    },
    "ietf-access-control-list:acls": { acl: lists.map((it) => ({ name: it.name, type: it.type, aces: it.aces })) },
  };
}

function entriesFor(way: Way, family: Family, { places }: Alike, { policy, spared }: Wall, count: Count): readonly Entry[] {
  const named = (title: string, all: readonly Matches[]) =>
    all.map((matches, at): Entry => ({ name: `${title}-${at + 1}`, matches, actions: { forwarding: "accept" } }));
  const peers = (of: Addresses) => networksOf(of, way, family);
  const product = (networks: readonly Matches[], services: readonly Matches[]) => {
    count(networks.length * services.length);
    return networks.flatMap((network) => services.map((service) => both(network, service)));
  };
  return [
    ...named("ground", GROUND.filter((it) => it.family === family).flatMap(groundMatches)),
    ...policy.rules.flatMap(({ from, to, service }, at) => {
      const [client, server] = [policy.sets[from]!, policy.sets[to]!];
      // The device as the client of the rule, and as its server. It may be both.
      const asClient = places.includes(from) ? product(peers(server), serviceMatches(service, family, way === "to", "from-device")) : [];
      const asServer = places.includes(to) ? product(peers(client), serviceMatches(service, family, way === "from", "to-device")) : [];
      return named(`rule-${at + 1}`, [...asClient, ...asServer]);
    }),
    // Nothing that a spared device sends or is sent is dropped, at the port of its peer neither.
    ...named("spared", rangesOf(spared, family).length === 0 ? [] : product(peers(spared), [{}])),
  ];
}

/** The other end, as the list of this way names it: for what the device sends the destination. */
function networksOf(peers: Addresses, way: Way, family: Family): readonly Matches[] {
  const ranges = rangesOf(peers, family);
  if (isWhole(ranges, family)) return [{ [`ipv${family}`]: {} }];
  const key = `${way === "from" ? "destination" : "source"}-ipv${family}-network`;
  return ranges.flatMap(prefixesOf).map(({ address, bits }) => ({ [`ipv${family}`]: { [key]: `${address}/${bits}` } }));
}

/** Fields of one header stand in one container. */
function both(one: Matches, other: Matches): Matches {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, { ...(one[key] as object | undefined), ...(other[key] as object | undefined) }]));
}

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

/** What a packet of this service looks like, forth or back. */
function serviceMatches(
  { transport, ports }: Service,
  family: Family,
  isAnswer: boolean,
  initiated: "from-device" | "to-device",
): readonly Matches[] {
  switch (transport) {
    case "ip":
      return ports.length === 0 ? [{}] : numbersIn(ports).map((number) => header(family, number));
    case "icmp": {
      const protocol = family === 4 ? 1 : 58;
      if (ports.length === 0) return [header(family, protocol)];
      const types = isAnswer ? answersTo(ports, family) : numbersIn(ports);
      return types.map((type) => ({ ...header(family, protocol), icmp: { type } }));
    }
    case "sctp":
      return [header(family, PROTOCOLS.sctp)];
    case "tcp":
    case "udp": {
      const opened = transport === "tcp" ? { "ietf-mud:direction-initiated": initiated } : {};
      const key = isAnswer ? "source-port" : "destination-port";
      const matches = ports.length === 0 ? [opened] : ports.map((range) => ({ [key]: portMatch(range), ...opened }));
      return matches.map((it) => ({
        ...header(family, PROTOCOLS[transport]),
        ...(Object.keys(it).length === 0 ? {} : { [transport]: it }),
      }));
    }
  }
}

function groundMatches({ family, protocol, fromPort, toPort, icmpTypes }: Ground): readonly Matches[] {
  if (icmpTypes.length > 0) return icmpTypes.map((type) => ({ ...header(family, protocol), icmp: { type } }));
  if (fromPort === null || toPort === null) return [header(family, protocol)];
  const [from, to] = [fromPort, toPort].map((port) => portMatch({ from: port, to: port }));
  return [{ ...header(family, protocol), udp: { "source-port": from, "destination-port": to } }];
}

function header(family: Family, protocol: number): Matches {
  return { [`ipv${family}`]: { protocol } };
}

function portMatch({ from, to }: PortRange): object {
  return from === to ? { operator: "eq", port: from } : { "lower-port": from, "upper-port": to };
}

function devicesOf({ ipv4, ipv6 }: Addresses): readonly string[] {
  return [...ipv4, ...ipv6].map(rangeText);
}

const json = (value: unknown) => `${laidOut(value, "")}\n`;
/** What fits in a line stands in one: an entry then is a line, and so is what changed in it. */
const LINE_LENGTH_MAX = 240;

function laidOut(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((it) => laidOut(it, inner))
    : Object.entries(value).map(([key, it]) => `${JSON.stringify(key)}: ${laidOut(it, inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const line = parts.some((it) => it.includes("\n")) ? null : `${open}${parts.join(", ")}${close}`;
  if (line !== null && line.length <= LINE_LENGTH_MAX) return line;
  return `${open}\n${parts.map((it) => `${inner}${it}`).join(",\n")}\n${indent}${close}`;
}
