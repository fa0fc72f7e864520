/** Which card is at which port, as switches of Juniper tell by `show ethernet-switching table`, with and without the enhanced layer 2. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf } from "./addresses.ts";
import { portOf, switchNames } from "./ports.ts";
import { machine } from "./machine.ts";

export const juniperMacTable: EvidenceForm = {
  title: "MAC table of a Juniper switch",
  source: "switch table",
  made: "show ethernet-switching table",
  recognize: (head) => head.some((line) => /^\s*Ethernet[- ]switching table\s*:/i.test(line)),
  reader(file) {
    const switchOf = switchNames(file);
    return (line) => {
      const name = switchOf(line);
      const row = ROW.exec(line);
      if (row === null) return null;
      const port = INTERFACE.exec(row[2]!)?.[0];
      if (port === undefined) return { expected: `an interface after the MAC, got "${row[2]!.trim()}"` };
      const mac = macOf(row[1]!);
      const plugged = portOf(name, port);
      return mac === null || plugged === null ? null : machine({ mac, ip: null }, file.at, {}, plugged);
    };
  },
};

const ROW = /^\s*\S+\s+((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b(.*)$/i;
const INTERFACE = /\b(?:(?:ge|xe|et|mge|fe)-\d+\/\d+\/\d+(?:\.\d+)?|(?:ae|irb|vtep|esi|vme|me)\.?\d+(?:\.\d+)?|Router)\b/i;
