/** Who is no domain controller asks one for all that changed in the directory: the proofs of every user are among it. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const CONTROLLERS_MAX = 256;

interface Memory {
  /** Names (Party.key) of machines that answer Kerberos: controllers, by what they do. The longest known first. */
  controllers: string[];
}

export const directoryCopied: Watch<Memory> = {
  name: "directory-copied",
  title: "The directory's secrets are copied",
  family: "threat",
  severity: "critical",
  harms: ["network"],
  remedy:
    "Call whoever runs the Windows domain at once: whether a controller is being set up, or a program of theirs reads the directory. If not, every password of the domain is known to somebody; which to change first, and when, is theirs to plan with the wards.",
  technique: ["T1003.006 DCSync"],
  sees: "GetNCChanges of the directory's replication (DRSUAPI), called by a machine that was not heard answering Kerberos.",
  misses: "A copy taken by a controller itself, or from its disk; calls no mirror hears.",
  mistaken:
    "A new controller before its first log-in; programs that synchronize users with a service outside (they call the same): explain those.",
  tune: "Explain it for the machine that synchronizes users.",
  hears: { notables: ["directoryReplicated"], conversations: ["kerberos"] },
  subject: "site",
  subjectsMax: 1,
  remember: () => ({ controllers: [] }),

  *notice(news: News, memory: Memory): Iterable<Claimed> {
    if (news.news === "conversation") {
      const { server, answered } = news;
      if (answered > 0 && !memory.controllers.includes(server.key) && memory.controllers.length < CONTROLLERS_MAX)
        memory.controllers.push(server.key);
      return;
    }
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    if (memory.controllers.includes(sender.key)) return;
    yield {
      story: sender.key,
      about: receiver,
      others: [sender],
      first: at - SECOND_US,
      at,
      count,
      summary: `All changes of the directory asked for by a machine that is no domain controller`,
      because: [{ at, text: `GetNCChanges of DRSUAPI, ${count} calls` }],
      witnesses,
    };
  },
};
