/**
 * SSDP, the discovery of UPnP: UPnP Device Architecture 2.0 section 1, HTTP's form over UDP.
 *
 * Cameras, televisions, routers and bridges say which system and product they run, what kind of device they are, and a UUID they keep.
 */
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const ssdp: Protocol = {
  name: "ssdp",
  title: "SSDP",
  over: [{ udp: [1900] }],
  privacy: {
    reads: "What devices announce: system, product, kind, identifier.",
    ends: "Addresses of their pages, and everything else.",
    keeps: ["uuid", "capability", "userAgent", "upnpServer", "service"],
  },
  recognize,
  read,
};

const NOTIFY = "NOTIFY * HTTP/1.";
const SEARCH = "M-SEARCH * HTTP/1.";
const RESPONSE = "HTTP/1.1 200";

/** A message fits one Ethernet frame; a longer one is a flood. */
const TEXT_BYTES_MAX = 2048;
const HEADERS_MAX = 48;

function recognize(message: Uint8Array): boolean {
  const start = ascii(message.subarray(0, SEARCH.length));
  if (start.startsWith(NOTIFY) || start === SEARCH) return true;
  // An answer to a search is told from one to any other request by the headers only SSDP has.
  if (!start.startsWith(RESPONSE)) return false;
  const headers = headersOf(message);
  return headers.has("ST") && headers.has("USN");
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const start = ascii(message.subarray(0, SEARCH.length));
  const headers = headersOf(message);
  if (headers.size === 0) report.malformed("no headers");

  if (start === SEARCH) {
    report.operation("SEARCH");
    return report.observe(sender, "userAgent", headers.get("USER-AGENT") ?? "");
  }
  const state = headers.get("NTS");
  report.operation(
    start.startsWith(RESPONSE) ? "RESPONSE" : state === "ssdp:byebye" ? "BYE" : state === "ssdp:update" ? "UPDATE" : "NOTIFY",
  );

  report.observe(sender, "upnpServer", headers.get("SERVER") ?? "");
  const name = headers.get("USN") ?? "";
  const uuid = UUID.exec(name)?.[1];
  if (uuid !== undefined) report.observe(sender, "uuid", uuid.toLowerCase());
  // The kind of device or service stands in both; only the name is always one, the target of a search may be "all".
  const kind = KIND.exec(name);
  if (kind !== null) report.observe(sender, kind[2] === "device" ? "capability" : "service", `${kind[1]}:${kind[2]}:${kind[3]}`);
}

// `uuid:…::urn:schemas-upnp-org:device:MediaRenderer:1`; makers put their own domain in the first part.
const UUID = /^uuid:([0-9a-fA-F-]{8,64})/;
const KIND = /::urn:([\w.-]{1,64}):(device|service):([\w.-]{1,64})/;

/** Header names in upper case; of one that comes twice the first counts. */
function headersOf(message: Uint8Array): Map<string, string> {
  const headers = new Map<string, string>();
  const end = Math.min(message.length, TEXT_BYTES_MAX);
  let from = message.indexOf(LINE_FEED) + 1;
  while (from > 0 && from < end && headers.size < HEADERS_MAX) {
    const feed = message.indexOf(LINE_FEED, from);
    const line = message.subarray(from, feed < 0 ? end : feed);
    const colon = line.indexOf(COLON);
    if (line.length <= 1 || line[0] === CARRIAGE_RETURN) break;
    if (colon > 0) {
      const name = ascii(line.subarray(0, colon)).toUpperCase();
      const stop = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
      if (!headers.has(name)) headers.set(name, ascii(line.subarray(colon + 1, stop)));
    }
    from = feed + 1;
  }
  return headers;
}
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
