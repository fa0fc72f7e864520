/** What a conversation in SMB remembers of itself: whose log-in waits for its answer, and which trees lead to a machine's own disks. */
export interface Memory {
  /** Who proves himself, as bytes to tell apart; null where nobody does, or it was answered. */
  offered: string | null;
  /** Numbers of messages that asked for a share of administrators, not answered yet. */
  readonly asked: Set<number>;
  /** Trees that are such shares. */
  readonly trees: Set<number>;
  /** Of version 1: numbers of messages that began a transaction of the other kind. */
  readonly transactions: Set<number>;
}

/** A program opens a few shares. */
const REMEMBERED_MAX = 16;

export function remember(): Memory {
  return { offered: null, asked: new Set(), trees: new Set(), transactions: new Set() };
}

/** The oldest goes first. */
export function add(set: Set<number>, number: number): void {
  if (set.size >= REMEMBERED_MAX) set.delete(set.values().next().value!);
  set.add(number);
}
