/**
 * Sessions as FreeRADIUS writes them down (`detail`): a date, then a line for each attribute behind a tab, then an empty line. Cards, ports
 * and addresses are taken; who it was as a person ends here.
 */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { portOf } from "./ports.ts";
import { epoch } from "./epoch.ts";
import { machine } from "./machine.ts";

export const radiusAccounting: EvidenceForm = {
  title: "RADIUS accounting of FreeRADIUS (detail)",
  source: "RADIUS accounting",
  made: "/var/log/freeradius/radacct/…/detail-…",
  recognize: (head) => head.some((line, at) => DATE.test(line) && ATTRIBUTE.test(head[at + 1] ?? "")),
  reader(file) {
    let says: Map<string, string> | null = null;
    return (line) => {
      const attribute = ATTRIBUTE.exec(line);
      if (attribute !== null) {
        const [, name = "", value = ""] = attribute;
        if (says !== null && !says.has(name)) says.set(name, value.replace(/^"(.*)"$/, "$1"));
        return says === null ? { expected: "a date before the attributes of a session" } : null;
      }
      const whole = says;
      says = DATE.test(line) ? new Map() : null;
      if (whole === null) return line === "" || says !== null ? null : { expected: "a date or an attribute" };
      return sessionOf(whole, file.at);
    };
  },
};

const DATE = /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\s*$/;
const ATTRIBUTE = /^\s+([A-Za-z][\w:.-]*) [:+]?= (.*)$/;

function sessionOf(says: ReadonlyMap<string, string>, fileAt: number) {
  const text = (name: string) => says.get(name) ?? "";
  const mac = macOf(text("Calling-Station-Id"));
  // Who dials in has a number there, or an address.
  if (mac === null) return null;
  const device = text("NAS-Identifier") || text("NAS-IP-Address");
  // Of wireless the network's name stands behind the access point's card, and says more than a port that is made up for each connection.
  const network = /^[0-9a-f]{2}(?:[-:]?[0-9a-f]{2}){5}:(.+)$/i.exec(text("Called-Station-Id"))?.[1];
  const port = portOf(device, network ?? (text("NAS-Port-Id") || text("NAS-Port")));
  return machine({ mac, ip: ipOf(text("Framed-IP-Address")) }, epoch(text("Timestamp")) || fileAt, {
    switchPort: port ?? "",
  });
}
