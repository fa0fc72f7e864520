/** Palo Alto traffic logs, as PAN-OS sends them: values with commas, in the order of its documentation (Traffic Log Fields, PAN-OS 8 to 11). */
import { portOf, protocolOf, type DenyForm } from "./form.ts";

export const paloAltoLog: DenyForm = {
  name: "palo-alto",
  title: "Palo Alto traffic log",
  read: (line) => {
    const begins = /\d,\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d,[^,]*,TRAFFIC,/.exec(line);
    if (begins === null) return null;
    const values = line.slice(begins.index).split(",");
    const of = (field: keyof typeof Field) => values[Field[field]]?.replaceAll('"', "");
    const [client, server, protocol] = [of("client"), of("server"), protocolOf(of("protocol") ?? "")];
    if (client === undefined || server === undefined || protocol === null) return null;
    return {
      denied: of("subtype") === "deny" || of("subtype") === "drop" || DENIED.test(of("action") ?? ""),
      undecided: false,
      client,
      server,
      transport: protocol.transport,
      port: protocol.transport === "ip" ? protocol.number : protocol.transport === "icmp" ? null : portOf(of("port")),
      packets: Number(of("repeats") ?? "1") || 1,
      rule: of("rule") ?? "",
      at: null,
    };
  },
};

const Field = { subtype: 4, client: 7, server: 8, rule: 11, repeats: 23, port: 25, protocol: 29, action: 30 } as const;
const DENIED = /^(?:deny|drop|drop ICMP|reset (?:client|server|both)|reset-(?:client|server|both)|block.*)$/;
