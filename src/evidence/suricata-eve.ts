/**
 * Suricata's EVE log: an object of JSON a line, each with its `event_type` (docs.suricata.io, EVE JSON format). Alerts are taken, leases
 * of DHCP, and between whom flows were; of an alert the rule's own words, never what it caught.
 */
import type { Alert } from "../model/alert.ts";
import { isRule } from "../model/alert.ts";
import type { Entry, EvidenceForm, Unread } from "../model/evidence.ts";
import { ipOf, macOf } from "./addresses.ts";
import { endsOf } from "./flow-ends.ts";
import { machine } from "./machine.ts";
import { numberOf, objectOf, textOf, type JsonObject } from "./json-object.ts";
import { isoMoment } from "./moments.ts";

export const suricataEve: EvidenceForm = {
  title: "Events of Suricata (EVE JSON)",
  source: "Suricata log",
  made: "/var/log/suricata/eve.json",
  json: "lines",
  recognize: ([first = ""]) => {
    const event = objectOf(first);
    return event !== null && typeof event["event_type"] === "string" && typeof event["timestamp"] === "string";
  },
  reader: () => (line) => {
    if (line.trim() === "") return null;
    const event = objectOf(line);
    if (event === null) return { expected: "an event as an object of JSON" };
    const at = isoMoment(textOf(event["timestamp"]));
    if (at === null) return { expected: "a timestamp such as 2026-11-23T08:00:00.000000+0000" };
    switch (event["event_type"]) {
      case "alert":
        return alertOf(event, at);
      case "flow":
        return flowOf(event, at);
      case "dhcp":
        return leaseOf(event, at);
      default:
        return null;
    }
  },
};

/** Priority of a rule, 1 the most urgent; whatever else stands there is the least. Whom it may harm no rule knows, so none is critical. */
const SEVERITY: readonly Alert["severity"][] = ["low", "high", "medium"];

function alertOf(event: JsonObject, at: number): Entry | Unread {
  const alert = objectIn(event, "alert");
  const number = numberOf(alert["signature_id"]);
  // A rule may say which end it means; else the one that sent what was alerted on stands first.
  const [source, target] = [textOf(objectIn(alert, "source")["ip"]), textOf(objectIn(alert, "target")["ip"])];
  const { from, to, asked, flow } = ends(event);
  const [by, on] = ipOf(source) !== null && ipOf(target) !== null ? [ipOf(source), ipOf(target)] : [from, to];
  const rule = `${numberOf(alert["gid"]) ?? 1}:${number}`;
  if (number === null || !isRule(rule) || (by === null && flow === null)) return { expected: "an alert with its signature_id and src_ip" };
  return {
    kind: "alert",
    at,
    from: by,
    to: on,
    alert: {
      watcher: "Suricata",
      severity: SEVERITY[numberOf(alert["severity"]) ?? 0] ?? "low",
      rule,
      says: textOf(alert["signature"]),
      asked,
      flow,
    },
  };
}

function flowOf(event: JsonObject, at: number): Entry | null {
  const { from, to, flow } = ends(event);
  return from === null || to === null ? null : { kind: "flow", at, from, to, flow };
}

/** Only an acknowledgment makes the address real. */
function leaseOf(event: JsonObject, at: number): Entry | null {
  const dhcp = objectIn(event, "dhcp");
  const mac = macOf(textOf(dhcp["client_mac"]));
  const ip = ipOf(textOf(dhcp["assigned_ip"]));
  if (dhcp["dhcp_type"] !== "ack" || mac === null || ip === null) return null;
  return machine({ mac, ip }, at, { hostname: textOf(dhcp["hostname"]) });
}

function ends(event: JsonObject) {
  const proto = textOf(event["proto"]);
  const isIcmp = proto.toLowerCase().includes("icmp");
  const [fromPort, toPort] = isIcmp ? ["icmp_type", "icmp_code"] : ["src_port", "dest_port"];
  return endsOf(
    textOf(event["src_ip"]),
    numberOf(event[fromPort]),
    textOf(event["dest_ip"]),
    numberOf(event[toPort]),
    proto,
    textOf(event["community_id"]),
  );
}

function objectIn(event: JsonObject, name: string): JsonObject {
  const it = event[name];
  return typeof it === "object" && it !== null && !Array.isArray(it) ? (it as JsonObject) : {};
}
