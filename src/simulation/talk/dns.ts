/** Names asked for and announced: DNS (RFC 1035), mDNS with DNS-SD (RFC 6762, RFC 6763), LLMNR (RFC 4795). */
import { bytes, ipBytes, latin, u16, u32 } from "../frames.ts";
import { LLMNR_GROUP, MDNS_GROUP } from "../wire.ts";
import type { Station, Wire } from "../wire.ts";

const Type = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;
const Flags = { query: 0x0100, answer: 0x8580, announcement: 0x8400, llmnr: 0 } as const;
const Port = { dns: 53, mdns: 5353, llmnr: 5355 } as const;
const INTERNET = 1;
/** RFC 6762 section 10.2: only this machine has it. */
const OWN = 0x8001;
const LIFE_SECONDS = 120;

/** A client looks a name up and is answered. */
export function lookUp(wire: Wire, at: number, client: Station, resolver: Station, name: string, ip: string, id: number): void {
  const port = wire.freePort(client);
  const asked = question(name);
  wire.datagram(at, client, resolver, port, Port.dns, bytes(header(id, Flags.query, 1, 0), asked));
  const answer = record(name, Type.a, INTERNET, ipBytes(ip));
  wire.datagram(at + 700, resolver, client, Port.dns, port, bytes(header(id, Flags.answer, 1, 1), asked, answer));
}

/** Asks its neighbors for a name that nobody has, as Windows does for its proxy. */
export function askNeighbors(wire: Wire, at: number, client: Station, name: string, id: number): void {
  wire.datagram(at, client, LLMNR_GROUP, wire.freePort(client), Port.llmnr, bytes(header(id, Flags.llmnr, 1, 0), question(name)));
}

interface Announced {
  /** As people read it. */
  readonly instance: string;
  readonly host: string;
  /** "_ipp._tcp". */
  readonly service: string;
  readonly port: number;
  readonly says: Readonly<Record<string, string>>;
}

/** A device announces one service, with what it says of itself. */
export function announce(wire: Wire, at: number, device: Station, { instance, host, service, port, says }: Announced): void {
  const type = `${service}.local`;
  const full = [instance, ...type.split(".")];
  const text = bytes(...Object.entries(says).map(([key, value]) => sized(latin(`${key}=${value}`))));
  const answers = [
    record(type, Type.ptr, INTERNET, domain(full)),
    record(full, Type.srv, OWN, bytes(u16(0), u16(0), u16(port), domain(`${host}.local`))),
    record(full, Type.txt, OWN, text),
    record(`${host}.local`, Type.a, OWN, ipBytes(device.ip)),
  ];
  wire.datagram(at, device, MDNS_GROUP, Port.mdns, Port.mdns, bytes(header(0, Flags.announcement, 0, answers.length), ...answers));
}

function header(id: number, flags: number, questions: number, answers: number): Uint8Array {
  return bytes(u16(id), u16(flags), u16(questions), u16(answers), u16(0), u16(0));
}

function question(name: string): Uint8Array {
  return bytes(domain(name), u16(Type.a), u16(INTERNET));
}

function record(name: string | readonly string[], type: number, kind: number, value: Uint8Array): Uint8Array {
  return bytes(domain(name), u16(type), u16(kind), u32(LIFE_SECONDS), u16(value.length), value);
}

/** Labels are given apart where one has a dot in it. */
function domain(name: string | readonly string[]): Uint8Array {
  const labels = typeof name === "string" ? name.split(".") : name;
  return bytes(...labels.map((label) => sized(latin(label))), [0]);
}

function sized(content: Uint8Array): Uint8Array {
  return bytes([content.length], content);
}
