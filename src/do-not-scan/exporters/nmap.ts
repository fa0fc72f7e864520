/**
 * nmap's exclude file: targets with spaces, tabs or line ends between them; "#" begins a comment to the end of the line (nmap(1),
 * --excludefile). It passes over addresses of the family it is not scanning, so one file serves with -6 and without (tried with 7.93).
 */
import type { Exporter } from "./exporter.ts";
import { commentOf } from "./words.ts";

export const nmap: Exporter = {
  name: "nmap",
  title: "nmap's exclude file",
  extension: "txt",
  mediaType: "text/plain; charset=utf-8",
  families: [4, 6],
  use: "nmap --excludefile FILE, on each scan.",
  write: ({ head, entries }) =>
    [
      ...head.map((it) => `# ${it}\n`),
      ...entries.flatMap(({ line, addresses }) => addresses.map(({ text }) => `${text} # ${commentOf(line)}\n`)),
    ].join(""),
};
