/** How a file of evidence was read, as counts and as one sentence. */
import type { OpenEvidence } from "./evidence-file.ts";

/** How a file was read. */
export interface EvidenceRead {
  readonly file: OpenEvidence;
  readonly entries: number;
  /** Lines that should have said something, the first of them with what was expected. */
  readonly unread: number;
  readonly firstUnread: readonly string[];
  /** Names that may be a person's: kept as patterns. */
  readonly withheld: number;
  /** Entries of networks that are left out whole. */
  readonly leftOut: number;
  /** Ports of so many cards that they lead to another switch. */
  readonly uplinks: number;
  /** Alerts of another watcher. */
  readonly alerts: number;
  /** Connections it logged; such as findings rest on; and such with an end of a private network that was never heard here. */
  readonly flows: number;
  readonly flowsOfFindings: number;
  readonly flowsUnheard: number;
  /** All of it was stored by an earlier reading. */
  readonly readBefore: boolean;
}

/** For coverage: it stands there as long as the recording does. */
export function noteOf(read: EvidenceRead): string {
  const { file, entries, unread, firstUnread, withheld, leftOut, uplinks, alerts, flows, flowsOfFindings, flowsUnheard } = read;
  const date = new Date(file.about.at / 1_000).toISOString().slice(0, 10);
  const counts = [
    `entries read: ${entries}`,
    unread > 0 ? `not understood: ${unread}, the first in ${firstUnread[0]!}` : "",
    withheld > 0 ? `names kept as patterns alone, since they may be a person's: ${withheld}` : "",
    leftOut > 0 ? `of networks that are left out: ${leftOut}` : "",
    uplinks > 0 ? `ports that lead to other switches: ${uplinks}` : "",
    alerts > 0 ? `alerts: ${alerts}` : "",
    flows > 0
      ? `connections: ${flows}, of which findings rest on ${flowsOfFindings}, and ${flowsUnheard} have an end that was never heard here`
      : "",
  ];
  return `${file.name}, of ${date}, ${file.form.title}: ${counts.filter((it) => it !== "").join("; ")}.`;
}
