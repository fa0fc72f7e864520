/**
 * Who talked to whom, as one can tell it apart: by device and address. An address that was heard under two MACs is two endpoints and
 * one peer, so its rows are added. What two sensors heard is the same conversation twice: the larger sum holds, never the total.
 */
import { SIDES } from "../../model/batch.ts";
import type { ConversationView } from "../../model/device.ts";
import type { Store } from "../reader.ts";
import { daysShown, type Days } from "./days.ts";

const ROWS_A_STEP = 2_000;

interface Row {
  readonly client: number;
  readonly server: number;
  readonly client_device: number | null;
  readonly client_name: string | null;
  readonly client_address: string;
  readonly server_device: number | null;
  readonly server_name: string | null;
  readonly server_address: string;
  readonly transport: string;
  readonly port: number;
  readonly protocol: string;
  readonly sensor: string;
  readonly operations: string;
  readonly packets_to_server: number;
  readonly packets_to_client: number;
  readonly bytes_to_server: number;
  readonly bytes_to_client: number;
  readonly answered: number;
  readonly refused: number;
  readonly first: number;
  readonly last: number;
  readonly side: string;
  readonly encrypted: number;
  readonly days_low: number;
  readonly days_high: number;
}

/** A group is nobody's device: it stands there by its address. */
const SELECT = `
  SELECT client, server, iif(client_of.standing = 'group', NULL, client_end.device) AS client_device, client_of.name AS client_name, coalesce(a.ip, a.mac, a.child) AS client_address,
    iif(server_of.standing = 'group', NULL, server_end.device) AS server_device, server_of.name AS server_name, coalesce(b.ip, b.mac, b.child) AS server_address,
    transport, port, protocol, sensor, operations, packets_to_server, packets_to_client, bytes_to_server, bytes_to_client,
    answered, refused, conversation.first, conversation.last, side, encrypted, conversation.days_low, conversation.days_high
  FROM conversation
    JOIN endpoint a ON a.number = client LEFT JOIN device_endpoint client_end ON client_end.endpoint = client
    LEFT JOIN device client_of ON client_of.id = client_end.device
    JOIN endpoint b ON b.number = server LEFT JOIN device_endpoint server_end ON server_end.endpoint = server
    LEFT JOIN device server_of ON server_of.id = server_end.device`;

/** What an endpoint began and what others began with it: each walked by who is at the other end. */
const BEGAN = `${SELECT} WHERE client = ? AND (server, transport, port, protocol, sensor) > (?, ?, ?, ?, ?)
  ORDER BY server, transport, port, protocol, sensor LIMIT ${ROWS_A_STEP}`;
const ASKED = `${SELECT} WHERE server = ? AND (client, transport, port, protocol, sensor) > (?, ?, ?, ?, ?)
  ORDER BY client, transport, port, protocol, sensor LIMIT ${ROWS_A_STEP}`;

/** The latest first. In steps, since a whole hospital asks its name server. */
export function* conversationsOf(store: Store, id: number): Generator<undefined, readonly Shown[]> {
  const days = daysShown(store);
  const endpoints = store.all<{ endpoint: number }>("SELECT endpoint FROM device_endpoint WHERE device = ? ORDER BY endpoint", id);
  const rows: Row[] = [];
  for (const { endpoint } of endpoints)
    for (const [sql, peer] of [
      [BEGAN, "server"],
      [ASKED, "client"],
    ] as const) {
      for (let after: Row | undefined; ; yield) {
        const step: Row[] = store.all<Row>(
          sql,
          endpoint,
          after?.[peer] ?? 0,
          after?.transport ?? "",
          after?.port ?? 0,
          after?.protocol ?? "",
          after?.sensor ?? "",
        );
        // With itself it stands among what it began.
        for (const row of step) if (peer === "server" || row.client_device !== id) rows.push(row);
        after = step.at(-1);
        if (step.length < ROWS_A_STEP) break;
      }
    }
  return merged(days, rows).sort((a, b) => b.last - a.last || byEnds(a, b));
}

export function conversationPage(rows: readonly Shown[], offset: number, limit: number): ConversationPage {
  return { total: rows.length, rows: rows.slice(offset, offset + limit).map(viewOf) };
}

interface ConversationPage {
  readonly total: number;
  readonly rows: readonly ConversationView[];
}

/** What these endpoints, one address between them, began; sorted by address, then by what. */
export function conversationsBegunBy(store: Store, endpoints: readonly number[]): ConversationView[] {
  return merged(
    daysShown(store),
    endpoints.flatMap((endpoint) =>
      store.all<Row>(`${SELECT} WHERE client = ? ORDER BY server, transport, port, protocol, sensor`, endpoint),
    ),
  )
    .sort(byEnds)
    .map(viewOf);
}

function viewOf(row: Shown): ConversationView {
  return {
    client: end(row.client_device, row.client_name, row.client_address),
    server: end(row.server_device, row.server_name, row.server_address),
    transport: row.transport,
    port: row.port,
    protocol: row.protocol === "" ? null : row.protocol,
    operations: row.operations === "" ? [] : row.operations.split(" "),
    packets: [row.packets_to_server, row.packets_to_client],
    bytes: [row.bytes_to_server, row.bytes_to_client],
    refused: row.refused,
    answered: row.answered,
    first: row.first,
    last: row.last,
    side: row.side,
    encrypted: row.encrypted === 1,
    days: row.days,
  };
}

function end(device: number | null, name: string | null, ip: string): ConversationView["client"] {
  return { device: device === null ? null : `d${device}`, name: name ?? ip, ip };
}

type Shown = Row & { readonly days: readonly [number, number] };

function merged(days: Days, rows: readonly Row[]): Shown[] {
  const shown = rows.map((row): Shown => ({ ...row, days: days(row) }));
  const same = Map.groupBy(shown, (row) =>
    [row.client_device, row.client_address, row.server_device, row.server_address, row.transport, row.port, row.protocol].join(" "),
  );
  return [...same.values()].map((group) => {
    if (group.length === 1) return group[0]!;
    const heard = Map.groupBy(group, (row) => row.sensor);
    return [...heard.values()].map((of) => of.reduce((a, b) => joined(a, b, (x, y) => x + y))).reduce((a, b) => joined(a, b, Math.max));
  });
}

function joined(a: Shown, b: Shown, count: (a: number, b: number) => number): Shown {
  return {
    ...a,
    operations: [...new Set([...a.operations.split(" "), ...b.operations.split(" ")])].filter(Boolean).sort().join(" "),
    packets_to_server: count(a.packets_to_server, b.packets_to_server),
    packets_to_client: count(a.packets_to_client, b.packets_to_client),
    bytes_to_server: count(a.bytes_to_server, b.bytes_to_server),
    bytes_to_client: count(a.bytes_to_client, b.bytes_to_client),
    answered: count(a.answered, b.answered),
    refused: count(a.refused, b.refused),
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    side: SIDES.find((side) => side === a.side || side === b.side) ?? a.side,
    encrypted: Math.max(a.encrypted, b.encrypted),
    days: [(a.days[0] | b.days[0]) >>> 0, (a.days[1] | b.days[1]) >>> 0],
  };
}

function byEnds(a: Row, b: Row): number {
  return (
    compare(a.client_address, b.client_address) ||
    compare(a.server_address, b.server_address) ||
    compare(a.transport, b.transport) ||
    a.port - b.port ||
    compare(a.protocol, b.protocol) ||
    (a.client_device ?? 0) - (b.client_device ?? 0) ||
    (a.server_device ?? 0) - (b.server_device ?? 0)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
