/** Ways to log in whose secret can be worked out of what crosses. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const outdatedProof: Condition = {
  name: "outdated-proof",
  kind: "exposure",
  title: "A log-in by a withdrawn way",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Have the newer way turned on at the end that answers, then the old one off: NTLM 2 or Kerberos, SSH 2, EAP-TLS, the message authenticator of RADIUS.",
  control: "Keep both ends on a segment of their own until then.",
  cured: "The withdrawn way has not been used for 14 days",
  minutes: 45,
  source: "MS-NLMP section 5.1 (NTLM 1); RFC 4251 (SSH 2); RFC 3748 section 5.4 (EAP-MD5); CVE-2024-3596 (RADIUS)",
  misses: "What would be accepted, but nobody used while we listened.",

  examine: (device) =>
    saying(
      device,
      ({ attribute, value }) => attribute === "dialect" && WITHDRAWN.has(value),
      ({ value }) => `It spoke ${value}`,
    ),
};

const WITHDRAWN: ReadonlySet<string> = new Set(["NTLM 1", "SSH 1", "EAP-MD5", "LEAP", "RADIUS without message authenticator"]);
