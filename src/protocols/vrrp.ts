/**
 * VRRP: RFC 9568 (version 3), RFC 3768 (version 2), RFC 2338 for its passwords.
 *
 * Routers, and servers that stand in for each other, say which addresses they take over. Those belong to whoever holds them: none is
 * a machine of its own.
 */
import { Reader } from "../bytes/reader.ts";
import { ip } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const vrrp: Protocol = {
  name: "vrrp",
  title: "VRRP",
  over: [{ ip: 112 }],
  setting: "network",
  privacy: {
    reads: "Numbers of virtual routers and their addresses, and whether a password crosses in the clear.",
    ends: "The password.",
    keeps: ["virtualAddress", "carrier", "clearCredentials"],
  },
  recognize: (message) => headOf(message) !== null,
  read,
};

/** RFC 9568 section 5.1: version and kind, router, priority, addresses; then of version 2 kind of password, interval and checksum. */
const HEADER_BYTES = 8;
const ADVERTISEMENT = 1;
/** RFC 2338 section 5.3.6 has passwords of 8 bytes behind the addresses; RFC 3768 leaves their place. */
const PASSWORD_BYTES = 8;
const CLEAR_PASSWORD = 1;
/** RFC 9568 section 7.3: the last byte is the router's number. */
const MAC_4 = "00:00:5e:00:01:";
const MAC_6 = "00:00:5e:00:02:";

interface Head {
  readonly router: number;
  readonly addresses: number;
  readonly addressBytes: number;
  readonly hasClearPassword: boolean;
}

/** The addresses must fill what follows the header: of 4 bytes, in version 3 also of 16. */
function headOf(message: Uint8Array): Head | null {
  const reader = new Reader(message);
  const versionAndKind = reader.u8();
  const router = reader.u8();
  reader.skip(1);
  const addresses = reader.u8();
  const password = reader.u8();
  if (message.length < HEADER_BYTES || (versionAndKind & 0x0f) !== ADVERTISEMENT || router === 0 || addresses === 0) return null;
  const rest = message.length - HEADER_BYTES;
  if (versionAndKind >> 4 === 2 && rest === addresses * 4 + PASSWORD_BYTES)
    return { router, addresses, addressBytes: 4, hasClearPassword: password === CLEAR_PASSWORD };
  if (versionAndKind >> 4 !== 3 || rest % addresses !== 0) return null;
  const addressBytes = rest / addresses;
  return addressBytes === 4 || addressBytes === 16 ? { router, addresses, addressBytes, hasClearPassword: false } : null;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const head = headOf(message);
  if (head === null) return report.malformed("its addresses are not all of it");
  report.operation("ADVERTISE");
  report.notable("gatewaySpoke");
  if (head.hasClearPassword) report.observe(sender, "clearCredentials", "vrrp");

  const virtualMac = `${head.addressBytes === 4 ? MAC_4 : MAC_6}${head.router.toString(16).padStart(2, "0")}`;
  // Some programs on servers keep to their own card (RFC 9568 section 7.3 has the virtual one): then the addresses wander between cards.
  const card = sender.mac === undefined || sender.mac === virtualMac ? virtualMac : sender.mac;
  if (card === virtualMac) report.observe({ mac: card }, "carrier", `VRRP router ${head.router}`);
  const reader = new Reader(message, HEADER_BYTES);
  for (let i = 0; i < head.addresses; i++) report.observe({ mac: card }, "virtualAddress", ip(reader.take(head.addressBytes)));
}
