/** Echoes larger than a frame: what stopped machines of the nineties, and what nobody needs to send to a device. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;

export const oversizedEcho: Watch<Record<string, never>> = {
  name: "oversized-echo",
  title: "Echoes larger than a frame",
  family: "hazard",
  severity: "medium",
  harms: ["device"],
  fragileOnly: true,
  remedy:
    "Look at the device first: old network stacks stop by such echoes. Then ask whose machine it is that sends them; a test of the path needs no medical device.",
  technique: ["T1499 Endpoint Denial of Service", "T0814 Denial of Service"],
  sees: "An echo in fragments or of more than 1,472 bytes, to a device on which a life hangs or whose kind is not known.",
  misses: "Fragments that never come together.",
  mistaken: "A person who tests how large packets may be.",
  tune: "Explain it for the machine that tests, with an end date; saying what the device is makes it silent where no life hangs on it.",
  hears: { signals: ["largeEchoes"] },
  subject: "pair",
  subjectsMax: 4_096,
  remember: () => ({}),
  *notice(news: News): Iterable<Claimed> {
    if (news.news !== "signal" || news.receiver === null || news.sender === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    const text = `${count} ${count === 1 ? "echo" : "echoes"} larger than a frame in one second`;
    yield { story: "", about: receiver, others: [sender], first: at - SECOND_US, at, count, summary: text, because: [{ at, text }], witnesses }; // prettier-ignore
  },
};
