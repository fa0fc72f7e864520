/**
 * What another watcher of the network (Suricata, Zeek) found worth an alert, as its log has it. Of what a watch of ours found too it is
 * further evidence (furthered.ts); else it is shown under its own name, as severe as its rule says and never more than high.
 */
import { alertIn } from "../model/alert.ts";
import type { Claimed, News, Watch } from "../model/finding.ts";

export const outsideAlert: Watch<Record<string, never>> = {
  name: "outside-alert",
  title: "An alert of another watcher",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  furthers: true,
  remedy:
    "Look the rule up with whoever runs that program: it says what it looks for and how often it is wrong. Look at the device before anything is done to its connection.",
  technique: [],
  sees: "Alerts of Suricata and notices of Zeek, read from their logs (auscult evidence): all of one source to one target are one finding, with each rule as evidence.",
  misses: "What those programs do not see, and all that stands in no log that was read.",
  mistaken:
    "Whatever their rules mistake. Where a watch of ours found the same two at the same time, or the same flow, the alert is evidence of that finding and none of its own.",
  tune: "Turn the rule off where it was made, or explain the finding.",
  hears: { signals: ["alerts"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({}),

  *notice(news: News): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null) return;
    const { at, what, group, sender, receiver, count } = news;
    const alert = alertIn(what, group);
    if (alert === null) return;
    const { watcher, severity, rule, says, asked, flow } = alert;
    const text = `${watcher}: ${says === "" ? "an alert" : says} (${rule})${asked === "" ? "" : `, ${asked}`}`;
    const isOnOurs = receiver !== null && (receiver.inside || !sender.inside);
    yield {
      story: receiver?.key ?? "",
      about: isOnOurs ? receiver : sender,
      others: receiver === null ? [] : isOnOurs ? [sender] : [receiver],
      severity,
      first: at,
      at,
      count,
      summary: text,
      because: [{ at, text, ...(flow === null ? {} : { flow }) }],
    };
  },
};
