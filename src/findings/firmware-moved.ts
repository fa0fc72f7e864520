/** Firmware pushed to a device by who never did, or fetched by a device from where it never did: whoever can do so owns the device. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isLearned, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
const SERVERS_MAX = 8;

interface Memory {
  /** When this machine first pushed firmware. */
  pushed: number | null;
  /** Names of servers it fetched firmware from, the longest known first. */
  servers: string[];
  /** When it first fetched any. */
  fetched: number | null;
}

export const firmwareMoved: Watch<Memory> = {
  name: "firmware-moved",
  title: "Firmware moves by a way nobody used before",
  family: "threat",
  severity: "high",
  harms: ["device", "patient"],
  remedy:
    "Ask clinical engineering whether the device is being serviced now. If not, do not restart it: what was loaded often runs only then; ask the ward whether the device treats somebody, and have its maker say what runs on it before it is used again.",
  technique: ["T0839 Module Firmware", "T0857 System Firmware", "T1542.001 System Firmware"],
  sees: "A file named as firmware pushed by TFTP, with its first datagram, or after three days of listening by FTP, by a machine that did not do so a day ago; and a device that fetches firmware from another server than those it has used for a day or longer.",
  misses: "Firmware under names no maker uses, in protocols of one maker, and by HTTP; whether it was taken.",
  mistaken:
    "A switch that saves its image to a server, and service by the maker: planned work marks them. A device seen for the first time has no server of its own yet and is silent.",
  tune: "Enter planned work; explain the machine that distributes firmware.",
  hears: { notables: ["firmwarePushed", "firmwareStored", "firmwareFetched"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ pushed: null, servers: [], fetched: null }),
  worth: ({ servers, pushed }) => servers.length + (pushed === null ? 0 : 1),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, sender, receiver, witnesses } = news;
  const isByTftp = what === "firmwarePushed";
  const isPush = isByTftp || what === "firmwareStored";
  if (isPush) {
    // Every file server is given such files by FTP, so nothing is said before it is known who does so; by TFTP only devices are.
    if (isRule(memory.pushed, at) || areAcquainted(known, sender, receiver, at, isByTftp ? "tftp" : "ftp")) return;
    memory.pushed ??= at;
    if (!isByTftp && !isLearned(known, at)) return;
  } else {
    const isKnown = memory.servers.includes(receiver.key);
    const isSettled = isRule(memory.fetched, at) && isLearned(known, at);
    memory.fetched ??= at;
    if (!isKnown) memory.servers = [...memory.servers, receiver.key].slice(-SERVERS_MAX);
    if (isKnown || !isSettled) return;
  }
  const summary = isPush ? "Firmware pushed by a machine that never did so there" : "Firmware fetched from a server this device never used";
  yield {
    story: isPush ? "pushed" : "fetched",
    about: isPush ? receiver : sender,
    others: [isPush ? sender : receiver],
    first: at - SECOND_US,
    at,
    count,
    summary,
    because: [{ at, text: `${count} ${count === 1 ? "file" : "files"} named as firmware` }],
    witnesses,
  };
}
