/**
 * LDAP version 3: RFC 4511, over TCP and, to find a Windows domain's controller, over UDP (MS-ADTS section 6.3).
 *
 * A directory says of itself, to anyone, its name and domain (RFC 4512 section 5.1), and so does a controller that is looked for. All
 * other entries are people and their machines, and are not read; nor is whom a search is for.
 */
import { derElement, Tag } from "../bytes/der.ts";
import { domainName } from "../bytes/domain-name.ts";
import { find } from "../bytes/find.ts";
import { ntlmUser } from "../bytes/ntlm-user.ts";
import { Reader } from "../bytes/reader.ts";
import { utf8, withoutMail } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const ldap: Protocol<Memory> = {
  name: "ldap",
  title: "LDAP",
  over: [{ tcp: [389, 3268] }, { udp: [389] }],
  setting: "server",
  privacy: {
    reads: "What a directory says of itself; the name of a machine that looks for its domain; what was asked for in kind.",
    ends: "Users and passwords, searches, and all entries but the directory's own.",
    keeps: ["hostname", "domain", "software", "clearCredentials"],
  },
  recognize,
  speaker: (message) => OPERATIONS[headOf(message)?.kind ?? -1]?.[0] ?? "unknown",
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), WANTED_BYTES_MAX),
  remember: () => ({ offered: null }),
  read,
};

interface Memory {
  /** Whose password or proof the server has not answered yet. */
  offered: string | null;
}

/** An answer about the directory itself has a few KB; an entry may hold pictures. */
const WANTED_BYTES_MAX = 16 << 10;
/** RFC 4511 section 4.1.1: up to 2^31 - 1. */
const ID_BYTES_MAX = 4;
const LENGTH_HEADER_BYTES_MAX = 6;
const SIGNED_LENGTH_BYTES = 4;

/** RFC 4511 sections 4.2 to 4.13: tag, who sends it, its verb. */
const OPERATIONS: Readonly<Record<number, readonly [sender: Side, verb?: string]>> = {
  0x60: ["client", "BIND"],
  0x61: ["server"],
  0x42: ["client"],
  0x63: ["client", "SEARCH"],
  0x64: ["server"],
  0x65: ["server"],
  0x73: ["server"],
  0x66: ["client", "MODIFY"],
  0x67: ["server"],
  0x68: ["client", "ADD"],
  0x69: ["server"],
  0x4a: ["client", "DELETE"],
  0x6b: ["server"],
  0x6c: ["client", "RENAME"],
  0x6d: ["server"],
  0x6e: ["client", "COMPARE"],
  0x6f: ["server"],
  0x50: ["client"],
  0x77: ["client", "EXTENDED"],
  0x78: ["server"],
  0x79: ["server"],
};
const Operation = { bind: 0x60, bound: 0x61, unbind: 0x42, search: 0x63, entry: 0x64, abandon: 0x50, delete: 0x4a } as const;
const ENUMERATED = 0x0a;
const OCTETS = 0x04;
/** What the content of an operation begins with: an enumeration (a result), a number (a version), or text (a name). None for those without parts. */
const FIRST_TAGS = new Set<number>([ENUMERATED, Tag.integer, OCTETS, 0x80, 0x81, 0x8a]);
const WITHOUT_PARTS = new Set<number>([Operation.unbind, Operation.abandon, Operation.delete]);

interface Head {
  readonly kind: number;
  /** What is there of the operation. */
  readonly content: Uint8Array;
}

function recognize(message: Uint8Array, side: Side): boolean {
  if (message[0] !== Tag.sequence || messageLength(message) === 0) return false;
  const head = headOf(message);
  if (head === null) return false;
  const sender = OPERATIONS[head.kind]![0];
  return (side === "unknown" || side === sender) && (WITHOUT_PARTS.has(head.kind) || FIRST_TAGS.has(head.content[0] ?? 0));
}

/** Null unless the lengths of message and operation agree: after an operation stand controls or nothing (RFC 4511 section 4.1.11). */
function headOf(message: Uint8Array): Head | null {
  const whole = messageLength(message);
  const outer = new Reader(message, 1);
  const length = lengthAt(outer);
  if (message[0] !== Tag.sequence || whole === 0 || length < 5) return null;
  if (outer.u8() !== Tag.integer) return null;
  const idBytes = outer.u8();
  if (idBytes === 0 || idBytes > ID_BYTES_MAX) return null;
  outer.skip(idBytes);
  const kind = outer.u8();
  if (outer.overrun || !(kind in OPERATIONS)) return null;
  const operation = lengthAt(outer);
  const end = outer.offset + operation;
  if (operation < 0 || end > whole || (end < whole && end < message.length && message[end] !== CONTROLS)) return null;
  return { kind, content: outer.take(Math.min(operation, outer.remaining)) };
}
const CONTROLS = 0xa0;

/** X.690 section 8.1.3; -1 for none. */
function lengthAt(reader: Reader): number {
  const first = reader.u8();
  if (first < 0x80) return reader.overrun ? -1 : first;
  const bytes = first & 0x7f;
  if (bytes === 0 || bytes > 4) return -1;
  let length = 0;
  for (let i = 0; i < bytes; i++) length = length * 256 + reader.u8();
  return reader.overrun ? -1 : length;
}

function messageLength(stream: Uint8Array): number {
  // Signed or sealed after the log-in, RFC 4752 section 3: four bytes of length; TLS is nothing for us.
  if (stream[0] === 0) return stream.length < SIGNED_LENGTH_BYTES ? 0 : SIGNED_LENGTH_BYTES + new Reader(stream).u32();
  if (stream[0] !== Tag.sequence) return stream.length;
  const header = new Reader(stream, 1, Math.min(stream.length, LENGTH_HEADER_BYTES_MAX));
  const length = lengthAt(header);
  if (length < 0) return stream.length < LENGTH_HEADER_BYTES_MAX ? 0 : stream.length;
  return header.offset + length;
}

function read(message: Uint8Array, report: Report, { sender, receiver, side, cut, memory }: Context<Memory>): void {
  if (message[0] === 0) return readSigned(message, report, side);
  if (message[0] !== Tag.sequence) return report.enough();
  const head = headOf(message);
  if (head === null) return report.malformed("a message whose parts do not fit one another");
  const [, verb] = OPERATIONS[head.kind]!;
  if (verb !== undefined) report.operation(verb);
  const body = new Reader(head.content);
  switch (head.kind) {
    case Operation.bind:
      handOn(head.content, report);
      return readBind(body, report, receiver, memory);
    case Operation.bound: {
      handOn(head.content, report);
      const result = derElement(body);
      if (result.tag !== ENUMERATED || result.content.length !== 1) return report.malformed("a result that is no number");
      const code = result.content[0]!;
      if (code === Result.success) report.attempt("login", "accepted");
      else if (code === Result.invalidCredentials && memory.offered !== null) report.attempt("login", "refused", memory.offered);
      memory.offered = null;
      return;
    }
    case Operation.search:
      if (asksForServiceAccounts(head.content)) report.notable("serviceAccountSearch");
      return readSearch(body, report, sender);
    case Operation.entry:
      if (side !== "client" && derElement(body).content.length === 0 && !cut) readOwnEntry(body, report, sender);
  }
}

/** RFC 4511 appendix A. */
const Result = { success: 0, invalidCredentials: 49 } as const;
/** RFC 4511 section 4.2: version, name, then a password under this tag. Without one nobody logs in. */
const SIMPLE = 0x80;
const SASL = 0xa3;

function readBind(body: Reader, report: Report, server: Address, memory: Memory): void {
  derElement(body);
  const name = derElement(body).content;
  const proof = derElement(body);
  if (body.overrun) return report.malformed("a bind is cut short");
  memory.offered = proof.tag === SIMPLE && proof.content.length > 0 ? utf8(name).toLowerCase() : null;
  // Of Kerberos nobody can tell whose it is; of NTLM the first message only asks.
  if (proof.tag === SASL) memory.offered = find(proof.content, "NTLMSSP\0") < 0 ? "" : ntlmUser(proof.content) || null;
  if (proof.tag === SIMPLE && proof.content.length > 0) report.observe(server, "clearCredentials", "ldap bind");
}

/**
 * RFC 4511 section 4.5.1.7: "present" is a tag of its own, a length, the attribute. Whoever lists everything that has a service wants
 * tickets for it; a program that looks for its own service names it.
 */
const PRESENT = 0x87;
const SERVICE_NAME = "servicePrincipalName";

function asksForServiceAccounts(search: Uint8Array): boolean {
  const text = Buffer.from(search).toString("latin1").toLowerCase();
  return text.includes(String.fromCharCode(PRESENT, SERVICE_NAME.length) + SERVICE_NAME.toLowerCase());
}

/**
 * What is only signed stands behind a token as it is: Kerberos (RFC 4121 section 4.2.6.2) says in its flags whether it is sealed, NTLM
 * (MS-NLMP section 2.2.2.9.1) signs with 16 bytes.
 */
const KERBEROS_WRAP = 0x0504;
const SEALED = 0x02;
const NTLM_SIGNATURE_BYTES = 16;

function readSigned(message: Uint8Array, report: Report, side: Side): void {
  const token = new Reader(message, SIGNED_LENGTH_BYTES);
  const isSealed =
    token.u16() === KERBEROS_WRAP ? (token.u8() & SEALED) !== 0 : message[SIGNED_LENGTH_BYTES + NTLM_SIGNATURE_BYTES] !== Tag.sequence;
  if (isSealed) return report.enough();
  if (side !== "server" && asksForServiceAccounts(message)) report.notable("serviceAccountSearch");
}

function handOn(content: Uint8Array, report: Report): void {
  const at = find(content, "NTLMSSP\0");
  if (at >= 0) report.inside("ntlmssp", content.subarray(at));
}

/** MS-ADTS section 6.3.3.1: who looks for a controller asks for "Netlogon" where the domain, the version and its own machine are these. */
function readSearch(body: Reader, report: Report, client: Address): void {
  const base = derElement(body);
  // Scope, aliases, two limits, types only.
  for (let i = 0; i < 5; i++) derElement(body);
  const filter = derElement(body);
  if (body.overrun) return report.malformed("a search is cut short");
  if (base.content.length > 0 || filter.tag !== AND) return;
  const conditions = new Reader(filter.content);
  for (let i = 0; i < CONDITIONS_MAX && conditions.remaining > 0; i++) {
    const condition = derElement(conditions);
    if (condition.tag !== EQUAL) continue;
    const pair = new Reader(condition.content);
    const name = utf8(derElement(pair).content).toLowerCase();
    const value = utf8(derElement(pair).content);
    if (name === "host" && !pair.overrun) report.observe(client, "hostname", value);
  }
}
const AND = 0xa0;
const EQUAL = 0xa3;
const CONDITIONS_MAX = 16;

/** An entry without a name is the directory itself. */
const ATTRIBUTES_MAX = 64;
const NETLOGON = "netlogon";
const OPENLDAP = "OpenLDAProotDSE";

function readOwnEntry(body: Reader, report: Report, server: Address): void {
  const attributes = new Reader(derElement(body).content);
  let vendor = "";
  for (let i = 0; i < ATTRIBUTES_MAX && attributes.remaining > 0; i++) {
    const attribute = new Reader(derElement(attributes).content);
    const name = utf8(derElement(attribute).content).toLowerCase();
    const values = new Reader(derElement(attribute).content);
    const value = derElement(values).content;
    if (attributes.overrun || attribute.overrun) return report.malformed("an attribute runs past the end");
    switch (name) {
      case "dnshostname":
        report.observe(server, "hostname", utf8(value));
        break;
      case "objectclass":
        // OpenLDAP's own class of this entry (schema/core.ldif); it says no maker and no version.
        if (find(values.bytes, OPENLDAP) >= 0) report.observe(server, "software", "OpenLDAP");
        break;
      case "defaultnamingcontext":
        report.observe(server, "domain", domainOf(utf8(value)));
        break;
      case "vendorname":
        vendor = utf8(value);
        break;
      case "vendorversion":
        // RFC 3045: two attributes, the maker's in front in all servers that have both.
        report.observe(server, "software", withoutMail(`${vendor} ${utf8(value)}`.trim()));
        break;
      case NETLOGON:
        readNetlogon(new Reader(value), report, server);
    }
  }
}

/** `DC=clinic,DC=example`: RFC 2247. "" where another kind of part stands among them. */
function domainOf(name: string): string {
  const parts = name.split(",").map((part) => /^\s*dc=([^=]+)$/i.exec(part)?.[1]);
  return parts.includes(undefined) ? "" : parts.join(".").toLowerCase();
}

/** MS-ADTS section 6.3.1.9: kind, flags, identifier of the domain; then names as DNS writes them; the user among them is not read. */
const EXTENDED_ANSWERS = [23, 25];

function readNetlogon(body: Reader, report: Report, server: Address): void {
  if (!EXTENDED_ANSWERS.includes(body.u16le())) return;
  body.skip(2 + 4 + 16);
  const [, domain, host, , computer] = [0, 1, 2, 3, 4].map(() => domainName(body));
  if (body.overrun) return report.malformed("the answer to a search for a controller is cut short");
  report.observe(server, "domain", (domain ?? "").toLowerCase());
  report.observe(server, "hostname", host ?? "");
  report.observe(server, "hostname", computer ?? "");
}
