/** Alarms of many beds are paused within one minute, as one gateway tells: far more than nurses ever pause at once. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const MINUTE_US = 60_000_000;
const DAY_US = 24 * 60 * MINUTE_US;
const BEDS_MIN = 5;
/** A whole hospital's nurses pause alarms all day: only many times the most of any minute before is another thing. */
const OF_ITS_MOST = 3;

interface Memory {
  /** When this gateway first told of one. */
  since: number | null;
  minute: number;
  beds: number;
  /** In one minute before this. */
  most: number;
}

export const alarmsPaused: Watch<Memory> = {
  name: "alarms-paused",
  title: "Alarms of many beds are paused at once",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have the ward look at its monitors at once: whether alarms are on, at the beds the frames show. If nobody paused them by hand, ask clinical engineering which machine can, and what it did.",
  technique: ["T0878 Alarm Suppression", "T0838 Modify Alarm Settings"],
  sees: "IHE PCD-04, after the gateway was heard for a day: 5 devices or more whose alarms are paused or turned off within one minute of the clock, more than three times the most of any minute before.",
  misses: "Everything on a gateway's first day; fewer beds; monitors that do not tell of their alarms; who did it.",
  mistaken: "A test of all monitors of a ward; a gateway that comes back and tells all states anew.",
  tune: "Announce tests of monitors as planned work.",
  hears: { notables: ["alarmPaused"] },
  subject: "sender",
  subjectsMax: 1_024,
  remember: () => ({ since: null, minute: 0, beds: 0, most: 0 }),
  worth: ({ most }) => most,
  *notice(news: News, memory: Memory): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null) return;
    const { at, distinct, sender, receiver, witnesses } = news;
    memory.since ??= at;
    // What is told is the end of its second.
    const minute = Math.floor((at - 1) / MINUTE_US);
    if (minute !== memory.minute) [memory.most, memory.minute, memory.beds] = [Math.max(memory.most, memory.beds), minute, 0];
    memory.beds += distinct;
    if (distinct === 0 || memory.beds < BEDS_MIN || memory.beds <= OF_ITS_MOST * memory.most || at - memory.since < DAY_US) return;
    const summary = `alarms of ${memory.beds} devices paused within a minute; the most in one before was ${memory.most}`;
    yield {
      story: "",
      about: sender,
      others: receiver === null ? [] : [receiver],
      first: minute * MINUTE_US,
      at,
      count: distinct,
      summary,
      because: [{ at, text: summary }],
      witnesses,
    };
  },
};
