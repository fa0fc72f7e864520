/** Two cards use one address: each of them loses what the other is sent, and neither says so. A copied card is none of it: that has one card. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const duplicateAddress = atOnce({
  name: "duplicate-address",
  title: "Two cards use one address",
  family: "hazard",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Look at the device first: whether its central station hears it. Then find both cards by their switch ports and give one of them an address of its own; most often somebody typed one in that was taken, or restored a device from another's back-up.",
  technique: ["T1557.002 ARP Cache Poisoning", "T0830 Adversary-in-the-Middle"],
  sees: "Two cards that say in turns, in questions of ARP or to all, that one address is their own: three changes or more from one to the other within 10 minutes, and for half a minute at least.",
  misses: "IPv6; a second card that only answers when asked; segments no mirror hears; a copied card.",
  mistaken:
    "A pair that fails over once, and back once, takes two turns, and where both speak while one takes over, that is over within seconds; redundant routers have cards of their own for that (VRRP, HSRP). Bonds that send by either card (balance-alb), and a machine that wanders between a wireless bridge and an access point, look like two.",
  tune: "Explain it for a bond, with its address.",
  heard: {
    addressContested: {
      says: (count) => `Two cards say in turns that this address is theirs: ${counted(count, "more turn")} within a minute`,
    },
  },
  hits: "receiver",
  // One finding of the address, whichever of the two speaks.
  subject: "receiver",
});
