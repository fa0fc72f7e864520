/** A program as the first that crosses on a port nobody knows: how small malware is brought, and seldom anything else. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const programPushed = atOnce({
  name: "program-pushed",
  title: "A program is sent to a port of no protocol",
  family: "threat",
  severity: "low",
  harms: ["device"],
  remedy:
    "Ask who looks after both machines whether a program was being installed. If nobody was, have the security team look at the receiver, with the ward's consent where it serves patients.",
  technique: ["T1105 Ingress Tool Transfer", "T0867 Lateral Tool Transfer"],
  sees: "A program for Linux or Windows as the first bytes of a connection or a datagram of no known protocol.",
  misses: "Programs that are packed, encrypted, or carried by a protocol that agrees on files first.",
  mistaken: "A few makers' update tools push their programs so.",
  tune: "Explain the finding for a maker's update, with an end date.",
  heard: { program: { says: (count) => `${counted(count, "program")} sent outside every known protocol` } },
  hits: "receiver",
});
