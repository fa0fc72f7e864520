/** A stranger lists what a Windows machine shares: the first look around of whoever has just come in, and of anybody who opens its folder. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;

export const shareListing: Watch<{ first: number | null }> = {
  name: "share-listing",
  title: "A stranger lists shares",
  family: "threat",
  severity: "low",
  harms: ["device"],
  remedy: "Nothing by itself: look whether the same machine does more than this, such as log-ins refused or programs written.",
  technique: ["T1135 Network Share Discovery"],
  sees: "NetrShareEnum, by a machine that was not heard conversing with that server in SMB a day ago or earlier, and that listed no shares a day ago.",
  misses: "SMB 3 that is encrypted; lists taken by other means.",
  mistaken: "Somebody who opens a server's folder for the first time; backup and inventory on their first day.",
  tune: "Explain it for machines of administration.",
  hears: { notables: ["sharesListed"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ first: null }),

  *notice(news: News, memory: { first: number | null }, known: Known): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    if (isRule(memory.first, at) || areAcquainted(known, sender, receiver, at, "smb")) return;
    const others = memory.first === null ? [sender] : [sender, receiver];
    memory.first ??= at;
    yield {
      story: "",
      about: receiver,
      others,
      first: at - SECOND_US,
      at,
      count,
      summary: `Shares listed by a machine that was not heard there before`,
      because: [{ at, text: `Shares of ${receiver.ip ?? receiver.mac} listed` }],
      witnesses,
    };
  },
};
