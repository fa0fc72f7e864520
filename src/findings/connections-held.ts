/** One machine holds many connections open at a device without use: a device has room for a few, and then nobody else gets through to it. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** How long each of them stands at least when it is counted first. */
const STOOD_US = 2 * SECOND_US;
/** The same finding is added to so often. */
const AGAIN_US = 10 * SECOND_US;

interface Memory {
  last: number;
  /** Connections already told of. */
  told: number;
}

export const connectionsHeld: Watch<Memory> = {
  name: "connections-held",
  title: "A device's connections are held open without use",
  family: "hazard",
  severity: "medium",
  harms: ["device"],
  fragileOnly: true,
  remedy:
    "Look at the device first: whether it is still heard by those it works with. Then find the machine that holds the connections, and have its program ended; a device that accepts nobody any more may have to be restarted, when the ward agrees.",
  technique: ["T1499.002 Service Exhaustion Flood", "T0814 Denial of Service"],
  sees: "20 or more connections by TCP of one machine at one other that stand for 10 s or longer: completed or only answered, and either no word was said in them, or the other does not answer the greeting; or for 2 s with a request whose end does not come (slow requests). Shown where a life hangs on the device or its kind is not known.",
  misses:
    "Connections in which the server greets first; protocols that are not known; connections begun before listening; a few from each of many machines.",
  mistaken: "A program that keeps many connections in store for later.",
  tune: "Explain it for such a program; saying what the device is makes it silent where no life hangs on it.",
  hears: { signals: ["held"] },
  subject: "pair",
  subjectsMax: 4_096,
  remember: () => ({ last: 0, told: 0 }),
  worth: ({ told }) => told,
  *notice(news: News, memory: Memory): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver } = news;
    if (at - memory.last < AGAIN_US) return;
    memory.last = at;
    const more = Math.max(0, count - memory.told);
    memory.told = count;
    const summary = `${count} connections stand open and unused`;
    yield {
      story: "",
      about: receiver,
      others: [sender],
      first: at - STOOD_US,
      at,
      count: more,
      summary,
      because: [{ at, text: summary }],
    };
  },
};
