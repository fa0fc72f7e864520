/**
 * FortiGate, as text for its command line: address objects, address groups, services and firewall policies of FortiOS 6.4 or later, where
 * one table holds policies of both families (before, IPv6 had its own).
 *
 * Policies are read from the top and the first that matches decides, so ours stand among the hospital's own as between-policies.ts has it.
 * Written into a running firewall they stand last, where they stop nothing: a person moves them up, and the text says in which order.
 *
 * Multicast is not theirs: FortiOS judges it by `config firewall multicast-policy`. Fragments it puts together before it judges.
 */
import type { AddressRange, Ground, Service } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { EVERY_ADDRESS, FAMILIES, isEmpty, isWhole, MULTICAST, rangesOf, rangeText, without, type Addresses, type Family } from "../ranges.ts"; // prettier-ignore
import { numbersIn, portText } from "../service.ts";
import { betweenPolicies } from "./between-policies.ts";
import { hashOf, lines, NotExportable, type Exporter, type Wall } from "./exporter.ts";
import { objectNames, plainText, setTitle } from "./object-names.ts";

export const fortigate: Exporter = {
  name: "fortigate",
  title: "FortiGate, on its command line",
  sees: { place: "router", direction: "both", keepsState: true },
  extension: "conf",
  write: (wall) => new Config(wall).text(),
  rollback: (wall) => new Config(wall).rollback(),
};

// FortiOS 7.4 CLI reference, "config firewall address", "addrgrp", "service custom" (name: 79), "policy" (name: 35; comments: 1023).
const NAME_LENGTH_MAX = 79;
const COMMENT_LENGTH_MAX = 255;
/** Far from what is counted up from one: identifiers run to 4294967294. */
const POLICY_IDS_FROM = 411_900_000;
const ALL = "all";
const EVERY_SERVICE = "ALL";

/** Lines within `edit` and `next`. */
type Settings = readonly string[];

interface PolicyText {
  readonly name: string;
  readonly from: Addresses;
  readonly to: Addresses;
  readonly families: readonly Family[];
  readonly services: readonly string[];
  readonly allows: boolean;
  readonly isLogged: boolean;
  readonly isOn: boolean;
  readonly comment: string;
}

class Config {
  readonly #wall: Wall;
  readonly #nameOf = objectNames(NAME_LENGTH_MAX);
  readonly #addresses: Readonly<Record<Family, Map<string, Settings>>> = { 4: new Map(), 6: new Map() };
  readonly #groups: Readonly<Record<Family, Map<string, Settings>>> = { 4: new Map(), 6: new Map() };
  readonly #services = new Map<string, Settings>();
  readonly #policies = new Map<string, Settings>();
  /** What every set of addresses is called, by the set itself: two may be called alike. */
  readonly #titles = new Map<Addresses, string>();
  readonly #unwritten: string[] = [];

  constructor(wall: Wall) {
    this.#wall = wall;
    const { held, unspared, watched, rules } = betweenPolicies(wall);
    for (const set of wall.policy.sets) this.#titles.set(set, setTitle(set));
    this.#titles.set(held, "all enforced").set(unspared, "all but spared").set(watched, "all watched").set(EVERY_ADDRESS, ALL);

    if (!isEmpty(held))
      for (const family of FAMILIES)
        for (const [end, from, to] of [
          ["from", held, EVERY_ADDRESS],
          ["to", EVERY_ADDRESS, held],
        ] as const)
          this.#policy({
            name: `auscult ground ${end} ${family}`,
            from,
            to,
            families: [family],
            services: GROUND.filter((it) => it.family === family).flatMap((it) => this.#ground(it)),
            allows: true,
            isLogged: false,
            isOn: true,
            comment: "What an address is got and kept by, and what the network says of trouble",
          });
    for (const { rule, families, isOn, number } of rules) {
      const [from, to] = [wall.policy.sets[rule.from]!, wall.policy.sets[rule.to]!];
      const words = `${setTitle(from)} to ${setTitle(to)}: ${rule.because} (rule ${rule.rule + 1} of the policy)`;
      if (isEmpty(without(to, MULTICAST))) {
        this.#unwritten.push(`Rule ${number} is for multicast-policy, and not written: ${words}`);
        continue;
      }
      const services = this.#service(rule.service, families);
      this.#policy({ name: `auscult rule ${number}`, from, to, families, services, allows: true, isLogged: !isOn, isOn, comment: words });
    }
    for (const [isOn, inner, outer, word] of [
      [true, held, unspared, "deny"],
      [false, watched, EVERY_ADDRESS, "monitor"],
    ] as const)
      for (const [end, from, to] of [
        ["from", inner, outer],
        ["to", outer, inner],
      ] as const)
        this.#policy({
          name: `auscult ${word} ${end}`,
          from,
          to,
          families: FAMILIES,
          services: [EVERY_SERVICE],
          allows: word === "monitor",
          isLogged: true,
          isOn,
          comment: word === "deny" ? "What no rule allows" : "What no rule allows, logged: it lets through as well, so it is off",
        });
  }

  text(): string {
    const { name } = this.#wall.policy;
    const off = [...this.#policies.values()].some((it) => it.includes("set status disable"));
    return lines([
      `# Policy "${plainText(name)}" for FortiGate (FortiOS 6.4 or later), written by Auscult. Mark: ${this.#mark()}`,
      "# A firewall judges what is routed through it: what stays within one network passes by. Answers follow by its state.",
      "# Nothing of ours lets through what no rule allows; what we do not stop goes on to your own policies.",
      ...(off
        ? ["# Policies that are off are for monitoring: they log what would be denied, and let it through. Read them before turning on."]
        : []),
      ...this.#unwritten.map((it) => `# ${plainText(it)}`),
      "# An earlier text of Auscult is taken away first, with the roll-back that came with it.",
      "# Loaded, these policies stand last and stop nothing. The lines at the end move them before the first of yours.",
      ...this.#tables().flatMap(([path, entries]) => table(path, entries)),
      "# Put the number of your own first policy in place of FIRST, and take the signs away:",
      "# config firewall policy",
      ...[...this.#policies.keys()].map((id) => `#     move ${id} before FIRST`),
      "# end",
    ]);
  }

  rollback(): string {
    return lines([
      `# Takes policy "${plainText(this.#wall.policy.name)}" away again, and nothing else. Mark: ${this.#mark()}`,
      "# What does not stand is reported and passed over.",
      ...this.#tables()
        .toReversed()
        .flatMap(([path, entries]) =>
          entries.size === 0 ? [] : [`config ${path}`, ...[...entries.keys()].toReversed().map((key) => `    delete ${key}`), "end"],
        ),
    ]);
  }

  #tables(): readonly (readonly [path: string, entries: ReadonlyMap<string, Settings>])[] {
    return [
      ["firewall address", this.#addresses[4]],
      ["firewall address6", this.#addresses[6]],
      ["firewall addrgrp", this.#groups[4]],
      ["firewall addrgrp6", this.#groups[6]],
      ["firewall service custom", this.#services],
      ["firewall policy", this.#policies],
    ];
  }

  #mark(): string {
    return `auscult ${hashOf([fortigate.name, this.#wall])}`;
  }

  /** One that names no address of any family would stand for nobody, and is not written. */
  #policy({ name, from, to, families, services, allows, isLogged, isOn, comment }: PolicyText): void {
    const both = families.filter((family) => rangesOf(from, family).length > 0 && rangesOf(to, family).length > 0);
    if (both.length === 0 || services.length === 0) return;
    const ends = both.flatMap((family) => [
      `set srcaddr${family === 4 ? "" : "6"} ${quoted(this.#group(from, family))}`,
      `set dstaddr${family === 4 ? "" : "6"} ${quoted(this.#group(to, family))}`,
    ]);
    this.#policies.set(`${POLICY_IDS_FROM + this.#policies.size + 1}`, [
      `set name ${quoted(name.replaceAll(" ", "-"))}`,
      'set srcintf "any"',
      'set dstintf "any"',
      ...ends,
      `set action ${allows ? "accept" : "deny"}`,
      'set schedule "always"',
      `set service ${services.map(quoted).join(" ")}`,
      `set logtraffic ${isLogged ? "all" : "disable"}`,
      `set comments ${quoted(plainText(comment, COMMENT_LENGTH_MAX))}`,
      `set status ${isOn ? "enable" : "disable"}`,
    ]);
  }

  #group(addresses: Addresses, family: Family): string {
    const ranges = rangesOf(addresses, family);
    if (isWhole(ranges, family)) return ALL;
    const title = this.#titles.get(addresses)!;
    const place = [...this.#titles.keys()].indexOf(addresses);
    const name = this.#nameOf(`group ${place} v${family}`, `auscult ${title} v${family}`);
    if (this.#groups[family].has(quoted(name))) return name;
    const [first, ...more] = ranges.map((range) => this.#address(range, family));
    this.#groups[family].set(quoted(name), [
      `set member ${quoted(first!)}`,
      ...more.map((member) => `append member ${quoted(member)}`),
      `set comment ${quoted(plainText(title, COMMENT_LENGTH_MAX))}`,
    ]);
    return name;
  }

  #address({ first, last }: AddressRange, family: Family): string {
    const name = this.#nameOf(`auscult ${rangeText({ first, last })}`);
    const one = family === 4 ? [`set subnet ${first} 255.255.255.255`] : [`set ip6 ${first}/128`];
    this.#addresses[family].set(
      quoted(name),
      first === last
        ? [`set type ${family === 4 ? "ipmask" : "ipprefix"}`, ...one]
        : ["set type iprange", `set start-ip ${first}`, `set end-ip ${last}`],
    );
    return name;
  }

  #service({ transport, ports }: Service, families: readonly Family[]): readonly string[] {
    switch (transport) {
      case "ip":
        return ports.length === 0 ? [EVERY_SERVICE] : numbersIn(ports).map((number) => this.#protocol(number));
      case "icmp":
        return families.flatMap((family) => (ports.length === 0 ? [null] : numbersIn(ports)).map((type) => this.#icmp(type, family)));
      case "tcp":
      case "udp":
      case "sctp":
        // As a protocol a transport is whole; as ports FortiOS's own services begin at one.
        return [ports.length === 0 ? this.#protocol(PROTOCOLS[transport]) : this.#ports(transport, ports.map(portText))];
    }
  }

  #ground({ family, protocol, fromPort, toPort, icmpTypes }: Ground): readonly string[] {
    if (icmpTypes.length > 0) return icmpTypes.map((type) => this.#icmp(type, family));
    // The port that is asked, then the one it is asked from.
    return [toPort === null ? this.#protocol(protocol) : this.#ports("udp", [`${toPort}:${fromPort}`])];
  }

  #ports(transport: "tcp" | "udp" | "sctp", ports: readonly string[]): string {
    return this.#custom(`${transport}-${ports.join("_")}`, ["set protocol TCP/UDP/SCTP", `set ${transport}-portrange ${ports.join(" ")}`]);
  }

  #icmp(type: number | null, family: Family): string {
    const [word, protocol] = family === 4 ? ["icmp", "ICMP"] : ["icmp6", "ICMP6"];
    return this.#custom(type === null ? word : `${word}-${type}`, [
      `set protocol ${protocol}`,
      type === null ? "unset icmptype" : `set icmptype ${type}`,
    ]);
  }

  /** 0 would be every protocol, and 255 is none. */
  #protocol(number: number): string {
    if (number < 1 || number > 254) throw new NotExportable(`expected a protocol from 1 to 254 for FortiGate, got ${number}`);
    return this.#custom(`protocol-${number}`, ["set protocol IP", `set protocol-number ${number}`]);
  }

  #custom(title: string, settings: Settings): string {
    const name = this.#nameOf(`service ${title}`, `auscult ${title}`);
    this.#services.set(quoted(name), settings);
    return name;
  }
}

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

function table(path: string, entries: ReadonlyMap<string, Settings>): readonly string[] {
  if (entries.size === 0) return [];
  const edits = [...entries].flatMap(([key, settings]) => [`    edit ${key}`, ...settings.map((it) => `        ${it}`), "    next"]);
  return [`config ${path}`, ...edits, "end"];
}

const quoted = (text: string) => `"${text}"`;
