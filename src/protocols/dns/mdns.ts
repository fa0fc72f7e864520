/**
 * Multicast DNS and service discovery: RFC 6762, RFC 6763.
 *
 * Printers, cameras, phones and players announce what they are, down to model and serial, in the texts of their services. The names
 * of the services themselves are left alone: people put their own in them.
 */
import { utf8 } from "../../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../../model/protocol.ts";
import type { Attribute } from "../../model/observation.ts";
import { addressOf, dnsMessage, Flag, targetOf, Type } from "./message.ts";
import type { DnsMessage, DnsRecord } from "./message.ts";

export const mdns: Protocol = {
  name: "mdns",
  title: "mDNS",
  over: [{ udp: [5353] }],
  privacy: {
    reads: "What devices announce: host names, kinds of services, makers' own descriptions.",
    ends: "Names of services, and all texts in which people put their own words.",
    keeps: ["uuid", "hostname", "maker", "model", "serial", "software", "location", "osStated", "service"],
  },
  recognize,
  read,
};

/** RFC 6762 section 18: the opcode is zero, an answer is authoritative. Recursion is not asked for by the rule, and by some it is. */
function recognize(bytes: Uint8Array): boolean {
  const message = dnsMessage(bytes);
  if (message === null || message.trouble !== "" || (message.flags & (Flag.opcode | Flag.recursionAvailable)) !== 0) return false;
  const response = (message.flags & Flag.response) !== 0;
  if (response && (message.flags & Flag.authoritative) === 0) return false;
  const first = response ? (message.answers[0] ?? message.additional[0]) : message.questions[0];
  return first !== undefined && isLinkLocal(first.name);
}

/** RFC 6762 section 4: `.local`, and the reverse names of addresses. */
function isLinkLocal(name: string): boolean {
  return name.endsWith(".local") || name.endsWith(".in-addr.arpa") || name.endsWith(".ip6.arpa");
}

function read(bytes: Uint8Array, report: Report, { sender }: Context): void {
  const message = dnsMessage(bytes);
  if (message === null) return report.malformed("counts promise more than the message holds");
  const response = (message.flags & Flag.response) !== 0;
  report.operation(response ? "RESPONSE" : "QUERY");
  // A question repeats answers its sender already has (RFC 6762 section 7.1): they are about others.
  if (response) announcement(message, sender, report);
  if (message.trouble !== "") report.malformed(message.trouble);
}

function announcement(message: DnsMessage, sender: Address, report: Report): void {
  const records = [...message.answers, ...message.additional];
  const hosts = addressesOf(records);
  // A sleep proxy or a print server answers for others too: whose a service is, its SRV record's host says.
  const ownerOf = new Map<string, Address>();
  for (const record of records)
    if (record.type === Type.srv) ownerOf.set(record.name, ownerAt(hosts.get(targetOf(record).toLowerCase()), sender));

  for (const record of records) {
    const owner = ownerOf.get(record.name) ?? sender;
    switch (record.type) {
      case Type.a:
      case Type.aaaa: {
        const address = addressOf(record);
        if (address !== "") report.observe(address === sender.ip ? sender : { ip: address }, "hostname", withoutLocal(record.written));
        break;
      }
      case Type.srv:
        report.observe(owner, "service", serviceOf(record.name));
        break;
      case Type.ptr: {
        // `_services._dns-sd._udp.local` lists service types; a service type lists its instances.
        const target = targetOf(record).toLowerCase();
        const listed = record.name === "_services._dns-sd._udp.local" ? target : record.name;
        report.observe(ownerOf.get(target) ?? sender, "service", serviceOf(listed));
        break;
      }
      case Type.hinfo:
        report.observe(
          owner,
          "osStated",
          strings(record.data)
            .map((it) => utf8(it))
            .join(" "),
        );
        break;
      case Type.txt:
        for (const [attribute, value] of statements(record)) report.observe(owner, attribute, value);
    }
  }
}

function addressesOf(records: readonly DnsRecord[]): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const record of records) {
    const address = addressOf(record);
    if (address === "") continue;
    const known = hosts.get(record.name);
    if (known === undefined) hosts.set(record.name, [address]);
    else known.push(address);
  }
  return hosts;
}

/** The sender, unless the message itself gives only other addresses of the sender's family for the host. */
function ownerAt(addresses: readonly string[] | undefined, sender: Address): Address {
  const family = (address: string) => address.includes(":");
  const alike = addresses?.filter((it) => family(it) === family(sender.ip ?? "")) ?? [];
  return alike.length === 0 || alike.includes(sender.ip ?? "") || family(alike[0]!) ? sender : { ip: alike[0]! };
}

/** `_ipp._tcp` of `Some printer._ipp._tcp.local`; "" when there is none. What stands before may be a person's name. */
function serviceOf(name: string): string {
  const labels = name.split(".");
  const at = labels.findLastIndex((label) => label === "_tcp" || label === "_udp");
  return at > 0 && labels[at - 1]!.startsWith("_") ? `${labels[at - 1]}.${labels[at]}` : "";
}

function withoutLocal(name: string): string {
  return name.toLowerCase().endsWith(".local") ? name.slice(0, -".local".length) : name;
}

/** Keys by which makers say what a device is: Bonjour Printing 1.2 section 9, HomeKit, Cast, AirPlay. Keys that hold what a person wrote are not here. */
// prettier-ignore
const KEYS: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ["model", "model"], ["md", "model"], ["am", "model"], ["ty", "model"], ["product", "model"], ["usb_mdl", "model"], ["modelname", "model"], ["model_number", "model"],
  ["manufacturer", "maker"], ["mfg", "maker"], ["usb_mfg", "maker"], ["vendor", "maker"],
  ["serial", "serial"], ["serialnumber", "serial"], ["sn", "serial"],
  ["fv", "software"], ["firmware", "software"], ["fw", "software"], ["srcvers", "software"],
  ["uuid", "uuid"],
  ["note", "location"],
]);

function* statements(record: DnsRecord): Iterable<[Attribute, string]> {
  for (const entry of strings(record.data)) {
    const text = utf8(entry);
    const equals = text.indexOf("=");
    const attribute = equals > 0 ? KEYS.get(text.slice(0, equals).toLowerCase()) : undefined;
    if (attribute === undefined) continue;
    // Only a printer's note is a place; elsewhere it is whatever someone typed.
    if (attribute === "location" && !PRINTER.some((type) => record.name.includes(type))) continue;
    // `product` stands in parentheses, as PostScript has it.
    const value = text.slice(equals + 1).trim();
    yield [attribute, value.startsWith("(") && value.endsWith(")") ? value.slice(1, -1) : value];
  }
}
const PRINTER = ["._ipp._tcp.", "._ipps._tcp.", "._printer._tcp.", "._pdl-datastream._tcp.", "._scanner._tcp.", "._uscan._tcp."];

/** RFC 1035 section 3.3: strings with a length byte each. One cut short ends them. */
function strings(data: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < data.length && all.length < STRINGS_MAX;) {
    const end = at + 1 + data[at]!;
    if (end > data.length) break;
    all.push(data.subarray(at + 1, end));
    at = end;
  }
  return all;
}

/** RFC 6763 section 6.2 wants a text record to stay under 1,300 bytes: that many keys no device has. */
const STRINGS_MAX = 64;
