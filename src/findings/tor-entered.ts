/** Tor hides where its users go: from a hospital's machine, most often for who got in. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const torEntered = atOnce({
  name: "tor-entered",
  title: "A machine uses Tor",
  family: "threat",
  severity: "low",
  harms: ["network"],
  remedy:
    "Ask whose machine it is. On a clinical device or a server, tell the security team: software that hides where it calls has no place there.",
  technique: ["T1090.003 Multi-hop Proxy"],
  sees: "A TLS certificate as Tor's relays make them, its two names random.",
  misses: "Relays that speak TLS 1.3, which hides certificates, and bridges that look like something else.",
  mistaken: "A visitor's browser on the guests' network.",
  tune: "Leave the guests' network out, or explain the finding there.",
  heard: { torCertificate: { says: (count) => `${counted(count, "certificate")} of a Tor relay` } },
  hits: "sender",
  concerns: ({ receiver }) => receiver !== null,
});
