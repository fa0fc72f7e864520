/** What kinds of devices need, and what their conversations are for: `expected.tsv`. */
import { table } from "./table.ts";

export const RHYTHMS = ["always", "daily", "monthly", "rarely"] as const;

/** One flow a profile, a maker or our own judgement names. */
export interface ExpectedFlow {
  /** A kind; all that lies under it is meant. */
  readonly client: string;
  /** A kind, OUTSIDE, or null: whoever serves it. */
  readonly server: string | null;
  /** As a policy writes it, "tcp 104, 11112"; null where ports are the site's. */
  readonly service: string | null;
  /** Null: any. */
  readonly protocol: string | null;
  readonly rhythm: (typeof RHYTHMS)[number];
  /** "send images to the archive". */
  readonly purpose: string;
  /** What is lost without it. */
  readonly without: string;
  readonly source: string;
}

export const WHOEVER_SERVES = "whoever serves";
export const OUTSIDE = "outside";

/** In the order of the table: what is said first is meant before what is said later. */
export function expectedFlows(): readonly ExpectedFlow[] {
  return table("expected.tsv", 8).map(([client = "", server = "", service = "", protocol = "", rhythm = "", purpose = "", without = "", source = ""]) => ({
    client,
    server: server === WHOEVER_SERVES ? null : server,
    service: service === "*" ? null : service,
    protocol: protocol === "*" ? null : protocol,
    rhythm: RHYTHMS.find((it) => it === rhythm) ?? "rarely",
    purpose,
    without,
    source,
  })); // prettier-ignore
}
