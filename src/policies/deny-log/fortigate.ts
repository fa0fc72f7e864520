/** FortiGate traffic logs: words with values, of which `action="deny"` is what a policy stopped; policy 0 is what no policy allows. */
import { portOf, protocolOf, type DenyForm } from "./form.ts";

export const fortigateLog: DenyForm = {
  name: "fortigate",
  title: "FortiGate traffic log",
  read: (line) => {
    if (!/\btype="?traffic\b/.test(line)) return null;
    const value = (key: string) => new RegExp(`(?:^|[ ,>])${key}=(?:"([^"]*)"|([^ ,]*))`).exec(line)?.slice(1).find((it) => it !== undefined);
    const [client, server, protocol] = [value("srcip"), value("dstip"), protocolOf(value("proto") ?? "")];
    if (client === undefined || server === undefined || protocol === null) return null;
    return {
      denied: value("action") === "deny",
      undecided: false,
      client,
      server,
      transport: protocol.transport,
      port: protocol.transport === "ip" ? protocol.number : protocol.transport === "icmp" ? null : portOf(value("dstport")),
      packets: 1,
      rule: value("policyname") ?? `policy ${value("policyid") ?? "?"}`,
      at: timeOf(value),
    };
  },
}; // prettier-ignore

function timeOf(value: (key: string) => string | undefined): number | null {
  // Nanoseconds since 1970; seconds before FortiOS 6.2.
  const event = value("eventtime");
  if (event !== undefined && /^\d{10,19}$/.test(event))
    return Number(event.slice(0, 10)) * 1e6 + Number(event.slice(10, 16).padEnd(6, "0"));
  const at = Date.parse(`${value("date") ?? ""}T${value("time") ?? ""}${(value("tz") ?? "").replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(at) || value("tz") === undefined ? null : at * 1_000;
}
