/** Which card is at which port, in any table that says so by its headings: what scripts and other systems export. */
import { ipOf, macOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { machine } from "./machine.ts";
import { portOf } from "./ports.ts";

export const macPorts = listForm({
  title: "list of cards at ports (CSV: mac, switch, port)",
  source: "switch table",
  made: "any table with these headings",
  columns: {
    mac: ["mac", "macaddress", "hardwareaddress", "ethernetaddress"],
    ip: ["ip", "ipaddress", "ipv4address", "address"],
    name: ["hostname", "host"],
    switch: ["switch", "device", "switchname", "devicename"],
    port: ["port", "interface", "switchport"],
  },
  needs: ["mac", "port"],
  entry({ mac: text, ip, name, switch: device, port: place }, file) {
    const mac = macOf(text);
    if (mac === null) return { expected: `a MAC, got "${text}"` };
    return machine({ mac, ip: ipOf(ip) }, file.at, { hostname: name }, portOf(device || file.name, place));
  },
});
