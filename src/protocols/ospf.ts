/**
 * OSPF: RFC 2328 (version 2), RFC 5340 (version 3).
 *
 * Routers find each other and exchange what they reach; a stranger among them may draw a ward's traffic to itself. Named: who takes part,
 * and whether the password of version 2 crosses in the clear. Networks and what they cost end here.
 */
import { Reader } from "../bytes/reader.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const ospf: Protocol = {
  name: "ospf",
  title: "OSPF",
  over: [{ ip: 89 }],
  setting: "network",
  privacy: {
    reads: "The kind of each packet, and whether a password crosses in the clear.",
    ends: "The password, routers, areas, networks and their cost.",
    keeps: ["capability", "clearCredentials"],
  },
  recognize: (message) => versionOf(message) !== 0,
  read,
};

/** RFC 2328 appendix A.3.1, RFC 5340 appendix A.3.1: version, kind, length of all of it, router, area, checksum; then how it is secured, or an instance. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 24, 3: 16 };
const KINDS = ["", "HELLO", "DESCRIPTION", "REQUEST", "UPDATE", "ACKNOWLEDGMENT"];
const LENGTH_OFFSET = 2;
const SECURED_OFFSET = 14;
const CLEAR_PASSWORD = 1;

/** 0 where it is none. Digests may follow what the length counts (RFC 2328 appendix D.4.3). */
function versionOf(message: Uint8Array): number {
  const [version = 0, kind = 0] = message;
  const header = HEADER_BYTES[version];
  const length = new Reader(message, LENGTH_OFFSET).u16();
  return header !== undefined && kind > 0 && kind < KINDS.length && length >= header && length <= message.length ? version : 0;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const version = versionOf(message);
  if (version === 0) return report.malformed("shorter than it says, or of a kind that is none");
  report.operation(KINDS[message[1]!]!);
  report.observe(sender, "capability", "router");
  if (version === 2 && new Reader(message, SECURED_OFFSET).u16() === CLEAR_PASSWORD) report.observe(sender, "clearCredentials", "ospf");
}
