/** Which card is at which port, as switches of Cisco tell by `show mac address-table`: IOS, IOS XE, and NX-OS with more columns between. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf } from "./addresses.ts";
import { portOf, switchNames } from "./ports.ts";
import { machine } from "./machine.ts";

export const ciscoMacTable: EvidenceForm = {
  title: "MAC table of a Cisco switch",
  source: "switch table",
  made: "show mac address-table",
  recognize: (head) => head.some((line) => HEADINGS.test(line)),
  reader(file) {
    const switchOf = switchNames(file);
    return (line) => {
      const name = switchOf(line);
      const card = ROW.exec(line);
      // Headings, rules, sums and legends; a line that begins as a row does should have been one.
      if (card === null) return /^[*+GRCO~\s]*\d+\s+[0-9a-f]{2,4}\./i.test(line) ? { expected: "VLAN, MAC, type and port" } : null;
      const mac = macOf(card[1]!);
      const port = portOf(name, card[2]!);
      return mac === null || port === null ? null : machine({ mac, ip: null }, file.at, {}, port);
    };
  },
};

const HEADINGS = /\bmac address\s+type\b.*\bports?\s*$/i;
const ROW = /^[*+GRCO~\s]*(?:\d+|All|N\/A|---)\s+([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\s+(?:\S+\s+)+?(\S+)\s*$/i;
