/** Pumps, and what of their programming was heard. */
import type { Store } from "../reader.ts";

interface Heard {
  readonly pumps: number;
  readonly devices: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  readonly encrypted: number;
}

interface Row {
  readonly value: string;
  readonly devices: number;
  readonly times: number;
}

/** `device`: of this one alone, by its number. */
export function programmingHeard(store: Store, device?: number): Heard {
  const whom = device === undefined ? { where: "", of: [] } : { where: "AND device_endpoint.device = ?", of: [device] };
  const rows = store.all<Row>(BY_VALUE(whom.where), ...whom.of);
  return {
    pumps: store.get<{ readonly pumps: number }>(PUMPS(device === undefined ? "" : "WHERE id = ?"), ...whom.of)?.pumps ?? 0,
    devices: Object.fromEntries(rows.map(({ value, devices }) => [value, devices])),
    times: Object.fromEntries(rows.map(({ value, times }) => [value, times])),
    encrypted: store.get<{ readonly clients: number }>(ENCRYPTED(whom.where), ...whom.of)?.clients ?? 0,
  };
}

/** Devices that are pumps by kind, and those whose programming crosses, whatever else is known of them. */
const PUMPS = (where: string) => `SELECT count(*) AS pumps FROM (
  SELECT id FROM device WHERE kind IN ('infusion pump', 'syringe pump', 'patient-controlled analgesia pump')
  UNION SELECT device_endpoint.device FROM claim JOIN device_endpoint ON device_endpoint.endpoint = claim.endpoint WHERE claim.attribute = 'programming') AS pumps ${where}`;
const BY_VALUE = (where: string) => `SELECT claim.value, count(DISTINCT device_endpoint.device) AS devices, sum(claim.count) AS times
  FROM claim JOIN device_endpoint ON device_endpoint.endpoint = claim.endpoint WHERE claim.attribute = 'programming' ${where} GROUP BY claim.value`;
/** A gateway has the address of those it speaks for. */
const ENCRYPTED = (
  where: string,
) => `SELECT count(DISTINCT client) AS clients FROM conversation WHERE encrypted = 1 AND answered > 0 AND server IN (
  SELECT gateway.number FROM claim JOIN device_endpoint ON device_endpoint.endpoint = claim.endpoint
    JOIN endpoint AS pump ON pump.number = claim.endpoint
    JOIN endpoint AS gateway ON gateway.space = pump.space AND gateway.ip = pump.ip AND gateway.child IS NULL
  WHERE claim.attribute = 'programming' ${where})`;
