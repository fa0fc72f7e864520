/**
 * At which addresses devices were heard, and still may be: where another was heard since, it is the other's. Two that use one address at the
 * same time both keep it, since neither is known to have given it up.
 */
import type { SparedAddress } from "../../model/do-not-scan.ts";
import type { Store } from "../reader.ts";

/** Who was heard last so much later than the other holds the address, though both were heard there before. */
const HOLDS_US = 3_600_000_000;

interface Row {
  readonly device: number;
  readonly space: number;
  readonly ip: string;
  readonly first: number;
  readonly last: number;
}

/** By the device's id, each latest first; a device without one is left out. Who only stands in a list was heard nowhere. */
export function wornBy(store: Store, devices: readonly string[]): ReadonlyMap<string, readonly SparedAddress[]> {
  const numbers = new Set(devices.map((id) => Number(id.slice(1))));
  const wearers = Map.groupBy(store.iterate<Row>(WEARERS, JSON.stringify([...numbers])), ({ space, ip }) => `${space} ${ip}`);
  const worn = new Map<string, SparedAddress[]>();
  for (const rows of wearers.values())
    for (const { device, ip, first, last } of rows) {
      if (!numbers.has(device)) continue;
      const isAnothers = rows.some(
        (other) => other.device !== device && other.last > last && (other.first >= last || other.last - last > HOLDS_US),
      );
      if (isAnothers) continue;
      const own = worn.get(`d${device}`) ?? [];
      // Equal addresses of two spaces are one to a scanner.
      const known = own.findIndex((it) => it.ip === ip);
      const joined = known < 0 ? { ip, since: first, last } : joinedOf(own[known]!, first, last);
      worn.set(`d${device}`, [...own.filter((it) => it.ip !== ip), joined]);
    }
  for (const own of worn.values()) own.sort((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.ip < b.ip ? -1 : 1));
  return worn;
}

function joinedOf({ ip, since, last }: SparedAddress, first: number, later: number): SparedAddress {
  return { ip, since: Math.min(since ?? first, first), last: Math.max(last ?? later, later) };
}

/** What stands in a frame while its sender has no address is nobody's; a child's is its gateway's. */
const WEARERS = `
  WITH wanted(ip) AS (
    SELECT DISTINCT ip FROM json_each(?) JOIN device_endpoint ON device = CAST(json_each.value AS BIGINT) JOIN endpoint ON number = endpoint
    WHERE ip IS NOT NULL AND ip NOT IN ('0.0.0.0', '::') AND child IS NULL AND frames > 0
  )
  SELECT device, space, endpoint.ip AS ip, min(first) AS first, max(last) AS last
  FROM endpoint JOIN device_endpoint ON endpoint = number
  WHERE endpoint.ip IN (SELECT ip FROM wanted) AND child IS NULL AND frames > 0
  GROUP BY device, space, endpoint.ip ORDER BY device, space, endpoint.ip`;
