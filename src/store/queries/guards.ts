/** Devices that guards are for, and what was heard of them: of pumps their programming, of others who speaks with them. */
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

interface TalkHeard {
  readonly devices: number;
  readonly heard: number;
  readonly answered: number;
  readonly encrypted: number;
}

interface TalkAsked {
  readonly kinds: readonly string[];
  readonly protocols: readonly string[];
  /** Whoever answers in one of the protocols is one of them, too. */
  readonly withServers: boolean;
}

/** Of devices of these kinds (of one of them, by its number): those heard in one of these protocols in the clear, and in both directions. */
export function talkHeard(store: Store, { kinds, protocols, withServers }: TalkAsked, device?: number): TalkHeard {
  const asked = [JSON.stringify(protocols), JSON.stringify(kinds), ...(device === undefined ? [] : [device])];
  return store.get<TalkHeard>(TALK(withServers ? SERVERS : "", device === undefined ? "" : "WHERE meant.id = ?"), ...asked)!;
}

const SERVERS = `UNION SELECT device_endpoint.device AS id FROM served JOIN device_endpoint ON device_endpoint.endpoint = served.server
  WHERE served.answered > 0 AND served.protocol IN (SELECT protocol FROM spoken)`;
const TALK = (servers: string, one: string) => `WITH
  spoken (protocol) AS (SELECT value FROM json_each(?)),
  whom AS MATERIALIZED (SELECT meant.id FROM (SELECT id FROM device WHERE kind IN (SELECT value FROM json_each(?)) ${servers}) AS meant ${one}),
  worn AS MATERIALIZED (SELECT whom.id, device_endpoint.endpoint FROM whom JOIN device_endpoint ON device_endpoint.device = whom.id),
  talk AS MATERIALIZED (${["client", "server"]
    .map(
      (end) => `SELECT worn.id, conversation.encrypted, conversation.protocol IN (SELECT protocol FROM spoken) AS is_read,
      conversation.bytes_to_server > 0 AND conversation.bytes_to_client > 0 AS is_whole
    FROM worn JOIN conversation ON conversation.${end} = worn.endpoint`,
    )
    .join(" UNION ALL ")})
  SELECT (SELECT count(*) FROM whom) AS devices,
    count(DISTINCT CASE WHEN is_read AND encrypted = 0 THEN id END) AS heard,
    count(DISTINCT CASE WHEN is_read AND encrypted = 0 AND is_whole THEN id END) AS answered,
    count(DISTINCT CASE WHEN encrypted = 1 THEN id END) AS encrypted
  FROM talk`;
