/**
 * nftables, in three forms: on a bridge (which keeps no state), on a router by the state the kernel keeps, and on a router without.
 *
 * One table of our own, named `auscult`, that begins by taking away the one before: loaded, it stands whole or nothing has changed. In it
 * the ground (asking for an address, neighbors, errors) and what is not governed go on at once; what is governed goes through the rules
 * in the order of the policy, each with a counter and its number in a comment; what none allows is dropped or, while monitoring, logged.
 *
 * Without state a rule has two lines: to the port one way, from the port back, for TCP without the flags that open a connection, so that a
 * server cannot open one to its clients. By state it has one: both directions of a conversation carry the addresses and the port it was
 * opened with, so one that was opened before by somebody whom no rule allows is stopped at the next packet, which a line for what is
 * `established` would let go on. Where packets were seen from the middle on and the server's came first, the kernel takes the server for
 * the client: let the table monitor for some time before it drops.
 */
import type { CompiledPolicy, CompiledRule, PolicyTransport, PortRange, Service } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { FRAGMENT_OFFSET_MIN } from "../evaluate.ts";
import { FAMILIES, isEmpty, isWhole, rangesOf, rangeText, together, type Addresses, type Family } from "../ranges.ts";
import { portText, serviceText } from "../service.ts";
import { hashOf, lines, type Exporter, type Sees, type Wall } from "./exporter.ts";
import { accept, address, block, elements, groundMatch, line, listed, only, readsHeader, serviceMatch, type Match } from "./nftables-lines.ts"; // prettier-ignore
import { BASE_CHAIN, entrance, gateOf, MARK, memoryOf, REMEMBERED_HOURS, REMEMBERED_MAX, setNames, TABLE } from "./nftables-names.ts";
import { setTitle, withoutQuotes } from "./object-names.ts";

export interface NftablesForm extends Exporter {
  readonly family: "bridge" | "inet";
  /** Which policy, membership and form a text is of: a table that carries it in its comment is ours. */
  readonly mark: (wall: Wall) => string;
  /** What stands inside of the table, its base chain left out. `letter` ends each name, so that two walls fit in one table. */
  readonly parts: (wall: Wall, letter: string) => string;
  /** The sets of addresses among them, by name, each element as it is written. */
  readonly sets: (wall: Wall, letter: string) => ReadonlyMap<string, readonly string[]>;
}

export const baseChain = (...rules: readonly string[]): string =>
  block(`chain ${BASE_CHAIN}`, ["type filter hook forward priority filter; policy accept;", ...rules]);

export const nftablesBridge = form("nftables-bridge", "nftables on a bridge, which keeps no state", {
  family: "bridge",
  sees: { place: "bridge", direction: "both", keepsState: false },
});

export const nftablesRouter = form("nftables-router", "nftables on a router, by the state the kernel keeps", {
  family: "inet",
  sees: { place: "router", direction: "both", keepsState: true },
});

export const nftablesStateless = form("nftables-stateless", "nftables on a router that keeps no state", {
  family: "inet",
  sees: { place: "router", direction: "both", keepsState: false },
});

function form(name: string, title: string, { family, sees }: { readonly family: "bridge" | "inet"; readonly sees: Sees }): NftablesForm {
  const parts = (wall: Wall, letter: string) => new Text(wall, sees, letter).parts();
  const sets = (wall: Wall, letter: string) => {
    const text = new Text(wall, sees, letter);
    text.parts();
    return text.elements;
  };
  const mark = (wall: Wall) => `${MARK} ${hashOf([name, wall])}`;
  return {
    name,
    title,
    family,
    sees,
    extension: "nft",
    parts,
    sets,
    mark,
    write: (wall) =>
      lines([
        `# Policy "${withoutQuotes(wall.policy.name)}" for ${title}, written by Auscult.`,
        ...openings(wall, sees),
        `# Load with: nft -f FILE. What stands in table ${family} ${TABLE} before is replaced, all or nothing; other tables stay.`,
        `table ${family} ${TABLE}`,
        `delete table ${family} ${TABLE}`,
        `table ${family} ${TABLE} {`,
        `\tcomment "${mark(wall)}"`,
        "",
        parts(wall, "a"),
        `${baseChain(`goto ${entrance("a")}`)}}`,
      ]),
    rollback: (wall) =>
      lines([
        `# Takes policy "${withoutQuotes(wall.policy.name)}" away again, whether or not it stands. Load with: nft -f FILE.`,
        `table ${family} ${TABLE}`,
        `delete table ${family} ${TABLE}`,
      ]),
  };
}

/** What a wall without state must let through besides: said where it is loaded, and counted in over-permission. */
function openings({ policy }: Wall, { keepsState, place }: Sees): readonly string[] {
  const udp = policy.rules.filter(({ service }) => service.transport === "udp" || service.transport === "sctp").length;
  return [
    ...(keepsState || udp === 0
      ? []
      : [`# Reply opening: by ${udp} of the rules the server may send anything to its clients, from the rule's ports (UDP, SCTP).`]),
    ...(place === "bridge" ? ["# What is not IP passes by: it is counted, and not judged."] : []),
  ];
}

/** One wall's logs never fill a disk: what is more is counted and not logged. */
const LOG = 'limit rate 10/second burst 50 packets log group 4119 prefix "auscult denied "';

class Text {
  readonly #policy: CompiledPolicy;
  readonly #wall: Wall;
  readonly #keepsState: boolean;
  readonly #isBridge: boolean;
  readonly #letter: string;
  readonly #names: readonly string[];
  /** Of the sets of addresses, as of the last `parts`. */
  readonly elements = new Map<string, readonly string[]>();
  /** Ports that stand in a set of their own, by how they are written. */
  readonly #ports = new Map<string, { readonly name: string; readonly ranges: readonly PortRange[] }>();

  constructor(wall: Wall, { place, keepsState }: Sees, letter: string) {
    this.#wall = wall;
    this.#policy = wall.policy;
    this.#keepsState = keepsState;
    this.#isBridge = place === "bridge";
    this.#letter = letter;
    this.#names = setNames(wall.policy);
  }

  parts(): string {
    const rules = this.#policy.rules.map((rule, at) => this.#rule(rule, at));
    const governed = together(this.#wall.monitored, this.#wall.enforced);
    const used = new Set(this.#policy.rules.flatMap(({ from, to }) => [from, to]));
    const groups = this.#policy.sets.flatMap((it, place) => (used.has(place) || it.governs ? this.#sets(this.#names[place]!, it) : []));
    const [judge, later] = [`judge_${this.#letter}`, `later_${this.#letter}`];
    const denied = `goto deny_${this.#letter}`;
    return [
      ...groups,
      ...this.#sets("governed", governed),
      ...this.#sets("enforced", this.#wall.enforced),
      ...this.#sets("spared", this.#wall.spared),
      ...this.#cards(),
      ...[...this.#ports.values()].map(({ name, ranges }) =>
        block(`set ${name}`, ["type inet_service", "flags interval", ...elements(ranges.map(portText))]),
      ),
      ...this.#memory("stopped", this.#wall.enforced),
      ...this.#memory("noted", governed),
      ...this.#memory("used", this.#wall.enforced),
      ...this.#gates().map((gate) => block(`set ${gate}`, ["type pkt_type", "flags timeout"])),
      block(`chain note_${this.#letter}`, [...this.#remember("noted", governed), accept("denied, monitored")]),
      ...(!this.#enforces()
        ? []
        : [
            block(`chain stop_${this.#letter}`, [...this.#remember("stopped", this.#wall.enforced), 'counter drop comment "denied"']),
            block(`chain opened_${this.#letter}`, [...this.#remember("used", this.#wall.enforced), accept("denied, opened")]),
          ]),
      block(`chain deny_${this.#letter}`, this.#denied()),
      block(`chain ${judge}`, [
        ...this.#fromOwnCard(denied),
        ...rules.flatMap(({ title, lines }) => [title, ...lines.map((it) => it.text)]),
        denied,
      ]),
      block(`chain later_${judge}`, [
        "# Later fragments go where their protocol may go: without the first one nobody puts them together.",
        // In units of 8 bytes, as they stand in the header.
        `ip frag-off & 0x1fff < ${FRAGMENT_OFFSET_MIN / 8} ${denied}`,
        `frag frag-off < ${FRAGMENT_OFFSET_MIN / 8} ${denied}`,
        ...this.#fromOwnCard(denied),
        ...rules.flatMap(({ lines }) => lines.flatMap((it) => it.later ?? [])),
        denied,
      ]),
      block(`chain ${later}`, [
        ...GROUND.filter((it) => !readsHeader(it)).map((it) => `${groundMatch(it)} ${accept(`ground: ${it.name}`)}`),
        ...this.#dispatch(governed, `later_${judge}`),
      ]),
      block(`chain ${entrance(this.#letter)}`, [
        ...this.#beside(),
        // A match of ports is said not to hold there, and was seen to hold (Linux 6.18).
        "# A later fragment has no ports. Kernels differ in whether they read what stands in their place.",
        `ip frag-off & 0x1fff != 0 goto ${later}`,
        `frag frag-off != 0 goto ${later}`,
        ...GROUND.map((it) => `${groundMatch(it)} ${accept(`ground: ${it.name}`)}`),
        ...this.#dispatch(governed, judge),
      ]),
    ].join("\n");
  }

  /** What a bridge sees and nobody judges. */
  #beside(): readonly string[] {
    return this.#isBridge ? [`meta protocol arp ${accept("ARP")}`, `meta protocol != { ip, ip6 } ${accept("not IP: passes by")}`] : [];
  }

  /** To the rules goes what is governed; the rest goes on. */
  #dispatch(governed: Addresses, chain: string): readonly string[] {
    return this.#families(governed).flatMap((family) => [
      `${address(family, "from")} @${this.#set("governed", family)} goto ${chain}`,
      `${address(family, "to")} @${this.#set("governed", family)} goto ${chain}`,
    ]);
  }

  /** Lines of one rule, those of a family together. A family in which one end has no address has none. */
  #rule({ from, to, service, because, rule }: CompiledRule, at: number): { readonly title: string; readonly lines: readonly RuleLine[] } {
    const [client, server] = [this.#policy.sets[from]!, this.#policy.sets[to]!];
    const title = `# ${at + 1}: ${withoutQuotes(setTitle(client))} → ${withoutQuotes(setTitle(server))} ${serviceText(service)}: ${withoutQuotes(because)} (rule ${rule + 1} of the policy)`;
    const [forth, back] = [accept(`rule ${at + 1}`), accept(`rule ${at + 1} answers`)];
    const lines = FAMILIES.flatMap((family): readonly RuleLine[] => {
      if (!this.#mayHold(client, family) || !this.#mayHold(server, family)) return [];
      if (this.#byState(service.transport)) {
        const text = line(only(family), this.#ends(family, from, to, "ct original "), this.#opened(service), forth);
        // A kernel that keeps state puts packets together before any rule sees them.
        return [{ text, later: null }];
      }
      const written = (ends: string, match: Match | null, words: string): readonly RuleLine[] =>
        match === null
          ? []
          : [{ text: line(ends || only(family), match.text, words), later: line(ends || only(family), match.protocol, words) }];
      return [
        ...written(this.#ends(family, from, to), serviceMatch(service, family, false), forth),
        ...written(this.#ends(family, to, from), serviceMatch(service, family, true), back),
      ];
    });
    return { title, lines };
  }

  /** ICMP is judged packet by packet in every form: the kernel keeps state of its questions only. */
  #byState(transport: PolicyTransport): boolean {
    return this.#keepsState && transport !== "icmp";
  }

  #ends(family: Family, sender: number, receiver: number, by = ""): string {
    return line(
      this.#member(`${by}${address(family, "from")}`, sender, family),
      this.#member(`${by}${address(family, "to")}`, receiver, family),
    );
  }

  /** Nothing where the set is every address. */
  #member(address: string, place: number, family: Family): string {
    const isAny = isWhole(rangesOf(this.#policy.sets[place]!, family), family);
    return isAny ? "" : `${address} @${this.#set(this.#names[place]!, family)}`;
  }

  /** Several ports stand in a named set: nft 1.0.6 lists them within a line in a way that it cannot read again. */
  #opened({ transport, ports }: Service): string {
    if (transport === "ip") return ports.length === 0 ? "" : `meta l4proto ${listed(ports)}`;
    const protocol = `meta l4proto ${transport}`;
    if (ports.length === 0) return protocol;
    if (ports.length === 1) return `${protocol} ct original proto-dst ${portText(ports[0]!)}`;
    const key = ports.map(portText).join(",");
    const known = this.#ports.get(key) ?? { name: `ports${this.#ports.size + 1}_${this.#letter}`, ranges: ports };
    this.#ports.set(key, known);
    return `${protocol} ct original proto-dst @${known.name}`;
  }

  /** What no rule allows: counted by group, then dropped where it is enforced and nobody is spared. */
  #denied(): readonly string[] {
    const { enforced, spared } = this.#wall;
    const counted = this.#policy.sets.flatMap((set, place) =>
      set.governs
        ? this.#families(set).flatMap((family) => [
            `${address(family, "from")} @${this.#set(this.#names[place]!, family)} counter comment "denied from ${this.#names[place]}"`,
            `${address(family, "to")} @${this.#set(this.#names[place]!, family)} counter comment "denied to ${this.#names[place]}"`,
          ])
        : [],
    );
    const verdict = (name: string, addresses: Addresses, words: string) =>
      this.#families(addresses).flatMap((family) =>
        (["from", "to"] as const).map((end) => `${address(family, end)} @${this.#set(name, family)} ${words}`),
      );
    return [
      "# What no rule allows.",
      ...counted,
      LOG,
      ...verdict("spared", spared, accept("denied, spared")),
      ...this.#whileOpen(),
      ...(this.#enforces() ? verdict("enforced", enforced, `goto stop_${this.#letter}`) : []),
      `goto note_${this.#letter}`,
    ];
  }

  /** For each group that governs, where anything is dropped: while the elements of its gate last, what is denied to and from it goes on. */
  #whileOpen(): readonly string[] {
    if (!this.#enforces()) return [];
    return this.#governing().flatMap(({ set, name }) =>
      this.#families(set).flatMap((family) =>
        (["from", "to"] as const).map(
          (end) =>
            `${address(family, end)} @${this.#set(name, family)} meta pkttype @${gateOf(name)}_${this.#letter} goto opened_${this.#letter}`,
        ),
      ),
    );
  }

  #gates(): readonly string[] {
    if (!this.#enforces()) return [];
    return this.#governing().map(({ name }) => `${gateOf(name)}_${this.#letter}`);
  }

  /** Those with an address. */
  #governing(): readonly { readonly set: CompiledPolicy["sets"][number]; readonly name: string }[] {
    return this.#policy.sets.flatMap((set, place) =>
      set.governs && this.#families(set).length > 0 ? [{ set, name: this.#names[place]! }] : [],
    );
  }

  /** Who was denied what: kept by the kernel itself for a day, so that it is known whatever of ours ran meanwhile. */
  #memory(name: string, addresses: Addresses): readonly string[] {
    const lasting = [`size ${REMEMBERED_MAX}`, "flags dynamic,timeout", `timeout ${REMEMBERED_HOURS}h`];
    return this.#families(addresses).flatMap((family) => [
      block(`set ${memoryOf(name, "ports", family)}_${this.#letter}`, [
        `type ipv${family}_addr . ipv${family}_addr . inet_proto . inet_service`,
        ...lasting,
      ]),
      block(`set ${memoryOf(name, "pairs", family)}_${this.#letter}`, [
        `type ipv${family}_addr . ipv${family}_addr . inet_proto`,
        ...lasting,
      ]),
    ]);
  }

  /** What is to be remembered ends nothing: where the memory is full, the lines after it decide all the same. */
  #remember(name: string, addresses: Addresses): readonly string[] {
    return this.#families(addresses).flatMap((family) => {
      const [from, to] = [address(family, "from"), address(family, "to")];
      const update = (kind: "ports" | "pairs", port: string) =>
        `update @${memoryOf(name, kind, family)}_${this.#letter} { ${from} . ${to} . meta l4proto${port} counter }`;
      // A later fragment has no port, and an answer's is the client's own.
      const opening = ["meta l4proto tcp tcp flags & (syn | ack) == syn", "meta l4proto { udp, sctp }"];
      const whole = family === 4 ? "ip frag-off & 0x1fff == 0" : "exthdr frag missing";
      return [
        ...opening.map((it) =>
          `${only(family)} ${it} ${family === 4 ? whole : ""} ${update("ports", " . th dport")}`.replace(/ {2,}/g, " "),
        ),
        `${only(family)} ${update("pairs", "")}`,
      ];
    });
  }

  #set(name: string, family: Family): string {
    return `${name}_v${family}_${this.#letter}`;
  }

  /** Somebody is in it, or may come to be. */
  #mayHold(set: Addresses & { readonly builtIn?: boolean }, family: Family): boolean {
    return rangesOf(set, family).length > 0 || (this.#wall.following !== undefined && set.builtIn !== true);
  }

  /** Where nothing is dropped when it is put up, nothing is until it is put up anew. */
  #enforces(): boolean {
    return !isEmpty(this.#wall.enforced);
  }

  #families(set: Addresses & { readonly builtIn?: boolean }): readonly Family[] {
    return FAMILIES.filter((family) => this.#mayHold(set, family));
  }

  /** Addresses that only their own cards may wear, and which those are. */
  #cards(): readonly string[] {
    const cards = this.#wall.following?.cards ?? null;
    if (cards === null) return [];
    return FAMILIES.flatMap((family) => {
      const some = cards.filter(({ ip }) => ip.includes(":") === (family === 6));
      return [
        this.#addresses(this.#set("bound", family), [`type ipv${family}_addr`], [...new Set(some.map(({ ip }) => ip))]),
        this.#addresses(this.#set("cards", family), [`type ipv${family}_addr . ether_addr`], some.map(({ ip, mac }) => `${ip} . ${mac}`)),
      ];
    }); // prettier-ignore
  }

  #addresses(name: string, head: readonly string[], all: readonly string[]): string {
    this.elements.set(name, all);
    return block(`set ${name}`, [...head, ...elements(all)]);
  }

  #fromOwnCard(denied: string): readonly string[] {
    if ((this.#wall.following?.cards ?? null) === null) return [];
    const line = (family: Family) => {
      const from = address(family, "from");
      return `${from} @${this.#set("bound", family)} ${from} . ether saddr != @${this.#set("cards", family)} ${denied}`;
    };
    return ["# A member's address on another card is not the member.", line(4), line(6)];
  }

  #sets(name: string, addresses: Addresses & { readonly builtIn?: boolean }): readonly string[] {
    return this.#families(addresses).flatMap((family) =>
      isWhole(rangesOf(addresses, family), family)
        ? []
        : this.#addresses(
            this.#set(name, family),
            [`type ipv${family}_addr`, "flags interval"],
            rangesOf(addresses, family).map(rangeText),
          ),
    );
  }
}

interface RuleLine {
  readonly text: string;
  /** The line for later fragments; null where none comes so far. */
  readonly later: string | null;
}
