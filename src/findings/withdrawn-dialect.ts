/** A server of SMB is asked for versions that no released system has: whoever asks looks for a weakness, or is a test for one. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;

export const withdrawnDialect: Watch<{ probes: number }> = {
  name: "withdrawn-dialect",
  title: "SMB is probed with versions nobody speaks",
  family: "hazard",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Find out whether the machine that asks is the hospital's own scanner; let it leave out devices that treat patients. If it is nobody's, look at it.",
  technique: ["T1595.002 Vulnerability Scanning", "T1210 Exploitation of Remote Services"],
  sees: "A negotiation of SMB 2 that offers 2.2.2, 2.2.4 or 3.1, which were withdrawn before release, as public tests for CVE-2020-0796 do.",
  misses: "Tests that offer released versions only.",
  mistaken: "Beta versions of Windows 8 and 10, long out of use.",
  tune: "Explain it for the hospital's own scanner.",
  hears: { notables: ["withdrawnDialect"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ probes: 0 }),

  *notice(news: News, memory: { probes: number }): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    const others = memory.probes === 0 ? [sender] : [sender, receiver];
    memory.probes += count;
    yield {
      story: "",
      about: receiver,
      others,
      first: at - SECOND_US,
      at,
      count,
      summary: `SMB asked for with versions that were withdrawn before release`,
      because: [{ at, text: `${receiver.ip ?? receiver.mac} offered withdrawn versions of SMB` }],
      witnesses,
    };
  },
};
