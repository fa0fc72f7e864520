/**
 * DNS over UDP and TCP: RFC 1035, dynamic update RFC 2136.
 *
 * Answers give outside addresses the name they were asked by, which says more than the address ever will. A machine that registers
 * itself names itself. And what a machine asks for without being told (time, updates, its maker's portal) hints at what it runs.
 */
import { Reader } from "../../bytes/reader.ts";
import { ascii } from "../../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../../model/protocol.ts";
import { isAskedByMachines } from "./machine-names.ts";
import { addressOf, Class, dnsMessage, Flag, HEADER_BYTES, targetOf, Type } from "./message.ts";
import type { DnsMessage } from "./message.ts";

export const dns: Protocol<Memory> = {
  name: "dns",
  title: "DNS",
  over: [{ udp: [53] }, { tcp: [53] }],
  privacy: {
    reads: "Questions, answers and updates: the name an address was asked by, and how machines name themselves.",
    ends: "Who asked for what: an answer's name is told of the address it gives. Of questions only those that programs ask by themselves are told of the asker.",
    keeps: ["hostname", "domain", "askedAs", "wants", "serverBanner"],
  },
  recognize: (message, side) => isDns(message, side) || isDns(afterLength(message), side),
  messageLength: (stream) => (stream.length < 2 ? 0 : 2 + new Reader(stream).u16()),
  remember: () => ({ asked: [] }),
  read: (message, report, context) => read(startsWithLength(message) ? message.subarray(2) : message, report, context),
};

interface Memory {
  /** The last questions of this conversation, the oldest first. */
  readonly asked: Asked[];
}

interface Asked {
  /** Number, type and name. */
  readonly question: string;
  times: number;
  answers: number;
  /** The first answer: its addresses, none where the name does not exist; and the card it came from. */
  said: readonly string[];
  card: string | undefined;
}

/** Resolvers ask for both kinds of address, with two or three endings of a name, and wait for each. */
const ASKED_MAX = 8;
const NO_SUCH_NAME = 3;

/** RFC 1035 section 4.1.1, RFC 1996, RFC 2136. */
const Opcode = { query: 0, status: 2, notify: 4, update: 5 } as const;
const OPERATIONS: Readonly<Record<number, string>> = { 0: "QUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE" };
/** RFC 6895 section 2.3: the codes a header can carry in use. */
const RESPONSE_CODE_MAX = 11;

/** An answer may name a whole farm; more addresses of one name tell nothing more. */
const ADDRESSES_MAX = 16;

/** RFC 1035 section 4.2.2: over TCP two bytes of length come first. They could be an id, so the message decides. */
function startsWithLength(message: Uint8Array): boolean {
  return new Reader(message).u16() === message.length - 2 && !isDns(message, "unknown");
}

function afterLength(message: Uint8Array): Uint8Array {
  const length = new Reader(message).u16();
  return length >= HEADER_BYTES && message.length >= 2 + length ? message.subarray(2, 2 + length) : message.subarray(message.length);
}

function isDns(bytes: Uint8Array, side: Side): boolean {
  const message = dnsMessage(bytes);
  if (message === null || message.trouble !== "" || message.questions.length !== 1) return false;
  const { flags } = message;
  const question = message.questions[0]!;
  const response = (flags & Flag.response) !== 0;
  if (side !== "unknown" && response !== (side === "server")) return false;
  if (!(opcodeOf(flags) in OPERATIONS) || (flags & Flag.reserved) !== 0 || (flags & 0xf) > RESPONSE_CODE_MAX) return false;
  if (question.class !== Class.internet && question.class !== Class.chaos && question.class !== Class.any) return false;
  // RFC 6762 section 18.1: that is mDNS. RFC 1002 section 4.2.1.3: 32 and 33 are NetBIOS where the name is written in its letters; 33 is
  // also where a service stands (RFC 2782), which every machine of a Windows domain asks for.
  if (message.id === 0 && question.name.endsWith(".local")) return false;
  if ((question.type === 32 || question.type === 33) && NETBIOS_NAME.test(question.name)) return false;
  const plainQuery = !response && opcodeOf(flags) === Opcode.query;
  return !plainQuery || (message.answers.length === 0 && message.authorities.length === 0 && message.length === bytes.length);
}

/** RFC 1001 section 14.1: each half of a byte is a letter. */
const NETBIOS_NAME = /^[A-P]{32}(?:\.|$)/i;

function read(bytes: Uint8Array, report: Report, { sender, side, memory }: Context<Memory>): void {
  const message = dnsMessage(bytes);
  if (message === null) return report.malformed("counts promise more than the message holds");
  const { flags } = message;
  const question = message.questions[0];
  const opcode = opcodeOf(flags);
  if ((flags & Flag.response) === 0) {
    report.operation(OPERATIONS[opcode] ?? "OTHER");
    if (opcode === Opcode.update) registration(message, report);
    else if (question !== undefined && isAskedByMachines(question.name)) report.observe(sender, "wants", question.name);
    if (question !== undefined && opcode === Opcode.query && side !== "server") carried(question.name, question.type, report);
    if (question !== undefined && opcode === Opcode.query) ask(`${message.id} ${question.type} ${question.name}`, memory);
    if (question !== undefined && side !== "server") domainOf(question.name, (domain) => report.observe(sender, "domain", domain));
  } else if (question !== undefined && opcode === Opcode.query) {
    answers(message, question.name, report, sender);
    contradiction(message, `${message.id} ${question.type} ${question.name}`, question.name, report, sender, memory);
  }
  if (message.trouble !== "") report.malformed(message.trouble);
}

function answers(message: DnsMessage, asked: string, report: Report, sender: Address): void {
  let addresses = 0;
  for (const record of message.answers) {
    const address = addressOf(record);
    if (address !== "" && isUnicast(address) && addresses++ < ADDRESSES_MAX) report.observe({ ip: address }, "askedAs", asked);
    else if (record.type === Type.ptr && record.class === Class.internet) {
      const owner = addressInReverse(record.name);
      if (owner !== "" && isUnicast(owner)) report.observe({ ip: owner }, "hostname", targetOf(record));
    } else if (record.type === Type.txt && record.class === Class.chaos && VERSION_NAMES.includes(record.name)) {
      report.observe(sender, "serverBanner", ascii(record.data.subarray(1, 1 + (record.data[0] ?? 0))));
    }
  }
}

function ask(question: string, { asked }: Memory): void {
  const it = asked.find((known) => known.question === question);
  if (it !== undefined) it.times++;
  else if (asked.push({ question, times: 1, answers: 0, said: [], card: undefined }) > ASKED_MAX) asked.shift();
}

/**
 * More answers than questions, with other addresses: whoever hears a question may answer before the server does. A question that was
 * asked again may be answered otherwise each time, as servers that share load do.
 */
function contradiction(message: DnsMessage, question: string, name: string, report: Report, sender: Address, { asked }: Memory): void {
  const it = asked.find((known) => known.question === question);
  const code = message.flags & 0xf;
  const said = message.answers.map(addressOf).filter((address) => address !== "");
  const isClear = (message.flags & Flag.cut) === 0 && (code === NO_SUCH_NAME || (code === 0 && said.length > 0));
  if (it === undefined || !isClear) return;
  if (it.answers++ === 0) {
    it.said = said;
    it.card = sender.mac;
  } else if (it.answers > it.times && (said.length > 0 || it.said.length > 0) && !said.some((address) => it.said.includes(address)))
    report.notable(sender.mac === it.card ? "dnsAnsweredTwice" : "dnsAnsweredByOther", name);
}

/** What name servers answer about themselves, by old custom (RFC 4892). */
const VERSION_NAMES = ["version.bind", "version.server"];

/** RFC 2136 section 2.5.1: records to add stand in the third section, of the zone's class. Windows machines register themselves so. */
function registration(message: DnsMessage, report: Report): void {
  let addresses = 0;
  for (const record of message.authorities) {
    const address = record.class === Class.internet ? addressOf(record) : "";
    if (address !== "" && addresses++ < ADDRESSES_MAX) report.observe({ ip: address }, "hostname", record.name);
  }
}

/** What names can carry to who answers for a domain: their part below it. Only long ones, and those no machine is called by. */
function carried(name: string, type: number, report: Report): void {
  const labels = name.split(".");
  if (labels.length < 3 || labels.at(-1) === "arpa") return;
  const domain = labels.slice(-registeredLabels(labels)).join(".");
  const below = name.slice(0, Math.max(0, name.length - domain.length - 1));
  const isOdd = CARRIERS.has(type) || /[^a-z0-9._-]/.test(below);
  // Services and what is published for them stand below labels that begin so (RFC 8552).
  if (below.length < (isOdd ? ODD_BYTES_MIN : LONG_BYTES_MIN) || /(?:^|\.)_/.test(below)) return;
  report.notable(isOdd ? "dnsOddName" : "dnsName", name, below.length, { group: domain });
}

/** NULL, and TXT where no service is asked for: what tunnels prefer, since their answers hold anything (RFC 1035 section 3.3.10). */
const CARRIERS: ReadonlySet<number> = new Set([10, Type.txt]);
const ODD_BYTES_MIN = 4;
/** Names that people and programs choose are shorter; those of caches and counters count only when there are many. */
const LONG_BYTES_MIN = 24;

/** Labels of what somebody registered: two, or three below a short second one as in "co.uk". */
function registeredLabels(labels: readonly string[]): number {
  return labels.length > 3 && labels.at(-1)!.length === 2 && labels.at(-2)!.length <= 3 ? 3 : 2;
}

/** A member of a Windows domain looks for its controllers under a name that ends in the domain's ([MS-ADTS] section 6.3.2.3). */
function domainOf(name: string, found: (domain: string) => void): void {
  const marker = "._msdcs.";
  const at = name.indexOf(marker);
  if (at > 0 && name.startsWith("_ldap._tcp.")) found(name.slice(at + marker.length));
}

/** `7.2.0.192.in-addr.arpa` as an address; "" for anything else. IPv6 is left out: its reverse names are hardly filled. */
function addressInReverse(name: string): string {
  const labels = name.split(".");
  if (labels.length !== 6 || labels[4] !== "in-addr" || labels[5] !== "arpa") return "";
  const bytes = labels.slice(0, 4).toReversed();
  return bytes.every((label) => /^\d{1,3}$/.test(label) && Number(label) < 256) ? bytes.map(Number).join(".") : "";
}

/** Blocking resolvers answer 0.0.0.0, "::" or loopback for what they hide, and groups have names too: nobody's addresses. */
function isUnicast(address: string): boolean {
  return (
    address !== "0.0.0.0" && address !== "::" && address !== "::1" && !address.startsWith("ff") && !/^(?:127|22[4-9]|23\d)\./.test(address)
  );
}

function opcodeOf(flags: number): number {
  return (flags & Flag.opcode) >> 11;
}
