/**
 * Which endpoints are one device, when people have had their say.
 *
 * `Identity` works out what follows from what was heard. What a person says of that is kept beside it as rules, which divide the same
 * endpoints otherwise: in the order they were said, on top of what follows now. So nothing that was heard is touched, and without the
 * rule everything is as if it had never been said.
 */
import type { Rule } from "../model/division.ts";
import type { Identity } from "./identity.ts";

interface Part {
  /** The lowest of its endpoints, as with every device: a number stays with the address it was first given for. */
  readonly id: number;
  /** In order. */
  readonly members: readonly number[];
}

/** Endpoints divided by rules that come one by one. What no rule is about is as `Identity` has it. */
export class Partition {
  readonly #identity: Identity;
  readonly #partOf = new Map<number, Part>();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Each once. */
  get parts(): ReadonlySet<Part> {
    return new Set(this.#partOf.values());
  }

  deviceOf(endpoint: number): number {
    return this.#partOf.get(endpoint)?.id ?? this.#identity.deviceOf(endpoint);
  }

  membersOf(device: number): readonly number[] {
    return this.#partOf.get(device)?.members ?? this.#identity.membersOf(device);
  }

  apply(rule: Rule): void {
    if (rule.what === "merge") {
      const [one, other] = rule.endpoints.map((endpoint) => this.#take(endpoint)) as [Part, Part];
      if (one !== other) this.#put([...one.members, ...other.members]);
      return;
    }
    const { members } = this.#take(rule.of);
    const named = new Set(rule.endpoints);
    const cards = new Set(rule.cards.map((card) => this.#identity.homeOf(card)));
    const isNamed = (it: number) => named.has(it) || cards.has(this.#identity.homeOf(it));
    const halves = [members.filter(isNamed), members.filter((it) => !isNamed(it))];
    // Named are all of them, or none any more: it is apart already.
    if (halves.every((half) => half.length > 0)) for (const half of halves) this.#put(half);
  }

  #take(endpoint: number): Part {
    return this.#partOf.get(endpoint) ?? this.#put(this.#identity.membersOf(this.#identity.deviceOf(endpoint)));
  }

  #put(endpoints: readonly number[]): Part {
    const members = endpoints.toSorted((a, b) => a - b);
    const part = { id: members[0]!, members };
    for (const member of members) this.#partOf.set(member, part);
    return part;
  }
}

export class Division {
  readonly #identity: Identity;
  #rules: readonly Rule[] = [];
  #isSaidAnew = false;
  #partition: Partition;
  #more = 0;

  constructor(identity: Identity) {
    this.#identity = identity;
    this.#partition = new Partition(identity);
  }

  /** From the next `settle` on. */
  says(rules: readonly Rule[]): void {
    this.#rules = rules;
    this.#isSaidAnew = true;
  }

  /** As of the last `settle`; 0 for none. */
  deviceOf(endpoint: number): number {
    return this.#partition.deviceOf(endpoint);
  }

  /** In order. */
  membersOf(device: number): readonly number[] {
    return this.#partition.membersOf(device);
  }

  /** As of the last `settle`. */
  get devices(): number {
    return this.#identity.devices + this.#more;
  }

  /** As of `Identity.settle`, whose answer it is where nobody said anything. */
  settle(): { readonly changed: readonly number[]; readonly gone: readonly number[] } {
    const heard = this.#identity.settle();
    const isNews = this.#isSaidAnew || heard.changed.length > 0 || heard.gone.length > 0;
    if (!isNews || (this.#rules.length === 0 && !this.#isSaidAnew)) return heard;
    this.#isSaidAnew = false;
    const before = this.#partition;
    const now = new Partition(this.#identity);
    for (const rule of this.#rules) now.apply(rule);
    this.#partition = now;

    const outdated = new Set(heard.changed);
    const touched = new Set([...heard.changed, ...heard.gone]);
    for (const { id, members } of [...before.parts, ...now.parts]) {
      touched.add(id);
      for (const member of members) touched.add(this.#identity.deviceOf(member));
    }
    const divided = [...now.parts].flatMap(({ members }) => members.map((it) => this.#identity.deviceOf(it)));
    this.#more = now.parts.size - new Set(divided).size;
    const changed: number[] = [];
    const gone: number[] = [];
    for (const id of [...touched].sort((a, b) => a - b)) {
      if (id === 0) continue;
      if (now.deviceOf(id) !== id) gone.push(id);
      else if (!isSame(before, now, id) || now.membersOf(id).some((it) => outdated.has(this.#identity.deviceOf(it)))) changed.push(id);
    }
    return { changed, gone };
  }
}

/** What `Identity` alone has of it is told by whether it changed there. */
function isSame(before: Partition, now: Partition, device: number): boolean {
  if (before.deviceOf(device) !== device) return false;
  const [old, members] = [before.membersOf(device), now.membersOf(device)];
  return old.length === members.length && old.every((it, place) => it === members[place]);
}
