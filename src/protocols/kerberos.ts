/**
 * Kerberos version 5: RFC 4120, over UDP and TCP.
 *
 * Members of a Windows domain prove themselves by it. The realm is the domain's name; a machine's own account ends in a dollar, and a
 * client may name its machine among its addresses. Whoever else logs in is a person, and ends here, as do tickets and proofs.
 */
import { derElement, Tag } from "../bytes/der.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, utf8 } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const kerberos: Protocol<Memory> = {
  name: "kerberos",
  title: "Kerberos",
  over: [{ udp: [88] }, { tcp: [88] }],
  setting: "server",
  privacy: {
    reads: "The realm, the names of machines, and whether a log-in was refused.",
    ends: "Users, the services they ask for, tickets and proofs.",
    keeps: ["hostname", "domain"],
  },
  recognize,
  speaker: (message) => KINDS[unframed(message)[0] ?? 0]?.sender ?? "unknown",
  messageLength: (stream) => (stream.length < FRAME_BYTES ? 0 : FRAME_BYTES + new Reader(stream).u32()),
  wanted: (stream) => Math.min(FRAME_BYTES + new Reader(stream).u32(), MESSAGE_BYTES_MAX),
  remember: () => ({ asker: "" }),
  read,
};

interface Memory {
  /** Who asked last, so that errors, which seldom repeat it, are of somebody. */
  asker: string;
}

/** RFC 4120 section 7.2.2: over TCP four bytes of length come first, the top bit of which is for extensions. */
const FRAME_BYTES = 4;
/** A ticket with a thousand groups is 48 KB (MaxTokenSize of Windows). */
const MESSAGE_BYTES_MAX = 64 << 10;

/** RFC 4120 section 5.10: application tags, constructed; the type in the message is the same number. */
const KINDS: Readonly<Record<number, { readonly type: number; readonly sender: Side; readonly verb?: string }>> = {
  0x6a: { type: 10, sender: "client", verb: "AS" },
  0x6b: { type: 11, sender: "server" },
  0x6c: { type: 12, sender: "client", verb: "TGS" },
  0x6d: { type: 13, sender: "server" },
  0x7e: { type: 30, sender: "server" },
};
const Type = { initial: 10, initialAnswer: 11, serviceAnswer: 13, error: 30 } as const;
const VERSION = 5;

/** Section 5.4.1 and 5.4.2; requests count their fields from 1, and so do their bodies' from 0. */
const REQUEST = { version: 0xa1, type: 0xa2, body: 0xa4 } as const;
const BODY = { client: 0xa1, realm: 0xa2, addresses: 0xa9 } as const;
const ANSWER = { version: 0xa0, type: 0xa1, realm: 0xa3, ticket: 0xa5 } as const;
/** Section 5.3: of a ticket. */
const TICKET = { service: 0xa2, sealed: 0xa3 } as const;
const ERROR = { code: 0xa6, realm: 0xa9 } as const;
const FIELDS_MAX = 16;

/** Section 7.5.9: who is locked out, or proved wrongly; and who is not known, to which no proof was needed. */
const REFUSALS = new Set([18, 24]);
const UNKNOWN = 6;
/** RFC 4757: the key is the password's hash, so whoever holds such a ticket can try passwords at leisure. */
const RC4 = 23;
/** Services of machines, whose passwords nobody can guess (MS-ADTS section 3.1.1.5.1.3: most stand for "host"). */
const OF_MACHINES = new Set("krbtgt host cifs ldap gc dns rpcss rpc wsman termsrv restrictedkrbhost protectedstorage netlogon".split(" "));
/** Section 7.5.3. The name is 16 bytes, padded, the last a kind of service. */
const NETBIOS = 20;
const NETBIOS_NAME_BYTES = 15;
const ADDRESSES_MAX = 8;

function recognize(message: Uint8Array, side: Side): boolean {
  const body = unframed(message);
  const kind = KINDS[body[0] ?? 0];
  if (kind === undefined || (side !== "unknown" && side !== kind.sender)) return false;
  // What is there of it: over TCP the rest may not have come yet.
  const whole = derElement(new Reader(derElement(new Reader(body)).content));
  const fields = new Reader(whole.content);
  const [version, type] = [derElement(fields), derElement(fields)];
  const expected = kind.sender === "client" ? REQUEST : ANSWER;
  return (
    whole.tag === Tag.sequence &&
    version.tag === expected.version &&
    number(version.content) === VERSION &&
    type.tag === expected.type &&
    number(type.content) === kind.type
  );
}

/** Without the length in front, which datagrams do not have. */
function unframed(message: Uint8Array): Uint8Array {
  return message[0] === 0 ? message.subarray(FRAME_BYTES) : message;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const body = unframed(message);
  const kind = KINDS[body[0] ?? 0];
  if (kind === undefined) return report.malformed("a message of a kind nobody defined");
  if (kind.verb !== undefined) report.operation(kind.verb);
  const fields = new Reader(derElement(new Reader(derElement(new Reader(body)).content)).content);
  const { sender, memory } = context;
  for (let i = 0; i < FIELDS_MAX && fields.remaining > 0; i++) {
    const { tag, content } = derElement(fields);
    if (fields.overrun) return report.malformed("a field runs past the end");
    if (kind.sender === "client") {
      if (tag === REQUEST.body) readBody(content, kind.type, report, context);
    } else if (kind.type === Type.error) {
      if (tag === ERROR.code && REFUSALS.has(number(content))) report.attempt("login", "refused", memory.asker || undefined);
      if (tag === ERROR.code && number(content) === UNKNOWN && memory.asker !== "") report.attempt("user", "refused", memory.asker);
      if (tag === ERROR.realm) report.observe(sender, "domain", realm(content));
    } else if (tag === ANSWER.realm) {
      report.observe(sender, "domain", realm(content));
      if (kind.type === Type.initialAnswer) report.attempt("login", "accepted");
    } else if (tag === ANSWER.ticket && kind.type === Type.serviceAnswer) readTicket(content, report);
  }
}

/** What a machine asks for itself says where it belongs; what it asks for a person may lead anywhere. */
function readBody(content: Uint8Array, type: number, report: Report, { sender, memory }: Context<Memory>): void {
  const fields = new Reader(derElement(new Reader(content)).content);
  let isMachine = false;
  for (let i = 0; i < FIELDS_MAX && fields.remaining > 0; i++) {
    const field = derElement(fields);
    if (fields.overrun) return report.malformed("a field of the request runs past the end");
    if (field.tag === BODY.client && type === Type.initial) {
      const [first, second] = namesIn(field.content);
      memory.asker = `${first}/${second}`.toLowerCase();
      const machine = machineOf(first, second);
      isMachine = machine !== "";
      report.observe(sender, "hostname", machine);
    } else if (field.tag === BODY.realm && isMachine) report.observe(sender, "domain", realm(field.content));
    else if (field.tag === BODY.addresses) readAddresses(field.content, report, sender);
  }
}

/** MS-KILE section 3.3.5.6.1: a machine's account is its name and a dollar; elsewhere it is "host/name". Anything else is a person's. */
function machineOf(first: string, second: string): string {
  if (second === "") return /^[^$@\s]{1,63}\$$/.test(first) ? first.slice(0, -1) : "";
  return first === "host" ? second : "";
}

/** Section 5.2.2: a kind, and parts, of which two matter. */
function namesIn(content: Uint8Array): readonly [first: string, second: string] {
  const name = new Reader(derElement(new Reader(content)).content);
  derElement(name);
  const parts = new Reader(derElement(new Reader(derElement(name).content)).content);
  const first = utf8(derElement(parts).content);
  const second = parts.remaining > 0 ? utf8(derElement(parts).content) : "";
  return name.overrun || parts.overrun ? ["", ""] : [first, second];
}

/** A ticket for the account of a program, sealed with what can be guessed. */
function readTicket(content: Uint8Array, report: Report): void {
  const fields = new Reader(derElement(new Reader(derElement(new Reader(content)).content)).content);
  let service = "";
  for (let i = 0; i < FIELDS_MAX && fields.remaining > 0; i++) {
    const field = derElement(fields);
    if (field.tag === TICKET.service) {
      const [first, second] = namesIn(field.content);
      service = first.endsWith("$") || OF_MACHINES.has(first.toLowerCase()) ? "" : `${first}/${second}`.toLowerCase();
    } else if (field.tag === TICKET.sealed && service !== "") {
      const kind = derElement(new Reader(derElement(new Reader(field.content)).content));
      if (number(kind.content) === RC4) report.notable("guessableTicket", service);
    }
  }
}

function readAddresses(content: Uint8Array, report: Report, client: Context["sender"]): void {
  const list = new Reader(derElement(new Reader(content)).content);
  for (let i = 0; i < ADDRESSES_MAX && list.remaining > 0; i++) {
    const address = new Reader(derElement(list).content);
    const type = number(derElement(address).content);
    const value = derElement(new Reader(derElement(address).content)).content;
    if (type === NETBIOS && !address.overrun) report.observe(client, "hostname", ascii(value.subarray(0, NETBIOS_NAME_BYTES)));
  }
}

/** A small number in a field, -1 for any other. */
function number(content: Uint8Array): number {
  const { tag, content: bytes } = derElement(new Reader(content));
  return tag === Tag.integer && bytes.length === 1 ? bytes[0]! : -1;
}

/** As DNS writes the same domain: realms are in upper case by custom (section 6.1). */
function realm(content: Uint8Array): string {
  return utf8(derElement(new Reader(content)).content).toLowerCase();
}
