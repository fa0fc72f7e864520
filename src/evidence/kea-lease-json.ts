/** Leases of Kea as its control channel answers `lease4-get-all`: each an object with these names (Kea ARM, lease_cmds). */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { machine } from "./machine.ts";

export const keaLeaseJson: EvidenceForm = {
  title: "DHCP leases of Kea (JSON)",
  source: "lease file",
  made: 'the answer to the command "lease4-get-all"',
  json: true,
  recognize: ([first = ""]) => first.includes('"ip-address"') && first.includes('"cltt"'),
  reader: () => (text) => {
    if (text === "") return null;
    const lease = parsed(text);
    if (lease === null) return { expected: "a lease as an object of JSON" };
    const { "ip-address": address, "hw-address": card, cltt, state, hostname } = lease;
    // Answers hold objects that are no lease.
    if (address === undefined) return null;
    const ip = typeof address === "string" ? ipOf(address) : null;
    if (ip === null || typeof cltt !== "number") return { expected: "an IP address, and its cltt as a number" };
    const mac = macOf(typeof card === "string" ? card : "");
    if (mac === null || (state !== undefined && state !== 0)) return null;
    return machine({ mac, ip }, cltt * 1e6, { hostname: typeof hostname === "string" ? hostname : "" });
  },
};

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
