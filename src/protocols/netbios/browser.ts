/**
 * Windows browser announcements over NetBIOS datagrams: [MS-BRWS] section 2.2, in a mailslot message of [MS-CIFS], in RFC 1002 section 4.4.
 *
 * Every few minutes a machine says its name, the version of its system, what it serves, and a comment that is often the device's
 * description. Only announcements of a host by itself are read: in "domain announcement" the version belongs to nobody.
 */
import { Reader } from "../../bytes/reader.ts";
import { ascii, ipv4, withoutMail } from "../../bytes/text.ts";
import type { Context, Protocol, Report } from "../../model/protocol.ts";
import { netbiosName, Suffix } from "./name.ts";

export const browser: Protocol = {
  name: "browser",
  title: "NetBIOS browser",
  over: [{ udp: [138] }],
  privacy: {
    reads: "Announcements: name, workgroup, version, roles; of servers their description.",
    ends: "What people wrote about machines that are no servers.",
    keeps: ["hostname", "domain", "description", "capability", "osStated"],
  },
  recognize: (message) => mailslotOf(message) !== null,
  read,
};

// RFC 1002 section 4.4.1: type, flags, id, source address and port, length, offset, two names.
const DATAGRAM_TYPES = [0x10, 0x11, 0x12];
const SOURCE_OFFSET = 4;
const NAMES_OFFSET = 14;

// [MS-CIFS] section 2.2.3.1 and 2.2.4.33: a header of 32 bytes, then the words of SMB_COM_TRANSACTION; offsets count from "\xffSMB".
const SMB = 0xff534d42;
const TRANSACTION = 0x25;
const COMMAND_OFFSET = 4;
const WORD_COUNT_OFFSET = 32;
const DATA_COUNT_OFFSET = 55;
const DATA_OFFSET_OFFSET = 57;
const SLOT = "\\MAILSLOT\\BROWSE";

/** [MS-BRWS] section 2.2: 1 a host, 15 the host that is master browser of its workgroup. */
const HOST_ANNOUNCEMENT = 0x01;
const LOCAL_MASTER_ANNOUNCEMENT = 0x0f;
const OPERATIONS: Readonly<Record<number, string>> = {
  0x01: "ANNOUNCE", 0x02: "REQUEST ANNOUNCEMENT", 0x08: "ELECTION", 0x09: "GET BACKUP LIST", 0x0a: "BACKUP LIST", 0x0b: "BECOME BACKUP", 0x0c: "ANNOUNCE DOMAIN",
  0x0d: "MASTER ANNOUNCEMENT", 0x0e: "RESET", 0x0f: "ANNOUNCE MASTER",
}; // prettier-ignore

const UNIX_SERVER = 0x800;
/** [MS-BRWS] section 2.2.1, the bits that tell a role. */
const ROLES: readonly (readonly [bit: number, role: string])[] = [
  [0x4, "SQL server"], [0x8, "domain controller"], [0x10, "domain controller"], [0x200, "print server"], [0x400, "dial-in server"], [UNIX_SERVER, "Unix server"],
]; // prettier-ignore

/** Those but for printers, which anybody may share, and a Windows server without a role of its own. */
const SERVES = 0x8c1c;

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const found = mailslotOf(message);
  if (found === null) return report.malformed("no browser message where one must be");
  const { data, group } = found;
  const command = data.u8();
  report.operation(OPERATIONS[command] ?? "OTHER");
  if (command !== HOST_ANNOUNCEMENT && command !== LOCAL_MASTER_ANNOUNCEMENT) return;

  // [MS-BRWS] section 2.2.1: count, period, name, version, type, browser version, signature, comment.
  data.skip(5);
  const name = ascii(data.take(16));
  const major = data.u8();
  const minor = data.u8();
  const type = data.u32le();
  data.skip(4);
  if (data.overrun) return report.malformed("shorter than an announcement");
  const comment = ascii(data.rest());

  // Relays of broadcasts keep the source inside the datagram.
  const source = ipv4(message.subarray(SOURCE_OFFSET, SOURCE_OFFSET + 4));
  const about = source === sender.ip || source === "0.0.0.0" ? sender : { ip: source };
  report.observe(about, "hostname", name);
  if (group !== "") report.observe(about, "domain", group);
  // Samba gives the number of some Windows as its own, and this bit away.
  report.observe(about, "osStated", (type & UNIX_SERVER) !== 0 ? "Unix" : `${major}.${minor}`);
  for (const [bit, role] of ROLES) if ((type & bit) !== 0) report.observe(about, "capability", role);
  // What a server is for, its keeper wrote; of other machines it is whatever the person at it did. Samba repeats its name in it.
  if ((type & SERVES) !== 0) report.observe(about, "description", withoutName(withoutMail(comment), name));
}

function withoutName(text: string, name: string): string {
  const at = name === "" ? -1 : text.toLowerCase().indexOf(name.toLowerCase());
  return at < 0 ? text : `${text.slice(0, at)}·${text.slice(at + name.length)}`;
}

/** The data of the browser's mailslot, and the workgroup it was addressed to. `null` for any other datagram. */
function mailslotOf(message: Uint8Array): { readonly data: Reader; readonly group: string } | null {
  if (!DATAGRAM_TYPES.includes(message[0] ?? 0)) return null;
  const names = new Reader(message, NAMES_OFFSET);
  const target = netbiosName(names) === null ? null : netbiosName(names);
  if (target === null) return null;
  const smb = message.subarray(names.offset);
  if (new Reader(smb).u32() !== SMB || smb[COMMAND_OFFSET] !== TRANSACTION) return null;

  const count = new Reader(smb, DATA_COUNT_OFFSET).u16le();
  const start = new Reader(smb, DATA_OFFSET_OFFSET).u16le();
  const words = smb[WORD_COUNT_OFFSET] ?? 0;
  const slotOffset = WORD_COUNT_OFFSET + 1 + words * 2 + 2;
  if (start <= slotOffset || start + count > smb.length || count === 0) return null;
  if (ascii(smb.subarray(slotOffset, start)).toUpperCase() !== SLOT) return null;
  const isGroup = target.suffix === Suffix.masterBrowser || target.suffix === Suffix.elections || target.suffix === Suffix.workstation;
  return { data: new Reader(smb, start, start + count), group: isGroup ? target.name : "" };
}
