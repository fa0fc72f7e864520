/** Which card is at which port, as switches of HPE tell: ArubaOS-CX, ProCurve (ArubaOS-Switch) and Comware, each in a manner of its own. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf } from "./addresses.ts";
import { portOf, switchNames } from "./ports.ts";
import { machine } from "./machine.ts";

export const hpeMacTable: EvidenceForm = {
  title: "MAC table of an Aruba or HPE switch",
  source: "switch table",
  made: "show mac-address-table, show mac-address, display mac-address",
  recognize: (head) => MANNERS.some(({ headings }) => head.some((line) => headings.test(line))),
  reader(file) {
    const switchOf = switchNames(file);
    return (line) => {
      const name = switchOf(line);
      const row = MANNERS.map((manner) => manner.row.exec(line)).find((it) => it !== null);
      if (row === undefined) return BEGUN.test(line) ? { expected: "a MAC, a VLAN and a port" } : null;
      const mac = macOf(row[1]!);
      const port = portOf(name, row[2]!);
      return mac === null || port === null ? null : machine({ mac, ip: null }, file.at, {}, port);
    };
  },
};

const MANNERS = [
  {
    headings: /^\s*MAC Address\s+VLAN\s+Type\s+Port\s*$/i,
    row: /^\s*((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+\d+\s+\S+\s+(\S+)\s*$/i,
  },
  {
    headings: /^\s*MAC Address\s+(?:Located on )?Port(?:\s+VLAN)?\s*$/i,
    row: /^\s*([0-9a-f]{6}-[0-9a-f]{6})\s+(\S+)(?:\s+\d+)?\s*$/i,
  },
  {
    headings: /^\s*MAC Addr(?:ess)?\s+VLAN ID\s+State\s+Port/i,
    row: /^\s*([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})\s+\d+\s+\S+\s+(\S+)\s+\S+(?:\s+\S+)?\s*$/i,
  },
] as const;
const BEGUN = /^\s*(?:[0-9a-f]{2}:[0-9a-f]{2}:|[0-9a-f]{6}-[0-9a-f]|[0-9a-f]{4}-[0-9a-f]{4}-)/i;
