/**
 * Cisco: ACLs of IOS with `log` (%SEC-6-IPACCESSLOG*, %IPV6_ACL-6-ACCESSLOG*), ASA (106023, 106100), and SGACLs (%RBM-6-SGACLHIT). IOS
 * writes the first packet and then one line every five minutes: what is not written may have been denied all the same.
 */
import { portOf, protocolOf, type DenyForm, type LoggedLine } from "./form.ts";

export const ciscoLog: DenyForm = {
  name: "cisco",
  title: "Cisco IOS, ASA and SGACL",
  read: (line) => (/%(?:SEC|IPV6_ACL|ASA|FTD|RBM)-/.test(line) ? (ios(line) ?? asa(line) ?? sgacl(line)) : null),
};

// Interface and MAC may stand behind the source; behind both ends of ICMP its type and code.
const IOS =
  /%(?:SEC|IPV6_ACL)-\d-(?:IP)?ACCESSLOG\w*: (?:access-)?list (\S+) (denied|permitted) (\S+) ([\da-fA-F.:]+)(?:\((\d+)\))?(?: \([^)]*\))? ?-> ?([\da-fA-F.:]+)(?: ?\((\d+)(?:\/\d+)?\))?(?:, (\d+) packets?)?/;
const ASA_DENY =
  /%(?:ASA|FTD)-\d-106023: Deny (?:protocol )?(\S+) src [^:\s]+:([\da-fA-F.:]+?)(?:\/(\d+))?(?:\([^)]*\))? dst [^:\s]+:([\da-fA-F.:]+?)(?:\/(\d+))?(?:\([^)]*\))?(?: \(type \d+, code \d+\))? by access-group "([^"]*)"/;
const ASA_HIT =
  /%(?:ASA|FTD)-\d-106100: access-list (\S+) (denied|permitted|est-allowed) (\S+) \S+?\/([\da-fA-F.:]+)\((\d+)\)(?:\([^)]*\))? -> \S+?\/([\da-fA-F.:]+)\((\d+)\)(?:\([^)]*\))? hit-cnt (\d+)/;

function ios(line: string): LoggedLine | null {
  const [, list, verdict, protocol, client, , server, port, packets] = IOS.exec(line) ?? [];
  return told({ rule: list, denied: verdict === "denied", protocol, client, server, port, packets });
}

function asa(line: string): LoggedLine | null {
  const [, protocol, client, , server, port, rule] = ASA_DENY.exec(line) ?? [];
  if (protocol !== undefined) return told({ rule, denied: true, protocol, client, server, port, packets: "1" });
  const [, list, verdict, kind, from, , to, at, hits] = ASA_HIT.exec(line) ?? [];
  return told({ rule: list, denied: verdict === "denied", protocol: kind, client: from, server: to, port: at, packets: hits });
}

function sgacl(line: string): LoggedLine | null {
  if (!line.includes("%RBM-6-SGACLHIT")) return null;
  const value = (key: string) => new RegExp(` ${key}='([^']*)'`).exec(line)?.[1];
  const [tags, hits] = [` ${value("sgt") ?? "?"} → ${value("dgt") ?? "?"}`, value("logging_interval_hits")];
  return told({
    rule: `${value("sgacl_name") ?? ""}${tags}`.trim(),
    denied: value("action")?.toLowerCase() === "deny",
    protocol: value("protocol"),
    client: value("src-ip"),
    server: value("dest-ip"),
    port: value("dest-port"),
    packets: hits,
  });
}

interface Read {
  readonly rule: string | undefined;
  readonly denied: boolean;
  readonly protocol: string | undefined;
  readonly client: string | undefined;
  readonly server: string | undefined;
  readonly port: string | undefined;
  readonly packets: string | undefined;
}

function told({ rule, denied, protocol, client, server, port, packets }: Read): LoggedLine | null {
  const known = protocolOf(protocol ?? "");
  if (known === null || client === undefined || server === undefined) return null;
  return {
    denied,
    undecided: false,
    client,
    server,
    transport: known.transport,
    port: known.transport === "ip" ? known.number : known.transport === "icmp" ? null : portOf(port),
    packets: Number(packets ?? "1"),
    rule: rule ?? "",
    at: null,
  };
}
