/**
 * A group of the wall opened for a stated time. What opens it is a set in the kernel whose elements expire: it closes by itself, whatever
 * of ours is alive then. What used it the kernel remembers; it is read and written down the next time anybody looks.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Denied, Opening } from "../model/wall.ts";
import { gateOf, memoryOf, TABLE } from "../policies/exporters/nftables-names.ts";
import { addressKey } from "../policies/evaluate.ts";
import { PACKET_KINDS, type Firewall } from "./firewall.ts";
import { ChangeRefused, type Change, type WallChanges } from "./wall-change.ts";
import { rememberedAs } from "./wall-counts.ts";

/** So long the kernel remembers what used it; what is needed longer is a rule. */
export const OPEN_SECONDS_MAX = 12 * 3_600;

/** An opening as it is kept: times in milliseconds since 1970. */
interface Kept {
  readonly id: string;
  readonly group: string;
  readonly reason: string;
  readonly by: string;
  readonly from: number;
  readonly until: number;
  /** Of the wall it opened. */
  readonly mark: string;
  readonly letter: string;
  /** Null: not read yet. */
  readonly used: readonly Denied[] | null;
  /** Its wall was replaced before anybody read what used it. */
  readonly isLost: boolean;
}

export class Openings {
  readonly #folder: string;
  readonly #firewall: Firewall;
  readonly #changes: WallChanges;

  /** `folder`: that of the walls; one of each family. */
  constructor(folder: string, firewall: Firewall, changes: WallChanges) {
    this.#folder = join(folder, firewall.family);
    this.#firewall = firewall;
    this.#changes = changes;
  }

  /** Newest first. */
  all(): readonly Opening[] {
    return this.#kept().map(({ group, reason, by, from, until, used }) => ({
      group,
      reason,
      by,
      from: from * 1_000,
      until: until * 1_000,
      used,
    }));
  }

  /** Refuses where no wall of ours is confirmed, it drops nothing of the group, or the group is open. */
  open(group: string, { seconds, reason, by, now }: { readonly seconds: number; readonly reason: string; readonly by: string; readonly now: number }): Opening {
    const { change, name } = this.#standing(group);
    if (this.#kept().some((it) => it.group === group && it.mark === change.mark && it.until > now)) throw new ChangeRefused(`expected "${group}" to be closed, got one that is open: auscult policy close`);
    this.settle(now);
    const gate = `${this.#firewall.family} ${TABLE} ${gateOf(name)}_${change.letter}`;
    // What used one before is written down by now, where none is open that still counts.
    const isAlone = !this.#kept().some((it) => it.mark === change.mark && it.until > now);
    const memory = isAlone ? this.#memory(change).map((set) => `flush set ${this.#firewall.family} ${TABLE} ${set}`) : [];
    const opening: Kept = { id: String(now).padStart(15, "0"), group, reason, by, from: now, until: now + seconds * 1_000, mark: change.mark, letter: change.letter, used: null, isLost: false };
    // Written first: whatever opens is known of.
    this.#write(opening);
    try {
      this.#firewall.load([...memory, `flush set ${gate}`, `add element ${gate} { ${PACKET_KINDS.map((kind) => `${kind} timeout ${seconds}s`).join(", ")} }`, ""].join("\n"));
    } catch (error) {
      this.#write({ ...opening, until: now, used: [] });
      throw error;
    }
    return { ...opening, from: opening.from * 1_000, until: opening.until * 1_000 };
  } // prettier-ignore

  /** Before its time. */
  close(group: string, now: number): Opening {
    const { change, name } = this.#standing(group);
    const open = this.#kept().find((it) => it.group === group && it.mark === change.mark && it.until > now);
    if (open === undefined) throw new ChangeRefused(`expected "${group}" to be open, got one that is closed`);
    this.#firewall.load(`flush set ${this.#firewall.family} ${TABLE} ${gateOf(name)}_${change.letter}\n`);
    this.#write({ ...open, until: now });
    this.settle(now);
    return this.all().find((it) => it.from === open.from * 1_000)!;
  }

  /** Writes down what used those that are over. Answers them, oldest first. */
  settle(now: number): readonly Opening[] {
    const standing = this.#firewall.standing();
    const over = this.#kept().filter((it) => it.used === null && !it.isLost && (it.until <= now || it.mark !== standing?.mark));
    for (const it of over.toReversed()) {
      const isThere = it.mark === standing?.mark && standing.parts.some(({ name }) => name.endsWith(`_${it.letter}`));
      const until = Math.min(it.until, now);
      this.#write(isThere ? { ...it, until, used: this.#usedBy(it, now) } : { ...it, until, isLost: true });
    }
    const froms = new Set(over.map(({ from }) => from * 1_000));
    return this.all()
      .filter(({ from }) => froms.has(from))
      .toReversed();
  }

  #usedBy({ group, from, until, letter }: Kept, now: number): readonly Denied[] {
    const change = this.#changes.confirmed();
    const name = change === undefined ? undefined : this.#changes.meaningOf(change)?.groups.find((it) => it.group === group)?.name;
    const members =
      name === undefined ? [] : ([4, 6] as const).flatMap((family) => this.#firewall.addresses(`${name}_v${family}_${letter}`));
    const isMember = (address: string) => members.some(({ first, last }) => isWithin(address, first, last));
    // The kernel tells whole seconds.
    return rememberedAs("used", this.#firewall, letter, now).denied.filter(
      (it) => it.last >= (from - 1_000) * 1_000 && it.last <= (until + 1_000) * 1_000 && (isMember(it.client) || isMember(it.server)),
    );
  }

  #standing(group: string): { readonly change: Change; readonly name: string } {
    if (this.#firewall.standing()?.isGated === true) throw new ChangeRefused("expected no change that waits, got one: auscult policy confirm, or auscult policy rollback"); // prettier-ignore
    const change = this.#changes.confirmed();
    if (change === undefined) throw new ChangeRefused("expected a wall that was put up from here and confirmed, got none: nothing of ours is in the way"); // prettier-ignore
    const groups = this.#changes.meaningOf(change)?.groups ?? [];
    const name = groups.find((it) => it.group === group)?.name;
    if (name === undefined) throw new ChangeRefused(`expected a group that "${change.policy}" governs, one of ${groups.map((it) => `"${it.group}"`).join(", ")}, got "${group}"`); // prettier-ignore
    const gate = `${gateOf(name)}_${change.letter}`;
    if (this.#firewall.standing()?.parts.every((it) => it.name !== gate) !== false) throw new ChangeRefused(`expected a group of which something is dropped, got "${group}": "${change.policy}" drops nothing, or was put up by an earlier Auscult`); // prettier-ignore
    return { change, name };
  }

  #memory({ letter }: Change): readonly string[] {
    const own = (["ports", "pairs"] as const).flatMap((kind) =>
      ([4, 6] as const).map((family) => `${memoryOf("used", kind, family)}_${letter}`),
    );
    return own.filter((set) => this.#firewall.standing()!.parts.some(({ name }) => name === set));
  }

  #kept(): readonly Kept[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => /^opening-\d+\.json$/.test(name))
      .toSorted()
      .toReversed()
      .map((name) => JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as Kept);
  }

  #write(opening: Kept): void {
    const file = join(this.#folder, `opening-${opening.id}.json`);
    writeFileSync(`${file}.new`, `${JSON.stringify(opening)}\n`, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
}

function isWithin(address: string, first: string, last: string): boolean {
  const [key, low, high] = [addressKey(address), addressKey(first), addressKey(last)];
  return key !== null && low !== null && high !== null && key.length === low.length && low <= key && key <= high;
}
