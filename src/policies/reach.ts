/**
 * How far a worm could come from one device: over what was heard, over what of that a policy keeps, and over all a policy allows. A step
 * is one conversation from a device it holds to one it does not; every service that answers counts as a way, since which of them have
 * holes is not known. Between devices that no group governs, a policy changes nothing: there, what was heard counts.
 *
 * Exact. Devices that belong to the same sets and have no way of their own are one node, so that hundreds of thousands are a few hundred.
 */
import type { CompiledRule } from "../model/policy.ts";
import type { HeardConversation, Machine } from "../model/replay.ts";
import type { Compiled } from "./compile.ts";
import { judgeConversation } from "./evaluate.ts";

export interface Reach {
  /** Besides those it began at. */
  readonly devices: number;
  readonly lifeSupporting: number;
  /** Reached first in one step, in two, and so on: sums to `devices`. */
  readonly steps: readonly number[];
}

export interface Reaches {
  /** Over what was heard. */
  readonly heard: Reach;
  /** Over what was heard and the policy keeps. */
  readonly kept: Reach;
  /** Over all the policy allows, heard or not. */
  readonly allowed: Reach;
}

export interface Cut {
  /** Places of the policy's rules, or the group whose members open nothing (`out`) or answer nothing (`in`) any more. */
  readonly what: { readonly rule: number } | { readonly group: string; readonly way: "in" | "out" };
  /** Pairs of a device and a life-supporting one it no longer reaches. */
  readonly fewer: number;
}

export interface Cuts {
  /** Pairs of a device and a life-supporting one within its reach, over all the policy allows. */
  readonly pairs: number;
  /** Those that cut anything, most first. */
  readonly cuts: readonly Cut[];
}

/** Each rule and group is left out in turn, and each time it is gone from every node: beyond so many nodes that takes minutes. */
const NODES_MAX = 5_000;

/** A node: a device, or several that have the same ways. */
interface Node {
  readonly places: readonly number[];
  readonly members: number;
  readonly lifeSupporting: number;
  /** Nodes it was heard to open to where nothing governs. */
  readonly free: readonly number[];
}

export class WormReach {
  readonly #rules: readonly CompiledRule[];
  readonly #compiled: Compiled;
  /** Hospital's own devices: what lies outside, and addresses of groups, are no prey. */
  readonly #machines: ReadonlyMap<number, Machine>;
  readonly #heard: Ways;
  readonly #kept: Ways;
  readonly #nodes: readonly Node[];
  readonly #nodeOf: ReadonlyMap<number, number>;
  /** Nodes of each set, by its place. */
  readonly #within: readonly (readonly number[])[];

  constructor(compiled: Compiled, machines: readonly Machine[], conversations: readonly HeardConversation[]) {
    const { policy, places } = compiled;
    this.#compiled = compiled;
    this.#rules = policy.rules;
    this.#machines = new Map(machines.filter(({ device }) => device.standing === "device").map((it) => [it.number, it]));
    this.#heard = new Map();
    this.#kept = new Map();
    const free: Ways = new Map();
    for (const it of conversations) {
      if (it.answered === 0 || it.client === it.server || !this.#machines.has(it.client) || !this.#machines.has(it.server)) continue;
      const { outcome } = judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) });
      put(this.#heard, it);
      if (outcome !== "denied") put(this.#kept, it);
      // What every device needs anyway goes where it went.
      if (outcome === "not governed" || outcome === "ground") put(free, it);
    }
    const [nodes, nodeOf] = this.#nodesOf(free);
    this.#nodes = nodes;
    this.#nodeOf = nodeOf;
    this.#within = policy.sets.map((_, place) => nodes.flatMap((node, number) => (node.places.includes(place) ? [number] : [])));
  }

  /** Whether it is a device of the hospital's own, which a worm could hold. */
  isPrey(number: number): boolean {
    return this.#machines.has(number);
  }

  /** From all of these at once, numbers of machines; those that are no device of the hospital's are left out. */
  from(sources: readonly number[]): Reaches {
    const own = [...new Set(sources)].filter((it) => this.#machines.has(it));
    return { heard: this.#over(this.#heard, own), kept: this.#over(this.#kept, own), allowed: this.#allowed(own) };
  }

  /**
   * Which rule, and which group shut in one way, takes most life-supporting devices out of reach: each left out in turn. Null where
   * thousands of devices talk to each other and no group governs them: then one asks from some of them.
   */
  cuts(): Cuts | null {
    if (this.#nodes.length > NODES_MAX) return null;
    const all = this.#pairs(() => true);
    const groups = this.#compiled.policy.sets.flatMap(({ group, builtIn, ward }, place) => (builtIn || ward !== null ? [] : [{ group, place }]));
    const ruleOf = (place: number) => this.#rules[place]!.rule;
    const rules = [...new Set(this.#rules.map(({ rule }) => rule))];
    const inSet = (place: number) => (node: number) => this.#nodes[node]!.places.includes(place);
    const cuts: Cut[] = [
      ...rules.map((rule) => ({ what: { rule }, fewer: all - this.#pairs((place) => ruleOf(place) !== rule) })),
      ...groups.flatMap(({ group, place }) => [
        { what: { group, way: "in" as const }, fewer: all - this.#pairs(() => true, { target: inSet(place) }) },
        { what: { group, way: "out" as const }, fewer: all - this.#pairs(() => true, { source: inSet(place) }) },
      ]),
    ];
    return { pairs: all, cuts: cuts.filter(({ fewer }) => fewer > 0).sort((a, b) => b.fewer - a.fewer) };
  } // prettier-ignore

  #over(ways: Ways, sources: readonly number[]): Reach {
    const reached = new Set(sources);
    const steps: number[] = [];
    let lifeSupporting = 0;
    for (let at: readonly number[] = sources; at.length > 0;) {
      const next: number[] = [];
      for (const client of at)
        for (const server of ways.get(client) ?? []) {
          if (reached.has(server)) continue;
          reached.add(server);
          next.push(server);
          lifeSupporting += this.#isLifeSupporting(server) ? 1 : 0;
        }
      if (next.length > 0) steps.push(next.length);
      at = next;
    }
    return { devices: reached.size - sources.length, lifeSupporting, steps };
  }

  #allowed(sources: readonly number[]): Reach {
    const ownIn = new Map<number, { members: number; lifeSupporting: number }>();
    for (const source of sources) {
      const node = this.#nodeOf.get(source)!;
      const own = ownIn.get(node) ?? { members: 0, lifeSupporting: 0 };
      own.members++;
      own.lifeSupporting += this.#isLifeSupporting(source) ? 1 : 0;
      ownIn.set(node, own);
    }
    const steps: number[] = [];
    let lifeSupporting = 0;
    for (const [node, step] of this.#reached([...ownIn.keys()], () => true)) {
      const own = ownIn.get(node) ?? { members: 0, lifeSupporting: 0 };
      const more = this.#nodes[node]!.members - own.members;
      while (steps.length < step) steps.push(0);
      steps[step - 1]! += more;
      lifeSupporting += this.#nodes[node]!.lifeSupporting - own.lifeSupporting;
    }
    while (steps.at(-1) === 0) steps.pop();
    return { devices: steps.reduce((sum, it) => sum + it, 0), lifeSupporting, steps };
  }

  /** Pairs of a device and a life-supporting one in its reach, over the rules that `has`, with no way out of or into what is shut. */
  #pairs(has: (place: number) => boolean, shut: { source?: (node: number) => boolean; target?: (node: number) => boolean } = {}): number {
    let pairs = 0;
    for (const [start, { members, lifeSupporting }] of this.#nodes.entries())
      for (const [node] of this.#reached([start], has, shut)) {
        // One of the node's own devices is where it began, and not in its own reach.
        const own = node === start ? lifeSupporting : 0;
        pairs += members * this.#nodes[node]!.lifeSupporting - own;
      }
    return pairs;
  }

  /** Nodes all of whose other members are reached when some member of each of `starts` is held, with the step it takes. */
  #reached(
    starts: readonly number[],
    has: (place: number) => boolean,
    { source = () => false, target = () => false }: { source?: (node: number) => boolean; target?: (node: number) => boolean } = {},
  ): ReadonlyMap<number, number> {
    const reached = new Map<number, number>();
    const opened = new Uint8Array(this.#nodes.length);
    const used = new Uint8Array(this.#rules.length);
    for (let at = starts, step = 1; at.length > 0; step++) {
      const next: number[] = [];
      const take = (node: number) => {
        if (reached.has(node) || target(node)) return;
        reached.set(node, step);
        // A node that it began in has opened its ways already.
        if (opened[node] === 0) next.push(node);
      };
      for (const node of at) {
        if (opened[node] === 1) continue;
        opened[node] = 1;
        if (source(node)) continue;
        const { places, free } = this.#nodes[node]!;
        for (const it of free) take(it);
        for (const [place, rule] of this.#rules.entries()) {
          if (used[place] === 1 || !has(place) || !places.includes(rule.from)) continue;
          used[place] = 1;
          for (const it of this.#within[rule.to]!) take(it);
        }
      }
      at = next;
    }
    return reached;
  }

  /** A device that was heard to open freely, or to be opened to, is a node of its own. */
  #nodesOf(free: Ways): [readonly Node[], ReadonlyMap<number, number>] {
    const alone = new Set([...free].flatMap(([client, servers]) => [client, ...servers]));
    const nodeOf = new Map<number, number>();
    const numbers = new Map<string, number>();
    const nodes: { places: readonly number[]; members: number; lifeSupporting: number; free: number[] }[] = [];
    for (const number of this.#machines.keys()) {
      const places = this.#compiled.places(number);
      const key = alone.has(number) ? `only ${number}` : places.join(" ");
      const node = numbers.get(key) ?? nodes.push({ places, members: 0, lifeSupporting: 0, free: [] }) - 1;
      numbers.set(key, node);
      nodeOf.set(number, node);
      nodes[node]!.members++;
      nodes[node]!.lifeSupporting += this.#isLifeSupporting(number) ? 1 : 0;
    }
    for (const [client, servers] of free) nodes[nodeOf.get(client)!]!.free.push(...[...servers].map((it) => nodeOf.get(it)!));
    return [nodes, nodeOf];
  }

  #isLifeSupporting(number: number): boolean {
    return this.#machines.get(number)!.device.lifeCritical === "life-supporting";
  }
}

/** Servers by client. */
type Ways = Map<number, Set<number>>;

function put(ways: Ways, { client, server }: HeardConversation): void {
  const known = ways.get(client);
  if (known === undefined) ways.set(client, new Set([server]));
  else known.add(server);
}
