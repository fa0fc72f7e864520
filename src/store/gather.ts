/** What was heard of the endpoints of one device: what `describe` is asked with, by who works devices out and by who shows how we know. */
import type { Engine, Statement } from "./engine.ts";
import type { Attribute } from "../model/observation.ts";
import type { ClaimRow, EndpointRow, RoleRow } from "../model/heard.ts";
import { sum } from "./held.ts";
import { Kind, Told } from "./told.ts";

/** Claims of one endpoint that are weighed; those heard last when there are more. */
const CLAIMS_MAX = 2_000;
/** Roles of one device: a scanner has one for each port it found. */
const ROLES_MAX = 500;
/** Rows read ahead at once; when there are more, each endpoint is asked about in its turn. */
const AHEAD_MAX = 20_000;
/** Tellers are few and tell much: a DHCP server, a switch. */
const TELLERS_MAX = 4_096;

export interface Gathered {
  readonly endpoints: readonly (EndpointRow & { readonly days_low: number; readonly days_high: number })[];
  readonly claims: readonly ClaimRow[];
  /** Of servers, in the order of transport, port and protocol. */
  readonly roles: readonly RoleRow[];
  /** Endpoints these talked to, whoever began. */
  readonly partners: ReadonlySet<number>;
}

type Endpoint = Gathered["endpoints"][number];
type EndpointTuple = readonly [number, number, string | null, string | null, string | null, number, number, number, number, number, number, number]; // prettier-ignore
type ClaimTuple = readonly [number, string, string, string, number, number, number, number];
type ServerTuple = readonly [client: number, server: number];
type ClientTuple = readonly [server: number, client: number];
type RoleTuple = readonly [server: number, transport: string, port: number, protocol: string, answered: number];

export class Gather {
  readonly #endpoints: Asked<EndpointTuple>;
  readonly #claims: Asked<ClaimTuple>;
  readonly #servers: Asked<ServerTuple>;
  readonly #served: Asked<RoleTuple>;
  readonly #clients: Asked<ClientTuple>;
  readonly #teller: Statement;
  readonly #tellers = new Map<number, string | null>();
  /** Half of all addresses only ever wore frames, and need not be asked about. */
  readonly #told: Told;

  constructor(database: Engine, told = new Told(database)) {
    this.#told = told;
    this.#endpoints = new Asked(
      database,
      "number, space, mac, ip, child, frames, bytes, first, last, ttls, days_low, days_high FROM endpoint",
      "number",
    );
    this.#claims = new Asked(
      database,
      "endpoint, attribute, claim.value, protocol, via, first, last, count FROM claim",
      "endpoint",
      "attribute, claim.value, protocol, via",
    );
    this.#servers = new Asked(database, "client, server FROM conversation", "client");
    this.#served = new Asked(database, "server, transport, port, protocol, answered FROM served", "server");
    this.#clients = new Asked(database, "DISTINCT server, client FROM conversation", "server");
    this.#teller = tuples(database, "SELECT coalesce(ip, mac) FROM endpoint WHERE number = ?");
  }

  /** Asks about many at once, which takes half the time (measured). Until `forget` nothing may be written. */
  ahead(endpoints: readonly number[]): void {
    this.#endpoints.ahead(endpoints);
    this.#claims.ahead(endpoints.filter((it) => this.#told.has(it, Kind.claim)));
    this.#servers.ahead(endpoints.filter((it) => this.#told.has(it, Kind.client)));
    const servers = endpoints.filter((it) => this.#told.has(it, Kind.server));
    this.#served.ahead(servers);
    this.#clients.ahead(servers);
  }

  forget(): void {
    for (const it of [this.#endpoints, this.#claims, this.#servers, this.#served, this.#clients]) it.forget();
  }

  of(endpoints: readonly number[]): Gathered {
    const roles = new Map<string, Role>();
    const claims: ClaimRow[] = [];
    for (const endpoint of endpoints) {
      if (this.#told.has(endpoint, Kind.claim)) this.#addClaims(endpoint, claims);
      if (!this.#told.has(endpoint, Kind.server)) continue;
      for (const row of told(this.#served.of(endpoint))) add(roles, row);
    }
    return {
      endpoints: endpoints.map((endpoint) => this.#endpointOf(endpoint)),
      claims,
      roles: roles.size === 0 ? NONE : [...roles.values()].sort(byRole).slice(0, ROLES_MAX),
      partners: this.partners(endpoints),
    };
  }

  partners(endpoints: Iterable<number>): Set<number> {
    const partners = new Set<number>();
    for (const endpoint of endpoints) {
      if (this.#told.has(endpoint, Kind.server)) for (const [, client] of this.#clients.of(endpoint)) partners.add(client);
      if (this.#told.has(endpoint, Kind.client)) for (const [, server] of this.#servers.of(endpoint)) partners.add(server);
    }
    return partners;
  }

  #endpointOf(endpoint: number): Endpoint {
    const [number, space, mac, ip, child, frames, bytes, first, last, ttls, days_low, days_high] = this.#endpoints.of(endpoint)[0]!;
    return { number, space, mac, ip, child, frames, bytes, first, last, ttls, days_low, days_high };
  }

  #addClaims(endpoint: number, claims: ClaimRow[]): void {
    let rows = this.#claims.of(endpoint);
    if (rows.length > CLAIMS_MAX) rows = rows.toSorted((a, b) => b[LAST] - a[LAST]).slice(0, CLAIMS_MAX);
    for (const [, attribute, value, protocol, via, first, last, count] of rows)
      claims.push({
        endpoint,
        attribute: attribute as Attribute,
        value,
        protocol,
        via: via === 0 ? null : this.#addressOf(via),
        first,
        last,
        count,
      });
  }

  #addressOf(teller: number): string | null {
    const known = this.#tellers.get(teller);
    if (known !== undefined) return known;
    if (this.#tellers.size >= TELLERS_MAX) this.#tellers.clear();
    const [address] = this.#teller.get(teller) as unknown as [string | null];
    this.#tellers.set(teller, address);
    return address;
  }
}

/** Rows of one table, by the endpoint they begin with. */
class Asked<Tuple extends readonly [number, ...unknown[]]> {
  readonly #one: Statement;
  readonly #many: Statement;
  #ahead: ReadonlyMap<number, readonly Tuple[]> = new Map();

  /** `order`: where it matters to who is asked; of one endpoint it is that of the table's key. */
  constructor(database: Engine, rows: string, key: string, order = "") {
    const ordered = order === "" ? "" : `ORDER BY ${key}, ${order}`;
    this.#one = tuples(database, `SELECT ${rows} WHERE ${key} = ? ${ordered}`);
    this.#many = tuples(database, `SELECT ${rows.replace(" FROM", " FROM json_each(?) AS asked CROSS JOIN")} ON ${key} = CAST(asked.value AS BIGINT) ${ordered} LIMIT ${AHEAD_MAX}`); // prettier-ignore
  }

  ahead(endpoints: readonly number[]): void {
    if (endpoints.length === 0) return this.forget();
    const rows = this.#many.all(JSON.stringify(endpoints)) as unknown as readonly Tuple[];
    this.#ahead = new Map();
    if (rows.length === AHEAD_MAX) return;
    const ahead = Map.groupBy<number, Tuple>(rows, ([endpoint]) => endpoint);
    // Of whom there is nothing that is known too.
    for (const endpoint of endpoints) if (!ahead.has(endpoint)) ahead.set(endpoint, []);
    this.#ahead = ahead;
  }

  of(endpoint: number): readonly Tuple[] {
    return this.#ahead.get(endpoint) ?? (this.#one.all(endpoint) as unknown as readonly Tuple[]);
  }

  forget(): void {
    this.#ahead = new Map();
  }
}

function tuples(database: Engine, sql: string): Statement {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** Its place in a `ClaimTuple`. */
const LAST = 6;
const NONE: readonly never[] = [];

type Role = { -readonly [Key in keyof RoleRow]: RoleRow[Key] };

function add(roles: Map<string, Role>, [, transport, port, protocol, answered]: RoleTuple): void {
  const key = `${transport} ${port} ${protocol}`;
  const known = roles.get(key);
  if (known === undefined) roles.set(key, { role: "server", transport, port, protocol, answered });
  else known.answered = sum(known.answered, answered);
}

function byRole(a: RoleRow, b: RoleRow): number {
  return text(a.transport, b.transport) || a.port - b.port || text(a.protocol, b.protocol);
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A protocol that was told takes the place of one that was not, on the same port. */
function told(served: readonly RoleTuple[]): readonly RoleTuple[] {
  const named = new Set(served.filter(([, , , protocol]) => protocol !== "").map(([, transport, port]) => `${transport} ${port}`));
  return named.size === 0
    ? served
    : served.filter(([, transport, port, protocol]) => protocol !== "" || !named.has(`${transport} ${port}`));
}
