/** What a policy is replayed against: who talked to whom in a recording, by device, with what could not be heard. */
import type { SideKnown } from "./batch.ts";
import type { DeviceSummary } from "./device.ts";
import type { PolicyTransport } from "./policy.ts";
import type { Coverage } from "./store.ts";

export interface Replay {
  /** The first and last moment that count, microseconds since 1970; equal where nothing was heard. */
  readonly from: number;
  readonly to: number;
  /** Days (UTC) since 1970 on which anything was heard, ascending: the window. */
  readonly days: readonly number[];
  /** By number. Also those outside, and groups' addresses. */
  readonly machines: readonly Machine[];
  /** By client, server, transport and port. */
  readonly conversations: readonly HeardConversation[];
  /** What nobody answered. By client, server and transport. */
  readonly attempts: readonly HeardAttempt[];
  readonly coverage: Coverage;
  /** Of all that was heard and said, in hexadecimal: the same recording has the same. */
  readonly identity: string;
}

export interface Machine {
  readonly number: number;
  readonly device: DeviceSummary;
  /** What it wore, latest first. */
  readonly worn: readonly Worn[];
}

export interface Worn {
  readonly mac: string | null;
  readonly ip: string | null;
  readonly first: number;
  readonly last: number;
}

/** One device opened conversations of one service to another: all of them that were heard. */
export interface HeardConversation {
  /** Numbers of machines. */
  readonly client: number;
  readonly server: number;
  readonly transport: PolicyTransport;
  /** The server's; the type of ICMP, the protocol number of `ip`. */
  readonly port: number;
  /** Sorted; none where it is not known. */
  readonly protocols: readonly string[];
  readonly operations: readonly string[];
  readonly family: 4 | 6 | null;
  readonly answered: number;
  readonly refused: number;
  readonly packets: number;
  readonly first: number;
  readonly last: number;
  /** When one was last heard answered, and when none was but one refused; 0: never, or nobody can tell those apart. */
  readonly answeredLast: number;
  readonly refusedLast: number;
  readonly side: SideKnown;
  /** A bit a day, the day of the replay's `to` lowest, 64 of them. Those before `from` are left out. */
  readonly days: bigint;
}

/** Somebody tried to open conversations and was not answered: by nobody there, or by a wall. */
export interface HeardAttempt {
  readonly client: number;
  readonly server: number;
  readonly transport: PolicyTransport;
  readonly family: 4 | 6 | null;
  /** The lowest that were tried, a few. */
  readonly ports: readonly number[];
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Two machines between which stands what a watch found and nobody is done with. */
export interface Held {
  /** Their numbers; either may have begun it. */
  readonly machines: readonly [number, number];
  /** What the watch hears; null: any. */
  readonly protocols: readonly string[] | null;
}
