/**
 * Commands where a value belongs: somebody tries whether a page, or the log behind it, does what it is told. Look-ups count wherever
 * they go; SQL and scripts only toward the site's own machines, since people search for such words outside.
 */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const injectedCommands = atOnce({
  name: "injected-commands",
  title: "Commands hidden in requests",
  family: "threat",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Look at the machine that asks: is it the hospital's own security test? If not, ask the security team to keep it from this server. Have the server's log of that minute kept and its software brought up to date by its maker.",
  technique: ["T1190 Exploit Public-Facing Application", "T0819 Exploit Public-Facing Application"],
  sees: "Requests of HTTP that carry a look-up by name service or directory (Log4Shell), SQL, or a script, in their address, their headers or a form of up to 4 KB, encoded up to twice.",
  misses: "Requests by TLS, in other forms than a page's own, behind the first 8 KB, or encoded otherwise; whether it worked.",
  mistaken: "The hospital's own security tests. Words people search for outside are not counted, unless they are look-ups.",
  tune: "Announce security tests, or explain the finding for the machine that tests, with an end date.",
  heard: {
    lookupInjected: {
      severity: "high",
      says: (count) => `${counted(count, "request")} by HTTP would make a program's log fetch something (Log4Shell)`,
    },
    sqlInjected: { says: (count) => `${counted(count, "request")} by HTTP with SQL where a value belongs` },
    scriptInjected: { says: (count) => `${counted(count, "request")} by HTTP with a script where a value belongs` },
  },
  hits: "receiver",
  concerns: ({ what, receiver }) => what === "lookupInjected" || receiver?.inside === true,
});
