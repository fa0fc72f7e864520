/** Leases of dnsmasq: when it ends, card, address, name and client identifier, a line each; a star for what is not known. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { epoch } from "./epoch.ts";
import { machine } from "./machine.ts";

export const dnsmasqLeases: EvidenceForm = {
  title: "DHCP leases of dnsmasq (dnsmasq.leases)",
  source: "lease file",
  made: "/var/lib/misc/dnsmasq.leases",
  recognize: (head) => {
    const lines = head.filter((line) => line !== "" && !line.startsWith("duid "));
    return lines.length > 0 && lines.every((line) => LEASE.test(line) || LEASE_6.test(line)) && lines.some((line) => LEASE.test(line));
  },
  reader: (file) => (line) => {
    // In version 6 a number of the client's stands in place of its card.
    if (line === "" || line.startsWith("duid ") || LEASE_6.test(line)) return null;
    const [, end = "", card = "", address = "", name = ""] = LEASE.exec(line) ?? [];
    const ip = ipOf(address);
    const mac = macOf(card);
    if (ip === null || mac === null) return { expected: "when it ends, a card, an IP address, a name and a client identifier" };
    // 0 is for ever; what holds when the list was made was so then, what had ended until it did.
    const until = epoch(end);
    return machine({ mac, ip }, until === 0 ? file.at : Math.min(until, file.at), { hostname: name === "*" ? "" : name });
  },
};

const LEASE = /^(\d+) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) (\d+\.\d+\.\d+\.\d+) (\S+) (\S+)$/i;
const LEASE_6 = /^\d+ T?\d+ [0-9a-f]{0,4}:[0-9a-f:]{1,38} \S+ \S+$/i;
