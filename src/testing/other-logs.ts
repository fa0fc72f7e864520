/** Lines as Suricata and Zeek write them, after their public documentation, of flows a test names. */

export interface LoggedFlow {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly transport?: "tcp" | "udp";
}

export function eveAlert(
  { at, from, to, fromPort = 40_000, toPort = 80, transport = "tcp" }: LoggedFlow,
  alert: object = {},
  more: object = {},
): string {
  return JSON.stringify({
    timestamp: eveTime(at), flow_id: 1_805_461_738_637_437, in_iface: "eth1", event_type: "alert", src_ip: from, src_port: fromPort, dest_ip: to,
    dest_port: toPort, proto: transport.toUpperCase(),
    alert: { action: "allowed", gid: 1, signature_id: 2_001_219, rev: 20, signature: "ET SCAN Potential SSH Scan", category: "Attempted Information Leak", severity: 2, ...alert },
    flow: { pkts_toserver: 1, pkts_toclient: 0, bytes_toserver: 74, bytes_toclient: 0, start: eveTime(at) }, ...more,
  }); // prettier-ignore
}

export function eveEvent(at: number, type: string, more: object): string {
  return JSON.stringify({ timestamp: eveTime(at), event_type: type, ...more });
}

function eveTime(at: number): string {
  const whole = new Date(Math.floor(at / 1_000)).toISOString().slice(0, 19);
  return `${whole}.${String(at % 1_000_000).padStart(6, "0")}+0000`;
}

/** A log with its head; each record by the names of its fields, those not set as `-`. */
export function zeekTsvLog(path: string, fields: readonly string[], records: readonly Readonly<Record<string, string>>[]): string {
  const head = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", `#path\t${path}`, "#open\t2026-11-23-08-00-00", `#fields\t${fields.join("\t")}`, `#types\t${fields.map(() => "string").join("\t")}`]; // prettier-ignore
  return [...head, ...records.map((it) => fields.map((name) => it[name] ?? "-").join("\t")), "#close\t2026-11-23-09-00-00", ""].join("\n");
}

export const CONN_FIELDS = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state", "history", "community_id"]; // prettier-ignore
export const NOTICE_FIELDS = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "note", "msg", "sub", "src", "dst", "p", "n", "actions"]; // prettier-ignore

export function zeekRecord(
  { at, from, to, fromPort = 40_000, toPort = 80, transport = "tcp" }: LoggedFlow,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { ts: (at / 1e6).toFixed(6), uid: "CHhAvVGS1DHFjwGM9", "id.orig_h": from, "id.orig_p": String(fromPort), "id.resp_h": to, "id.resp_p": String(toPort), proto: transport, ...more }; // prettier-ignore
}
