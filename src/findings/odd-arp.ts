/** ARP for Ethernet and IPv4 whose addresses are of other lengths: nothing needs it, and what trusts the lengths reads beyond the frame. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const oddArp = atOnce({
  name: "odd-arp",
  title: "ARP with addresses of a wrong length",
  family: "hazard",
  severity: "low",
  harms: ["device"],
  remedy:
    "Find the machine that sends it by its card's address and switch port: a test tool, a failing card or driver, or somebody who looks for what reads too far. Watch devices of that segment: if one restarts or stops answering, its ward decides what comes first.",
  technique: ["T1499 Endpoint Denial of Service", "T0814 Denial of Service"],
  sees: "Within a minute 2 messages of ARP for Ethernet and IPv4 whose hardware or protocol addresses are not 6 and 4 bytes long.",
  misses: "ARP for other links and protocols, and what else is wrong within a message.",
  mistaken: "A failing card breaks packets at random: once is none. Test tools make them on purpose.",
  tune: "Announce tests, or explain the finding for the machine that tests, with an end date.",
  heard: { arpOddLength: { atLeast: 2, says: (count) => `${counted(count, "ARP message")} with addresses of a wrong length` } },
  hits: "receiver",
});
