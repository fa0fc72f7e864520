/** A wall that stands, followed, on one page: machines as a recording has them now, joined with what `policies` makes of them. */
import { describe } from "./devices/index.ts";
import { loadKnowledge } from "./knowledge/index.ts";
import type { Machine } from "./model/replay.ts";
import type { Wall } from "./policies/exporters/exporter.ts";
import { compile } from "./policies/compile.ts";
import { policyIn } from "./policies/file.ts";
import { cardsOf, follow, type Followed, type Happening } from "./policies/following.ts";
import { wallOf } from "./policies/standing.ts";
import type { Kept } from "./link/wall-change.ts";
import { endOf } from "./store/queries/days.ts";
import { DeviceQueries } from "./store/queries/device.ts";
import { machinesOf } from "./store/queries/replay.ts";
import { Store } from "./store/reader.ts";
import { whenWritten } from "./store/written.ts";

/** A recording that somebody writes meanwhile. */
export class Recorded {
  readonly #store: Store;
  readonly #watching: ReturnType<typeof whenWritten>;
  #seen = -1;

  constructor(path: string, written: () => void) {
    this.#store = new Store(path);
    this.#watching = whenWritten(path, written);
  }

  /** Somebody wrote since it was asked last. */
  isNew(): boolean {
    const now = this.#store.changes;
    const isNew = now !== this.#seen;
    this.#seen = now;
    return isNew;
  }

  now(): { readonly machines: readonly Machine[]; readonly at: number } {
    return this.#store.snapshot(() => ({ machines: machinesOf(this.#store), at: endOf(this.#store) ?? 0 }));
  }

  /** What it is rests on two groups of sources, which do not repeat each other, or on a person's word. */
  isVouchedFor({ number, device: { kind } }: Machine): boolean {
    if (kind === null) return false;
    if (kind.saidBy !== undefined) return true;
    const known = this.#store.snapshot(() => new DeviceQueries(this.#store).device(number));
    if (known === null) return false;
    const rows = describe(known.heard, loadKnowledge()).evidence.filter((it) => it.attribute === "kind" && it.value === kind.value && it.weight > 0); // prettier-ignore
    return new Set(rows.map(({ group }) => group)).size >= SOURCES_MIN;
  }

  close(): void {
    this.#watching.close();
    this.#store.close();
  }
}

const SOURCES_MIN = 2;

/** What should stand now, and what happened since it was looked at last. */
export function followed(
  kept: Kept,
  recorded: Recorded,
): { readonly wall: Wall; readonly followed: Followed; readonly happenings: readonly Happening[] } {
  const policy = policyIn(kept.policy, "policy");
  const { machines, at } = recorded.now();
  const now = follow(policy, kept.followed, machines, at, (machine) => recorded.isVouchedFor(machine));
  return { ...now, wall: keptWall(policy, now.followed.membership, machines, kept.cards) };
}

/** As the policy says; its sets are there to be kept to who wears what. */
export function keptWall(
  policy: Parameters<typeof compile>[0],
  membership: Followed["membership"],
  machines: readonly Machine[],
  cards: boolean,
): Wall {
  const wall = wallOf(policy, membership, compile(policy, membership, machines).policy, "as it says");
  return { ...wall, following: { cards: cards ? cardsOf(membership) : null } };
}
