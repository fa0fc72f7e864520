/**
 * What the logs of Zeek say that concerns us, in whatever form they are written (docs.zeek.org: conn.log, notice.log, dhcp.log): notices,
 * of which the kind is taken and never the message, since that quotes what crossed; between whom connections were; leases.
 */
import { isRule, type Alert } from "../model/alert.ts";
import type { Entry, Unread } from "../model/evidence.ts";
import { ipOf, macOf } from "./addresses.ts";
import { endsOf, type Ends } from "./flow-ends.ts";
import { machine } from "./machine.ts";
import { isoMoment, secondsMoment } from "./moments.ts";

/** One field of a record by its name; "" where it is not there or not set. */
export type Field = (name: string) => string;
export type ZeekLog = "conn" | "notice" | "dhcp";

/** By the fields that only one of them has. */
export function zeekLogOf(has: (name: string) => boolean): ZeekLog | null {
  if (has("note") && (has("ts") || has("msg"))) return "notice";
  if (has("conn_state") && has("id.orig_h")) return "conn";
  return has("msg_types") && has("assigned_addr") ? "dhcp" : null;
}

export function zeekEntry(log: ZeekLog, field: Field): Entry | Unread | null {
  const at = secondsMoment(field("ts")) ?? isoMoment(field("ts"));
  if (at === null) return { expected: "ts as seconds since 1970, or as 2026-11-23T08:00:00.000000Z" };
  switch (log) {
    case "notice":
      return noticeOf(field, at);
    case "conn":
      return connectionOf(field, at);
    case "dhcp":
      return leaseOf(field, at);
  }
}

/** Of how Zeek itself is doing. */
const OF_ITSELF = /^(?:CaptureLoss|PacketFilter|Notice|Stats|Telemetry|Reporter)::/;
/** Of what is odd and mostly nothing. */
const MINOR = /^(?:Weird|SSL|Software|Conn|ProtocolDetector|FTP::Site|SMTP)/;

function noticeOf(field: Field, at: number): Entry | Unread | null {
  const note = field("note");
  if (OF_ITSELF.test(note)) return null;
  const ends = endsIn(field);
  // Some notices are of one end, or of a scan, and of no connection.
  const from = ipOf(field("src")) ?? ends.from;
  const to = ipOf(field("dst")) ?? (from === ends.from ? ends.to : null);
  if (!isRule(note) || (from === null && ends.flow === null)) return { expected: "a notice with its note and src" };
  const severity: Alert["severity"] = MINOR.test(note) ? "low" : "medium";
  // "SSH::Password_Guessing": Zeek's own word for it.
  const says = note.replaceAll("::", ": ").replaceAll("_", " ");
  return { kind: "alert", at, from, to, alert: { watcher: "Zeek", severity, rule: note, says, asked: ends.asked, flow: ends.flow } };
}

function connectionOf(field: Field, at: number): Entry | Unread {
  const { from, to, flow } = endsIn(field);
  return from === null || to === null ? { expected: "id.orig_h and id.resp_h as IP addresses" } : { kind: "flow", at, from, to, flow };
}

function leaseOf(field: Field, at: number): Entry | null {
  const mac = macOf(field("mac"));
  const ip = ipOf(field("assigned_addr"));
  if (mac === null || ip === null || !field("msg_types").includes("ACK")) return null;
  return machine({ mac, ip }, at, { hostname: field("host_name") });
}

function endsIn(field: Field): Ends {
  const port = (name: string) => (/^\d{1,5}$/.test(field(name)) ? Number(field(name)) : null);
  return endsOf(field("id.orig_h"), port("id.orig_p"), field("id.resp_h"), port("id.resp_p"), field("proto"), field("community_id"));
}
