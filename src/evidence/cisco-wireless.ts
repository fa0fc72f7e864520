/** Which card is at which access point, as wireless controllers of Cisco tell: AireOS by `show client summary`, the 9800 by `show wireless client summary`. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf } from "./addresses.ts";
import { machine } from "./machine.ts";

export const ciscoWireless: EvidenceForm = {
  title: "clients of a Cisco wireless controller",
  source: "wireless list",
  made: "show client summary, show wireless client summary",
  recognize: (head) => head.some((line) => /^MAC Address\s+AP Name\s+(?:Slot|Type ID)/i.test(line)),
  reader: (file) => (line) => {
    const [, card = "", ap = "", state = ""] = AIREOS.exec(line) ?? IOS_XE.exec(line) ?? [];
    if (card === "") return BEGUN.test(line) ? { expected: "a MAC, an access point and a status" } : null;
    const mac = macOf(card);
    return mac === null || !/^(?:Associated|Run)$/i.test(state) ? null : machine({ mac, ip: null }, file.at, { switchPort: ap });
  },
};

const AIREOS = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+(\S+)\s+\d+\s+([A-Za-z]+)\s/i;
const IOS_XE = /^([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\s+(\S+)\s+(?:WLAN|RLAN|GLAN)\s+\d+\s+([A-Za-z][\w ]*?)\s{2,}/i;
const BEGUN = /^[0-9a-f]{2}(?::[0-9a-f]{2}:|[0-9a-f]{2}\.[0-9a-f]{4}\.)/i;
