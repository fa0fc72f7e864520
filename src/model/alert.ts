/**
 * What another watcher of the network (Suricata, Zeek) found worth an alert, as it is carried in a signal: `what` is who says so, and
 * behind it all else. Of what such a program writes only its own words are kept, never what it took from the traffic.
 */
import { clean } from "../bytes/text.ts";
import { isCommunityId } from "../bytes/community-id.ts";
import { SEVERITIES, type Severity } from "./finding.ts";

export const WATCHERS = ["Suricata", "Zeek"] as const;
export type Watcher = (typeof WATCHERS)[number];

export interface Alert {
  readonly watcher: Watcher;
  /** Never critical: whether it harms a patient no such rule knows. */
  readonly severity: Exclude<Severity, "critical">;
  /** Number or name of its rule: one word. */
  readonly rule: string;
  /** The rule's own text. */
  readonly says: string;
  /** "tcp/22": transport and the port that was asked; "" where it is not known. */
  readonly asked: string;
  /** Community ID of the flow it is of; null where that is not known. */
  readonly flow: string | null;
}

const RULE = /^[\w:.-]{1,64}$/;
const ASKED = /^[a-z0-9-]{1,16}\/\d{1,5}$/;
/** Of a rule. With all before it, within what a batch lets a name be. */
const SAYS_LENGTH_MAX = 100;
const NOT_KNOWN = "-";

export function isRule(text: string): boolean {
  return RULE.test(text);
}

/** As a signal has it. */
export function alertWhat({ watcher, severity, rule, says, asked, flow }: Alert): string {
  const short = clean(says).slice(0, SAYS_LENGTH_MAX).toWellFormed();
  return [watcher, severity, flow ?? NOT_KNOWN, asked === "" ? NOT_KNOWN : asked, rule, short].join(" ");
}

/** Null where no file of evidence said so: a sensor that was taken over may send anything. */
export function alertIn(what: string, group: string): Alert | null {
  const [severity, flow = "", asked = "", rule = "", ...says] = group.split(" ");
  const watcher = WATCHERS.find((it) => it === what);
  const known = SEVERITIES.find((it) => it === severity);
  if (watcher === undefined || known === undefined || known === "critical" || !isRule(rule)) return null;
  if ((flow !== NOT_KNOWN && !isCommunityId(flow)) || (asked !== NOT_KNOWN && !ASKED.test(asked))) return null;
  return {
    watcher,
    severity: known,
    rule,
    says: says.join(" "),
    asked: asked === NOT_KNOWN ? "" : asked,
    flow: flow === NOT_KNOWN ? null : flow,
  };
}
