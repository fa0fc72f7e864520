/** Devices that say they are there: WS-Discovery (OASIS 1.1 section 4.1, and the draft before it) and SSDP (UPnP Device Architecture 1.1). */
import { latin } from "../frames.ts";
import { DISCOVERY_GROUP } from "../wire.ts";
import type { Station, Wire } from "../wire.ts";

interface Greeting {
  readonly uuid: string;
  /** As they stand in the message, with their prefixes. */
  readonly types: string;
  readonly scopes?: string;
  readonly address: string;
  readonly version: "2005/04" | "2009/01";
}

const Port = { discovery: 3702, ssdp: 1900 } as const;
const ADDRESSING = {
  "2005/04": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
  "2009/01": "http://www.w3.org/2005/08/addressing",
} as const;
const DISCOVERY = {
  "2005/04": "http://schemas.xmlsoap.org/ws/2005/04/discovery",
  "2009/01": "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
} as const;
const TO_ALL = { "2005/04": "urn:schemas-xmlsoap-org:ws:2005:04:discovery", "2009/01": "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01" } as const; // prettier-ignore
const SPACES = [
  `xmlns:soap="http://www.w3.org/2003/05/soap-envelope"`,
  `xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof"`,
  `xmlns:dpws="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"`,
  `xmlns:mdpws="http://standards.ieee.org/downloads/11073/11073-20702-2016"`,
  `xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07"`,
  `xmlns:dn="http://www.onvif.org/ver10/network/wsdl"`,
].join(" ");

export function hello(wire: Wire, at: number, it: Station, { uuid, types, scopes, address, version }: Greeting): void {
  const body = [
    `<wsa:EndpointReference><wsa:Address>urn:uuid:${uuid}</wsa:Address></wsa:EndpointReference>`,
    `<wsd:Types>${types}</wsd:Types>`,
    scopes === undefined ? "" : `<wsd:Scopes>${scopes}</wsd:Scopes>`,
    `<wsd:XAddrs>${address}</wsd:XAddrs>`,
    "<wsd:MetadataVersion>1</wsd:MetadataVersion>",
  ].join("");
  const header = `<wsa:To>${TO_ALL[version]}</wsa:To><wsa:Action>${DISCOVERY[version]}/Hello</wsa:Action><wsa:MessageID>urn:uuid:${uuid.replace(/^.{8}/, "00c0ffee")}</wsa:MessageID>`;
  const envelope = `<soap:Envelope ${SPACES} xmlns:wsa="${ADDRESSING[version]}" xmlns:wsd="${DISCOVERY[version]}">`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>${envelope}<soap:Header>${header}</soap:Header><soap:Body><wsd:Hello>${body}</wsd:Hello></soap:Body></soap:Envelope>`;
  wire.datagram(at, it, DISCOVERY_GROUP, Port.discovery, Port.discovery, latin(text));
}

/** A device lists itself; `target` is a device type. */
export function notify(wire: Wire, at: number, it: Station, uuid: string, target: string, server: string): void {
  const lines = [
    "NOTIFY * HTTP/1.1",
    `HOST: ${DISCOVERY_GROUP}:${Port.ssdp}`,
    "CACHE-CONTROL: max-age=1800",
    `LOCATION: http://${it.ip}:49152/rootdesc.xml`,
    `SERVER: ${server}`,
    `NT: ${target}`,
    "NTS: ssdp:alive",
    `USN: uuid:${uuid}::${target}`,
  ];
  wire.datagram(at, it, DISCOVERY_GROUP, wire.freePort(it), Port.ssdp, latin(`${lines.join("\r\n")}\r\n\r\n`));
}
