/**
 * A stranger lists what a Windows machine shares: the first look around of whoever has just come in, and of anybody who opens its folder. So a
 * machine that many look at, a file server, has no strangers until it is known who comes; one that hardly anybody looks at has.
 */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted } from "./acquaintance.ts";
import { meet, noFamiliar, type Familiar } from "./familiar.ts";

const SECOND_US = 1_000_000;
/** Machines that list the shares of one that is no file server. */
const FEW = 2;
const KNOWN_MAX = 256;

export const shareListing: Watch<Familiar> = {
  name: "share-listing",
  title: "A stranger lists shares",
  family: "threat",
  severity: "low",
  harms: ["device"],
  saidBy: ["remote-execution"],
  remedy: "Nothing by itself: look whether the same machine does more than this, such as log-ins refused or programs written.",
  technique: ["T1135 Network Share Discovery"],
  sees: "NetrShareEnum at a machine whose shares one or two others list, or, at a file server, by a machine that is new once it is settled who comes, and that did not converse with it in SMB a day ago.",
  misses: "SMB 3 that is encrypted; lists taken by other means; a stranger at a file server of the first days.",
  mistaken: "Somebody who opens a machine's folder for the first time; backup and inventory on their first day.",
  tune: "Explain it for machines of administration.",
  hears: { notables: ["sharesListed"] },
  subject: "receiver",
  subjectsMax: 16_384,
  remember: noFamiliar,
  worth: ({ visits }) => visits,

  *notice(news: News, memory: Familiar, known: Known): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    const isStranger = meet(memory, sender.key, at, KNOWN_MAX) === "stranger";
    const isLookedAt = memory.known.length + memory.strangers.length > FEW;
    if ((isLookedAt && !isStranger) || areAcquainted(known, sender, receiver, at, "smb")) return;
    yield {
      story: "",
      about: receiver,
      others: [sender],
      first: at - SECOND_US,
      at,
      count,
      summary: `Shares listed by a machine that was not heard there before`,
      because: [{ at, text: `${sender.ip ?? sender.mac} listed its shares` }],
      witnesses,
    };
  },
};
