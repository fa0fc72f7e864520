/** What watches found, as it is stored, and the two sides of it as devices. */
import type { FindingParty, StoredFinding } from "../../model/finding.ts";
import { FINDING_COLUMNS, findingOf, type FindingRow } from "../findings.ts";
import type { Store } from "../reader.ts";

/** The latest: whoever has so many reads no list. */
const FINDINGS_MAX = 10_000;

export function storedFindings(store: Store): readonly StoredFinding[] {
  return store.all<FindingRow>(`SELECT ${FINDING_COLUMNS} FROM finding ORDER BY last DESC, id LIMIT ${FINDINGS_MAX}`).map(findingOf);
}

interface PartyRow {
  readonly id: number | null;
  readonly name: string | null;
  readonly kind: string | null;
  readonly life_critical: string | null;
  readonly ip: string | null;
  readonly mac: string | null;
}

/** Who an endpoint is now; null for one that is no more. */
export function findingParties(store: Store): (endpoint: number) => FindingParty | null {
  return (endpoint) => {
    const row = store.get<PartyRow>(PARTY, endpoint);
    if (row === undefined) return null;
    const { id, name, kind, life_critical: lifeCritical, ip, mac } = row;
    return { device: id === null ? null : `d${id}`, name: name ?? ip ?? mac ?? "", ip, mac, kind, lifeCritical: lifeCritical ?? "other" };
  };
}

const PARTY = `SELECT device.id, device.name, device.kind, device.life_critical, endpoint.ip, endpoint.mac
  FROM endpoint LEFT JOIN device_endpoint ON device_endpoint.endpoint = endpoint.number
  LEFT JOIN device ON device.id = device_endpoint.device WHERE endpoint.number = ?`;
