/** Passwords that anyone on the way can read, by protocols of which nothing else is said here. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const secretsInTheClear: Condition = {
  name: "secrets-in-the-clear",
  kind: "exposure",
  title: "Passwords cross to it in the clear",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Have TLS turned on for this connection on both ends, first where the client can do both, and the password changed afterwards: it was told.",
  control: "Keep both ends on a segment of their own until then.",
  cured: "No password has crossed to it in the clear for 14 days",
  minutes: 60,
  source: "CWE-319; RFC 4513 section 6.3.3 (LDAP); IEC TR 80001-2-2 (TXCF)",
  misses: "Secrets in protocols whose log-ins are not read.",

  examine: (device) =>
    saying(
      device,
      ({ attribute, protocol, value }) => attribute === "clearCredentials" && !SAID_ELSEWHERE.has(protocol) && !value.includes("default"),
      ({ value }) => `A password crossed in the clear: ${value}`,
    ),
};

/** Their conditions tell of it: FTP, Telnet, pages, SNMP. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(["ftp", "telnet", "http", "snmp"]);
