/** Which card has which IP, in any table that says so by its headings: what scripts and other systems export. */
import { ipOf, macOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { machine } from "./machine.ts";

export const macAddresses = listForm({
  title: "list of cards with their addresses (CSV: mac, ip)",
  source: "ARP table",
  made: "any table with these headings",
  columns: {
    mac: ["mac", "macaddress", "hardwareaddress", "ethernetaddress"],
    ip: ["ip", "ipaddress", "ipv4address", "address"],
    name: ["hostname", "host"],
  },
  needs: ["mac", "ip"],
  entry({ mac: text, ip: address, name }, { at }) {
    const mac = macOf(text);
    const ip = ipOf(address);
    if (mac === null || ip === null) return { expected: `a MAC and an IP address, got "${text}" and "${address}"` };
    return machine({ mac, ip }, at, { hostname: name });
  },
});
