/** Leases of ISC DHCP: dhcpd.leases(5), a block for each change, in universal time. What was free again by then was somebody's before. */
import type { EvidenceForm } from "../model/evidence.ts";
import { macOf, ipOf } from "./addresses.ts";
import { epoch } from "./epoch.ts";
import { machine } from "./machine.ts";

export const iscLeases: EvidenceForm = {
  title: "DHCP leases of ISC DHCP (dhcpd.leases)",
  source: "lease file",
  made: "/var/lib/dhcp/dhcpd.leases",
  recognize: (head) => head.some((line) => LEASE.test(line)) && head.some((line) => /^\s+(?:starts|cltt|binding state)\s/.test(line)),
  reader() {
    let address = "";
    let says = new Map<string, string>();
    return (line) => {
      const begins = LEASE.exec(line);
      if (begins !== null) {
        const isCut = address !== "";
        address = begins[1]!;
        says = new Map();
        return isCut ? { expected: "the end of a lease before the next begins" } : null;
      }
      if (address === "") return null;
      const statement = STATEMENT.exec(line);
      if (statement !== null) says.set(statement[1]!.replace(/^set /, ""), unquoted(statement[2]!));
      if (line.trim() !== "}" && line !== "") return null;
      const ip = ipOf(address);
      address = "";
      if (line === "") return { expected: "the end of a lease, got the end of the file" };
      const at = time(says.get("cltt") ?? "") || time(says.get("starts") ?? "");
      if (ip === null || at === 0) return { expected: "an IP address, and when its lease began" };
      const mac = macOf((says.get("hardware") ?? "").replace(/^ethernet /, ""));
      if (mac === null || NOBODYS.has(says.get("binding state") ?? "active")) return null;
      return machine({ mac, ip }, at, {
        hostname: says.get("client-hostname") ?? "",
        vendorClass: says.get("vendor-class-identifier") ?? "",
      });
    };
  },
};

const LEASE = /^lease (\d+\.\d+\.\d+\.\d+) \{/;
const STATEMENT = /^\s+(cltt|starts|binding state|hardware|client-hostname|set vendor-class-identifier)\s+(?:= )?(.*);\s*(?:#.*)?$/;
/** Somebody else answered there, or a partner holds it. */
const NOBODYS: ReadonlySet<string> = new Set(["abandoned", "backup", "bootp", "reset"]);

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\([\\"])/g, "$1") : text;
}

/** "1 2026/11/23 08:00:00", the day of the week first; or "epoch 1795420800; # Mon Nov 23 …" where the server is told to. */
function time(text: string): number {
  const since1970 = /^epoch (\d+)/.exec(text)?.[1];
  if (since1970 !== undefined) return epoch(since1970);
  const [, date, clock] = /^\d (\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(`${date.replaceAll("/", "-")}T${clock}Z`);
  return Number.isNaN(at) ? 0 : at * 1_000;
}
