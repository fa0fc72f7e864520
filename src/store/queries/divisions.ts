/** Why a device's addresses are one machine, or are none any more: what they said, what people said, and whose word it is where it was not heard itself. */
import type { Apart, Join, SaidDivision, SpokenFor } from "../../model/device.ts";
import type { ClaimRow, EndpointRow } from "../../model/heard.ts";
import type { ChangeRow } from "../../model/store.ts";
import type { Store } from "../reader.ts";
import type { AboutFinding } from "../finding-words.ts";
import type { AboutNetwork } from "../do-not-scan-words.ts";
import type { AboutModel } from "../weakness-words.ts";
import type { SaidAbout, SaidApart, SaidOther } from "../said.ts";

/** The device that has the address this number was first given for, which is the number of the device as long as no older one has it too. */
export function deviceNow(store: Store, number: number): number | null {
  return store.get<{ device: number }>("SELECT device FROM device_endpoint WHERE endpoint = ?", number)?.device ?? null;
}

export function joinsOf(store: Store, device: number): readonly Join[] {
  const row = store.get<{ keys: string }>("SELECT keys FROM joined WHERE device = ?", device);
  return row === undefined ? [] : (JSON.parse(row.keys) as Join[]);
}

/** More are not named: a number that so many say is nobody's. */
const APART_MAX = 16;

export function apartFrom(store: Store, device: number, claims: readonly ClaimRow[]): Apart[] {
  const serials = new Set(claims.filter(({ attribute, via }) => attribute === "serial" && via === null).map(({ value }) => value));
  return [...serials].sort().flatMap((serial) => {
    const others = store.all<{ device: number }>(
      `SELECT DISTINCT device FROM claim JOIN device_endpoint ON device_endpoint.endpoint = claim.endpoint
       WHERE attribute = 'serial' AND value = ? AND device <> ? ORDER BY device LIMIT ${APART_MAX}`,
      serial,
      device,
    );
    return others.length === 0 ? [] : [{ serial, devices: others.map((it) => `d${it.device}`) }];
  });
}

export function dividedOf(store: Store, device: number): SaidDivision[] {
  return store
    .all<Omit<SaidDivision, "named"> & Pick<ChangeRow, "about" | "value">>(
      `SELECT number AS change, what, at, who, reason, about, value FROM divided JOIN change ON number = divided.change
       WHERE device = ? ORDER BY number`,
      device,
    )
    .map(({ about, value, ...row }) => ({ ...row, named: namedIn({ what: row.what, about, value }) }));
}

/** Whom it is about, by what is found again. */
export function aboutInWords(about: string): string {
  const {
    serials = [],
    macs = [],
    ips = [],
    children = [],
    detector,
    key,
    maker,
    model,
    network,
  } = JSON.parse(about) as Partial<SaidAbout & AboutFinding & AboutModel & AboutNetwork>;
  if (network !== undefined) return network;
  if (detector !== undefined) return `${detector}: ${(key ?? "").replaceAll(OWN_SPACE, "$1")}`;
  if (model !== undefined) return `all ${[maker, model].filter(Boolean).join(" ")}`;
  return [...serials, ...children.map(({ serial }) => serial), ...ips, ...macs].slice(0, KEYS_SAID).join(", ");
}
const KEYS_SAID = 3;
/** Before an address of the site's one space, which need not be said. */
const OWN_SPACE = /(^| )0\//g;

/** "d12 and d31" of a merge, "10.0.0.7, 00:09:fb:12:34:56" of a split. */
export function namedIn({ what, about, value }: Pick<ChangeRow, "what" | "about" | "value">): string {
  if (what === "merge") return [about, value].map((it) => (JSON.parse(it) as SaidOther).device).join(" and ");
  const { macs, ips, children } = JSON.parse(value) as SaidApart;
  return [...macs, ...ips, ...children.map(({ serial }) => serial)].join(", ");
}

/** Null where a frame of its own was heard, or it has an address. */
export function spokenFor(store: Store, endpoints: readonly EndpointRow[], claims: readonly ClaimRow[]): SpokenFor | null {
  const [child] = endpoints;
  if (child === undefined || endpoints.some((it) => it.child === null)) return null;
  const gateway = store.get<{ id: number; name: string }>(
    `SELECT id, name FROM endpoint JOIN device_endpoint ON endpoint = number JOIN device ON id = device
     WHERE space = ? AND mac IS NOT DISTINCT FROM ? AND ip IS NOT DISTINCT FROM ? AND child IS NULL`,
    child.space,
    child.mac,
    child.ip,
  );
  return {
    device: gateway === undefined ? null : `d${gateway.id}`,
    name: gateway?.name ?? child.ip ?? child.mac ?? "",
    // One message says each thing once at most.
    reports: Math.max(0, ...claims.map(({ count }) => count)),
  };
}
