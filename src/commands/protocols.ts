/** `auscult protocols`: what is read, and what of it is kept, from the list the sensor itself uses. */
import type { Carrier } from "../model/protocol.ts";
import { protocols } from "../protocols/index.ts";
import { print, table } from "./terminal.ts";

export async function protocolsCommand(options: { readonly json?: boolean }): Promise<void> {
  const rows = protocols
    .map((it) => ({
      name: it.name,
      over: it.over.map(carrier).join(", "),
      setting: it.setting ?? "",
      reads: it.privacy?.reads ?? "",
      keeps: it.privacy?.keeps ?? [],
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (options.json) return print(`${JSON.stringify({ schema: "auscult.protocols/1", protocols: rows })}\n`);
  await print(
    table(
      [
        { title: "Protocol", text: (row) => row.name },
        { title: "Tried first on", text: (row) => row.over },
        { title: "Setting", text: (row) => row.setting, drop: 1 },
        { title: "What is read", text: (row) => row.reads },
      ],
      rows,
    ),
  );
}

function carrier(it: Carrier): string {
  if ("tcp" in it) return it.tcp.length === 0 ? "TCP" : `TCP ${it.tcp.join(" ")}`;
  if ("udp" in it) return it.udp.length === 0 ? "UDP" : `UDP ${it.udp.join(" ")}`;
  if ("ethernet" in it) return `Ethernet 0x${it.ethernet.toString(16).padStart(4, "0")}`;
  if ("ip" in it) return `IP ${it.ip}`;
  return `inside ${it.inside}`;
}
