/**
 * The kernel's rules on this machine, through nft: what stands in our table, what else stands on the same hook, and loading a text, all or
 * nothing. It touches the table `auscult` of one family and no other, and that only when its comment says that we wrote it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { AddressRange } from "../model/policy.ts";
import { BASE_CHAIN, MARK, TABLE } from "../policies/exporters/nftables-names.ts";
import { rangeOf } from "../policies/ranges.ts";

export type FirewallFamily = "bridge" | "inet";

/** Whoever asked may not change the firewall, or there is none. */
export class NoFirewall extends Error {}
/** The kernel, or nft, refused the text. Nothing has changed. */
export class RulesRefused extends Error {}

/** What stands in our table now. */
export interface StandingTable {
  /** Null: somebody else made a table of this name. */
  readonly mark: string | null;
  /** As nft lists it, without counters and without what the kernel puts into sets itself. */
  readonly text: string;
  /** Sets and chains but the base chain, as nft lists them. */
  readonly parts: readonly Part[];
  /** It goes back by itself unless it is confirmed. */
  readonly isGated: boolean;
}

export interface Part {
  readonly kind: "set" | "chain";
  readonly name: string;
  readonly text: string;
}

/** Another chain that also decides about what we let through. */
export interface OtherChain {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly priority: number;
  readonly policy: string;
}

/** What the kernel counted at a rule, by our comment on it. */
export interface Counted {
  readonly comment: string;
  readonly packets: number;
  readonly bytes: number;
}

/** An element that expires. */
export interface Remembered {
  /** Each part of its key, numbers as digits. */
  readonly of: readonly string[];
  /** Seconds it lasts from when it was last put in, and those that are left. */
  readonly timeout: number;
  readonly expires: number;
  readonly packets: number;
  readonly bytes: number;
}

/** The set whose elements expire. */
export const GATE = "live";

/** Every kind that a packet on the hook may be of: a set of these is a gate. */
export const PACKET_KINDS = ["host", "other", "broadcast", "multicast"] as const;

const OUTPUT_BYTES_MAX = 256 << 20;
const OF_IP = ["ip", "ip6", "inet"];
/** Where these say 1, what crosses a bridge goes through the rules of a router as well (br_netfilter). */
const CALLED_FROM_BRIDGES = ["iptables", "ip6tables"].map((name) => `/proc/sys/net/bridge/bridge-nf-call-${name}`);

export class Firewall {
  readonly family: FirewallFamily;

  constructor(family: FirewallFamily) {
    this.family = family;
  }

  /** Null while there is no table of the name. */
  standing(): StandingTable | null {
    const tables = this.#ask(["list", "tables"]);
    if (!tables.split("\n").includes(`table ${this.family} ${TABLE}`)) return null;
    const text = withoutMemory(this.#ask(["-s", "list", "table", this.family, TABLE]));
    const parts = partsOf(text);
    return {
      mark: new RegExp(`^\\tcomment "(${MARK} [0-9a-f]+)"$`, "m").exec(text)?.[1] ?? null,
      text,
      parts: parts.filter(({ name }) => name !== BASE_CHAIN && name !== GATE),
      isGated: parts.some(({ name }) => name === GATE),
    };
  }

  /** By priority. */
  others(): readonly OtherChain[] {
    const isCalled = CALLED_FROM_BRIDGES.some((path) => existsSync(path) && readFileSync(path, "utf8").trim() === "1");
    const families = this.family === "inet" ? OF_IP : ["bridge", ...(isCalled ? OF_IP : [])];
    return this.#json<{ readonly chain?: ListedChain }>(["-j", "list", "chains"])
      .flatMap(({ chain }) => (chain?.hook === "forward" ? [chain] : []))
      .filter(({ family, table }) => families.includes(family) && !(family === this.family && table === TABLE))
      .map(({ family, table, name, prio, policy }) => ({ family, table, chain: name, priority: prio ?? 0, policy: policy ?? "accept" }))
      .toSorted((a, b) => a.priority - b.priority);
  }

  /** In the order of our rules; several lines of one comment are one. `letter`: only of the wall whose names end with it. */
  counters(letter: string): readonly Counted[] {
    const counts = new Map<string, Counted>();
    for (const { rule } of this.#json<{ readonly rule?: ListedRule }>(["-j", "list", "table", this.family, TABLE])) {
      const counter = rule?.expr.find((it) => it.counter !== undefined)?.counter;
      if (rule?.comment === undefined || counter === undefined || !rule.chain.endsWith(`_${letter}`)) continue;
      const before = counts.get(rule.comment);
      counts.set(rule.comment, {
        comment: rule.comment,
        packets: (before?.packets ?? 0) + counter.packets,
        bytes: (before?.bytes ?? 0) + counter.bytes,
      });
    }
    return [...counts.values()];
  }

  /** Of a set of addresses; empty where there is none. */
  addresses(set: string): readonly AddressRange[] {
    return (this.#listed(set)?.elem ?? []).flatMap((it): readonly AddressRange[] => {
      const of = typeof it === "object" && "elem" in it ? it.elem.val : it;
      if (typeof of === "string") return [{ first: of, last: of }];
      if ("range" in of) return [{ first: of.range[0], last: of.range[1] }];
      if ("prefix" in of) return [rangeOf(`${of.prefix.addr}/${of.prefix.len}`)!];
      return [];
    });
  }

  /** Elements of a set that expire: what the kernel put into it itself, or a gate. Empty where there is no such set. */
  remembered(set: string): readonly Remembered[] {
    const listed = this.#listed(set);
    return (listed?.elem ?? []).flatMap((element) => {
      if (typeof element !== "object" || !("elem" in element)) return [];
      const { val, timeout, expires, counter } = element.elem;
      const of = typeof val === "string" ? [val] : "concat" in val ? val.concat.map(String) : [];
      return [
        { of, timeout: timeout ?? listed?.timeout ?? 0, expires: expires ?? 0, packets: counter?.packets ?? 0, bytes: counter?.bytes ?? 0 },
      ];
    });
  }

  /** What is in the sets of our table now, by name: addresses, ranges as "first-last", and what stands together with " . " between. */
  elements(): ReadonlyMap<string, readonly string[]> {
    const listed = this.#json<{ readonly set?: ListedSet }>(["-j", "list", "table", this.family, TABLE]);
    return new Map(listed.flatMap(({ set }) => (set === undefined ? [] : [[set.name, (set.elem ?? []).map(elementText)] as const])));
  }

  /** One transaction; of our table the elements of these sets and nothing else. */
  putElements(sets: ReadonlyMap<string, readonly string[]>): void {
    const lines = [...sets].flatMap(([name, all]) => {
      const where = `${this.family} ${TABLE} ${name}`;
      return [`flush set ${where}`, ...(all.length === 0 ? [] : [`add element ${where} { ${all.join(", ")} }`])];
    });
    this.load(`${lines.join("\n")}\n`);
  }

  /** Whether the kernel would take it; nothing changes. */
  check(rules: string): void {
    this.#load(["-c", "-f", "-"], rules);
  }

  /** One transaction. */
  load(rules: string): void {
    this.#load(["-f", "-"], rules);
  }

  #listed(name: string): ListedSet | undefined {
    const of = (words: readonly string[]) =>
      this.#json<{ readonly set?: ListedSet }>(["-n", "-j", ...words]).flatMap(({ set }) => set ?? []);
    const isThere = of(["-t", "list", "sets", this.family]).some((it) => it.name === name && it.table === TABLE);
    return isThere ? of(["list", "set", this.family, TABLE, name])[0] : undefined;
  }

  #load(how: readonly string[], rules: string): void {
    const { status, stderr, error } = nft(how, rules);
    if (error !== undefined) throw new NoFirewall(`expected nft to run, got ${error.message}`);
    if (status !== 0) throw new RulesRefused(`expected rules that the kernel takes, it said: ${firstLine(stderr)}`);
  }

  #json<Entry>(what: readonly string[]): readonly Entry[] {
    return (JSON.parse(this.#ask(what)) as { readonly nftables: readonly Entry[] }).nftables;
  }

  #ask(what: readonly string[]): string {
    const { status, stdout, stderr, error } = nft(what);
    if (error !== undefined) throw new NoFirewall(`expected nft (Debian: nftables) on this machine, got ${error.message}`);
    if (status !== 0) throw new NoFirewall(`expected the right to read and change the firewall, nft said: ${firstLine(stderr)}`);
    return stdout;
  }
}

interface ListedChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly prio?: number;
  readonly policy?: string;
}

interface ListedSet {
  readonly name: string;
  readonly table: string;
  readonly timeout?: number;
  readonly elem?: readonly (ListedKey | { readonly elem: ListedElement })[];
}

interface ListedElement {
  readonly val: ListedKey;
  readonly timeout?: number;
  readonly expires?: number;
  readonly counter?: { readonly packets: number; readonly bytes: number };
}

type ListedKey =
  | string
  | { readonly concat: readonly (string | number)[] }
  | { readonly range: readonly [first: string, last: string] }
  | { readonly prefix: { readonly addr: string; readonly len: number } };

function elementText(element: ListedKey | { readonly elem: ListedElement }): string {
  if (typeof element === "string") return element;
  if ("elem" in element) return elementText(element.elem.val);
  if ("range" in element) return element.range.join("-");
  if ("concat" in element) return element.concat.join(" . ");
  const { first, last } = rangeOf(`${element.prefix.addr}/${element.prefix.len}`)!;
  return first === last ? first : `${first}-${last}`;
}

interface ListedRule {
  readonly chain: string;
  readonly comment?: string;
  readonly expr: readonly { readonly counter?: { readonly packets: number; readonly bytes: number } }[];
}

function nft(words: readonly string[], input = "") {
  return spawnSync("nft", words, { input, encoding: "utf8", maxBuffer: OUTPUT_BYTES_MAX });
}

/** Elements that expire are what the kernel remembers, or a gate: not what was put up. The gate of a wall that waits is, and stays. */
export function withoutMemory(table: string): string {
  return table.replaceAll(/^\tset (\S+) \{\n(?:\t\t.*\n|\n)*?\t\}\n/gm, (set: string, name: string) =>
    name === GATE || !/^\t\tflags (?:dynamic,)?timeout$/m.test(set) ? set : set.replace(/^\t\telements = \{[^}]*\}\n/m, ""),
  );
}

/** nft indents a part by one tab and what is in it by two. */
export function partsOf(table: string): readonly Part[] {
  return [...table.matchAll(/^\t(set|chain) (\S+) \{\n(?:\t\t.*\n|\n)*?\t\}\n/gm)].map(([text, kind, name]) => ({
    kind: kind as Part["kind"],
    name: name!,
    text,
  }));
}

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";
