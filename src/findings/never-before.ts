/**
 * Watches of what a machine does for the first time although it was heard for days. Whether that is strange depends on what it is: what
 * only devices do not do is shown of those alone, and only where others of the kind do not do it either (shown.ts).
 */
import type { About, Claimed, ConversationNews, Hearing, Known, News, Watch } from "../model/finding.ts";
import { isLearned, wasHeardLong } from "./acquaintance.ts";

/** Machines that do so. Who is let go and does it again was heard to do so before by the store's own conversations, so it is not shown. */
const SUBJECTS_MAX = 32_768;

interface NeverBefore extends Omit<About, "unlikeKindOnly"> {
  readonly hears: Pick<Hearing, "conversations">;
  /** What is done: a protocol, or "outside"; null: nothing to judge. */
  readonly does: (news: ConversationNews) => string | null;
  readonly says: (news: ConversationNews) => string;
}

interface Memory {
  /** When it first did what. */
  readonly [what: string]: number;
}

export function neverBefore({ hears, does, says, ...about }: NeverBefore): Watch<Memory> {
  return {
    ...about,
    unlikeKindOnly: true,
    hears,
    subject: "sender",
    subjectsMax: SUBJECTS_MAX,
    remember: () => ({}),
    *notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
      // An attempt is none; and whose direction is only guessed may be the one that was called.
      if (news.news !== "conversation" || news.answered === 0 || news.side === "guessed") return;
      const what = does(news);
      if (what === null) return;
      const { at, first, client, server, protocol, transport, port } = news;
      const firsts = memory as Record<string, number>;
      if (firsts[what] !== undefined) return;
      firsts[what] = first;
      if (!isLearned(known, first) || !wasHeardLong(known, client, first)) return;
      const way = protocol === "" ? `${transport.toUpperCase()} ${port}` : protocol;
      yield {
        story: what,
        about: client,
        others: [server],
        first,
        at,
        count: news.answered,
        summary: says(news),
        because: [{ at, text: `${news.answered} answered by ${server.ip ?? server.mac} in ${way}` }],
      };
    },
  };
}
