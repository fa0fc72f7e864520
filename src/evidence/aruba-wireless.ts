/** Which card is at which access point, as Aruba Central and AirWave export their clients. The name a client has there may be a person's. */
import { macOf, ipOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { machine } from "./machine.ts";

export const arubaWireless = listForm({
  title: "wireless clients of Aruba (CSV)",
  source: "wireless list",
  made: "Clients, Export in Aruba Central or AirWave",
  columns: {
    card: ["macaddress", "clientmac", "mac"],
    ip: ["ipaddress", "ipv4address", "lanipaddresses", "lanip", "ip"],
    ap: ["apname", "accesspoint", "connectedto", "associateddevice", "apdevice", "connecteddevicename"],
    name: ["hostname", "clientname"],
  },
  needs: ["card", "ap"],
  entry({ card, ip: address, ap, name }, { at }) {
    const mac = macOf(card);
    if (mac === null) return { expected: `a MAC, got "${card}"` };
    return machine({ mac, ip: ipOf(address) }, at, { hostname: name, switchPort: ap });
  },
});
