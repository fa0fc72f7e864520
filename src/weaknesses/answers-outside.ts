/** Whoever is on the internet can try it. */
import type { Condition } from "../model/weakness.ts";
import { treats } from "./clinical.ts";
import { answering } from "./heard.ts";

export const answersOutside: Condition = {
  name: "answers-outside",
  kind: "exposure",
  title: "It answers addresses outside",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Find out who opened the way and for whom, and have the maker's service come by the hospital's gateway instead, with a name and a time.",
  control: "Close the way in at the border, and let in only the named service by VPN.",
  cured: "No address outside has been answered for 14 days",
  minutes: 45,
  source: "CISA BOD 23-02; MITRE T0883 Internet Accessible Device",
  misses: "Ways in that nobody used while we listened; those whose addresses are changed to one inside at the border.",

  examine: (device) => answering(device, ({ outsiders }) => outsiders > 0, treats(device) ? { severity: "critical" } : {}),
};
