/**
 * Rules of a Nessus scanner (nessusd.rules), which hold for every scan it runs, whoever starts it: `reject address/netmask`, lines that
 * begin with "#" are comments (docs.tenable.com, "Network and Port Rules"; Tenable's knowledge base, "What is the nessusd.rules file?"). A
 * colon begins a port there, and nothing is written of how an IPv6 address would be told from it: such are left out.
 */
import type { Exporter } from "./exporter.ts";
import { commentOf } from "./words.ts";

export const nessus: Exporter = {
  name: "nessus",
  title: "rules of a Nessus scanner (nessusd.rules)",
  extension: "rules",
  mediaType: "text/plain; charset=utf-8",
  families: [4],
  use: "Put these lines into nessusd.rules before those that stand there, since an accept before them goes first, and start nessusd anew.",
  write: ({ head, entries }) =>
    [
      ...head.map((it) => `# ${it}\n`),
      ...entries.flatMap(({ line, addresses }) => [`# ${commentOf(line)}\n`, ...addresses.map(({ text }) => `reject ${text}\n`)]),
    ].join(""),
};
