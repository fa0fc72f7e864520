/** All sums of a recording, told by addresses and not by numbers, which depend on what came first: equal where nothing was lost and nothing came twice. */
import { Store } from "../store/reader.ts";

/** One line a row, in order. */
export function sumsOf(recording: string): readonly string[] {
  const store = new Store(recording);
  try {
    return [RUNS, ENDPOINTS, CONVERSATIONS].flatMap((sql) =>
      store
        .all<object>(sql)
        .map((row) => JSON.stringify(row))
        .toSorted(),
    );
  } finally {
    store.close();
  }
}

/** What differs, a line each, at most so many. */
export function differences(one: readonly string[], other: readonly string[], most = 6): readonly string[] {
  const [a, b] = [new Set(one), new Set(other)];
  const only = (rows: readonly string[], others: ReadonlySet<string>, sign: string) =>
    rows.filter((row) => !others.has(row)).map((row) => `${sign} ${row}`);
  return [...only(one, b, "-"), ...only(other, a, "+")].toSorted((x, y) => (x.slice(2) < y.slice(2) ? -1 : 1)).slice(0, most);
}

const RUNS = "SELECT run, input, sequence, beyond, missing, frames, bytes, drops, duplicates, gaps, counts FROM run";
/** A MAC alone is numbered with the first batch that has an address of it, and wears that one's time: so its times depend on which came first. */
const ENDPOINTS = `SELECT mac, ip, child, sum(frames) AS frames, sum(bytes) AS bytes,
  CASE WHEN ip IS NOT NULL OR child IS NOT NULL THEN min(nullif(first, 0)) END AS first,
  CASE WHEN ip IS NOT NULL OR child IS NOT NULL THEN max(last) END AS last
  FROM endpoint GROUP BY mac, ip, child`;
/** Two sensors of a site are two rows of one conversation. */
const CONVERSATIONS = `SELECT a.mac AS client_mac, a.ip AS client_ip, a.child AS client_child, b.mac AS server_mac, b.ip AS server_ip, b.child AS server_child,
  transport, port, protocol, sum(packets_to_server) AS packets_to_server, sum(packets_to_client) AS packets_to_client,
  sum(bytes_to_server) AS bytes_to_server, sum(bytes_to_client) AS bytes_to_client, sum(answered) AS answered, sum(refused) AS refused,
  min(conversation.first) AS first, max(conversation.last) AS last
  FROM conversation JOIN endpoint a ON a.number = client JOIN endpoint b ON b.number = server
  GROUP BY a.mac, a.ip, a.child, b.mac, b.ip, b.child, transport, port, protocol`;
