/** What the Linux kernel logs for nftables and iptables: a prefix of one's own, then words with their values. */
import { portOf, protocolOf, type DenyForm } from "./form.ts";

export const nftablesLog: DenyForm = {
  name: "nftables",
  title: "nftables and iptables, as the kernel or ulogd logs it",
  read: (line) => {
    const [, prefix = "", words] = /^(?:kernel: |ulogd\S*: |\] )?(.*?)\bIN=(\S* .*)$/.exec(line) ?? [];
    if (words === undefined) return null;
    const value = (key: string) => new RegExp(` ${key}=(\\S+)`).exec(` ${words}`)?.[1];
    const [client, server, protocol] = [value("SRC"), value("DST"), protocolOf(value("PROTO") ?? "")];
    if (client === undefined || server === undefined || protocol === null) return null;
    // Without ACK it opens a connection; else which end opened it does not stand there.
    const opens = protocol.transport !== "tcp" || !/ ACK /.test(`${words} `);
    return {
      denied: DENIED.test(prefix),
      undecided: prefix.includes("auscult denied"),
      client,
      server,
      transport: protocol.transport,
      port: protocol.transport === "ip" ? protocol.number : opens && protocol.transport !== "icmp" ? portOf(value("DPT")) : null,
      packets: 1,
      rule: /(\S[^\]]*?)[:\s]*$/.exec(prefix.replace(/^.*\] ?/, ""))?.[1] ?? "",
      at: null,
    };
  },
};

/** Only the prefix says what the rule does. */
const DENIED = /den(?:y|ied)|drop|block|reject|refus/i;
