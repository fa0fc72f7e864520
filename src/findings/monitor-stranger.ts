/** A machine that never spoke with monitors opens a session to one, or tells one what to do: data leave by it, and some take the one session there is. */
import type { Claimed, Known, News, Party, Watch } from "../model/finding.ts";
import { areAcquainted, isLearned, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;

interface Memory {
  /** When it was first heard to speak with any. */
  since: number | null;
  /** It did so before it was known who does. */
  belongs: boolean;
}

export const monitorStranger: Watch<Memory> = {
  name: "monitor-stranger",
  title: "A stranger speaks with a monitor",
  family: "clinical",
  severity: "high",
  harms: ["patient", "device"],
  remedy:
    "Have the ward look at the monitor first: whether its central station still shows it, and its alarms are as they were. Then ask clinical engineering whether the machine named is a new recorder or gateway; if nobody knows it, have the network team find its switch port.",
  technique: ["T0848 Rogue Master", "T0802 Automated Collection", "T0855 Unauthorized Command Message"],
  sees: "After three days of listening: a session of data export (IntelliVue, MEDIBUS) that is answered, or a command to change alarms or settings (IntelliVue, SDC), by a machine that was not heard to speak so with any monitor a day ago. Critical where it is a command.",
  misses:
    "Everything in the first three days; sessions that are encrypted or in protocols that are not public; one who forges the address of a known gateway.",
  mistaken: "A new gateway, recorder or research computer: once, on its first day.",
  tune: "Announce new equipment as planned work.",
  hears: { conversations: ["intellivue", "medibus"], notables: ["alarmsSet", "deviceSet"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ since: null, belongs: false }),
  worth: ({ belongs }) => (belongs ? 1 : 0),
  *notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
    const said = saidTo(news);
    if (said === null) return;
    const { by, monitor, first, text, protocol } = said;
    const { at } = news;
    memory.since ??= first;
    memory.belongs ||= !isLearned(known, memory.since) || areAcquainted(known, by, monitor, at, protocol);
    if (memory.belongs || isRule(memory.since, at)) return;
    const isCommand = news.news === "signal";
    yield {
      story: monitor.key,
      about: monitor,
      others: [by],
      severity: isCommand ? "critical" : "high",
      first,
      at,
      count: isCommand ? news.count : 1,
      summary: `${text} by a machine that was not heard to speak with monitors before`,
      because: [{ at, text }],
      ...(isCommand ? { witnesses: news.witnesses } : {}),
    };
  },
};

interface Said {
  readonly by: Party;
  readonly monitor: Party;
  readonly first: number;
  readonly text: string;
  readonly protocol?: string;
}

function saidTo(news: News): Said | null {
  if (news.news === "signal" && news.sender !== null && news.receiver !== null)
    return { by: news.sender, monitor: news.receiver, first: news.at - SECOND_US, text: "told to change its alarms or settings" };
  if (news.news !== "conversation" || news.answered === 0 || news.side === "guessed") return null;
  const { client, server, first, protocol } = news;
  return { by: client, monitor: server, first, text: "a session of data export opened", protocol };
}
