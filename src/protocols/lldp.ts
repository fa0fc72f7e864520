/**
 * LLDP: IEEE 802.1AB section 8 and 9, with LLDP-MED (ANSI/TIA-1057), the VLAN of 802.1 annex D and the MUD URL of RFC 8520 section 11.
 *
 * Switches, phones, access points and some bedside devices say all of their inventory: maker, model, serial, software, even the
 * room. It crosses one link only, so it is heard where the mirror carries control frames.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, ipv4, mac, utf8 } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const lldp: Protocol = {
  name: "lldp",
  title: "LLDP",
  over: [{ ethernet: 0x88cc }],
  privacy: {
    reads: "What switches, phones and others say of themselves to the other end of their cable.",
    ends: "Who lives at the place a phone was given (civic location), and all other elements.",
    keeps: [
      "address",
      "vlan",
      "hostname",
      "maker",
      "model",
      "serial",
      "software",
      "hardware",
      "description",
      "location",
      "assetTag",
      "capability",
      "mudUrl",
    ],
  },
  recognize,
  read,
};

// 802.1AB section 8.2: seven bits of type, nine of length. Chassis, port and time to live come first, in this order.
const Tlv = {
  end: 0,
  chassis: 1,
  port: 2,
  timeToLive: 3,
  systemName: 5,
  systemDescription: 6,
  capabilities: 7,
  management: 8,
  organization: 127,
} as const;
const CHASSIS_MAC = 4;
const CHASSIS_SUBTYPES_MAX = 7;
const MANAGEMENT_IPV4 = 1;

/** 802.1AB table 8-4. */
const CAPABILITIES = ["other", "repeater", "bridge", "access point", "router", "telephone", "cable modem", "station"];

const Organization = { ieee8021: 0x0080c2, med: 0x0012bb, iana: 0x00005e } as const;
const PORT_VLAN = 1;
const MUD_URL = 1;
const MED_LOCATION = 3;
const MED_CIVIC = 2;

/** TIA-1057 section 10.2.6: the inventory. */
const INVENTORY: Readonly<Record<number, Attribute>> = {
  5: "hardware",
  6: "software",
  7: "software",
  8: "serial",
  9: "maker",
  10: "model",
  11: "assetTag",
};

/** RFC 4776 section 3.4, from the large to the small; who lives there (21, 23) is left out. */
const CIVIC: Readonly<Record<number, string>> = { 22: "", 24: "", 25: "building", 26: "unit", 27: "floor", 28: "room", 33: "seat" };

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message);
  const chassis = next(reader);
  const port = next(reader);
  const timeToLive = next(reader);
  const subtype = chassis.value[0] ?? 0;
  return (
    !reader.overrun &&
    chassis.type === Tlv.chassis && chassis.value.length >= 2 && subtype > 0 && subtype <= CHASSIS_SUBTYPES_MAX &&
    port.type === Tlv.port && port.value.length >= 2 &&
    timeToLive.type === Tlv.timeToLive && timeToLive.value.length >= 2
  ); // prettier-ignore
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  report.operation("ADVERTISE");
  const reader = new Reader(message);
  let chassis = "";
  while (reader.remaining > 0) {
    const { type, value } = next(reader);
    if (reader.overrun) return report.malformed("an element runs past the end of the message");
    switch (type) {
      case Tlv.end:
        return;
      case Tlv.chassis:
        chassis = value[0] === CHASSIS_MAC ? mac(value.subarray(1)) : "";
        break;
      case Tlv.systemName:
        report.observe(sender, "hostname", utf8(value));
        break;
      case Tlv.systemDescription:
        report.observe(sender, "description", utf8(value));
        break;
      case Tlv.capabilities: {
        // What it can do, then what it does.
        const enabled = new Reader(value, 2).u16();
        for (const [bit, name] of CAPABILITIES.entries()) if ((enabled & (1 << bit)) !== 0) report.observe(sender, "capability", name);
        break;
      }
      case Tlv.management:
        // Each port of a switch speaks from a card of its own, and the address is on none of them. One card: its own address.
        if (value[0] === 5 && value[1] === MANAGEMENT_IPV4 && sender.mac !== undefined && chassis === sender.mac && value.length >= 6)
          report.observe({ mac: sender.mac }, "address", ipv4(value.subarray(2, 6)));
        break;
      case Tlv.organization:
        organization(value, (attribute, said) => report.observe(sender, attribute, said));
    }
  }
}

function organization(value: Uint8Array, observe: (attribute: Attribute, said: string) => void): void {
  const reader = new Reader(value);
  const owner = reader.u24();
  const subtype = reader.u8();
  const data = reader.rest();
  if (owner === Organization.ieee8021 && subtype === PORT_VLAN) {
    const vlan = new Reader(data).u16();
    // 0: the port knows no VLANs.
    if (vlan > 0) observe("vlan", String(vlan));
  } else if (owner === Organization.iana && subtype === MUD_URL) observe("mudUrl", ascii(data));
  else if (owner === Organization.med && subtype === MED_LOCATION && data[0] === MED_CIVIC) observe("location", civic(data.subarray(1)));
  else if (owner === Organization.med && INVENTORY[subtype] !== undefined) observe(INVENTORY[subtype], utf8(data));
}

/** TIA-1057 section 10.2.4.3.2: a length, what it refers to, a country, then parts with type and length each. */
function civic(data: Uint8Array): string {
  const reader = new Reader(data, 1, 1 + (data[0] ?? 0));
  reader.skip(3);
  const parts: [number, string][] = [];
  while (reader.remaining > 1) {
    const type = reader.u8();
    const text = utf8(reader.take(reader.u8()));
    const label = CIVIC[type];
    if (label !== undefined && text !== "") parts.push([type, `${label} ${text}`.trim()]);
  }
  return parts.toSorted(([a], [b]) => a - b).map(([, text]) => text).join(", "); // prettier-ignore
}

function next(reader: Reader): { readonly type: number; readonly value: Uint8Array } {
  const head = reader.u16();
  return { type: head >> 9, value: reader.take(head & 0x1ff) };
}
