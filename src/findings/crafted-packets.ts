/** Packets that no honest machine makes: each is made to break who receives it, and old systems at a bedside break first. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const craftedPackets = atOnce({
  name: "crafted-packets",
  title: "Packets made to break who receives them",
  family: "threat",
  severity: "medium",
  harms: ["device"],
  // Who finds out a machine's system by its answers sends some of them.
  saidBy: ["scan"],
  remedy:
    "Find the machine that sends them by its card's address and switch port: a test tool, a failing card, or an intruder. Watch the receiver: if it restarts or stops answering, its ward decides what comes first.",
  technique: ["T1499 Endpoint Denial of Service", "T0814 Denial of Service"],
  sees: "Within a minute between the same two: 2 packets from an address to itself; once: IPv6 that would visit machines in turn (routing header 0); neighbor discovery in fragments; name servers of a router in an option of a length none can have (CVE-2020-16898).",
  misses:
    "Other broken packets: ARP of a wrong length is a finding of its own (`odd-arp`), the rest is counted as malformed. What tunnels carry is not held against who carries it.",
  mistaken: "A failing card breaks packets at random: what it may break so is counted twice. Test tools make them on purpose.",
  tune: "Announce tests, or explain the finding for the machine that tests, with an end date.",
  heard: {
    routingHeader0: { says: (count) => `${counted(count, "IPv6 packet")} that would visit machines in turn (routing header 0)` },
    sourceIsTarget: { atLeast: 2, says: (count) => `${counted(count, "packet")} from an address to itself` },
    fragmentedDiscovery: { says: (count) => `${counted(count, "message")} of IPv6 neighbor discovery in fragments` },
    oddRdnss: {
      severity: "high",
      says: (count) => `${counted(count, "router advertisement")} with a list of name servers of a length none can have (CVE-2020-16898)`,
    },
  },
  hits: "receiver",
});
