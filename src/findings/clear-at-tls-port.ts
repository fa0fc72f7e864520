/** In the clear, where everybody takes it for encrypted: the port says so, and nobody looks again. */
import { atOnce } from "./at-once.ts";

export const clearAtTlsPort = atOnce({
  name: "clear-at-tls-port",
  title: "In the clear at a port for encryption",
  family: "exposure",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Ask whoever looks after the two whether encryption was meant to be on: both ends have to be changed together, when neither treats anybody. Until then treat what crosses there as readable by anyone on the way.",
  technique: ["T1040 Network Sniffing"],
  sees: "A server that answers in the clear at a port where only encrypted protocols are at home, in a protocol that is known: DICOM at 2762, LDAP at 636, MQTT at 8883, mail at 465.",
  misses: "HTTP, in which servers that want TLS say so in the clear; protocols that are not known; encryption that is none.",
  mistaken: "A service that was put at such a port on purpose.",
  tune: "Explain it for such a service.",
  heard: { clearAtTlsPort: { says: () => "Answers in the clear at a port where protocols are encrypted" } },
  hits: "receiver",
  // One finding of the server, whoever asks it.
  subject: "receiver",
});
