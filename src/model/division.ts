/** Endpoints divided into devices otherwise than what was heard has it: what a person says, once it is known which endpoints it is about. */
export type Rule = MergeRule | SplitRule;

/** The devices of these two endpoints are one. */
interface MergeRule {
  readonly what: "merge";
  readonly endpoints: readonly [number, number];
}

/** Of the device of `of`, some endpoints are a device of their own. */
interface SplitRule {
  readonly what: "split";
  readonly of: number;
  readonly endpoints: readonly number[];
  /** MACs alone: whatever address such a card wears, now or later, goes with it. */
  readonly cards: readonly number[];
}

/** Endpoints divided into devices, by what was heard and by the rules so far. */
export interface Divided {
  /** 0 for none. */
  deviceOf(endpoint: number): number;
  /** In order. */
  membersOf(device: number): readonly number[];
  apply(rule: Rule): void;
}
