/** A frame as a Cisco switch wraps it to send its mirror over IP: draft-foschiano-erspan-03, GRE after RFC 2890. */
import { bytes, ethernet, ipv4, u16, u32 } from "../simulation/frames.ts";

export type ErspanType = "I" | "II" | "III";

interface Route {
  readonly fromMac: string;
  readonly toMac: string;
  readonly fromIp: string;
  readonly toIp: string;
}

const SESSION = 7;

/** `number`: which frame of the mirror it is. */
export function erspan(type: ErspanType, frame: Uint8Array, number: number, { fromMac, toMac, fromIp, toIp }: Route): Uint8Array {
  const packet = ipv4({ protocol: GRE, from: fromIp, to: toIp, id: number & 0xffff }, bytes(head(type, number), frame));
  return ethernet({ from: fromMac, to: toMac, type: 0x0800 }, packet);
}

function head(type: ErspanType, number: number): Uint8Array {
  // Section 4.1: no sequence and no header of its own.
  if (type === "I") return bytes(u16(0), u16(0x88be));
  const gre = (etherType: number) => bytes(u16(SEQUENCE_PRESENT), u16(etherType), u32(number));
  // Section 4.2: version 1 and VLAN, session, the port's index.
  if (type === "II") return bytes(gre(0x88be), u16(0x1000), u16(SESSION), u32(0));
  // Section 4.3: version 2 and VLAN, session, time stamp, security tag, an Ethernet frame without a platform's subheader.
  return bytes(gre(0x22eb), u16(0x2000), u16(SESSION), u32(number), u16(0), u16(0));
}

const GRE = 47;
const SEQUENCE_PRESENT = 0x1000;
