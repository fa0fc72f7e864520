/**
 * NTLM messages, inside SMB, HTTP and others: MS-NLMP section 2.2.
 *
 * A server that challenges names itself, its domain and its Windows to the build, before anybody has proven anything. A client gives
 * the same away less reliably, and the user's name, which ends here.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, utf16le } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const ntlmssp: Protocol = {
  name: "ntlmssp",
  title: "NTLMSSP",
  over: [
    { inside: "smb", as: "ntlmssp" },
    { inside: "http", as: "ntlmssp" },
    { inside: "ldap", as: "ntlmssp" },
    { inside: "dcerpc", as: "ntlmssp" },
  ],
  privacy: {
    reads: "How a server names itself when it asks for a proof; a client's machine and version.",
    ends: "The user and the user's domain, and the proofs.",
    keeps: ["hostname", "domain", "ntlmVersion", "ntlmClientVersion", "dialect"],
  },
  recognize: (message) => find(message.subarray(0, SIGNATURE.length), SIGNATURE) === 0 && kindOf(message) >= 1 && kindOf(message) <= 3,
  read,
};

const SIGNATURE = "NTLMSSP\0";
const Kind = { negotiate: 1, challenge: 2, authenticate: 3 } as const;
const Flag = { unicode: 0x1, version: 0x2000000 } as const;

/** Sections 2.2.1.1 to 2.2.1.3. A field is a length, a size and an offset: 8 bytes. */
const Negotiate = { flags: 12, version: 32 } as const;
const Challenge = { flags: 20, targetInformation: 40, version: 48 } as const;
const Authenticate = { response: 20, workstation: 44, flags: 60, version: 64 } as const;

/** Section 2.2.2.1: each is an id, a length, a value; 0 ends them. */
const Pair = { end: 0, computer: 1, domain: 2, dnsComputer: 3, dnsDomain: 4 } as const;
const PAIRS_MAX = 16;

/** Section 2.2.2.6: NTLM 1 answers with 24 bytes; version 2 with more. */
const RESPONSE_1_BYTES = 24;

function kindOf(message: Uint8Array): number {
  return new Reader(message, SIGNATURE.length).u32le();
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  switch (kindOf(message)) {
    case Kind.negotiate:
      if ((u32(message, Negotiate.flags) & Flag.version) !== 0)
        report.observe(sender, "ntlmClientVersion", versionAt(message, Negotiate.version));
      break;
    case Kind.challenge:
      if ((u32(message, Challenge.flags) & Flag.version) !== 0)
        report.observe(sender, "ntlmVersion", versionAt(message, Challenge.version));
      readTarget(fieldAt(message, Challenge.targetInformation), report, sender);
      break;
    case Kind.authenticate:
      readAuthenticate(message, report, sender);
  }
}

function readTarget(information: Uint8Array | null, report: Report, sender: Address): void {
  if (information === null) return report.malformed("the target information lies outside the message");
  const said = new Map<number, string>();
  const pairs = new Reader(information);
  for (let i = 0; i < PAIRS_MAX && pairs.remaining > 0; i++) {
    const id = pairs.u16le();
    const value = utf16le(pairs.take(pairs.u16le()));
    if (id === Pair.end || pairs.overrun) break;
    said.set(id, value);
  }
  for (const [name, domain] of [
    [Pair.computer, Pair.domain],
    [Pair.dnsComputer, Pair.dnsDomain],
  ] as const) {
    report.observe(sender, "hostname", said.get(name) ?? "");
    // A machine without a domain says its own name again.
    if (said.get(domain) !== said.get(name)) report.observe(sender, "domain", said.get(domain) ?? "");
  }
  if (pairs.overrun) report.malformed("the target information ends inside a value");
}

/** Domain and user are the person's, and not read; the workstation is the machine's. */
function readAuthenticate(message: Uint8Array, report: Report, sender: Address): void {
  const flags = u32(message, Authenticate.flags);
  const workstation = fieldAt(message, Authenticate.workstation);
  const response = fieldAt(message, Authenticate.response);
  if (workstation === null || response === null) return report.malformed("a field lies outside the message");
  report.observe(sender, "hostname", (flags & Flag.unicode) !== 0 ? utf16le(workstation) : ascii(workstation));
  if ((flags & Flag.version) !== 0) report.observe(sender, "ntlmClientVersion", versionAt(message, Authenticate.version));
  // Section 3.3.1: with "extended session security" the same length is a little better, and still version 1.
  if (response.length === RESPONSE_1_BYTES) report.observe(sender, "dialect", "NTLM 1");
}

/** Section 2.2.2.10: the only one there is. */
const REVISION = 15;

/** Section 2.2.2.10; "" when nothing stands there. A build of 0 is kept: that is how Samba answers. */
function versionAt(message: Uint8Array, offset: number): string {
  const reader = new Reader(message, offset);
  const version = `${reader.u8()}.${reader.u8()}.${reader.u16le()}`;
  reader.skip(3);
  // Some set the flag and leave the version out: then a checksum stands here.
  const isVersion = reader.u8() === REVISION;
  return reader.overrun || !isVersion || version === "0.0.0" ? "" : version;
}

/** The bytes a field points at, null when they are not there. */
function fieldAt(message: Uint8Array, offset: number): Uint8Array | null {
  const reader = new Reader(message, offset);
  const length = reader.u16le();
  reader.skip(2);
  const from = reader.u32le();
  if (reader.overrun) return null;
  const field = new Reader(message, length === 0 ? 0 : from);
  const value = field.take(length);
  return field.overrun ? null : value;
}

function u32(message: Uint8Array, offset: number): number {
  return new Reader(message, offset).u32le();
}
