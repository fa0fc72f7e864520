/**
 * One finding a story: what the same detector claims of the same subject joins, until it was quiet for long. A story's id follows from
 * what it is of and the second of its first evidence, so a capture read again tells the same one, and a ticket stays one ticket.
 */
import { createHash } from "node:crypto";
import { SEVERITIES, type Claimed, type Severity, type StoredFinding, type Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** A story ends when nothing was added for the larger of these, within a day (harm-notes: the largest gap inside one attack was three minutes). */
const QUIET_US = 15 * 60 * SECOND_US;
const QUIET_GAPS = 10;
const QUIET_US_MAX = 24 * 3600 * SECOND_US;
/** Gaps its rhythm is judged by. */
const RHYTHM = 15;
export const OTHERS_MAX = 64;
const BECAUSE_MAX = 64;
export const WITNESSES_MAX = 64;
/** Stories of one detector within a day: beyond them one more tells of all others. */
const OPEN_MAX = 256;
const MORE = "more";
/** Stories of one key kept at hand, the latest, and keys of one detector: older ones are in the store, and what comes after them begins anew. */
const OF_KEY_MAX = 4;
const KEYS_MAX = 4 * OPEN_MAX;

type Story = { -readonly [Key in keyof StoredFinding]: StoredFinding[Key] };

export class Stories {
  readonly #site: string;
  /** By detector, then key; the latest last. */
  readonly #of = new Map<string, Map<string, Story[]>>();
  readonly #changed = new Set<Story>();

  constructor(site: string, stored: Iterable<StoredFinding>) {
    this.#site = site;
    for (const story of [...stored].sort((a, b) => a.first - b.first || compare(a.id, b.id))) this.#keep({ ...story });
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  changed(): readonly StoredFinding[] {
    return [...this.#changed];
  }

  written(): void {
    this.#changed.clear();
  }

  add(watch: Watch, subject: string, claimed: Claimed): void {
    const own = claimed.story === "" ? subject : `${subject} ${claimed.story}`;
    const known =
      this.#near(watch.name, own, claimed) ?? (this.#isFull(watch.name, claimed.at) ? this.#near(watch.name, MORE, claimed) : undefined);
    if (known !== undefined) return this.#join(known, watch, claimed);
    const key = this.#isFull(watch.name, claimed.at) ? MORE : own;
    const before = this.#of.get(watch.name)?.get(key)?.at(-1);
    const { about, others, first, at, count, summary, because, witnesses = [] } = claimed;
    const story: Story = {
      id: this.#idOf(watch.name, key, first),
      detector: watch.name,
      key,
      about: about?.endpoint ?? 0,
      severity: claimed.severity ?? watch.severity,
      first,
      last: at,
      count,
      summary,
      because: because.slice(0, BECAUSE_MAX),
      others: [...new Set(others.map((it) => it.endpoint))].slice(0, OTHERS_MAX),
      othersBeyond: Math.max(0, new Set(others.map((it) => it.endpoint)).size - OTHERS_MAX),
      witnesses: witnesses.slice(0, WITNESSES_MAX),
      rhythm: [],
      before: before?.id ?? null,
    };
    this.#keep(story);
    this.#changed.add(story);
  }

  #join(story: Story, { severity }: Watch, claimed: Claimed): void {
    const gap = Math.round((claimed.at - story.last) / SECOND_US);
    if (gap > 0) story.rhythm = [...story.rhythm, gap].slice(-RHYTHM);
    story.severity = higher(story.severity, claimed.severity ?? severity);
    story.first = Math.min(story.first, claimed.first);
    story.last = Math.max(story.last, claimed.at);
    story.count += claimed.count;
    const has = new Set(story.because.map((it) => it.text));
    // Its head stays; of the rest the latest are the ones to act on.
    const more = claimed.because.filter(({ text }) => !has.has(text));
    const [head, ...rest] = [...story.because, ...more];
    story.because = head === undefined ? [] : [head, ...rest.slice(1 - BECAUSE_MAX)];
    const others = new Set(story.others);
    for (const { endpoint } of claimed.others) {
      if (others.has(endpoint)) continue;
      if (others.size < OTHERS_MAX) others.add(endpoint);
      else story.othersBeyond++;
    }
    story.others = [...others];
    const witnesses = new Map([...story.witnesses, ...(claimed.witnesses ?? [])].map((it) => [`${it[0]} ${it[2]}`, it]));
    story.witnesses = [...witnesses.values()].slice(0, WITNESSES_MAX);
    this.#changed.add(story);
  }

  /** The story this goes on with: the same key, and not quiet for long between them, whichever came first. */
  #near(detector: string, key: string, { first, at }: Claimed): Story | undefined {
    return this.#of
      .get(detector)
      ?.get(key)
      ?.findLast((it) => first <= it.last + quietUs(it) && at >= it.first - quietUs(it));
  }

  #isFull(detector: string, at: number): boolean {
    const stories = this.#of.get(detector);
    if (stories === undefined || stories.size < OPEN_MAX) return false;
    let open = 0;
    for (const [key, of] of stories) if (key !== MORE && of.at(-1)!.last > at - QUIET_US_MAX) open++;
    return open >= OPEN_MAX;
  }

  #keep(story: Story): void {
    let keys = this.#of.get(story.detector);
    if (keys === undefined) this.#of.set(story.detector, (keys = new Map()));
    const stories = keys.get(story.key) ?? [];
    stories.push(story);
    if (stories.length > OF_KEY_MAX) stories.shift();
    // The longest without a new story first.
    keys.delete(story.key);
    keys.set(story.key, stories);
    if (keys.size > KEYS_MAX) keys.delete(keys.keys().next().value!);
  }

  #idOf(detector: string, key: string, first: number): string {
    return createHash("sha256")
      .update(JSON.stringify([this.#site, detector, key, Math.floor(first / SECOND_US)]))
      .digest("hex")
      .slice(0, 16);
  }
}

function quietUs({ rhythm }: Story): number {
  const median = rhythm.toSorted((a, b) => a - b)[rhythm.length >> 1] ?? 0;
  return Math.min(Math.max(QUIET_US, QUIET_GAPS * median * SECOND_US), QUIET_US_MAX);
}

export function higher(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
