/** Endpoints of Cisco ISE, exported from Administration or Context Visibility. Who logged in there ends here. */
import { macOf, ipOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { portOf } from "./ports.ts";
import { machine } from "./machine.ts";

export const iseEndpoints = listForm({
  title: "endpoints of Cisco ISE (CSV)",
  source: "NAC list",
  made: "Context Visibility, Endpoints, Export",
  columns: {
    card: ["macaddress"],
    profile: ["endpointpolicy", "endpointprofile"],
    ip: ["ip", "ipaddress", "ipv4address", "framedipaddress"],
    name: ["hostname", "host"],
    switch: ["networkdevicename", "nasidentifier", "nasipaddress"],
    port: ["nasportid"],
    place: ["location"],
  },
  needs: ["card", "profile"],
  entry({ card, ip: address, name, switch: device, port: text, place }, { at }) {
    const mac = macOf(card);
    if (mac === null) return { expected: `a MAC, got "${card}"` };
    const says = { hostname: name, location: placeOf(place), switchPort: portOf(device, text) ?? "" };
    return machine({ mac, ip: ipOf(address) }, at, says);
  },
});

/** Its places are a tree: "Location#All Locations#Building A#Ward 3". The root says nothing. */
function placeOf(text: string): string {
  return text
    .split("#")
    .filter((part) => !/^(?:location|all locations)?$/i.test(part.trim()))
    .join(", ");
}
