/**
 * Palo Alto, as `set` commands of PAN-OS: address objects, static address groups, services, applications where a service cannot say it
 * (services know TCP, UDP and SCTP; types of ICMP and other protocols are applications of one's own), and security rules.
 *
 * Rules are read from the top and the first that matches decides, so ours stand among the hospital's own as between-policies.ts has it.
 * Commands change the candidate only: nothing holds until a person commits. New rules stand last, where they stop nothing: the text says
 * how to move them up. PAN-OS takes IPv4 for a part of IPv6 where a rule says ::/0, so a rule is written for each family.
 */
import type { AddressRange, Ground, PortRange, Service } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { EVERY_ADDRESS, FAMILIES, isEmpty, isWhole, rangesOf, rangeText, type Addresses, type Family } from "../ranges.ts";
import { numbersIn, portText } from "../service.ts";
import { betweenPolicies } from "./between-policies.ts";
import { hashOf, lines, type Exporter, type Wall } from "./exporter.ts";
import { objectNames, plainText, setTitle } from "./object-names.ts";

export const paloAlto: Exporter = {
  name: "palo-alto",
  title: "Palo Alto, as set commands of PAN-OS",
  sees: { place: "router", direction: "both", keepsState: true },
  extension: "set",
  write: (wall) => new Commands(wall).text(),
  rollback: (wall) => new Commands(wall).rollback(),
};

// PAN-OS, "Addresses Fields" (docs.paloaltonetworks.com): a name has up to 63 letters, digits, spaces, hyphens and underscores, a
// description up to 1,023 characters; the same holds for groups, services and rules. "Defining Applications": a name has up to 31.
const NAME_LENGTH_MAX = 63;
const APPLICATION_NAME_LENGTH_MAX = 31;
const DESCRIPTION_LENGTH_MAX = 255;
const ANY = "any";

/** What a rule says of a service: PAN-OS has it in two columns. */
interface Offered {
  readonly services: readonly string[];
  readonly applications: readonly string[];
}

interface RuleText {
  readonly name: string;
  readonly from: Addresses;
  readonly to: Addresses;
  readonly families: readonly Family[];
  readonly offered: (family: Family) => readonly Offered[];
  readonly action: "allow" | "drop";
  readonly isOn: boolean;
  readonly comment: string;
}

class Commands {
  readonly #wall: Wall;
  readonly #nameOf = objectNames(NAME_LENGTH_MAX);
  readonly #applicationNameOf = objectNames(APPLICATION_NAME_LENGTH_MAX);
  /** What follows the name, line by line, by the whole path to it. In the order in which they are needed. */
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #groups = new Map<string, readonly string[]>();
  readonly #services = new Map<string, readonly string[]>();
  readonly #applications = new Map<string, readonly string[]>();
  readonly #rules = new Map<string, readonly string[]>();
  /** What every set of addresses is called, by the set itself: two may be called alike. */
  readonly #titles = new Map<Addresses, string>();

  constructor(wall: Wall) {
    this.#wall = wall;
    const { held, unspared, watched, rules } = betweenPolicies(wall);
    for (const set of wall.policy.sets) this.#titles.set(set, setTitle(set));
    this.#titles.set(held, "all enforced").set(unspared, "all but spared").set(watched, "all watched").set(EVERY_ADDRESS, ANY);

    if (!isEmpty(held))
      for (const [end, from, to] of [
        ["from", held, EVERY_ADDRESS],
        ["to", EVERY_ADDRESS, held],
      ] as const)
        this.#rule({
          name: `auscult ground ${end}`,
          from,
          to,
          families: FAMILIES,
          offered: (family) => GROUND.filter((it) => it.family === family).map((it) => this.#ground(it)),
          action: "allow",
          isOn: true,
          comment: "What an address is got and kept by, and what the network says of trouble",
        });
    for (const { rule, families, isOn, number } of rules) {
      const [from, to] = [wall.policy.sets[rule.from]!, wall.policy.sets[rule.to]!];
      this.#rule({
        name: `auscult rule ${number}`,
        from,
        to,
        families,
        offered: (family) => this.#service(rule.service, family),
        action: "allow",
        isOn,
        comment: `${setTitle(from)} to ${setTitle(to)}: ${rule.because} (rule ${rule.rule + 1} of the policy)`,
      });
    }
    for (const [word, action, isOn, inner, outer, comment] of [
      ["deny", "drop", true, held, unspared, "What no rule allows"],
      ["monitor", "allow", false, watched, EVERY_ADDRESS, "What no rule allows, logged: it lets through as well, so it is off"],
    ] as const)
      for (const [end, from, to] of [
        ["from", inner, outer],
        ["to", outer, inner],
      ] as const)
        this.#rule({ name: `auscult ${word} ${end}`, from, to, families: FAMILIES, offered: () => [EVERYTHING], action, isOn, comment });
  }

  text(): string {
    const off = [...this.#rules.values()].some((it) => it.includes("disabled yes"));
    return lines([
      `# Policy "${plainText(this.#wall.policy.name)}" for Palo Alto (PAN-OS), written by Auscult. Mark: ${this.#mark()}`,
      "# A firewall judges what is routed through it: what stays within one network passes by. Answers follow by its state.",
      "# Nothing of ours lets through what no rule allows; what we do not stop goes on to your own rules.",
      ...(off
        ? ["# Rules that are disabled are for monitoring: they log what would be denied, and let it through. Read them before turning on."]
        : []),
      "# An earlier text of Auscult is taken away first, with the roll-back that came with it.",
      "# In configuration mode, without these lines. Nothing holds before commit; until then, load config from running takes it all back.",
      ...this.#all().flatMap(([path, settings]) => settings.map((setting) => `set ${path} ${setting}`)),
      "# New rules stand last and stop nothing there. Put the name of your own first rule in place of FIRST, and take the signs away:",
      ...[...this.#rules.keys()].map((path) => `# move ${path} before FIRST`),
      "# commit",
    ]);
  }

  rollback(): string {
    return lines([
      `# Takes policy "${plainText(this.#wall.policy.name)}" away again, and nothing else. Mark: ${this.#mark()}`,
      "# In configuration mode, then commit.",
      ...this.#all()
        .toReversed()
        .map(([path]) => `delete ${path}`),
    ]);
  }

  #all(): readonly (readonly [path: string, settings: readonly string[]])[] {
    return [this.#addresses, this.#groups, this.#services, this.#applications, this.#rules].flatMap((it) => [...it]);
  }

  #mark(): string {
    return `auscult ${hashOf([paloAlto.name, this.#wall])}`;
  }

  /** One that names nobody would stand for nobody, and is not written. One for each family, and for each pair of columns. */
  #rule({ name, from, to, families, offered, action, isOn, comment }: RuleText): void {
    for (const family of families) {
      if (rangesOf(from, family).length === 0 || rangesOf(to, family).length === 0) continue;
      const columns = together(offered(family));
      for (const [at, { services, applications }] of columns.entries()) {
        const title = `${name} v${family}${columns.length === 1 ? "" : ` ${at + 1}`}`;
        this.#rules.set(`rulebase security rules ${title.replaceAll(" ", "-")}`, [
          "from any",
          "to any",
          `source ${this.#group(from, family)}`,
          `destination ${this.#group(to, family)}`,
          `application ${listed(applications)}`,
          `service ${listed(services)}`,
          `action ${action}`,
          `log-end ${action === "drop" || !isOn ? "yes" : "no"}`,
          `description "${plainText(comment, DESCRIPTION_LENGTH_MAX)}"`,
          `disabled ${isOn ? "no" : "yes"}`,
        ]);
      }
    }
  }

  #group(addresses: Addresses, family: Family): string {
    const ranges = rangesOf(addresses, family);
    // The other end holds it to its family.
    if (isWhole(ranges, family)) return ANY;
    const title = this.#titles.get(addresses)!;
    const place = [...this.#titles.keys()].indexOf(addresses);
    const name = this.#nameOf(`group ${place} v${family}`, spelled(`auscult ${title} v${family}`));
    const path = `address-group ${name}`;
    if (!this.#groups.has(path))
      this.#groups.set(path, [
        ...ranges.map((range) => `static ${this.#address(range, family)}`),
        `description "${plainText(title, DESCRIPTION_LENGTH_MAX)}"`,
      ]);
    return name;
  }

  #address(range: AddressRange, family: Family): string {
    const { first, last } = range;
    const text = rangeText(range);
    const name = this.#nameOf(`address ${text}`, spelled(`auscult ${text}`));
    this.#addresses.set(`address ${name}`, [first === last ? `ip-netmask ${first}/${family === 4 ? 32 : 128}` : `ip-range ${text}`]);
    return name;
  }

  #service({ transport, ports }: Service, family: Family): readonly Offered[] {
    switch (transport) {
      case "ip":
        return ports.length === 0 ? [EVERYTHING] : numbersIn(ports).map((number) => this.#protocol(number));
      case "icmp":
        if (ports.length === 0) return [this.#protocol(family === 4 ? 1 : 58)];
        return numbersIn(ports).map((type) => this.#icmp(type, family));
      case "tcp":
      case "udp":
      case "sctp":
        return [this.#ports(transport, ports)];
    }
  }

  #ground({ family, protocol, fromPort, toPort, icmpTypes }: Ground): Offered {
    if (icmpTypes.length > 0) return { services: [ANY], applications: icmpTypes.flatMap((type) => this.#icmp(type, family).applications) };
    if (fromPort === null || toPort === null) return this.#protocol(protocol);
    return this.#custom(`udp ${toPort} from ${fromPort}`, [`protocol udp port ${toPort}`, `protocol udp source-port ${fromPort}`]);
  }

  /** No port at all is every port. */
  #ports(transport: "tcp" | "udp" | "sctp", ports: readonly PortRange[]): Offered {
    const text = (ports.length === 0 ? [{ from: 0, to: 65_535 }] : ports).map(portText);
    return this.#custom(`${transport} ${text.join("_")}`, [`protocol ${transport} port ${text.join(",")}`]);
  }

  #custom(title: string, settings: readonly string[]): Offered {
    const name = this.#nameOf(`service ${title}`, spelled(`auscult ${title}`));
    this.#services.set(`service ${name}`, settings);
    return { services: [name], applications: [ANY] };
  }

  /** Those with ports are services: an application cannot be told by them. */
  #protocol(number: number): Offered {
    const transport = TRANSPORTS[number];
    return transport === undefined ? this.#application(`protocol ${number}`, `ident-by-ip-protocol ${number}`) : this.#ports(transport, []);
  }

  #icmp(type: number, family: Family): Offered {
    const word = family === 4 ? "icmp" : "icmp6";
    return this.#application(`${word} ${type}`, `ident-by-${word}-type type ${type}`);
  }

  #application(title: string, ident: string): Offered {
    const name = this.#applicationNameOf(`auscult ${title}`);
    this.#applications.set(`application ${name}`, [
      "category networking",
      "subcategory ip-protocol",
      "technology network-protocol",
      "risk 1",
      `default ${ident}`,
    ]);
    return { services: [ANY], applications: [name] };
  }
}

const EVERYTHING: Offered = { services: [ANY], applications: [ANY] };
const TRANSPORTS: Readonly<Record<number, "tcp" | "udp" | "sctp">> = { 6: "tcp", 17: "udp", 132: "sctp" };

/** Services in one rule, applications in another: in one, a packet would need both. */
function together(all: readonly Offered[]): readonly Offered[] {
  const [services, applications] = [all.filter((it) => it.applications[0] === ANY), all.filter((it) => it.applications[0] !== ANY)];
  return [
    ...(services.length === 0 ? [] : [{ services: services.flatMap((it) => it.services), applications: [ANY] }]),
    ...(applications.length === 0 ? [] : [{ services: [ANY], applications: applications.flatMap((it) => it.applications) }]),
  ];
}

/** Periods and colons are no letters here. */
const spelled = (title: string) => title.replace(/[.:]/g, "_");
const listed = (names: readonly string[]) => (names.length === 1 ? names[0]! : `[ ${names.join(" ")} ]`);
