/** What watches found, as it is stored, and the two sides of it as devices. */
import { LEAD_PROBABLY } from "../../model/device.ts";
import type { FindingParty, FindingSaid, StoredFinding } from "../../model/finding.ts";
import { FINDING_COLUMNS, findingOf, type FindingRow } from "../findings.ts";
import { keyOf, wordsOfFindings } from "../finding-words.ts";
import type { Store } from "../reader.ts";
import { spanOf } from "./days.ts";
import { kindsOf } from "./of-kind.ts";

/** The latest: whoever has so many reads no list. */
const FINDINGS_MAX = 10_000;

/** All there is to show them, of the moment it is asked in. */
/** `first`: detectors whose findings are there however many others are later. */
export function foundIn(store: Store, first: readonly string[] = []): Found {
  const words = wordsOfFindings(store.database);
  const { from, to } = spanOf(store);
  const parties = new Map<number, FindingParty | null>();
  const partyOf = findingParties(store);
  return {
    stored: storedFindings(store, first),
    partyOf: (endpoint) => {
      let party = parties.get(endpoint);
      if (party === undefined) parties.set(endpoint, (party = partyOf(endpoint)));
      return party;
    },
    ofKind: kindsOf(store),
    wordsOf: (finding) => words.get(keyOf(finding)) ?? [],
    heardSince: from,
    heardTo: to,
  };
}

interface Found {
  readonly stored: readonly StoredFinding[];
  readonly partyOf: (endpoint: number) => FindingParty | null;
  readonly ofKind: ReturnType<typeof kindsOf>;
  readonly wordsOf: (finding: Pick<StoredFinding, "detector" | "key">) => readonly FindingSaid[];
  readonly heardSince: number | null;
  readonly heardTo: number | null;
}

function storedFindings(store: Store, first: readonly string[]): readonly StoredFinding[] {
  const order = `detector IN (SELECT value FROM json_each(?)) DESC, last DESC, id`;
  return store
    .all<FindingRow>(`SELECT ${FINDING_COLUMNS} FROM finding ORDER BY ${order} LIMIT ${FINDINGS_MAX}`, JSON.stringify(first))
    .map(findingOf);
}

interface PartyRow {
  readonly id: number | null;
  readonly name: string | null;
  readonly kind: string | null;
  readonly kind_lead: number | null;
  readonly maker: string | null;
  readonly maker_lead: number | null;
  readonly location: string | null;
  readonly location_lead: number | null;
  readonly life_critical: string | null;
  readonly ip: string | null;
  readonly mac: string | null;
}

/** Who an endpoint is now; null for one that is no more. */
function findingParties(store: Store): (endpoint: number) => FindingParty | null {
  return (endpoint) => {
    const row = store.get<PartyRow>(PARTY, endpoint);
    if (row === undefined) return null;
    const { id, name, life_critical: lifeCritical, ip, mac } = row;
    return {
      device: id === null ? null : `d${id}`,
      name: name ?? ip ?? mac ?? "",
      ip,
      mac,
      kind: probable(row.kind, row.kind_lead),
      maker: probable(row.maker, row.maker_lead),
      location: probable(row.location, row.location_lead),
      lifeCritical: lifeCritical ?? "other",
    };
  };
}

/** What is less than probable is not said. */
function probable(value: string | null, lead: number | null): string | null {
  return (lead ?? 0) >= LEAD_PROBABLY ? value : null;
}

const PARTY = `SELECT device.id, device.name, device.kind, device.kind_lead, device.maker, device.maker_lead, device.location,
  device.location_lead, device.life_critical, endpoint.ip, endpoint.mac
  FROM endpoint LEFT JOIN device_endpoint ON device_endpoint.endpoint = endpoint.number
  LEFT JOIN device ON device.id = device_endpoint.device WHERE endpoint.number = ?`;
