/**
 * How a device and its addresses are named in what people say: by keys that are found again in another reading, never by its number. A
 * device's number may be another's after a merge is taken back, an endpoint's in files read in another order.
 */
import type { Identity } from "./devices/index.ts";
import type { Gathered } from "./store/gather.ts";
import type { SaidAbout, SaidApart, SaidChild } from "./store/said.ts";

export function keysOf({ endpoints, claims }: Gathered, identity: Identity): SaidAbout {
  const members = endpoints.map(({ number }) => number);
  const serials = new Set(claims.filter((it) => it.attribute === "serial" && it.via === null).map((it) => it.value));
  // A card is a key of whoever has it by itself: one of its addresses may be another machine, by what a person said.
  const cards = new Set(endpoints.filter(isCard).map(({ mac }) => mac));
  const macs = identity.macsOf(members).filter((mac) => cards.has(mac));
  return { serials: [...serials], macs, ips: identity.ipsOf(members), children: childrenOf(endpoints) };
}

/** Throws an Error for people when they are not addresses of this device, or all of them. */
export function apartOf(addresses: readonly string[], { endpoints }: Gathered, identity: Identity): SaidApart {
  const members = endpoints.map(({ number }) => number);
  const [macs, ips] = [identity.macsOf(members), identity.ipsOf(members)];
  const wanted = [...new Set(addresses.map((it) => it.trim()))];
  const apart = {
    macs: macs.filter((mac) => wanted.some((it) => it.toLowerCase() === mac)),
    ips: ips.filter((ip) => wanted.some((it) => it.toLowerCase() === ip)),
    children: childrenOf(endpoints).filter(({ serial }) => wanted.includes(serial)),
  };
  const own = [...macs, ...ips, ...childrenOf(endpoints).map(({ serial }) => serial)];
  const foreign = wanted.find((it) => !own.some((address) => address === it || address === it.toLowerCase()));
  if (foreign !== undefined || wanted.length === 0)
    throw new Error(`expected some of its addresses (${own.slice(0, ADDRESSES_SAID).join(", ")}), got ${foreign ?? "none"}`);

  const cards = new Set(endpoints.filter((it) => isCard(it) && apart.macs.includes(it.mac!)).map(({ number }) => identity.homeOf(number)));
  const named = endpoints.filter(
    ({ number, ip, child }) =>
      cards.has(identity.homeOf(number)) ||
      (child === null ? apart.ips.includes(ip ?? "") : apart.children.some(({ serial }) => serial === child)),
  );
  if (named.length === 0) throw new Error(`expected addresses that frames wore, got ${wanted.join(", ")}, which was only spoken of`);
  if (named.length === endpoints.length) throw new Error("expected some of its addresses, got all: nothing would be left of it");
  return apart;
}
const ADDRESSES_SAID = 8;

function isCard({ mac, ip, child }: Gathered["endpoints"][number]): boolean {
  return mac !== null && ip === null && child === null;
}

function childrenOf(endpoints: Gathered["endpoints"]): readonly SaidChild[] {
  return endpoints.flatMap(({ child, ip, mac }) => (child === null ? [] : [{ serial: child, gateway: ip ?? mac ?? "" }]));
}
