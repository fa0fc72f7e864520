/**
 * IGMP, versions 1 to 3: RFC 1112, RFC 2236, RFC 3376.
 *
 * The groups a machine joins say what it listens for: monitors of some makers find their central station by a group of their own,
 * and SSDP, mDNS and WS-Discovery each have one. A query tells which router or switch keeps the groups alive.
 */
import { groupRecords } from "../bytes/group-records.ts";
import { Reader } from "../bytes/reader.ts";
import { ipv4 } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const igmp: Protocol = {
  name: "igmp",
  title: "IGMP",
  over: [{ ip: 2 }],
  privacy: {
    reads: "The groups a machine joins.",
    ends: "Nothing: it holds no text and no person.",
    keeps: ["groups"],
  },
  recognize,
  read,
};

// RFC 3376 section 4: type, a time or reserved, checksum, then one group, or (0x22) a count of group records.
const Type = { query: 0x11, report1: 0x12, report2: 0x16, leave: 0x17, report3: 0x22 } as const;
const LENGTH = 8;
const RECORDS_OFFSET = 6;
const GROUP_OFFSET = 4;
const RECORD_BYTES = 8;

/** As many records as fit an Ethernet frame; a longer message is a flood, and the groups before it count. */
const RECORDS_MAX = 180;

function recognize(message: Uint8Array): boolean {
  if (message.length < LENGTH) return false;
  const group = message[GROUP_OFFSET]!;
  switch (message[0]) {
    case Type.query:
      return group === 0 || isMulticast(group);
    case Type.report1:
    case Type.report2:
    case Type.leave:
      return isMulticast(group);
    case Type.report3:
      return message.length >= LENGTH + new Reader(message, RECORDS_OFFSET).u16() * RECORD_BYTES;
    default:
      return false;
  }
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (message.length < LENGTH) return report.malformed("shorter than an IGMP message");
  const joined = (group: Uint8Array) => {
    // 224.0.0.1 is every machine's: RFC 1112 section 4 has nobody report it.
    if (isMulticast(group[0] ?? 0)) report.observe(sender, "groups", ipv4(group));
    else report.malformed("a group that is no multicast address");
  };

  switch (message[0]) {
    case Type.query:
      return report.operation("QUERY");
    case Type.leave:
      return report.operation("LEAVE");
    case Type.report1:
    case Type.report2:
      report.operation("REPORT");
      return joined(message.subarray(GROUP_OFFSET, GROUP_OFFSET + 4));
    case Type.report3:
      report.operation("REPORT");
      break;
    default:
      return;
  }

  const { joined: groups, whole } = groupRecords(message, RECORDS_OFFSET, 4, RECORDS_MAX);
  for (const group of groups) joined(group);
  if (!whole) report.malformed("a group record runs past the end of the message");
}

function isMulticast(firstByte: number): boolean {
  return firstByte >> 4 === 0xe;
}
