/**
 * The document `auscult.inventory/1` (docs/inventory.schema.json) in pieces of text, so that a hospital need not fit in memory.
 * The same recording gives the same bytes: devices by their number, every list in it by its fields in order, text by code unit.
 */
import type { DeviceSummary, EvidenceRow, Stated } from "../model/device.ts";
import { CONFIDENCE_MAX, LEAD_PROBABLY } from "../model/device.ts";
import type { Heard } from "../model/heard.ts";
import type { Coverage } from "../model/store.ts";
import { conversationsBegunBy } from "./queries/conversations.ts";
import { byFields } from "./order.ts";
import { DeviceQueries } from "./queries/device.ts";
import type { Store } from "./reader.ts";

type EvidenceOf = (heard: Heard) => readonly EvidenceRow[];

const PIECE_LENGTH = 64 * 1024;
const READ_AT_ONCE = 1_000;

/** `evidenceOf`: why a device is what it is, which the store does not keep. */
export function* inventory(store: Store, coverage: Coverage, evidenceOf: EvidenceOf): Generator<string> {
  let piece = "";
  for (const text of parts(store, coverage, evidenceOf)) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function* parts(store: Store, coverage: Coverage, evidenceOf: EvidenceOf): Generator<string> {
  yield `{"schema":"auscult.inventory/1","coverage":${JSON.stringify(coverageOf(coverage))},\n"devices":[`;
  yield* listed(devices(store, evidenceOf));
  yield `],\n"conversations":[`;
  yield* listed(conversations(store));
  yield "]}\n";
}

function* listed(values: Iterable<object>): Generator<string> {
  let before = "\n";
  for (const value of values) {
    yield before + JSON.stringify(value);
    before = ",\n";
  }
}

function coverageOf({ frames, bytes, malformed, gaps, duplicates, drops, from, to }: Coverage): object {
  return { frames, bytes, malformed, gaps, duplicates, drops, from: from === null ? null : iso(from), to: to === null ? null : iso(to) };
}

/** Addresses of groups are nobody's machine. */
function* devices(store: Store, evidenceOf: EvidenceOf): Generator<object> {
  const queries = new DeviceQueries(store);
  for (let last = 0; ;) {
    const ids = store.all<{ id: number }>(
      `SELECT id FROM device WHERE id > ? AND standing <> 'group' ORDER BY id LIMIT ${READ_AT_ONCE}`,
      last,
    );
    if (ids.length === 0) return;
    for (const { id } of ids) {
      const known = queries.device(id);
      if (known === null) continue; // Joined to another since.
      const { stated: device, services } = known;
      const evidence = evidenceOf(known.heard);
      yield {
        id: device.id,
        macs: device.macs.toSorted(),
        ips: device.ips.toSorted(),
        names: device.names.flatMap((it) => value(it) ?? []).toSorted(byFields(["value"])),
        kind: value(device.kind),
        maker: value(device.maker),
        model: value(device.model),
        serial: value(device.serial),
        software: value(device.software),
        os: value(device.os),
        location: value(device.location),
        lifeCritical: lifeCritical(device, evidence),
        services: services.toSorted(byFields(["ip", "transport", "port", "protocol"])),
        evidence: evidence.map(claim).toSorted(byFields(CLAIM)),
      };
    }
    last = ids.at(-1)!.id;
  }
}

interface Value {
  readonly value: string;
  readonly confidence: number;
}

function value(it: Stated | null): Value | null {
  return it === null || it.lead < LEAD_PROBABLY ? null : { value: it.value, confidence: it.confidence };
}

/** As sure as what the device is, since it follows from that; unless a person said it. */
function lifeCritical(device: DeviceSummary, evidence: readonly EvidenceRow[]): Value | null {
  const said = evidence.some((it) => it.attribute === "lifeCritical" && it.observed === "operator");
  const confidence = said ? CONFIDENCE_MAX : value(device.kind)?.confidence;
  return confidence === undefined ? null : { value: device.lifeCritical, confidence };
}

const CLAIM = ["attribute", "value", "protocol", "via", "weight", "first", "last", "count"] as const;

function claim({ attribute, value, protocol, via, weight, first, last, count }: EvidenceRow) {
  return { attribute, value, protocol, via, weight, first: iso(first), last: iso(last), count };
}

/** By the address of who began it, as text: addresses that are equal in two address spaces stand together. */
function* conversations(store: Store): Generator<object> {
  for (const endpoints of clients(store))
    for (const it of conversationsBegunBy(store, endpoints))
      yield {
        client: it.client.ip,
        server: it.server.ip,
        transport: it.transport,
        port: it.port,
        protocol: it.protocol,
        operations: it.operations,
        packets: it.packets,
        bytes: it.bytes,
        refused: it.refused,
        first: iso(it.first),
        last: iso(it.last),
      };
}

/** Endpoints that began conversations, those of one address together. Only numbers are kept, since there may be a million. */
function* clients(store: Store): Generator<readonly number[]> {
  const numbers: number[] = [];
  const begins: number[] = [];
  let before: string | undefined;
  const rows = store.iterate<{ number: number; address: string }>(
    `SELECT number, coalesce(ip, mac, child) AS address FROM (SELECT DISTINCT client FROM conversation) AS began JOIN endpoint ON number = client
     ORDER BY address, number`,
  );
  for (const { number, address } of rows) {
    if (address !== before) begins.push(numbers.length);
    numbers.push(number);
    before = address;
  }
  for (const [place, begin] of begins.entries()) yield numbers.slice(begin, begins[place + 1]);
}

/** Microseconds since 1970 as ISO 8601 with all of their digits. */
function iso(micros: number): string {
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, "0")}Z`;
}
