/**
 * The excluded hosts of Qualys: requests to its API (docs.qualys.com, "Add Excluded Hosts"), the body of one a line. `ips` are IPv4
 * addresses and ranges with commas between, `comment` has at most 1,024 characters, and after `expiry_days` Qualys takes them out of its
 * list, so that each request holds what ends on the same day.
 */
import { ipWords } from "../../bytes/address.ts";
import type { ExactNetwork } from "../../bytes/networks.ts";
import { dayInWords } from "../../model/finding-words.ts";
import type { Entry, Exporter, Outgoing } from "./exporter.ts";
import { cut, named } from "./words.ts";

const COMMENT_LENGTH_MAX = 1_024;
/** How much one request may hold is written nowhere: so many ranges are 16 kB at most. */
const RANGES_A_REQUEST = 500;
const DAY_US = 86_400_000_000;

export const qualys: Exporter = {
  name: "qualys",
  title: "excluded hosts of Qualys (bodies of API requests)",
  extension: "txt",
  mediaType: "text/plain; charset=utf-8",
  families: [4],
  use: "For each line: curl -u USER -H 'X-Requested-With: Auscult' -d LINE https://SERVER/api/2.0/fo/asset/excluded_ip/. What follows ips= may be pasted under Scans > Setup > Excluded Hosts as well. Export it again before the first end: Qualys lets go what has ended.",
  write: (list) =>
    [...Map.groupBy(list.entries, ({ ends }) => dayInWords(ends))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([day, entries]) => requests(day, entries, list))
      .join(""),
};

function requests(day: string, entries: readonly Entry[], { at, recording }: Outgoing): readonly string[] {
  const ranges = rangesOf(entries.flatMap(({ addresses }) => addresses));
  const days = Math.max(1, Math.ceil((Math.min(...entries.map(({ ends }) => ends)) - at) / DAY_US));
  const comment = cut(
    `Auscult, do-not-scan list of ${recording} as of ${dayInWords(at)}, to be confirmed until ${day}: ${entries.map(({ line }) => named(line)).join(", ")}`,
    COMMENT_LENGTH_MAX,
  );
  const bodies: string[] = [];
  for (let from = 0; from < ranges.length; from += RANGES_A_REQUEST)
    bodies.push(
      `action=add&ips=${ranges.slice(from, from + RANGES_A_REQUEST).join(",")}&expiry_days=${days}&comment=${encoded(comment)}\n`,
    );
  return bodies;
}

/** Also what a shell would take for its own: a line is put between quotes there, and a device calls itself as it likes. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Sorted, what overlaps or follows without a gap as one. */
function rangesOf(networks: readonly ExactNetwork[]): readonly string[] {
  const spans = networks.map((it) => ({ first: it.first, last: it.last, from: wordOf(it.first), to: wordOf(it.last) })).sort((a, b) => a.from - b.from); // prettier-ignore
  const joined: (typeof spans)[number][] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before === undefined || span.from > before.to + 1) joined.push(span);
    else if (span.to > before.to) joined[joined.length - 1] = { ...before, last: span.last, to: span.to };
  }
  return joined.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
}

function wordOf(ip: string): number {
  return ipWords(ip)!.words[3];
}
