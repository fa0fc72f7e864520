/**
 * Spanning tree: IEEE 802.1D section 9, rapid and multiple in 802.1Q section 14.
 *
 * Who sends it is a bridge; a topology change says that a port came up or went down.
 */
import { Reader } from "../bytes/reader.ts";
import { mac } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const stp: Protocol = {
  name: "stp",
  title: "STP",
  over: [{ ethernet: 0x42 }],
  setting: "network",
  privacy: {
    reads: "That the sender is a bridge, that the tree changed, and which bridge is its root.",
    ends: "Nothing: it holds no text and no person.",
    keeps: ["capability"],
  },
  recognize,
  read,
};

// Protocol 0, version, type, flags, root, cost, bridge, port, four times of which the age may not exceed the largest age.
const Type = { configuration: 0, rapid: 2, change: 0x80 } as const;
const VERSIONS = [0, 2, 3, 4];
const CONFIGURATION_BYTES = 35;
const CHANGE_BYTES = 4;
const FLAGS_OFFSET = 4;
/** Behind its priority, which an administrator may change. */
const ROOT_OFFSET = 7;
const TOPOLOGY_CHANGED = 1;

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message);
  if (reader.u16() !== 0 || !VERSIONS.includes(reader.u8())) return false;
  const type = reader.u8();
  if (reader.overrun) return false;
  return type === Type.change
    ? message.length >= CHANGE_BYTES
    : (type === Type.configuration || type === Type.rapid) && message.length >= CONFIGURATION_BYTES;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const change = message[3] === Type.change;
  if (message.length < (change ? CHANGE_BYTES : CONFIGURATION_BYTES)) return report.malformed("shorter than its type needs");
  const changed = change || (message[FLAGS_OFFSET]! & TOPOLOGY_CHANGED) !== 0;
  report.operation(changed ? "TOPOLOGY CHANGE" : "CONFIGURATION");
  report.observe(sender, "capability", "bridge");
  if (changed) report.notable("treeChanged");
  if (!change) report.notable("treeRoot", undefined, 0, { group: mac(message.subarray(ROOT_OFFSET, ROOT_OFFSET + 6)) });
}
