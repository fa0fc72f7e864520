/**
 * WS-Discovery: OASIS 1.1 (2009/01) and the 2005/04 draft that printers, Windows and ONVIF cameras still speak; SOAP over UDP.
 *
 * A device greets with an identifier it keeps for life, the types it implements (an IEEE 11073 SDC medical device, a camera, a
 * printer) and scopes that name its hardware and place. Scopes may also name an operator or a patient: only known ones are read.
 *
 * The messages are small and flat, so elements are found by scanning.
 */
import { clean, TEXT_LENGTH_MAX, utf8 } from "../bytes/text.ts";
import { elements, textOf } from "../bytes/xml.ts";
import { deviceCode } from "../knowledge/mdc.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const wsdiscovery: Protocol = {
  name: "wsdiscovery",
  title: "WS-Discovery",
  over: [{ udp: [3702] }],
  privacy: {
    reads: "What devices announce: kind, model, maker, place, identifier.",
    ends: "All other scopes: they may name an operator or a patient.",
    keeps: ["uuid", "maker", "model", "location", "capability", "deviceCode"],
  },
  recognize: (message) => {
    if (!BEGINNINGS.has(message[0] ?? 0)) return false;
    const start = utf8(message.subarray(0, START_BYTES), START_BYTES);
    return start.startsWith("<") && ENVELOPE.test(start) && NAMESPACES.some((it) => start.includes(it));
  },
  read,
};

/** A tag, white space before it, or a byte order mark: everything else need not be made text. */
const BEGINNINGS = new Set([0x3c, 0x20, 0x09, 0x0a, 0x0d, 0xef]);
// Namespaces stand in the envelope's own tag, or in the header right after it.
const START_BYTES = 2048;
const ENVELOPE = /<(?:[\w-]{1,32}:)?Envelope[\s>]/;
const NAMESPACES = ["http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01", "http://schemas.xmlsoap.org/ws/2005/04/discovery"];

/** SOAP-over-UDP 1.1 section 3.2 wants messages in one datagram. */
const TEXT_BYTES_MAX = 65_535;
/** A discovery proxy answers for many at once. */
const MATCHES_MAX = 16;
const WORDS_MAX = 32;

const VERBS: ReadonlyMap<string, string> = new Map([
  ["Hello", "HELLO"],
  ["Bye", "BYE"],
  ["Probe", "PROBE"],
  ["ProbeMatches", "PROBE MATCHES"],
  ["Resolve", "RESOLVE"],
  ["ResolveMatches", "RESOLVE MATCHES"],
]);

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const text = new TextDecoder().decode(message.subarray(0, TEXT_BYTES_MAX));
  const body = elements(text, "Body", 1)[0];
  if (body === undefined) return report.malformed("no body");
  const verb = BODY.exec(body)?.[1] ?? "";
  report.operation(VERBS.get(verb) ?? "OTHER");

  const matches =
    verb === "ProbeMatches"
      ? elements(body, "ProbeMatch", MATCHES_MAX)
      : verb === "ResolveMatches"
        ? elements(body, "ResolveMatch", MATCHES_MAX)
        : [body];
  // Who only asks, or says good-bye, describes nobody.
  if (verb === "Hello" || verb === "ProbeMatches" || verb === "ResolveMatches")
    for (const match of matches) described(match, sender, report);
}
const BODY = /^\s*<(?:[\w-]{1,32}:)?(\w{1,32})/;

function described(match: string, sender: Address, report: Report): void {
  const about = ownerOf(textOf(match, "XAddrs"), sender);
  const endpoint = textOf(match, "Address");
  const uuid = UUID.exec(endpoint)?.[1];
  if (uuid !== undefined) report.observe(about, "uuid", uuid.toLowerCase());
  for (const type of words(textOf(match, "Types")))
    report.observe(about, "capability", clean(type.slice(type.indexOf(":") + 1)).slice(0, TEXT_LENGTH_MAX));
  for (const scope of words(textOf(match, "Scopes"))) scoped(scope, about, report);
}
const UUID = /(?:urn:)?uuid:([0-9a-fA-F-]{8,64})/;

/** A proxy answers for devices that are elsewhere; the addresses they serve at say where. */
function ownerOf(serviceAddresses: string, sender: Address): Address {
  const hosts = words(serviceAddresses).flatMap((it) => HOST.exec(it)?.[1] ?? []);
  return hosts.length === 0 || hosts.includes(sender.ip ?? "") || (sender.ip ?? "").includes(":") ? sender : { ip: hosts[0]! };
}
const HOST = /^https?:\/\/(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:[:/]|$)/;

/** ONVIF Core section 7.3.2.2, and IEEE 11073-20701 section 9: everything else, an operator's or patient's context among it, is dropped. */
function scoped(scope: string, about: Address, report: Report): void {
  const onvif = /^onvif:\/\/www\.onvif\.org\/(hardware|location|type|manufacturer)\/(.{1,200})$/i.exec(scope);
  if (onvif !== null) {
    const value = decoded(onvif[2]!);
    switch (onvif[1]!.toLowerCase()) {
      case "hardware":
        return report.observe(about, "model", value);
      case "manufacturer":
        return report.observe(about, "maker", value);
      case "location":
        return report.observe(about, "location", value);
      default:
        return report.observe(about, "capability", value);
    }
  }
  const place = /^sdc\.ctxt\.loc:\/([^?]{0,400})(?:\?(.{1,400}))?$/.exec(scope);
  if (place !== null) return report.observe(about, "location", pathOf(place[1]!) || queryOf(place[2] ?? ""));
  // A device has modules and channels with codes of their own; the whole of it is a system.
  const component = /^sdc\.cdc\.type:\/(.{0,64})\/.{0,64}\/(\d{1,8})$/.exec(scope);
  if (component !== null && (component[1] === "" || decoded(component[1]!) === MDC)) {
    const code = deviceCode(Number(component[2]));
    if (code.endsWith("_MDS")) report.observe(about, "deviceCode", code);
    return;
  }
  if (scope.startsWith("sdc.mds.pkp:")) report.observe(about, "capability", "SDC service provider");
}

/** The nomenclature of IEEE 11073-10101, which is meant where none is named. */
const MDC = "urn:oid:1.2.840.10004.1.1.1.0.0.1";

/** The path of a location in detail: facility, building, floor, point of care, room, bed. */
function pathOf(path: string): string {
  const levels = decoded(path).split("/");
  return levels[0] === "sdc.ctxt.loc.detail" ? joined(levels.slice(1)) : "";
}

/** The same as a query, which any location may have. */
function queryOf(query: string): string {
  const parts = new Map(query.split(/&amp;|&/).map((it) => [it.slice(0, it.indexOf("=")), decoded(it.slice(it.indexOf("=") + 1))]));
  return joined(["fac", "bldng", "flr", "poc", "rm", "bed"].map((key) => parts.get(key) ?? ""));
}

function joined(levels: readonly string[]): string {
  return levels.filter((it) => it !== "").join(" / ");
}

function decoded(text: string): string {
  try {
    return clean(decodeURIComponent(text));
  } catch {
    // Not percent encoding after all.
    return clean(text);
  }
}

function words(text: string): string[] {
  return text.trim().split(/\s+/, WORDS_MAX).filter((it) => it !== ""); // prettier-ignore
}
