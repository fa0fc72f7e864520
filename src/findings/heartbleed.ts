/** A heartbeat that asks for more than it brought reads a server's memory: keys, passwords, what patients' data is in it. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const heartbleed = atOnce({
  name: "heartbleed",
  title: "A server's memory is read by TLS heartbeats",
  family: "threat",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Ask the maker whether this software is open to Heartbleed (CVE-2014-0160) and for its correction. Until then let only known machines reach it. After the correction change its certificate and the passwords it was given.",
  technique: ["T1190 Exploit Public-Facing Application", "T1212 Exploitation for Credential Access"],
  sees: "A TLS heartbeat, before encryption began, whose stated length is more than its record holds.",
  misses: "Heartbeats after the handshake, which are encrypted; whether the server answered.",
  mistaken: "Heartbeats of the right length are ordinary and not counted. The hospital's own security scanner asks so on purpose.",
  tune: "Announce security scans, or explain the finding for the scanner, with an end date.",
  heard: {
    heartbeatOverread: { says: (count) => `${counted(count, "TLS heartbeat")} asked for more than ${count === 1 ? "it" : "they"} brought` },
  },
  hits: "receiver",
});
