/** The groups that learned and expected rules speak of. */
import type { Group, Rule } from "../model/policy.ts";
import type { Machine } from "../model/replay.ts";
import { NOT_KNOWN, order, plainName, type Sorted } from "./cells.ts";
import { modelInWords, type DisclosedModel } from "./disclosed.ts";
import { isBuiltIn } from "./file.ts";
import { Naming } from "./naming.ts";

/** Of a kind's members so many must be heard doing something. */
export const SUPPORT_MIN = 3;
/** So few of so many are named by themselves. */
export const NAMED_MAX = 8;

/** Kinds, servers named by themselves, and models of which a document speaks. */
export class LearnedGroups {
  readonly #sorted: Sorted;
  readonly #only: readonly string[];
  readonly #machines: ReadonlyMap<number, Machine>;
  readonly #naming: Naming;
  /** Of those named, by who they are. */
  readonly #named = new Map<string, { readonly name: string; readonly select: string; readonly origin: string }>();

  /** By what they are called. */
  readonly #models = new Map<string, Group>();

  constructor(sorted: Sorted, only: readonly string[]) {
    this.#sorted = sorted;
    this.#only = only;
    this.#machines = new Map([...sorted.members.values()].flat().map((it) => [it.number, it]));
    this.#naming = new Naming([...this.#machines.values()]);
  }

  isGoverned(group: string): boolean {
    if (isBuiltIn(group) || group === NOT_KNOWN) return false;
    const kind = this.#sorted.members.get(group)?.[0]?.device.kind?.value ?? group;
    return this.#only.length === 0 || this.#only.includes(kind);
  }

  /** The group of just these servers. */
  named(servers: ReadonlySet<number>, origin: string): string {
    const numbers = [...servers].sort((a, b) => a - b);
    const key = numbers.join(" ");
    const known = this.#named.get(key);
    if (known !== undefined) return known.name;
    const machines = numbers.map((it) => this.#machines.get(it)!);
    const first = plainName(machines[0]!.device.name);
    const called = machines.length === 1 ? first : machines.length === 2 ? `${first} and ${plainName(machines[1]!.device.name)}` : `${first} and ${machines.length - 1} more`;
    const taken = new Set([NOT_KNOWN, ...[...this.#named.values()].map((it) => it.name)]);
    let name = called;
    for (let next = 2; taken.has(name) || isBuiltIn(name) || this.#sorted.members.has(name); next++) name = `${called} (${next})`;
    this.#named.set(key, { name, select: this.#naming.selectorOf(machines), origin });
    return name;
  } // prettier-ignore

  /** All of a model, whatever their kind: named as a peer only, since their kind is what is governed. */
  ofModel(model: DisclosedModel): string {
    const called = plainName(modelInWords(model));
    let name = called;
    const taken = (it: string) => isBuiltIn(it) || it === NOT_KNOWN || this.#sorted.members.has(it) || [...this.#named.values()].some((own) => own.name === it);
    for (let next = 2; taken(name); next++) name = `${called} (${next})`;
    if (!this.#models.has(name)) this.#models.set(name, { name, select: this.#selectorOfModel(model), governs: false, newcomers: "hold", states: [] });
    return name;
  } // prettier-ignore

  #selectorOfModel({ disclosure: { maker }, models, members }: DisclosedModel): string {
    // A device may say anything of itself; what cannot be quoted is named one by one.
    if ([maker, ...models].some((it) => it.includes('"'))) return this.#naming.selectorOf(members);
    const quoted = models.map((it) => `"${it}"`);
    const one = quoted.length === 1 ? `model = ${quoted[0]!}` : `model in (${quoted.join(", ")})`;
    return maker === "" ? one : `maker = "${maker}" and ${one}`;
  }

  /** Of a kind, or of the one machine that is a group of its own. */
  #selectorOf(group: string): string {
    const members = this.#sorted.members.get(group) ?? [];
    return members.some(({ device }) => device.kind?.value === group) ? `kind = "${group}"` : this.#naming.selectorOf(members);
  }

  /** Those named are all of this kind. */
  areAll(named: string, kind: string): boolean {
    const members = this.#sorted.members.get(kind);
    const [key] = [...this.#named].find(([, { name }]) => name === named) ?? [];
    return key !== undefined && members !== undefined && key.split(" ").every((it) => members.some(({ number }) => number === Number(it)));
  }

  originOf(name: string): string | null {
    return [...this.#named.values()].find((it) => it.name === name)?.origin ?? null;
  }

  /** Governed kinds, then whoever else a rule names. */
  used(rules: readonly Rule[]): Group[] {
    const named = new Set(rules.flatMap(({ from, to }) => [from, to]));
    const rest = { newcomers: "hold", states: [] } as const;
    const kinds = [...this.#sorted.members.keys()]
      .filter((it) => this.isGoverned(it) || (named.has(it) && !isBuiltIn(it) && it !== NOT_KNOWN))
      .sort()
      .map((kind): Group => ({ name: kind, select: this.#selectorOf(kind), governs: this.isGoverned(kind), ...rest }));
    const servers = [...this.#named.values()]
      .filter(({ name }) => named.has(name))
      .sort((a, b) => order(a.name, b.name))
      .map(({ name, select }): Group => ({ name, select, governs: false, ...rest }));
    const models = [...this.#models.values()].filter(({ name }) => named.has(name)).sort((a, b) => order(a.name, b.name));
    return [...kinds, ...models, ...servers];
  }
}
