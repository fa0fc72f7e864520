/** Log-ins of a machine whose proof is all zeros: one in 256 of them opens a domain controller that was not mended (CVE-2020-1472). */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const emptyProof = atOnce({
  name: "empty-proof",
  title: "A domain controller is tried with proofs of zeros (Zerologon)",
  family: "threat",
  severity: "critical",
  harms: ["network"],
  remedy:
    "Call whoever runs the Windows domain at once: whether this controller has the update of August 2020, and whether its own password was changed since this began. Look at the machine that tried; ask before it leaves the network what depends on it.",
  technique: ["T1210 Exploitation of Remote Services", "T1068 Exploitation for Privilege Escalation"],
  sees: "NetrServerAuthenticate2 or 3 of NETLOGON with a proof of eight zeros, unsealed. By chance that is one log-in in 2^64.",
  misses: "Whether it worked; calls in sealed pipes.",
  mistaken: "Scanners that test for it: the hospital's own are to be explained.",
  tune: "Explain it for the hospital's own scanner.",
  heard: { emptyProof: { says: (count) => `${counted(count, "log-in")} of a machine at a domain controller with a proof of zeros` } },
  hits: "receiver",
});
