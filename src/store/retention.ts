/**
 * What was heard is kept for a stated life, and under a stated size. Ages count from the recording's last moment, so an old recording that
 * is looked at again is still whole; or from today where a wrong clock put that moment into the future, which would let all else go.
 */
import type { Engine } from "./engine.ts";
import { DAY_US } from "./calendar.ts";
import { SERVED_JOIN } from "./conversations.ts";

/** By noun, the one that is let go first when there is no room coming first; docs/privacy.md is made from it. */
export const RETENTION = {
  signal: { what: "Counts of single seconds: load, broadcasts, refusals", days: 90, moment: "at" },
  attempt: { what: "Attempts nobody answered, with their first ports", days: 365, moment: "last" },
  claim: { what: "What a machine said, with first, last and count", days: 5 * 365, moment: "last" },
  conversation: { what: "Who talks to whom, with the days", days: 5 * 365, moment: "last" },
  daily: { what: "Sums of a day: devices, risk and weaknesses by ward and kind", days: 3 * 365, moment: "at" },
} as const;

/**
 * Different values of one attribute that one address may say; the latest are kept. An archive accepts dozens of SOP classes, and what
 * addresses are bound by is worth more; whoever says thousands of names makes them up.
 */
export const VALUES_MAX = 64;
export const BINDINGS_MAX = 4_096;

/** Thinning begins above this share of the size allowed, and ends below that one; each cut takes this share of a noun. */
const FULL = 0.95;
const ROOM = 0.85;
const CUT = 0.05;
/** Rows of these many keys are let go at once: a transaction holds them twice. */
const KEYS_AT_ONCE = 50_000;

/** Of one conversation, where they are summed in a statement: the sum of all that fit a recording stays a number of 64 bits. */
const ANSWERED_MAX = 2 ** 32;

type Noun = keyof typeof RETENTION;
const NOUNS = Object.keys(RETENTION) as Noun[];
const FIRST_KEY = { signal: "at", attempt: "client", claim: "endpoint", conversation: "client", daily: "at" } as const satisfies Record<
  Noun,
  string
>;

interface LetGo {
  /** Endpoints of which something was let go: their devices are to be worked out anew. */
  readonly touched: ReadonlySet<number>;
  /** One sentence for each noun that was cut short for want of room. */
  readonly words: readonly string[];
}

export class Retention {
  readonly #database: Engine;
  readonly #transaction: (work: () => void) => void;
  readonly #now: () => number;

  /** `transaction` does all of it or nothing; `now` is in microseconds. */
  constructor(database: Engine, transaction: (work: () => void) => void, now: () => number) {
    this.#database = database;
    this.#transaction = transaction;
    this.#now = now;
  }

  isAbove(bytesMax: number): boolean {
    return bytesMax !== Number.POSITIVE_INFINITY && this.#usedBytes() > bytesMax * FULL;
  }

  /** Lets go what has outlived its noun, and what endpoints that say too much said. Then, above `bytesMax`, the oldest of each noun in turn. */
  apply(bytesMax: number, crowded: Iterable<number>, bindings: readonly string[]): LetGo {
    const touched = new Set<number>();
    const { first, last } = this.#database.prepare("SELECT min(first) AS first, max(last) AS last FROM run").get() as unknown as Span;
    const end = Math.min(last ?? 0, this.#now());
    for (const noun of NOUNS) {
      const before = end - RETENTION[noun].days * DAY_US;
      if (first !== null && first < before) this.#letGo(noun, before, touched);
    }
    this.#thinCrowds(crowded, bindings, touched);
    const words: string[] = [];
    if (this.isAbove(bytesMax)) for (const noun of NOUNS) words.push(...this.#thin(noun, bytesMax, touched));
    this.#noteOnce(words);
    if (bytesMax !== Number.POSITIVE_INFINITY && this.#fileBytes() > bytesMax) this.#database.exec("VACUUM"); // Only when less is allowed than was before.
    return { touched, words };
  }

  #thin(noun: Noun, bytesMax: number, touched: Set<number>): string[] {
    const { moment, what } = RETENTION[noun];
    const oldest = this.#database.prepare(
      `SELECT ${moment} AS moment FROM ${noun} ORDER BY ${moment} LIMIT 1 OFFSET (SELECT CAST(count(*) * ${CUT} AS INTEGER) FROM ${noun})`,
    );
    let before = 0;
    while (this.#usedBytes() > bytesMax * ROOM) {
      const cut = oldest.get()?.["moment"] as number | undefined;
      if (cut === undefined) break;
      before = cut + 1;
      this.#letGo(noun, before, touched);
    }
    const day = new Date(Math.floor(before / 1_000)).toISOString().slice(0, 10);
    return before === 0
      ? []
      : [`${BEFORE[noun]} ${day} are let go to keep the recording under ${Math.round(bytesMax / 1e6)} MB: ${what.toLowerCase()}.`];
  }

  #letGo(noun: Noun, before: number, touched: Set<number>): void {
    const key = FIRST_KEY[noun];
    const { moment } = RETENTION[noun];
    const { first, last } = this.#database
      .prepare(`SELECT min(${key}) AS first, max(${key}) AS last FROM ${noun}`)
      .get() as unknown as Span;
    if (first === null || last === null) return;
    // Moments are no keys that lie side by side; all of a recording's are let go in one.
    const step = key === "at" ? last - first + 1 : KEYS_AT_ONCE;
    const remove = this.#database.prepare(
      `DELETE FROM ${noun} WHERE ${key} BETWEEN ? AND ? AND ${moment} < ? RETURNING ${RETURNING[noun]}`,
    );
    for (let from = first; from <= last; from += step)
      this.#transaction(() => {
        const servers = new Set<number>();
        for (const row of remove.iterate(from, from + step - 1, before)) {
          for (const endpoint of [row["one"], row["other"]] as (number | null)[]) if (endpoint !== null) touched.add(endpoint);
          if (noun === "conversation") servers.add(row["other"] as number);
        }
        this.#serveAgain(servers);
      });
  }

  /** What they serve is what is left of it. */
  #serveAgain(servers: ReadonlySet<number>): void {
    const remove = this.#database.prepare("DELETE FROM served WHERE server = ?");
    const again = this.#database.prepare(
      `INSERT INTO served (server, transport, port, protocol, answered)
       SELECT server, transport, port, protocol, CAST(sum(min(answered, ${ANSWERED_MAX})) AS BIGINT) FROM conversation WHERE server = ?
       GROUP BY server, transport, port, protocol ON CONFLICT (server, transport, port, protocol) DO UPDATE SET ${SERVED_JOIN}`,
    );
    for (const server of servers) {
      remove.run(server);
      again.run(server);
    }
  }

  #thinCrowds(endpoints: Iterable<number>, bindings: readonly string[], touched: Set<number>): void {
    const count = this.#database.prepare(
      "SELECT attribute, count(DISTINCT value) AS said FROM claim WHERE endpoint = ? GROUP BY attribute",
    );
    const remove = this.#database.prepare(
      `DELETE FROM claim WHERE endpoint = ?1 AND attribute = ?2 AND value NOT IN (
         SELECT value FROM claim WHERE endpoint = ?1 AND attribute = ?2 GROUP BY value ORDER BY max(last) DESC, value LIMIT ?3)`,
    );
    for (const endpoint of endpoints)
      for (const { attribute, said } of count.all(endpoint) as unknown as { attribute: string; said: number }[]) {
        const most = bindings.includes(attribute) ? BINDINGS_MAX : VALUES_MAX;
        if (said <= most) continue;
        this.#transaction(() => void remove.run(endpoint, attribute, most));
        touched.add(endpoint);
      }
  }

  /** A sentence takes the place of the one that said the same of an earlier day. */
  #noteOnce(words: readonly string[]): void {
    if (words.length === 0) return;
    this.#transaction(() => {
      for (const noun of NOUNS)
        if (words.some((it) => it.startsWith(BEFORE[noun])))
          this.#database.prepare("DELETE FROM note WHERE input = '' AND words LIKE ?").run(`${BEFORE[noun]}%`);
      for (const it of words)
        this.#database.prepare("INSERT INTO note (input, words) VALUES ('', ?) ON CONFLICT (input, words) DO NOTHING").run(it);
    });
  }

  #usedBytes(): number {
    return (this.#pragma("page_count") - this.#pragma("freelist_count")) * this.#pragma("page_size");
  }

  #fileBytes(): number {
    return this.#pragma("page_count") * this.#pragma("page_size");
  }

  #pragma(name: string): number {
    return Object.values(this.#database.prepare(`PRAGMA ${name}`).get()!)[0] as number;
  }
}

interface Span {
  readonly first: number | null;
  readonly last: number | null;
}

const RETURNING = {
  signal: "NULL AS one, NULL AS other",
  attempt: "NULL AS one, NULL AS other",
  claim: "endpoint AS one, NULL AS other",
  conversation: "client AS one, server AS other",
  daily: "NULL AS one, NULL AS other",
} as const satisfies Record<Noun, string>;

const BEFORE = {
  signal: "Signals before",
  attempt: "Attempts last heard before",
  claim: "Claims last heard before",
  conversation: "Conversations last heard before",
  daily: "Sums of days before",
} as const satisfies Record<Noun, string>;

/** How a recording grows. */
interface Growth {
  readonly bytes: number;
  readonly devices: number;
  /** From its first to its last moment. */
  readonly days: number;
  /** Null for less than a day: what a device says first is most of what it says. */
  readonly bytesPerDeviceAndYear: number | null;
}

/** From sizes as they are, not from what rows should take. */
export function growthOf(database: Engine): Growth {
  const { bytes } = database
    .prepare("SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size")
    .get() as { bytes: number };
  const { devices } = database.prepare("SELECT count(*) AS devices FROM device WHERE standing <> 'group'").get() as { devices: number };
  const { first, last } = database.prepare("SELECT min(first) AS first, max(last) AS last FROM run").get() as unknown as Span;
  const days = first === null || last === null ? 0 : (last - first) / DAY_US;
  return { bytes, devices, days, bytesPerDeviceAndYear: days < 1 || devices === 0 ? null : Math.round((bytes / devices / days) * 365) };
}
