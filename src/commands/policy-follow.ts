/**
 * `auscult policy follow`: the small process beside a wall that keeps its sets to who wears what now. It is told when the recording is
 * written, reads it, and changes elements of our own table's sets, never a rule; what it does it says, logs and writes to the audit log.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { existingAccountsIn } from "../link/accounts.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import type { Change, WallChanges } from "../link/wall-change.ts";
import { RulesRefused, type Firewall } from "../link/firewall.ts";
import { followed, Recorded } from "../following.ts";
import type { Happening } from "../policies/following.ts";
import { recordingFor } from "./recording.ts";
import { atFirewall, FORMS, waitingHook, wallOn, type OnHook, type WallOptions } from "./wall.ts";
import { listenForStop } from "./stopping.ts";
import { CommandError, plural, print, say, time } from "./terminal.ts";

/** A look at a large recording takes its time: then as long passes until the next, after a short one some times as long. */
const REST_TIMES = 3;
const REST_MS = 250;
/** Also where nobody wrote: what was put up, taken back or changed by hand meanwhile. */
const ANYWAY_MS = 5_000;

interface FollowOptions extends WallOptions {
  /** End after so long. */
  readonly seconds?: number;
  readonly json?: boolean;
}

export async function policyFollow({ data, on, seconds, json }: FollowOptions): Promise<void> {
  await atFirewall(async () => {
    const hook = on ?? waitingHook(data);
    const { firewall, changes } = wallOn(hook, data);
    const [first] = changes.standing();
    if (first === undefined) throw new CommandError(`expected a wall of ours on this machine's ${hook}, got none: auscult policy apply`);
    if (changes.keptOf(first) === null)
      throw new CommandError(`expected a wall with the members it was put up for, got "${first.policy}" without: put it up again`);
    startWithSiteKnowledge(data);
    const stopping = listenForStop();
    const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1_000;
    const follower = new Follower(hook, data, firewall, changes, json === true);
    say(`Following who is in the groups of "${first.policy}" on this machine's ${hook}. Only elements of our own sets are changed.`);
    try {
      void stopping.asked.then(() => follower.wake());
      while (stopping.code() === undefined && performance.now() < until) {
        await follower.look();
        await follower.news(until);
      }
    } finally {
      follower.close();
    }
  });
}

class Follower {
  readonly #hook: OnHook;
  readonly #data: string;
  readonly #firewall: Firewall;
  readonly #changes: WallChanges;
  readonly #json: boolean;
  readonly #recordings = new Map<string, Recorded>();
  /** As of the last look at the kernel. */
  #standing: readonly Change[] = [];
  #elements: ReadonlyMap<string, readonly string[]> = new Map();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #restUntil = 0;
  /** Somebody wrote, or it is over. */
  #news = Promise.withResolvers<void>();

  constructor(hook: OnHook, data: string, firewall: Firewall, changes: WallChanges, json: boolean) {
    this.#hook = hook;
    this.#data = data;
    this.#firewall = firewall;
    this.#changes = changes;
    this.#json = json;
  }

  /** Waits until somebody writes, a look is due anyway, or `until`. */
  async news(until: number): Promise<void> {
    const longest = Math.max(0, Math.min(this.#lookedAt + ANYWAY_MS, until) - performance.now());
    const over = new AbortController();
    await Promise.race([this.#news.promise, sleep(longest, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    await sleep(Math.max(0, this.#restUntil - performance.now()));
    this.#news = Promise.withResolvers();
  }

  /** No longer waits. */
  wake(): void {
    this.#news.resolve();
  }

  /** Where somebody wrote since, what follows from it is put into the sets as they were last seen; at times they are looked at anyway. */
  async look(): Promise<void> {
    const isNew = [...this.#recordings.values()].map((it) => it.isNew()).some(Boolean);
    const isDue = performance.now() - this.#lookedAt >= ANYWAY_MS;
    if (!isNew && !isDue) return;
    if (isDue) this.#lookAtKernel();
    const began = performance.now();
    const wanted = new Map<string, readonly string[]>();
    const told: { readonly change: Change; readonly happening: Happening }[] = [];
    for (const change of this.#standing) {
      const kept = this.#changes.keptOf(change);
      if (kept === null) continue;
      const { wall, followed: members, happenings } = followed(kept, this.#recorded(kept.recording));
      for (const [name, elements] of FORMS[this.#hook].sets(wall, change.letter)) wanted.set(name, elements);
      for (const happening of happenings) told.push({ change, happening });
      // Who is a member stands on the disk before the kernel knows it: whoever comes after us goes on from there.
      if (JSON.stringify(members) !== JSON.stringify(kept.followed)) this.#changes.keep(change, { ...kept, followed: members });
    }
    const took = performance.now() - began;
    this.#restUntil = began + took + Math.max(took, Math.min(took * REST_TIMES, REST_MS));
    const before = this.#elements;
    const other = new Map([...wanted].filter(([name, elements]) => before.has(name) && !isSame(before.get(name)!, elements)));
    if (other.size > 0) this.#put(other);
    for (const { change, happening } of told) await this.#tell(change, happening);
    // By a happening its own sets change; without one somebody else changed them.
    if (other.size > 0 && told.length === 0) await this.#tellPutRight(other, before);
    const missing = [...wanted.keys()].filter((name) => !before.has(name));
    if (missing.length > 0 && told.length > 0)
      say(
        `${plural(missing.length, "set")} would be needed that ${missing.length === 1 ? "does" : "do"} not stand: put the policy up again.`,
      );
  }

  #lookAtKernel(): void {
    this.#lookedAt = performance.now();
    this.#standing = this.#changes.standing();
    this.#elements = this.#standing.length === 0 ? new Map() : this.#firewall.elements();
  }

  /** What was put up or taken back meanwhile may have other sets: then it is looked at again at once. */
  #put(sets: ReadonlyMap<string, readonly string[]>): void {
    try {
      this.#firewall.putElements(sets);
    } catch (error) {
      if (!(error instanceof RulesRefused)) throw error;
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#elements = new Map([...this.#elements, ...sets]);
    this.#changes.keepSets();
  }

  close(): void {
    for (const it of this.#recordings.values()) it.close();
  }

  #recorded(name: string): Recorded {
    let recorded = this.#recordings.get(name);
    if (recorded === undefined)
      this.#recordings.set(name, (recorded = new Recorded(recordingFor(this.#data, name).path, () => this.wake())));
    return recorded;
  }

  async #tell({ policy, mark }: Change, happening: Happening): Promise<void> {
    const at = Date.now();
    const line = { at: new Date(at).toISOString(), policy, ...happening };
    this.#changes.log(line);
    if (this.#json) await print(`${JSON.stringify(line)}\n`);
    else await print(`${time(at * 1_000)}  ${happening.what}: ${happening.words}\n`);
    this.#audit(at, `${policy}, ${mark}: ${happening.words}`);
  }

  async #tellPutRight(sets: ReadonlyMap<string, readonly string[]>, before: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const at = Date.now();
    for (const [name, elements] of sets) {
      const had = before.get(name)!;
      const [more, less] = [elements.filter((it) => !had.includes(it)), had.filter((it) => !elements.includes(it))];
      const words = [...(more.length === 0 ? [] : [`put back ${more.join(", ")}`]), ...(less.length === 0 ? [] : [`taken out ${less.join(", ")}`])].join("; "); // prettier-ignore
      const line = { at: new Date(at).toISOString(), what: "put right", set: name, words };
      this.#changes.log(line);
      if (this.#json) await print(`${JSON.stringify(line)}\n`);
      else await print(`${time(at * 1_000)}  put right: set ${name} was not what it should be: ${words}\n`);
      this.#audit(at, `set ${name}: ${words}`);
    }
  }

  #audit(at: number, about: string): void {
    const accounts = existingAccountsIn(this.#data);
    accounts?.record({ at: at * 1_000, who: "policy follow", what: "wall followed", about, client: "terminal" });
    accounts?.close();
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set(a).isSupersetOf(new Set(b));
}
