/** Somebody steers a machine from afar: MS-RDPBCGR sections 2.2.1.1 and 2.2.1.2, protected by TLS from the third message on. */
import { bytes, le16, le32, u16 } from "../frames.ts";
import type { Line } from "../wire.ts";
import { secured } from "./tls.ts";

const Type = { request: 0xe0, confirm: 0xd0 } as const;
const Negotiation = { request: 1, response: 2 } as const;
const TLS = 1;
const NEGOTIATION_BYTES = 8;

export function steered(name: string, random: Uint8Array): readonly Line[] {
  return [["client", connection(Type.request, Negotiation.request)], ["server", connection(Type.confirm, Negotiation.response)], ...secured(name, random)]; // prettier-ignore
}

/** TPKT, X.224, and the protocols asked for or chosen. */
function connection(type: number, kind: number): Uint8Array {
  const negotiation = bytes([kind, 0], le16(NEGOTIATION_BYTES), le32(TLS));
  const rest = 6 + negotiation.length;
  return bytes([3, 0], u16(rest + 5), [rest, type, 0, 0, 0, 0, 0], negotiation);
}
