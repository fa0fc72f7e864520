/** Which card an IP has, as routers and switches of Cisco tell by `show ip arp`: IOS with minutes, NX-OS with a clock since it was heard. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { machine } from "./machine.ts";

const MINUTE_US = 60e6;

export const ciscoArp: EvidenceForm = {
  title: "ARP table of a Cisco router",
  source: "ARP table",
  made: "show ip arp",
  recognize: (head) => head.some((line) => HEADINGS.test(line)),
  reader: (file) => (line) => {
    const [, address = "", age = "", card = ""] = ROW.exec(line) ?? [];
    if (address === "") return BEGUN.test(line) ? { expected: "an IP address, an age and a MAC" } : null;
    const mac = macOf(card);
    const ip = ipOf(address);
    return mac === null || ip === null ? null : machine({ mac, ip }, Math.max(0, file.at - minutes(age) * MINUTE_US));
  },
};

const HEADINGS = /^(?:Protocol\s+Address\s+Age \(min\)\s+Hardware Addr|Address\s+Age\s+MAC Address\s+Interface)/i;
const ROW =
  /^(?:Internet\s+)?(\d+\.\d+\.\d+\.\d+)\s+(\d+|-|\d\d:\d\d:\d\d|[\ddhwms]{2,12})\s+([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|Incomplete|INCOMPLETE)\b/i;
const BEGUN = /^(?:Internet\s|\d+\.\d+\.)/;

/** A dash is the router's own. */
function minutes(age: string): number {
  if (!age.includes(":")) return Number(age) || 0;
  const [hours = 0, more = 0] = age.split(":").map(Number);
  return hours * 60 + more;
}
