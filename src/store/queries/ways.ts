/** Who was heard to open to whom, by device, of machines that are the hospital's own. */
import type { Store } from "../reader.ts";

type Pair = readonly [client: number, server: number];

/** The key begins with both, so nothing is sorted; whose endpoint it is is looked up here, which takes a third of what a join takes. */
const PAIRS = "SELECT DISTINCT client, server FROM conversation WHERE client BETWEEN ? AND ? AND answered > 0";
const OWN =
  "SELECT endpoint, device FROM device_endpoint JOIN device ON id = device WHERE standing = 'device' AND endpoint BETWEEN ? AND ?";
const ENDPOINTS_A_STEP = 2_000;
const NOBODY = 0;

/** In steps, between which whoever drives it may do something else; a pair comes again where one of them has several addresses. */
export function* waysOf(store: Store): Generator<readonly Pair[]> {
  const endpoints = (store.get<{ most: number | null }>("SELECT max(number) AS most FROM endpoint")?.most ?? 0) + 1;
  const deviceAt = new Uint32Array(endpoints).fill(NOBODY);
  for (const step of steps(endpoints)) {
    for (const [endpoint, device] of store.tuples<Pair>(OWN, ...step)) deviceAt[endpoint] = device;
    yield [];
  }
  for (const step of steps(endpoints)) {
    const own: Pair[] = [];
    for (const pair of store.tuples<Pair>(PAIRS, ...step)) {
      // Who came after it began is nobody yet.
      const [client = NOBODY, server = NOBODY] = [deviceAt[pair[0]], deviceAt[pair[1]]];
      if (client !== NOBODY && server !== NOBODY && client !== server) own.push([client, server]);
    }
    yield own;
  }
}

function* steps(endpoints: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < endpoints; from += ENDPOINTS_A_STEP) yield [from, from + ENDPOINTS_A_STEP - 1];
}
