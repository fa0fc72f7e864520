/**
 * Leases of a DHCP server of Windows: `Get-DhcpServerv4Lease | Export-Csv`. Its times are in the manner of the country the server stands
 * in, so only whether a lease holds is taken; when it was so is when the list was made.
 */
import { macOf, ipOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { machine } from "./machine.ts";

export const windowsLeases = listForm({
  title: "DHCP leases of Windows Server (CSV)",
  source: "lease file",
  made: "Get-DhcpServerv4Scope | Get-DhcpServerv4Lease | Export-Csv leases.csv",
  columns: {
    ip: ["ipaddress"],
    card: ["clientid"],
    name: ["hostname"],
    state: ["addressstate"],
    scope: ["scopeid"],
  },
  needs: ["ip", "card", "state", "scope"],
  entry({ ip: address, card, name, state }, { at }) {
    // The others are offers, refusals, and what was and is no more.
    if (!/^Active/i.test(state)) return null;
    const ip = ipOf(address);
    if (ip === null) return { expected: `an IP address, got "${address}"` };
    const mac = macOf(card);
    // A remote access server takes addresses for others, under an identifier that is no card.
    return mac === null ? null : machine({ mac, ip }, at, { hostname: name });
  },
});
