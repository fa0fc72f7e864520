/**
 * NetBIOS name service: RFC 1002 section 4.2.
 *
 * Old and new Windows machines, and what wants to be found by them, register their names aloud, with the workgroup they belong to
 * and the roles they play. It is no sign of Windows: Macs and Samba speak it too.
 */
import { Reader } from "../../bytes/reader.ts";
import { ipv4 } from "../../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../../model/protocol.ts";
import { netbiosName, plain, Suffix } from "./name.ts";
import type { NetbiosName } from "./name.ts";

export const nbns: Protocol = {
  name: "nbns",
  title: "NBNS",
  over: [{ udp: [137] }],
  privacy: {
    reads: "The names machines register and answer to, and their roles.",
    ends: "Names of people who are logged in, and names asked for, but for two that Windows asks for by itself.",
    keeps: ["hostname", "domain", "capability", "wants"],
  },
  recognize,
  read,
};

// RFC 1002 section 4.2.1: a header as in DNS; names either encoded or a pointer to the question's at byte 12.
const RESPONSE = 0x8000;
const POINTER = 0xc0;
const Type = { name: 0x20, status: 0x21 } as const;
const INTERNET = 1;
const GROUP = 0x8000;
const GROUP_BYTE = GROUP >> 8;
/** RFC 1002 section 4.2.1.1: set by name servers. */
const RECURSION_AVAILABLE = 0x0080;
const OPERATIONS: Readonly<Record<number, string>> = {
  0: "QUERY",
  5: "REGISTRATION",
  6: "RELEASE",
  7: "WAIT",
  8: "REFRESH",
  9: "REFRESH",
  15: "REGISTRATION",
};
const Opcode = { query: 0, registration: 5, refresh: 8, refreshAlternative: 9, multihomed: 15 } as const;

/** RFC 1002 section 4.2.18 has a byte for the count; no machine has so many. */
const NAMES_MAX = 64;
/** Addresses of one name in one answer. */
const ADDRESSES_MAX = 8;

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message, 2);
  const flags = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  reader.skip(4);
  if (!(opcodeOf(flags) in OPERATIONS) || questions > 1 || answers > 1 || questions + answers !== 1) return false;
  if (netbiosName(reader) === null) return false;
  const type = reader.u16();
  // A record to say "no such name" has type 10 (RFC 1002 section 4.2.14).
  return (type === Type.name || type === Type.status || (answers === 1 && type === 10)) && reader.u16() === INTERNET && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const reader = new Reader(message, 2);
  const flags = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  reader.skip(4);
  const response = (flags & RESPONSE) !== 0;
  const opcode = opcodeOf(flags);
  const name = netbiosName(reader);
  if (name === null) return report.malformed("a name that is not encoded as NetBIOS has it");
  const type = reader.u16();
  reader.skip(2);
  report.operation(response ? "RESPONSE" : type === Type.status ? "STATUS" : (OPERATIONS[opcode] ?? "OTHER"));

  if (!response && opcode === Opcode.query) {
    // Any other name asked for is someone else's.
    if (name.name === "WPAD" || name.name === "ISATAP") report.observe(sender, "wants", name.name.toLowerCase());
    return;
  }
  const registers =
    opcode === Opcode.registration || opcode === Opcode.refresh || opcode === Opcode.refreshAlternative || opcode === Opcode.multihomed;
  if (response ? opcode !== Opcode.query || answers === 0 : !registers) return;

  if (!response) skipRecordName(reader, questions);
  reader.skip(response ? 4 : 8);
  const data = reader.inner(reader.u16());
  if (response && type === Type.status) statuses(data, sender, report);
  else {
    // A name server answers for everybody, and says that it is one; a machine for itself.
    const isMachines = name.suffix === Suffix.workstation || name.suffix === Suffix.server;
    if (
      response &&
      (flags & RECURSION_AVAILABLE) === 0 &&
      isMachines &&
      data.remaining >= 6 &&
      (data.bytes[data.offset]! & GROUP_BYTE) === 0
    )
      report.notable(name.name === "WPAD" || name.name === "ISATAP" ? "proxyAnswered" : "nameAnswered", name.name.toLowerCase(), 0, {
        sender,
        receiver: {},
      });
    for (let i = 0; i < ADDRESSES_MAX && data.remaining >= 6; i++) {
      const group = (data.u16() & GROUP) !== 0;
      const address = ipv4(data.take(4));
      if (address !== "0.0.0.0") claim(name, group, address === sender.ip ? sender : { ip: address }, report);
    }
  }
  if (reader.overrun) report.malformed("a record is cut short");
}

/** A registration repeats its name in the record that carries the address, as a pointer or in full. */
function skipRecordName(reader: Reader, questions: number): void {
  if (questions === 0) return;
  const first = reader.bytes[reader.offset] ?? 0;
  if (first >= POINTER) reader.skip(2);
  else netbiosName(reader);
}

/** RFC 1002 section 4.2.18: a count, then names of 16 bytes with two of flags. After them a MAC, which Samba leaves zero. */
function statuses(data: Reader, sender: Address, report: Report): void {
  const count = Math.min(data.u8(), NAMES_MAX);
  for (let i = 0; i < count; i++) {
    const name = plain(data.take(16));
    const group = (data.u16() & GROUP) !== 0;
    if (data.overrun) return report.malformed("fewer names than promised");
    claim(name, group, sender, report);
  }
}

function claim({ name, suffix }: NetbiosName, group: boolean, about: Address, report: Report): void {
  // "*" and the browsers' own group name nobody.
  if (name === "" || name === "*" || name.includes("__MSBROWSE__")) return;
  if (group) {
    if (suffix === Suffix.workstation || suffix === Suffix.elections) report.observe(about, "domain", name);
    // The group address of domain controllers: each registers its own.
    if (suffix === Suffix.domainControllers) report.observe(about, "capability", "domain controller");
    return;
  }
  if (suffix === Suffix.workstation || suffix === Suffix.server) report.observe(about, "hostname", name);
  if (suffix === Suffix.server) report.observe(about, "capability", "file server");
  if (suffix === Suffix.domainMaster) report.observe(about, "capability", "domain master browser");
}

function opcodeOf(flags: number): number {
  return (flags >> 11) & 0xf;
}
