/** A program is brought to a device from where it never had anything: by HTTP, as malware fetches its parts, or by FTP. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isLearned } from "./acquaintance.ts";

const SECOND_US = 1_000_000;

export const programCarried: Watch<{ told: number }> = {
  name: "program-carried",
  title: "A program is brought to a device",
  family: "threat",
  severity: "medium",
  harms: ["device", "patient"],
  fragileOnly: true,
  remedy:
    "Look at the device first: whether it does its work. Ask clinical engineering whether it is being serviced now, and its maker whether it fetches programs from there. If nobody knows it, do not restart the device: what was loaded often runs only then.",
  technique: ["T1105 Ingress Tool Transfer", "T0867 Lateral Tool Transfer"],
  sees: "After three days of listening: a program for Windows or Linux as an answer of HTTP, or as a file by FTP, from a machine the device had not conversed with a day ago. Shown where a life hangs on the device or its kind is not known.",
  misses:
    "Everything in the first three days; programs that are packed, compressed on the way, in pieces other than the first, or inside TLS; scripts.",
  mistaken: "The maker's own update from a new server: planned work marks it.",
  tune: "Enter planned work; saying what the device is makes it silent where no life hangs on it.",
  hears: { notables: ["programCarried"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ told: 0 }),
  *notice(news: News, memory: { told: number }, known: Known): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    // Whichever of the two asked for it.
    if (!isLearned(known, at) || areAcquainted(known, receiver, sender, at) || areAcquainted(known, sender, receiver, at)) return;
    memory.told += count;
    const text = `${memory.told} ${memory.told === 1 ? "program" : "programs"} from a machine it had nothing to do with a day ago`;
    yield { story: "", about: receiver, others: [sender], first: at - SECOND_US, at, count, summary: text, because: [{ at, text }], witnesses }; // prettier-ignore
  },
};
