/** Who was heard to open to whom, by device: each pair once, of machines that are the hospital's own. */
import type { Store } from "../reader.ts";

/** The key begins with both, so nothing is sorted; whose endpoint it is is looked up here, which takes a third of what a join takes. */
const PAIRS = "SELECT DISTINCT client, server FROM conversation WHERE answered > 0";
const OWN = "SELECT endpoint, device FROM device_endpoint JOIN device ON id = device WHERE standing = 'device'";
/** Beyond any number of a device. */
const NUMBERS = 2 ** 26;

export function* waysOf(store: Store): Generator<readonly [client: number, server: number]> {
  const deviceAt = new Map<number, number>();
  for (const { endpoint, device } of store.iterate<{ endpoint: number; device: number }>(OWN)) deviceAt.set(endpoint, device);
  const told = new Set<number>();
  for (const pair of store.iterate<{ client: number; server: number }>(PAIRS)) {
    const client = deviceAt.get(pair.client);
    const server = deviceAt.get(pair.server);
    if (client === undefined || server === undefined || client === server) continue;
    const way = client * NUMBERS + server;
    if (told.has(way)) continue;
    told.add(way);
    yield [client, server];
  }
}
