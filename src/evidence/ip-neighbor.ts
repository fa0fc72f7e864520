/** Which card an IP has, as `ip neighbor` tells on Linux: of both versions of IP, with what state it is in. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { machine } from "./machine.ts";

export const ipNeighbor: EvidenceForm = {
  title: "neighbor table of Linux (ip neigh)",
  source: "ARP table",
  made: "ip neigh",
  recognize: (head) => head.some((line) => ROW.test(line)),
  reader: (file) => (line) => {
    const [, address = "", card] = ROW.exec(line) ?? [];
    if (address === "") return / dev \S+ /.test(line) ? { expected: "an IP address, dev, lladdr and a state" } : null;
    const ip = ipOf(address);
    const mac = macOf(card ?? "");
    // Whoever did not answer has no lladdr.
    return mac === null || ip === null ? null : machine({ mac, ip }, file.at);
  },
};

const ROW =
  /^([0-9a-f.:]+) dev \S+ (?:lladdr ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) )?(?:router |proxy |extern_learn )*(?:REACHABLE|STALE|DELAY|PROBE|PERMANENT|NOARP|FAILED|INCOMPLETE)\b/i;
