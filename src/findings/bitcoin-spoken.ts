/** Nobody's care needs it: a miner on a machine that has better to do, or a wallet of who is paid by one. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const bitcoinSpoken = atOnce({
  name: "bitcoin-spoken",
  title: "Bitcoin is spoken",
  family: "threat",
  severity: "low",
  harms: ["device", "network"],
  remedy: "Ask whose machine it is. On a clinical device or a server, tell the security team: it was most likely put there by an intruder.",
  technique: ["T1496 Resource Hijacking"],
  sees: "The protocol of Bitcoin's nodes, on any port.",
  misses: "Mining pools by other protocols or by TLS.",
  mistaken: "A visitor's wallet on the guests' network.",
  tune: "Leave the guests' network out, or explain the finding there.",
  heard: { bitcoin: { says: (count) => `${counted(count, "connection")} that spoke Bitcoin` } },
  hits: "sender",
});
