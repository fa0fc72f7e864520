/**
 * RADIUS: RFC 2865, accounting RFC 2866, changes RFC 5176; how stations are written RFC 3580.
 *
 * Switches and access points ask whether somebody may come in. In asking they say what they are called, and at which of their ports the
 * card of whoever asks is. Who that is, as a person, ends here.
 */
import { Reader } from "../bytes/reader.ts";
import { ip, utf8 } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const radius: Protocol = {
  name: "radius",
  title: "RADIUS",
  over: [{ udp: [1812, 1813, 1645, 1646, 3799] }],
  setting: "network",
  privacy: {
    reads: "Names of switches and access points, cards and the ports they are at, whether a user was let in.",
    ends: "Users and passwords, how long and how much, everything a server answers.",
    keeps: ["hostname", "switchPort", "dialect"],
  },
  recognize,
  read,
};

/** RFC 2865 section 3: code, number, length of it all, 16 bytes of authenticator; then attributes of kind, length and value. */
const HEADER_BYTES = 20;
const AUTHENTICATOR_BYTES = 16;
const LENGTH_MAX = 4096;
const CODES: Readonly<Record<number, { readonly by: Side; readonly verb?: string }>> = {
  1: { by: "client", verb: "ACCESS" },
  2: { by: "server" },
  3: { by: "server" },
  4: { by: "client", verb: "ACCOUNT" },
  5: { by: "server" },
  11: { by: "server" },
  12: { by: "client", verb: "STATUS" },
  40: { by: "client", verb: "DISCONNECT" },
  41: { by: "server" },
  42: { by: "server" },
  43: { by: "client", verb: "CHANGE" },
  44: { by: "server" },
  45: { by: "server" },
};
const Code = { accessRequest: 1, accept: 2, reject: 3, accountingRequest: 4, challenge: 11 } as const;
const ANSWERS_OF_ACCESS: readonly number[] = [Code.accept, Code.reject, Code.challenge];
/** RFC 2869 section 5.14 for the last. */
const Attribute = { nasIp: 4, nasPort: 5, called: 30, calling: 31, nasIdentifier: 32, nasPortId: 87, messageAuthenticator: 80 } as const;

/** RFC 3580 section 3.21 writes "00-10-A4-23-19-C0"; switches also with colons, dots or nothing between. Of an access point ":name" follows. */
const STATION = /^([\da-f]{2})[-:]?([\da-f]{2})[-:.]?([\da-f]{2})[-:]?([\da-f]{2})[-:.]?([\da-f]{2})[-:]?([\da-f]{2})(?::(.*))?$/i;

function recognize(message: Uint8Array, side: Side): boolean {
  const code = CODES[message[0] ?? 0];
  if (code === undefined || message.length < HEADER_BYTES || message.length > LENGTH_MAX || (side !== "unknown" && side !== code.by))
    return false;
  const reader = new Reader(message, 2);
  if (reader.u16() !== message.length) return false;
  reader.skip(AUTHENTICATOR_BYTES);
  while (reader.remaining > 0 && reader.u8() > 0) reader.skip(reader.u8() - 2);
  return reader.remaining === 0 && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { sender, cut }: Context): void {
  const reader = new Reader(message);
  const code = reader.u8();
  const verb = CODES[code]?.verb;
  if (verb !== undefined) report.operation(verb);
  if (code === Code.accept || code === Code.reject) report.attempt("login", code === Code.accept ? "accepted" : "refused");
  reader.skip(HEADER_BYTES - 1);
  const values = new Map<number, Uint8Array>();
  while (reader.remaining > 0) {
    const kind = reader.u8();
    const value = reader.take(reader.u8() - 2);
    if (reader.overrun) break;
    if (!values.has(kind)) values.set(kind, value);
  }
  // CVE-2024-3596: without it whoever stands between can turn a no into a yes.
  if (!cut && !reader.overrun && ANSWERS_OF_ACCESS.includes(code) && !values.has(Attribute.messageAuthenticator))
    report.observe(sender, "dialect", "RADIUS without message authenticator");
  if (code === Code.accessRequest || code === Code.accountingRequest) readRequest(values, report, sender);
  if (reader.overrun) report.malformed("an attribute runs past the end");
}

function readRequest(values: ReadonlyMap<number, Uint8Array>, report: Report, sender: Address): void {
  const text = (kind: number) => utf8(values.get(kind) ?? NOTHING);
  // A proxy passes on what others asked.
  const nasIp = ip(values.get(Attribute.nasIp) ?? NOTHING);
  const nas = /^(?:|0\..*|127\..*)$/.test(nasIp) || nasIp === sender.ip ? sender : { ip: nasIp };
  const name = text(Attribute.nasIdentifier);
  report.observe(nas, "hostname", name);

  const calling = STATION.exec(text(Attribute.calling));
  if (calling === null) return;
  const called = STATION.exec(text(Attribute.called));
  const number = values.get(Attribute.nasPort);
  // Of wireless the network's name says more than a port that is made up for each connection.
  const port = called?.[7] ?? (text(Attribute.nasPortId) || (number?.length === 4 ? String(new Reader(number).u32()) : ""));
  const device = name || nas.ip || "";
  if (port !== "") report.observe({ mac: calling.slice(1, 7).join(":").toLowerCase() }, "switchPort", `${device} ${port}`.trim());
}
const NOTHING = new Uint8Array(0);
