/**
 * 802.1X: EAP over LAN, IEEE 802.1X section 11; EAP is RFC 3748.
 *
 * A machine that wants into the network says who it is before it has an address. A computer's own account is a name like any other host
 * name; a user's is nobody's business here.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8 } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const eapol: Protocol = {
  name: "eapol",
  title: "802.1X",
  over: [{ ethernet: 0x888e }],
  privacy: {
    reads: "A computer's account, a weak method, whether the network let it in.",
    ends: "Users, everything the methods exchange, keys.",
    keeps: ["hostname", "domain", "dialect"],
  },
  recognize,
  read,
};

/** Section 11.3: version, kind, length of what follows, which padding may follow. */
const HEADER_BYTES = 4;
const VERSION_MAX = 3;
const KIND_MAX = 8;
const Kind = { eap: 0, start: 1, logoff: 2 } as const;

/** RFC 3748 section 4: code, number, length of it all; of questions and answers a method. */
const Code = { request: 1, response: 2, success: 3, failure: 4 } as const;
const EAP_BYTES = 4;
const IDENTITY = 1;
/** Section 5.4 sends a password's digest that can be tried at home; Cisco's LEAP as well (RFC 3748 has its number from IANA). */
const WEAK: Readonly<Record<number, string>> = { 4: "EAP-MD5", 17: "LEAP" };

/** MS-PEAP and practice: "host/pump-pc.example", or "EXAMPLE\PUMP-PC$". RFC 1123 for the name itself. */
const COMPUTER = /^host\/([\w-]{1,63})(?:\.([\w.-]{1,200}))?$/;
const ACCOUNT = /^(?:([\w.-]{1,64})\\)?([\w-]{1,15})\$$/;

function recognize(message: Uint8Array): boolean {
  const reader = new Reader(message);
  const version = reader.u8();
  const kind = reader.u8();
  const length = reader.u16();
  if (version < 1 || version > VERSION_MAX || kind > KIND_MAX || length > reader.remaining) return false;
  if (kind !== Kind.eap) return true;
  const code = reader.u8();
  reader.skip(1);
  return code >= Code.request && code <= Code.failure && reader.u16() === length && length >= EAP_BYTES;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const reader = new Reader(message, 1);
  const kind = reader.u8();
  const body = reader.inner(reader.u16());
  if (reader.overrun) return report.malformed("its length is more than there is");
  if (kind === Kind.start || kind === Kind.logoff) report.operation(kind === Kind.start ? "START" : "LOGOFF");
  if (kind !== Kind.eap) return;
  const code = body.u8();
  body.skip(1);
  const packet = new Reader(message, HEADER_BYTES + EAP_BYTES, HEADER_BYTES + body.u16());
  if (code === Code.success || code === Code.failure) return report.attempt("login", code === Code.success ? "accepted" : "refused");
  const method = packet.u8();
  if (code !== Code.response || packet.overrun) return;
  if (method === IDENTITY) readIdentity(utf8(packet.rest()), report, sender);
  else report.observe(sender, "dialect", WEAK[method] ?? "");
}

function readIdentity(identity: string, report: Report, sender: Address): void {
  report.operation("IDENTITY");
  const computer = COMPUTER.exec(identity);
  const account = ACCOUNT.exec(identity);
  report.observe(sender, "hostname", computer?.[1] ?? account?.[2] ?? "");
  report.observe(sender, "domain", computer?.[2] ?? account?.[1] ?? "");
}
