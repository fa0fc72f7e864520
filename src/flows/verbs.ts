/**
 * What was done in a conversation, as a number that stands for the whole set of verbs: verbs come from closed sets and the same few
 * combinations fill a hospital, so a flow keeps one number where it would keep a set.
 */

/** More verbs than any protocol has; for a parser of ours that broke the rule of closed sets. */
const VERBS_MAX = 64;
/** Combinations; the limit is for the same parser. */
const SETS_MAX = 16_384;

/** Nothing was done. */
export const NO_VERBS = 0;

export class Verbs {
  /** In the order of code units. */
  readonly #lists: (readonly string[])[] = [[]];
  readonly #numbers = new Map<string, number>([["", NO_VERBS]]);
  /** What a set becomes with one verb more, and two sets together: worked out once. */
  readonly #with: Map<string, number>[] = [new Map()];
  readonly #joined = new Map<number, number>();
  #refused = 0;

  with(set: number, verb: string): number {
    const known = this.#with[set]!.get(verb);
    if (known !== undefined) return known;
    const list = this.#lists[set]!;
    const larger = list.includes(verb) ? set : this.#numberOf([...list, verb], set);
    // What was refused is looked for again: whoever invents verbs must not fill our memory with them.
    if (larger !== set) this.#with[set]!.set(verb, larger);
    return larger;
  }

  joined(a: number, b: number): number {
    if (a === b || b === NO_VERBS) return a;
    if (a === NO_VERBS) return b;
    const key = a * SETS_MAX + b;
    let both = this.#joined.get(key);
    if (both === undefined) {
      both = this.#numberOf([...new Set([...this.#lists[a]!, ...this.#lists[b]!])], a);
      if (this.#joined.size < SETS_MAX) this.#joined.set(key, both);
    }
    return both;
  }

  list(set: number): readonly string[] {
    return this.#lists[set]!;
  }

  /** Verbs let go at a limit, since the last call. */
  takeRefused(): number {
    const taken = this.#refused;
    this.#refused = 0;
    return taken;
  }

  /** `instead` where the limit is reached. */
  #numberOf(verbs: readonly string[], instead: number): number {
    const list = verbs.toSorted();
    const key = list.join("\0");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (list.length > VERBS_MAX || this.#lists.length >= SETS_MAX) {
      this.#refused++;
      return instead;
    }
    const number = this.#lists.push(list) - 1;
    this.#with.push(new Map());
    this.#numbers.set(key, number);
    return number;
  }
}
