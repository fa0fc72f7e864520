/** Leases of Kea as its memfile keeps them: a list with headings, one line for each change, the last one of an address counts. */
import { macOf, ipOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";
import { epoch } from "./epoch.ts";
import { machine } from "./machine.ts";

export const keaLeases = listForm({
  title: "DHCP leases of Kea (memfile CSV)",
  source: "lease file",
  made: "/var/lib/kea/kea-leases4.csv, or kea-leases6.csv",
  columns: {
    ip: ["address"],
    card: ["hwaddr"],
    valid: ["validlifetime"],
    expire: ["expire"],
    name: ["hostname"],
    state: ["state"],
  },
  needs: ["ip", "card", "valid", "expire"],
  entry({ ip: address, card, valid, expire, name, state }) {
    const ip = ipOf(address);
    const until = epoch(expire);
    if (ip === null || until === 0) return { expected: `an IP address and when it expires, got "${address}" and "${expire}"` };
    const mac = macOf(card);
    // A lifetime of 0 deletes a lease; states other than 0 are refused, taken back or given out elsewhere.
    if (mac === null || valid === "0" || (state !== "" && state !== "0")) return null;
    return machine({ mac, ip }, until - epoch(valid), { hostname: unescaped(name) });
  },
});

/** A comma in a cell would end it: Kea writes `&#x2c`. */
function unescaped(text: string): string {
  return text.replace(/&#x([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
