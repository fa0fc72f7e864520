/** What a recording holds of what was heard, as `devices` is asked about it: plain rows, summed over all batches. */
import type { CareClass, EvidenceRow, Filed, Sayable, Standing, Stated, Weighed } from "./device.ts";
import type { Attribute } from "./observation.ts";

/**
 * One address as frames and messages showed it: the pair of MAC and IP a frame wore, or either alone. It is never edited; which
 * endpoints are one device is worked out anew whenever evidence changes. At least one of `mac`, `ip`, `child` is there.
 */
export interface EndpointRow {
  /** From 1, in order of arrival; the same in every reading of the same batches. */
  readonly number: number;
  readonly space: number;
  readonly mac: string | null;
  readonly ip: string | null;
  readonly child: string | null;
  readonly frames: number;
  readonly bytes: number;
  /** When it was heard; 0 when it never was, but written down by others. */
  readonly first: number;
  readonly last: number;
  /** 1 for an initial TTL of 32, 2 for 64, 4 for 128, 8 for 255, 16 for any other, 32 for a frame to a group: `AddressRow` says when. */
  readonly ttls: number;
}

/** The earlier of two times of which 0 is none: an address that was only written down was never heard. */
export function earlier(a: number, b: number): number {
  return a === 0 ? b : b === 0 ? a : Math.min(a, b);
}

/** A claim: one thing said about one endpoint, however often. */
export interface ClaimRow {
  readonly endpoint: number;
  readonly attribute: Attribute;
  readonly value: string;
  readonly protocol: string;
  /** Address of who said it as text, null when it said so itself. */
  readonly via: string | null;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** A role in conversations that tells something of a device: who answered on which port, in which protocol. */
export interface RoleRow {
  readonly role: "client" | "server";
  readonly transport: string;
  readonly port: number;
  readonly protocol: string;
  readonly answered: number;
}

/** Everything `describe` may look at for one device. */
export interface Heard {
  readonly endpoints: readonly EndpointRow[];
  /** Its own addresses as `Identity` has them: with what ARP named though no frame wore it, without the MAC of a router that carried it. */
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly claims: readonly ClaimRow[];
  readonly roles: readonly RoleRow[];
  /** What people said of it, attribute to their word. */
  readonly said: ReadonlyMap<Sayable, { readonly value: string; readonly who: string; readonly reason: string; readonly at: number }>;
  /** It forwards for others: its MACs lend no maker to those behind it, and the word of those is not its own. */
  readonly carrier: boolean;
  /** The site's own ranges; outside of them it is "outside". */
  readonly outside: boolean;
}

/** What evidence makes of one device. */
export interface Described {
  readonly name: string;
  readonly decided: Readonly<Record<Weighed, Stated | null>>;
  readonly filed: Readonly<Record<Filed, Stated | null>>;
  readonly names: readonly Stated[];
  readonly lifeCritical: CareClass;
  readonly standing: Standing;
  /** Strongest first within each attribute; the answer to "how do we know". */
  readonly evidence: readonly EvidenceRow[];
}
