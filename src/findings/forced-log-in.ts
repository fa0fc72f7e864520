/** A machine is made to log in where somebody listens: what it proves there opens others. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
const CONTROLLERS_MAX = 256;

interface Memory {
  controllers: string[];
  /** By pair of names: when one first did so to the other. */
  readonly pairs: Record<string, number>;
}
const PAIRS_MAX = 1_024;

export const forcedLogIn: Watch<Memory> = {
  name: "forced-log-in",
  title: "A machine is made to log in elsewhere",
  family: "threat",
  severity: "high",
  harms: ["network"],
  remedy:
    "Look at the machine that called, and at whom the other one logged in at right after. Have whoever runs Windows demand signing of SMB and LDAP, and turn off the print spooler on domain controllers.",
  technique: ["T1187 Forced Authentication"],
  sees: "Calls that make a server open a path (EFSRPC, DFSNM, FSRVP), and requests to a domain controller to tell of its printers, by a machine that was no acquaintance of it a day ago.",
  misses: "Sealed pipes (SMB 3 encrypted); requests to other machines to tell of their printers, which every print client makes.",
  mistaken:
    "Backup of shares on file servers (FSRVP), and programs that administer encrypted files or name spaces: their second day is silent.",
  tune: "Explain it for the machine that backs up.",
  hears: { notables: ["forcedLogin", "printerWatched"], conversations: ["kerberos"] },
  subject: "site",
  subjectsMax: 1,
  remember: () => ({ controllers: [], pairs: {} }),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news === "conversation") {
    const { server, answered } = news;
    if (answered > 0 && !memory.controllers.includes(server.key) && memory.controllers.length < CONTROLLERS_MAX)
      memory.controllers.push(server.key);
    return;
  }
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, sender, receiver, witnesses } = news;
  if (what === "printerWatched" && !memory.controllers.includes(receiver.key)) return;
  if (memory.controllers.includes(sender.key)) return;
  const pair = `${sender.key} ${receiver.key}`;
  if (isRule(memory.pairs[pair] ?? null, at)) return;
  if (memory.pairs[pair] === undefined) {
    const pairs = Object.keys(memory.pairs);
    if (pairs.length >= PAIRS_MAX) delete memory.pairs[pairs[0]!];
    memory.pairs[pair] = at;
  }
  yield {
    story: pair,
    about: receiver,
    others: [sender],
    severity: areAcquainted(known, sender, receiver, at) ? "medium" : "high",
    first: at - SECOND_US,
    at,
    count,
    summary:
      what === "printerWatched" ? `A domain controller asked to tell a machine of its printers` : `A machine told to open a path elsewhere`,
    because: [
      {
        at,
        text:
          what === "printerWatched"
            ? `RpcRemoteFindFirstPrinterChangeNotification, ${count} calls`
            : `${count} calls of a kind that opens a path of the caller's choice`,
      },
    ],
    witnesses,
  };
}
