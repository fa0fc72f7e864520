/** What the likes of a device did before it, for findings that are none where its kind does so too. */
import { LEAD_ASSERTED } from "../../model/device.ts";
import { DAY_US } from "../calendar.ts";
import type { Store } from "../reader.ts";

/** Of the most frequent kinds more are not looked at. */
const DEVICES_MAX = 4_096;
const OUTSIDE = "outside";
const DAYS_KEPT = 64;

interface OfKind {
  readonly kind: string;
  readonly days: number;
  readonly deviceDays: number;
  readonly did: boolean;
}

interface DeviceRow {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly days_low: number;
  readonly days_high: number;
}

/**
 * Of the device an endpoint is of: on how many days it, and all of its kind together, were heard before the day of `first`; and whether any
 * of them, itself among them, did `what` a day before `first` or earlier: was client of that protocol, or conversed with an address outside.
 */
export function kindsOf(store: Store): (endpoint: number, what: string, first: number) => OfKind | null {
  const devicesOf = remembered((kind: string) => store.all<DeviceRow>(DEVICES, kind, LEAD_ASSERTED, DEVICES_MAX));
  const since = remembered((did: string) => {
    const [kind, what] = JSON.parse(did) as readonly [string, string];
    const own = [kind, LEAD_ASSERTED, DEVICES_MAX] as const;
    const row = what === OUTSIDE ? store.get<Since>(SINCE_OUTSIDE, ...own) : store.get<Since>(SINCE_PROTOCOL, ...own, what);
    return row?.since ?? null;
  });
  return (endpoint, what, first) => {
    const own = store.get<{ id: number; kind: string }>(IN_SERVICE, endpoint, LEAD_ASSERTED);
    if (own === undefined) return null;
    const devices = devicesOf(own.kind);
    const heard = (device: DeviceRow | undefined) => (device === undefined ? 0 : daysBefore(device, first));
    const did = since(JSON.stringify([own.kind, what]));
    return {
      kind: own.kind,
      days: heard(devices.find(({ id }) => id === own.id)),
      deviceDays: devices.reduce((sum, it) => sum + heard(it), 0),
      did: did !== null && did <= first - DAY_US,
    };
  };
}

interface Since {
  readonly since: number | null;
}

/** Days before the one of `before` on which it was heard; of those that fell out of the 64 that are kept, all since it was first heard. */
function daysBefore({ first, last, days_low, days_high }: DeviceRow, before: number): number {
  const [firstDay, lastDay, day] = [first, last, before].map((at) => Math.floor(at / DAY_US)) as [number, number, number];
  const kept = ((BigInt(days_high) << 32n) | BigInt(days_low)) >> BigInt(Math.min(Math.max(0, lastDay - day + 1), DAYS_KEPT));
  const forgotten = Math.max(0, Math.min(lastDay - DAYS_KEPT + 1, day) - firstDay);
  return forgotten + kept.toString(2).replaceAll("0", "").length;
}

function remembered<Value>(work: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, work(key));
    return known.get(key)!;
  };
}

const IN_SERVICE = `SELECT device.id, device.kind FROM device_endpoint JOIN device ON device.id = device_endpoint.device
  WHERE device_endpoint.endpoint = ? AND device.kind IS NOT NULL AND device.kind_lead >= ? AND coalesce(device.status, 'in service') = 'in service'`;
const DEVICES = "SELECT id, first, last, days_low, days_high FROM device WHERE kind = ? AND kind_lead >= ? ORDER BY id LIMIT ?";
const CLIENT = `FROM (SELECT id FROM device WHERE kind = ? AND kind_lead >= ? ORDER BY id LIMIT ?) AS own
  JOIN device_endpoint ON device_endpoint.device = own.id JOIN conversation ON conversation.client = device_endpoint.endpoint`;
const SINCE_PROTOCOL = `SELECT min(conversation.first) AS since ${CLIENT} WHERE conversation.protocol = ? AND conversation.answered > 0`;
const SINCE_OUTSIDE = `SELECT min(conversation.first) AS since ${CLIENT}
  JOIN device_endpoint AS other ON other.endpoint = conversation.server JOIN device ON device.id = other.device
  WHERE device.standing = 'outside' AND conversation.answered > 0`;
