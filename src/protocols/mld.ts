/**
 * Multicast listener discovery, what IGMP is for IPv6: RFC 2710, version 2 in RFC 3810.
 *
 * The groups a machine joins say what it listens for. Solicited-node groups are left out: they only repeat its own addresses.
 */
import { groupRecords } from "../bytes/group-records.ts";
import { Reader } from "../bytes/reader.ts";
import { ipv6 } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const mld: Protocol = {
  name: "mld",
  title: "MLD",
  over: [{ ip: 58 }],
  privacy: {
    reads: "The groups a machine joins.",
    ends: "Nothing: it holds no text and no person.",
    keeps: ["groups"],
  },
  recognize,
  read,
};

// RFC 2710 section 3: type, code, checksum, delay, reserved, group. RFC 3810 section 5.2: in a version 2 report records from byte 8.
const Type = { query: 130, report1: 131, done: 132, report2: 143 } as const;
const LENGTH = 24;
const GROUP_OFFSET = 8;
const COUNT_OFFSET = 6;
const REPORT_2_BYTES_MIN = 28;

/** As many records as fit an Ethernet frame; a longer message is a flood, and the groups before it count. */
const RECORDS_MAX = 75;

function recognize(message: Uint8Array): boolean {
  if (message[1] !== 0) return false;
  const group = message[GROUP_OFFSET];
  switch (message[0]) {
    case Type.query:
      return message.length >= LENGTH && (group === 0 || group === 0xff);
    case Type.report1:
    case Type.done:
      return message.length === LENGTH && group === 0xff;
    case Type.report2:
      return message.length >= REPORT_2_BYTES_MIN && message.length >= 8 + 20 * new Reader(message, COUNT_OFFSET).u16();
    default:
      return false;
  }
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const joined = (group: Uint8Array) => {
    if (group[0] !== 0xff) return report.malformed("a group that is no multicast address");
    const address = ipv6(group);
    if (!address.startsWith("ff02::1:ff") && address !== "ff02::1") report.observe(sender, "groups", address);
  };

  switch (message[0]) {
    case Type.query:
      return report.operation("QUERY");
    case Type.done:
      return report.operation("LEAVE");
    case Type.report1:
      report.operation("REPORT");
      if (message.length < LENGTH) return report.malformed("shorter than a listener report");
      return joined(message.subarray(GROUP_OFFSET, GROUP_OFFSET + 16));
    case Type.report2:
      report.operation("REPORT");
      break;
    default:
      return;
  }

  const { joined: groups, whole } = groupRecords(message, COUNT_OFFSET, 16, RECORDS_MAX);
  for (const group of groups) joined(group);
  if (!whole) report.malformed("a group record runs past the end of the message");
}
