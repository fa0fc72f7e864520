/** Devices as their lives are told, of the moment it is asked in. */
import { LEAD_PROBABLY, type CareClass } from "../../model/device.ts";
import type { Dated, Life, Lives } from "../../model/lifecycle.ts";
import { DAY_US } from "../calendar.ts";
import type { Store } from "../reader.ts";

/** Days that `worked` holds. */
const WORKED_DAYS = 32;
/** More of one device tell nothing. */
const DATED_MAX = 64;
const ROWS_A_STEP = 2_000;

const STATED = ["kind", "maker", "model", "serial", "udi", "location"] as const;

interface Row extends Readonly<Record<(typeof STATED)[number], string | null>> {
  readonly id: number;
  readonly name: string;
  readonly owner: string | null;
  readonly controlNumber: string | null;
  readonly status: string | null;
  readonly care: CareClass;
  readonly first: number;
  readonly last: number;
}

/** `clinical`: the protocols whose use is a clinical device's work. In steps; whoever drives it may do something else between them. */
export function* livesIn(store: Store, clinical: readonly string[]): Generator<undefined, Lives> {
  const span = store.get<{ from: number | null; to: number | null }>('SELECT min(first) AS "from", max(last) AS "to" FROM run')!;
  const today = Math.floor((span.to ?? 0) / DAY_US);
  const work = JSON.stringify(clinical);
  const devices: Life[] = [];
  for (let last = 0; ;) {
    const rows = store.all<Row>(DEVICES, last);
    if (rows.length === 0) break;
    const end = rows.at(-1)!.id;
    const worked = new Map<number, number>();
    for (const it of store.all<WorkRow>(WORK, last, end, work)) {
      const ago = today - Math.floor(it.last / DAY_US);
      if (ago < WORKED_DAYS) worked.set(it.device, ((worked.get(it.device) ?? 0) | ((it.days << ago) >>> 0)) >>> 0);
    }
    const software = datedOf(store, SOFTWARE, last, end);
    const places = datedOf(store, PLACES, last, end);
    for (const { id, care, ...row } of rows)
      devices.push({
        ...row,
        id: `d${id}`,
        lifeCritical: care,
        worked: worked.get(id) ?? 0,
        software: software.get(id) ?? [],
        places: places.get(id) ?? [],
      });
    last = end;
    yield;
  }
  const inputs = store.all<{ since: number }>("SELECT min(first) AS since FROM run WHERE first > 0 GROUP BY input ORDER BY since");
  return { devices, ...span, inputsSince: inputs.slice(1).map(({ since }) => since) };
}

function datedOf(store: Store, claims: string, after: number, until: number): Map<number, Dated[]> {
  const found = new Map<number, Dated[]>();
  for (const { device, ...dated } of store.all<Dated & { readonly device: number }>(claims, after, until)) {
    const known = found.get(device);
    if (known === undefined) found.set(device, [dated]);
    else if (known.length < DATED_MAX) known.push(dated);
  }
  return found;
}

interface WorkRow {
  readonly device: number;
  readonly last: number;
  /** The newest day lowest, counted back from its own last day. */
  readonly days: number;
}

/** What is a device to care for: no router, no group, nothing outside the site. */
const DEVICES = `SELECT id, name, owner, controlNumber, status, life_critical AS care, first, last,
    ${STATED.map((it) => `iif(${it}_lead >= ${LEAD_PROBABLY}, ${it}, NULL) AS ${it}`).join(", ")}
  FROM device WHERE id > ? AND standing = 'device' ORDER BY id LIMIT ${ROWS_A_STEP}`;
/** Each end by the index that begins with it: asked for either end at once, every step would walk through all conversations. */
const workAs = (end: "client" | "server") => `SELECT mine.device, conversation.last, conversation.days_low AS days
  FROM device_endpoint AS mine JOIN conversation ON conversation.${end} = mine.endpoint
  WHERE mine.device > ?1 AND mine.device <= ?2 AND conversation.protocol IN (SELECT value FROM json_each(?3))`;
const WORK = `${workAs("client")} UNION ALL ${workAs("server")}`;
const claimsThat = (which: string) => `SELECT mine.device, value, min(first) AS first, max(last) AS last
  FROM device_endpoint AS mine JOIN claim ON claim.endpoint = mine.endpoint
  WHERE mine.device > ? AND mine.device <= ? AND (${which})
  GROUP BY mine.device, value ORDER BY mine.device, first, value`;
const PLACES = claimsThat("attribute IN ('location', 'switchPort')");
/** A pump's drug library is what it describes itself with (IHE PCD TF-3, MDC_PUMP_DRUG_LIBRARY_VERSION). */
const SOFTWARE = claimsThat("attribute = 'software' OR attribute = 'description' AND lower(value) LIKE 'drug library %'");
