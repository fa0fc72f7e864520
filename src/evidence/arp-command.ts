/** Which card an IP has, as `arp -an` tells on Linux, BSD and macOS. How long ago it was heard, it does not say. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { machine } from "./machine.ts";

export const arpCommand: EvidenceForm = {
  title: "ARP table of a computer (arp -an)",
  source: "ARP table",
  made: "arp -an",
  recognize: (head) => head.some((line) => ROW.test(line)),
  reader: (file) => (line) => {
    const [, address = "", card = ""] = ROW.exec(line) ?? [];
    if (address === "") return /^\S+ \(/.test(line) ? { expected: "(an IP address) at a MAC" } : null;
    const mac = macOf(card);
    const ip = ipOf(address);
    return mac === null || ip === null ? null : machine({ mac, ip }, file.at);
  },
};

const ROW = /^\S+ \((\d+\.\d+\.\d+\.\d+)\) at ((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|<incomplete>|\(incomplete\)) /i;
