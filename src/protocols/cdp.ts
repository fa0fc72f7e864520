/**
 * Cisco discovery protocol, as Cisco's "Understanding CDP" and Wireshark's field list describe it.
 *
 * Switches, phones, access points and some others say their name, platform and the version of their system. It crosses one link only.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, ipv4 } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const cdp: Protocol = {
  name: "cdp",
  title: "CDP",
  over: [{ ethernet: 0x2000 }],
  setting: "network",
  privacy: {
    reads: "What Cisco's and other devices say of themselves to the other end of their cable.",
    ends: "All other elements.",
    keeps: ["address", "vlan", "hostname", "model", "description", "location", "capability", "osStated"],
  },
  recognize,
  read,
};

// Version, time to live, checksum; then elements of type and length, the length counting its own four bytes.
const HEADER_BYTES = 4;
const Tlv = { deviceId: 1, addresses: 2, capabilities: 4, version: 5, platform: 6, nativeVlan: 10, location: 23 } as const;

const CAPABILITIES = ["router", "bridge", "source-route bridge", "switch", "host", "IGMP", "repeater", "telephone", "remotely managed"];
/** Router, bridges, switch, repeater: they have many cards, and their address is on no single one. */
const FORWARDS = 0b100_1111;

/** The protocol before an address: NLPID, one byte, 0xcc for IPv4. */
const IPV4 = [1, 1, 0xcc, 0, 4];
const ADDRESSES_MAX = 8;

function recognize(message: Uint8Array): boolean {
  if (message[0] !== 1 && message[0] !== 2) return false;
  const reader = new Reader(message, HEADER_BYTES);
  let named = false;
  while (reader.remaining > 0) {
    const type = reader.u16();
    const length = reader.u16();
    if (length < 4) return false;
    if (type === Tlv.deviceId && length > 4) named = true;
    reader.skip(length - 4);
  }
  return named && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  report.operation("ADVERTISE");
  const reader = new Reader(message, HEADER_BYTES);
  let addresses: string[] = [];
  let capabilities: number | undefined;
  let trouble = "";
  while (reader.remaining > 0 && trouble === "") {
    const type = reader.u16();
    const length = reader.u16();
    const value = reader.take(Math.max(length - 4, 0));
    if (length < 4 || reader.overrun) trouble = "an element runs past the end of the message";
    else if (type === Tlv.addresses) addresses = addressesOf(value);
    else if (type === Tlv.capabilities) capabilities = new Reader(value).u32();
    else said(type, value, (attribute, text) => report.observe(sender, attribute, text));
  }
  if (capabilities !== undefined) {
    for (const [bit, name] of CAPABILITIES.entries()) if ((capabilities & (1 << bit)) !== 0) report.observe(sender, "capability", name);
    if ((capabilities & FORWARDS) === 0 && sender.mac !== undefined)
      for (const address of addresses) report.observe({ mac: sender.mac }, "address", address);
  }
  if (trouble !== "") report.malformed(trouble);
}

function said(
  type: number,
  value: Uint8Array,
  observe: (attribute: "hostname" | "description" | "osStated" | "model" | "vlan" | "location", text: string) => void,
): void {
  switch (type) {
    case Tlv.deviceId:
      return observe("hostname", ascii(value));
    case Tlv.version: {
      // Several lines: the first names the system and its version.
      const feed = value.indexOf(0x0a);
      observe("osStated", ascii(feed < 0 ? value : value.subarray(0, feed)));
      return observe("description", ascii(value).replaceAll("·", " "));
    }
    case Tlv.platform:
      return observe("model", ascii(value));
    case Tlv.nativeVlan:
      return observe("vlan", String(new Reader(value).u16()));
    case Tlv.location:
      // One byte of type first; what follows is text an administrator set.
      return observe("location", ascii(value.subarray(1)));
  }
}

function addressesOf(value: Uint8Array): string[] {
  const reader = new Reader(value);
  const count = Math.min(reader.u32(), ADDRESSES_MAX);
  const found: string[] = [];
  for (let i = 0; i < count; i++) {
    const head = reader.take(IPV4.length);
    // Another family is longer; its head would have to be read to go on, and no more is wanted.
    if (!IPV4.every((byte, at) => head[at] === byte)) break;
    found.push(ipv4(reader.take(4)));
  }
  return reader.overrun ? [] : found;
}
