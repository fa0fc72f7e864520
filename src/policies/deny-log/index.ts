/** What equipment says that it stopped, read from its log. Which form a line has, the line says itself. Adding one is a file and a line here. */
import { clean } from "../../bytes/text.ts";
import type { Denied } from "../../model/wall.ts";
import { rangeOf } from "../ranges.ts";
import { ciscoLog } from "./cisco.ts";
import type { DenyForm, LoggedLine } from "./form.ts";
import { fortigateLog } from "./fortigate.ts";
import { nftablesLog } from "./nftables.ts";
import { paloAltoLog } from "./palo-alto.ts";
import { timeIn } from "./time.ts";

export const denyForms: readonly DenyForm[] = [ciscoLog, fortigateLog, paloAltoLog, nftablesLog];

export interface DenyLog {
  /** Titles of the forms that were in it. */
  readonly forms: readonly string[];
  /** Latest first; the same of two ends once, with the sum of its packets. */
  readonly denied: readonly Logged[];
  /** Lines that a form reads, and of them those without a time or an address that can be read. */
  readonly lines: number;
  readonly unread: number;
  /** Of all that were read, microseconds since 1970; null where none was. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface Logged extends Denied {
  /** As the equipment names it. */
  readonly rule: string;
  readonly undecided: boolean;
}

/** No equipment writes a line as long, and looking for a form in one takes its square. */
const LINE_LENGTH_MAX = 8_192;

/** `written`: when the log was, for lines that name no year; `offsetMinutes`: of the clock of equipment whose lines name no zone, east of UTC. */
export function denyLogIn(text: string, { written, offsetMinutes }: { readonly written: number; readonly offsetMinutes: number }): DenyLog {
  const forms = new Set<string>();
  const all = new Map<string, Logged>();
  let [lines, unread, first, last] = [0, 0, Infinity, -Infinity];
  for (const line of text.split(/\r?\n/)) {
    if (line.length > LINE_LENGTH_MAX) continue;
    let read: LoggedLine | null = null;
    const form = denyForms.find((it) => (read = it.read(line)) !== null);
    if (form === undefined || read === null) continue;
    const { denied, at: own, ...it }: LoggedLine = read;
    forms.add(form.title);
    lines++;
    const at = own ?? timeIn(line, written, offsetMinutes);
    const [client, server] = [rangeOf(it.client)?.first ?? null, rangeOf(it.server)?.first ?? null];
    if (at === null || client === null || server === null) {
      unread++;
      continue;
    }
    [first, last] = [Math.min(first, at), Math.max(last, at)];
    if (!denied) continue;
    const key = [client, server, it.transport, it.port].join(" ");
    const known = all.get(key);
    const latest = known === undefined || at >= known.last ? { last: at, rule: clean(it.rule) } : { last: known.last, rule: known.rule };
    all.set(key, { ...it, client, server, ...latest, packets: (known?.packets ?? 0) + it.packets, undecided: it.undecided && known?.undecided !== false });
  }
  return {
    forms: [...forms].sort(),
    denied: [...all.values()].sort((a, b) => b.last - a.last || (a.client + a.server < b.client + b.server ? -1 : 1)),
    lines,
    unread,
    first: first === Infinity ? null : first,
    last: last === -Infinity ? null : last,
  };
} // prettier-ignore
