/** Who was heard to open to whom, by device: each pair once, of machines that are the hospital's own. */
import type { Store } from "../reader.ts";

const WAYS = `
  SELECT DISTINCT a.device AS client, b.device AS server
  FROM conversation JOIN device_endpoint a ON a.endpoint = client JOIN device_endpoint b ON b.endpoint = server
    JOIN device x ON x.id = a.device AND x.standing = 'device' JOIN device y ON y.id = b.device AND y.standing = 'device'
  WHERE answered > 0 AND a.device <> b.device`;

export function* waysOf(store: Store): Generator<readonly [client: number, server: number]> {
  for (const { client, server } of store.iterate<{ readonly client: number; readonly server: number }>(WAYS)) yield [client, server];
}
