/**
 * Who comes to a device, and whom it comes to, over what was heard: a step is one answered conversation from one device to another, as in
 * the reach of a policy. Each is searched until `REACH_COUNTED` others are found, so that a hospital of any size costs a bounded search a
 * device, and nothing of its answer depends on the rest.
 */
import { REACH_COUNTED } from "../model/risk.ts";

/** Numbers of devices: who was heard to open to whom. */
export type Way = readonly [client: number, server: number];

export class HeardWays {
  readonly #to = new Map<number, number[]>();
  readonly #from = new Map<number, number[]>();

  constructor(ways: Iterable<Way> = []) {
    this.add(ways);
  }

  /** A way may come again. */
  add(ways: Iterable<Way>): void {
    for (const [client, server] of ways) {
      if (client === server) continue;
      put(this.#to, client, server);
      put(this.#from, server, client);
    }
  }

  /** Others that could come to it, in any number of steps; at most REACH_COUNTED. */
  from(device: number): number {
    return counted(this.#from, device);
  }

  /** Others that it could come to. */
  to(device: number): number {
    return counted(this.#to, device);
  }
}

/** Whoever has more others than are counted is done with by any of them: a server of a whole hospital keeps no list of it. */
function put(ways: Map<number, number[]>, at: number, other: number): void {
  const known = ways.get(at);
  if (known === undefined) ways.set(at, [other]);
  else if (known.length <= REACH_COUNTED && !known.includes(other)) known.push(other);
}

function counted(ways: ReadonlyMap<number, readonly number[]>, start: number): number {
  const found = new Set([start]);
  // A set is walked through in the order things are added, also those added meanwhile.
  for (const at of found)
    for (const other of ways.get(at) ?? []) {
      found.add(other);
      if (found.size > REACH_COUNTED) return REACH_COUNTED;
    }
  return found.size - 1;
}
