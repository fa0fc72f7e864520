/** Who belongs to a policy's groups as of a recording's last moment, with the addresses each wore last. */
import { PRIVATE_NETWORKS } from "../bytes/networks.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { DeviceSummary, Stated } from "../model/device.ts";
import { asksAbout, parseFilter, valueTests } from "../model/filter.ts";
import type { Filter } from "../model/filter.ts";
import type { AddressRange, GroupMembership, Member, MemberEndpoint, Membership, Policy, Waiting } from "../model/policy.ts";
import type { Machine, Replay } from "../model/replay.ts";
import { addressKey } from "./evaluate.ts";
import { rangeOf, unionOf } from "./ranges.ts";
import { belonging, textOf } from "./selector.ts";
import { wardOf } from "../model/ward.ts";

const MOVED_WITHIN_US = 30 * 86_400_000_000;

/** `own`: the site's own networks; empty: the private ranges. */
export function membershipOf(policy: Policy, replay: Replay, own: readonly string[] = []): Membership {
  const endpoints = new Endpoints(replay.machines);
  const index = new ValueIndex(replay.machines);
  const groups = policy.groups.map((group): GroupMembership => {
    const filter = parseFilter(group.select);
    const members: Member[] = [];
    const waiting: Waiting[] = [];
    for (const machine of index.mayMatch(filter)) {
      if (!isAskedFor(machine.device, filter)) continue;
      const belongs = belonging(filter, machine.device, replay.to);
      if (belongs === "member") members.push(endpoints.member(machine));
      if (belongs === "waits") waiting.push(waitingOf(machine.device, filter));
    }
    return { group: group.name, members, waiting };
  });
  const moved = new Set(groups.flatMap(({ members }) => members.map(({ device }) => device)));
  return {
    at: replay.to,
    groups,
    broadcasts: broadcastsOf(replay.machines),
    inside: insideOf(replay.machines, own),
    moved: replay.machines.filter(({ device, worn }) => moved.has(device.id) && hasMoved(worn, replay.to)).length,
  };
}

/** What machines wear, each address its latest wearer's alone. */
export class Endpoints {
  readonly #latest: ReadonlyMap<string, Latest>;

  constructor(machines: readonly Machine[]) {
    this.#latest = latestOf(machines);
  }

  wearerOf(ip: string): Machine | undefined {
    return this.#latest.get(ip)?.machine;
  }

  /**
   * `carriers`: cards of routers, which may carry its packets. Where they are said, what any other card carries is not its own: an address
   * that it left and another card wears is gone at once, before anybody can say whose card that is.
   */
  of({ worn, device }: Machine, carriers?: ReadonlySet<string>): readonly MemberEndpoint[] {
    const isOwn = (mac: string | null) => carriers === undefined || mac === null || device.macs.includes(mac) || carriers.has(mac);
    const current = new Set([...Map.groupBy(worn.filter(({ ip, mac }) => ip !== null && mac !== null && device.macs.includes(mac)), ({ mac }) => mac).values()].map(([newest]) => newest!.ip)); // prettier-ignore
    const has = (ip: string) => {
      const { machine, mac } = this.#latest.get(ip)!;
      return machine.device.id === device.id && (isOwn(mac) || current.has(ip));
    };
    const byCard = Map.groupBy(worn.filter(({ mac }) => isOwn(mac)), ({ mac }) => mac); // prettier-ignore
    return [...byCard]
      .map(([mac, rows]): MemberEndpoint => {
        // An address it was just given, and has not worn in any frame yet, is its own where it has one card.
        const given = carriers !== undefined && mac !== null && device.macs.length === 1 && device.macs[0] === mac ? device.ips.filter((ip) => !this.#latest.has(ip)) : []; // prettier-ignore
        const ips = [...new Set([...rows.flatMap(({ ip }) => (ip !== null && has(ip) ? [ip] : [])), ...given])].sort(byAddress);
        return { mac, ipv4: ips.filter((it) => !it.includes(":")), ipv6: ips.filter((it) => it.includes(":")) };
      })
      .filter(({ mac, ipv4, ipv6 }) => mac !== null || ipv4.length > 0 || ipv6.length > 0)
      .sort((a, b) => order(a.mac ?? "", b.mac ?? ""));
  }

  member(machine: Machine, carriers?: ReadonlySet<string>): Member {
    const { device } = machine;
    return {
      device: device.id,
      name: device.name,
      kind: device.kind !== null && device.kind.lead >= LEAD_ASSERTED ? device.kind.value : "",
      care: device.lifeCritical,
      ward: wardOf(device.location),
      endpoints: this.of(machine, carriers),
    };
  }
}

/** Most groups ask for a value or two: of hundreds of thousands only those that have one of them are looked at. */
class ValueIndex {
  readonly #machines: readonly Machine[];
  readonly #byField = new Map<string, Map<string, Machine[]>>();

  constructor(machines: readonly Machine[]) {
    this.#machines = machines;
  }

  /** In order of their numbers; whoever may match is among them. */
  mayMatch(filter: Filter | null): readonly Machine[] {
    const test = filter?.kind === "and" ? filter.parts.find((it) => it.kind === "is") : filter;
    // What is not known by what is asserted may be known by what is probable.
    if (test?.kind !== "is" || test.values.includes("") || test.field === "sure") return this.#machines;
    const values = this.#valuesOf(test.field);
    return [...new Set(test.values)].flatMap((value) => values.get(value) ?? []).sort((a, b) => a.number - b.number);
  }

  #valuesOf(field: Extract<Filter, { kind: "is" }>["field"]): Map<string, Machine[]> {
    let values = this.#byField.get(field);
    if (values === undefined) this.#byField.set(field, (values = Map.groupBy(this.#machines, ({ device }) => textOf(device, field, LEAD_PROBABLY)))); // prettier-ignore
    return values;
  }
}

/** As everywhere: who is outside, and a group's address, is no device unless standing is asked about. */
export function isAskedFor({ standing }: DeviceSummary, filter: Filter | null): boolean {
  return standing === "device" || standing === "carrier" || (filter !== null && asksAbout(filter, "standing"));
}

/** What of it is asked about and only probably so. */
function waitingOf(device: DeviceSummary, filter: Filter | null): Waiting {
  const fields = new Set(filter === null ? [] : valueTests(filter).map(({ field }) => field));
  const unsure = [...fields].flatMap((field) => {
    const it = statedOf(device, field);
    return it === null || it.lead >= LEAD_ASSERTED ? [] : [`${field} is probably ${it.value} (${Math.floor(it.confidence * 100)} %)`];
  });
  const because = unsure.length > 0 ? unsure.join(", ") : "something that is asked about is only probably so";
  return { device: device.id, name: device.name, because };
}

function statedOf(device: DeviceSummary, field: string): Stated | null {
  const value = field === "care" ? device.kind : (device as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof value === "object" && value !== null && "lead" in value ? (value as Stated) : null;
}

/** An address that several wore is the one's who wore it last; of two at once the one that was there first. */
interface Latest {
  readonly machine: Machine;
  readonly mac: string | null;
  readonly last: number;
}

function latestOf(machines: readonly Machine[]): ReadonlyMap<string, Latest> {
  const latest = new Map<string, Latest>();
  for (const machine of machines)
    for (const { ip, mac, last } of machine.worn)
      if (ip !== null && last > (latest.get(ip)?.last ?? -1)) latest.set(ip, { machine, mac, last });
  return latest;
}

function hasMoved(worn: Machine["worn"], at: number): boolean {
  const recent = worn.filter(({ ip, last }) => ip !== null && !ip.includes(":") && last >= at - MOVED_WITHIN_US);
  return [...Map.groupBy(recent, ({ mac }) => mac).values()].some((rows) => new Set(rows.map(({ ip }) => ip)).size > 1);
}

function broadcastsOf(machines: readonly Machine[]): string[] {
  const ips = machines.flatMap(({ device, worn }) => (device.standing === "group" ? worn.flatMap(({ ip }) => ip ?? []) : []));
  return [...new Set(["255.255.255.255", ...ips.filter((ip) => !isMulticast(ip))])].sort(byAddress);
}

export function isMulticast(ip: string): boolean {
  return ip.includes(":") ? ip.startsWith("ff") : /^2(2[4-9]|3\d)\./.test(ip);
}

function insideOf(machines: readonly Machine[], own: readonly string[]): AddressRange[] {
  const networks = (own.length === 0 ? PRIVATE_NETWORKS : own).flatMap((text) => rangeOf(text) ?? []);
  const worn = machines
    .filter(({ device }) => device.standing === "device" || device.standing === "carrier")
    .flatMap((it) => it.worn.flatMap(({ ip }) => (ip === null ? [] : (rangeOf(ip) ?? []))));
  return [...unionOf([...networks, ...worn], 4), ...unionOf([...networks, ...worn], 6)];
}

function byAddress(a: string, b: string): number {
  const [x, y] = [addressKey(a) ?? "", addressKey(b) ?? ""];
  return x.length - y.length || order(x, y);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
