/** Watches of what needs no counting, or hardly any: heard so often within a minute, it is a finding. */
import type { About, Claimed, FindingWitness, News, Severity, SignalNews, Watch } from "../model/finding.ts";
import type { Notable } from "../model/notable.ts";
import { isGroup } from "./groups.ts";

/** What one notable thing is a finding of. */
interface Heard {
  /** Absent: the watch's own. */
  readonly severity?: Severity;
  /** How often within a minute between the same two, or of the same sender; absent: once. What a failing card may send by chance wants more. */
  readonly atLeast?: number;
  /** One sentence of how often it was heard. */
  readonly says: (count: number) => string;
}

interface AtOnce extends About {
  readonly heard: Readonly<Partial<Record<Notable, Heard>>>;
  /** Whom it is about: who did it, or to whom it was done. */
  readonly hits: "sender" | "receiver";
  /** Absent: who did it where that is whom it is about, else the two of them. */
  readonly subject?: "receiver";
  /** Where it is a finding only between some. */
  readonly concerns?: (news: SignalNews) => boolean;
}

interface Memory {
  /** What was heard in the last minute, by its name. */
  readonly [what: string]: { seconds: [at: number, count: number][]; witnesses: FindingWitness[]; told: boolean };
}

const SECOND_US = 1_000_000;
const WINDOW_US = 60 * SECOND_US;
const SECONDS_MAX = 60;
const WITNESSES_MAX = 16;
/** Machines, or pairs, that do so at once. */
const SUBJECTS_MAX = 16_384;

export function atOnce({ heard, hits, subject, concerns = () => true, ...about }: AtOnce): Watch<Memory> {
  return {
    ...about,
    hears: { notables: Object.keys(heard) as Notable[] },
    subject: subject ?? (hits === "sender" ? "sender" : "pair"),
    subjectsMax: SUBJECTS_MAX,
    remember: () => ({}),
    *notice(news: News, memory: Memory): Iterable<Claimed> {
      if (news.news !== "signal" || !concerns(news)) return;
      const rule = heard[news.what as Notable];
      const { at, what, sender, receiver, witnesses } = news;
      // What is said to all is about who says it.
      const [hit, other] = hits === "sender" || receiver === null || isGroup(receiver) ? [sender, receiver] : [receiver, sender];
      if (rule === undefined || hit === null) return;
      const byName = memory as Record<string, Memory[string]>;
      const it = (byName[what] ??= { seconds: [], witnesses: [], told: false });
      it.seconds = it.seconds.filter(([second]) => at - second < WINDOW_US).slice(-SECONDS_MAX);
      if (it.seconds.length === 0) [it.told, it.witnesses] = [false, []];
      it.seconds.push([at, news.count]);
      it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
      const count = it.seconds.reduce((sum, [, more]) => sum + more, 0);
      if (count < (rule.atLeast ?? 1)) return;
      const summary = rule.says(count);
      yield {
        story: "",
        about: hit,
        others: other === null || isGroup(other) ? [] : [other],
        ...(rule.severity === undefined ? {} : { severity: rule.severity }),
        first: it.seconds[0]![0] - SECOND_US,
        at,
        count: it.told ? news.count : count,
        summary,
        because: [{ at, text: summary }],
        witnesses: it.witnesses,
      };
      it.told = true;
      it.witnesses = [];
    },
  };
}
