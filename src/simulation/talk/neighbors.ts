/** What a device says to the switch it is plugged into, and a switch to everyone: LLDP with MED (IEEE 802.1AB, TIA-1057), spanning tree. */
import { bytes, ethernet, ethernetLlc, ipBytes, latin, macBytes, u16, u32 } from "../frames.ts";
import type { Station, Wire } from "../wire.ts";

interface Inventory {
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly software: string;
}

export interface Place {
  readonly building: string;
  readonly floor: string;
  readonly room: string;
}

interface Neighbor {
  readonly name: string;
  readonly port: string;
  readonly description: string;
  /** Bits of IEEE 802.1AB table 8-4. */
  readonly capabilities: number;
  readonly inventory?: Inventory;
  readonly place?: Place;
}

export const Capability = { bridge: 0x04, router: 0x10, telephone: 0x20, station: 0x80 } as const;
const NEAREST_BRIDGE = "01:80:c2:00:00:0e";
const ALL_BRIDGES = "01:80:c2:00:00:00";
const LLDP = 0x88cc;
const Tlv = { end: 0, chassis: 1, port: 2, life: 3, name: 5, description: 6, capabilities: 7, management: 8, organization: 127 } as const;
const LIFE_SECONDS = 120;
const MED = [0x00, 0x12, 0xbb];
const Med = { capabilities: 1, location: 3, software: 7, serial: 8, maker: 9, model: 10 } as const;
/** TIA-1057 section 10.2.4.3.2 and RFC 4776: a place in words, of the device itself. */
const CIVIC = 2;
const OF_THE_DEVICE = 2;
const Civic = { building: 25, floor: 27, room: 28 } as const;

export function lldp(wire: Wire, at: number, it: Station, says: Neighbor): void {
  const { inventory, place } = says;
  const parts = [
    tlv(Tlv.chassis, bytes([4], macBytes(it.mac))),
    tlv(Tlv.port, bytes([5], latin(says.port))),
    tlv(Tlv.life, u16(LIFE_SECONDS)),
    tlv(Tlv.name, latin(says.name)),
    tlv(Tlv.description, latin(says.description)),
    tlv(Tlv.capabilities, bytes(u16(says.capabilities), u16(says.capabilities))),
    tlv(Tlv.management, bytes([5, 1], ipBytes(it.ip), [2], u32(1), [0])),
    inventory === undefined && place === undefined ? [] : med(Med.capabilities, [0x00, 0x33, 1]),
    place === undefined ? [] : med(Med.location, civic(place)),
    inventory === undefined
      ? []
      : bytes(
          med(Med.software, latin(inventory.software)),
          med(Med.serial, latin(inventory.serial)),
          med(Med.maker, latin(inventory.maker)),
          med(Med.model, latin(inventory.model)),
        ),
    tlv(Tlv.end, []),
  ];
  wire.link(at, ethernet({ type: LLDP, from: it.mac, to: NEAREST_BRIDGE }, bytes(...parts)));
}

function med(subtype: number, content: Uint8Array | readonly number[]): Uint8Array {
  return tlv(Tlv.organization, bytes(MED, [subtype], content));
}

function civic({ building, floor, room }: Place): Uint8Array {
  const part = (type: number, text: string) => bytes([type, text.length], latin(text));
  const words = bytes([OF_THE_DEVICE], latin("DE"), part(Civic.building, building), part(Civic.floor, floor), part(Civic.room, room));
  return bytes([CIVIC, words.length], words);
}

/** IEEE 802.1D section 9.3.1: each bridge tells which it holds for the root, and how far that is. */
export function bridgeHello(wire: Wire, at: number, mac: string, root: string): void {
  const cost = mac === root ? 0 : 4;
  const [hello, age, delay, most] = [2, cost === 0 ? 0 : 1, 15, 20].map((seconds) => u16(seconds << 8)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]; // prettier-ignore
  const body = bytes(
    [0, 0, 0, 0, 0],
    u16(0x8000),
    macBytes(root),
    u32(cost),
    u16(0x8000),
    macBytes(mac),
    u16(0x8001),
    age,
    most,
    hello,
    delay,
  );
  // Filled up to the shortest frame there is.
  wire.link(at, bytes(ethernetLlc({ from: mac, to: ALL_BRIDGES }, bytes([0x42, 0x42, 0x03], body)), new Uint8Array(8)));
}

function tlv(type: number, content: Uint8Array | readonly number[]): Uint8Array {
  return bytes(u16((type << 9) | content.length), content);
}
