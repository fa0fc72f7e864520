/** News to watches, each with its memory of whom the news is about; what they claim goes into stories. Knows no detector by name. */
import type { Batch } from "../model/batch.ts";
import type { Known, News, StoredFinding, StoredMemory, Watch } from "../model/finding.ts";
import { Audience } from "./audience.ts";
import { newsOf } from "./news.ts";
import { Stories } from "./stories.ts";

/** Of the longest quiet so many are looked at, for the one least worth keeping. */
const LEAST_OF = 64;

interface Remembered {
  memory: unknown;
  last: number;
}

export interface Changed {
  readonly findings: readonly StoredFinding[];
  readonly memories: readonly StoredMemory[];
  /** Subjects let go, of which nothing is remembered any more. */
  readonly forgotten: readonly Pick<StoredMemory, "detector" | "subject">[];
}

export class Watching {
  readonly #audience: Audience;
  readonly #stories: Stories;
  /** By watch, then subject; the longest quiet first. */
  readonly #memories: ReadonlyMap<string, Map<string, Remembered>>;
  readonly #touched = new Map<string, Set<string>>();
  readonly #forgotten = new Map<string, Set<string>>();
  /** Subjects let go at their limit, by watch, since the last call of takeLetGo. */
  #letGo: Record<string, number> = {};

  constructor(
    site: string,
    watches: readonly Watch[],
    stored: { readonly memories: Iterable<StoredMemory>; readonly findings: Iterable<StoredFinding> },
  ) {
    this.#audience = new Audience(watches);
    this.#stories = new Stories(site, stored.findings);
    this.#memories = new Map(watches.map((it) => [it.name, new Map<string, Remembered>()]));
    for (const { detector, subject, last, memory } of [...stored.memories].sort((a, b) => a.last - b.last))
      this.#memories.get(detector)?.set(subject, { memory, last });
  }

  /** A batch that was not taken before. */
  take(batch: Batch, endpoints: readonly number[], isInside: (ip: string) => boolean, known: Known): void {
    for (const news of newsOf(batch, endpoints, isInside, this.#audience))
      for (const watch of this.#audience.of(news)) {
        const subject = subjectOf(watch, news);
        if (subject !== null) this.#notice(watch, subject, news, known);
      }
  }

  get isChanged(): boolean {
    return this.#touched.size > 0 || this.#forgotten.size > 0 || this.#stories.isChanged;
  }

  /** Since the last call of `written`; to be stored in one transaction with the batches it came of. */
  changed(): Changed {
    return {
      findings: this.#stories.changed(),
      memories: [...this.#touched].flatMap(([detector, subjects]) => {
        const memories = this.#memories.get(detector)!;
        return [...subjects].map((subject) => ({ detector, subject, ...memories.get(subject)! }));
      }),
      forgotten: [...this.#forgotten].flatMap(([detector, subjects]) => [...subjects].map((subject) => ({ detector, subject }))),
    };
  }

  written(): void {
    this.#touched.clear();
    this.#forgotten.clear();
    this.#stories.written();
  }

  takeLetGo(): Readonly<Record<string, number>> {
    const taken = this.#letGo;
    this.#letGo = {};
    return taken;
  }

  #notice(watch: Watch, subject: string, news: News, known: Known): void {
    const memories = this.#memories.get(watch.name)!;
    let it = memories.get(subject);
    if (it === undefined) {
      if (memories.size >= watch.subjectsMax) this.#forget(watch, memories);
      it = { memory: watch.remember(), last: news.at };
    } else memories.delete(subject);
    it.last = Math.max(it.last, news.at);
    memories.set(subject, it);
    setOf(this.#touched, watch.name).add(subject);
    this.#forgotten.get(watch.name)?.delete(subject);
    for (const claimed of watch.notice(news, it.memory, known)) this.#stories.add(watch, subject, claimed);
  }

  #forget(watch: Watch, memories: Map<string, Remembered>): void {
    let least: { readonly subject: string; readonly worth: number } | undefined;
    let seen = 0;
    for (const [subject, { memory }] of memories) {
      if (seen++ >= LEAST_OF) break;
      const worth = watch.worth?.(memory) ?? 0;
      if (least === undefined || worth < least.worth) least = { subject, worth };
    }
    if (least === undefined) return;
    memories.delete(least.subject);
    this.#touched.get(watch.name)?.delete(least.subject);
    setOf(this.#forgotten, watch.name).add(least.subject);
    this.#letGo[watch.name] = (this.#letGo[watch.name] ?? 0) + 1;
  }
}

function setOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  let set = sets.get(name);
  if (set === undefined) sets.set(name, (set = new Set()));
  return set;
}

/** Null where the news has none of the kind. */
function subjectOf({ subject }: Watch, news: News): string | null {
  const [sender, receiver] =
    news.news === "signal" || news.news === "program"
      ? [news.sender, news.receiver]
      : news.news === "conversation"
        ? [news.client, news.server]
        : [news.about, news.via];
  switch (subject) {
    case "sender":
      return sender?.key ?? null;
    case "receiver":
      return receiver?.key ?? null;
    case "pair":
      return sender === null || receiver === null ? null : `${sender.key} ${receiver.key}`;
    case "segment":
      return news.news === "signal" ? news.segment : null;
    case "pump":
      return news.news === "program" ? (news.pump.child ?? news.pump.key) : null;
    case "site":
      return "";
  }
}
