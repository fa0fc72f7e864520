/** A device asks for its address, and is given it: RFC 2131, options of RFC 2132. */
import { bytes, ipBytes, latin, macBytes, u16, u32 } from "../frames.ts";
import { UNNUMBERED } from "../wire.ts";
import type { Station, Wire } from "../wire.ts";

interface Asking {
  readonly name: string;
  readonly vendorClass?: string;
  /** What it wishes to be told, in its system's order. */
  readonly wishes: readonly number[];
}

export const wishes = {
  windows: [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
  debian: [1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42],
  busybox: [1, 3, 6, 12, 15, 28, 42],
  /** Controllers without an operating system anybody knows by this. */
  controller: [1, 3, 6, 12, 66, 67],
} as const;

const Kind = { discover: 1, offer: 2, request: 3, ack: 5 } as const;
const Option = {
  mask: 1,
  router: 3,
  nameServer: 6,
  hostName: 12,
  domain: 15,
  timeServer: 42,
  address: 50,
  lease: 51,
  messageType: 53,
  server: 54,
  wishes: 55,
  sizeMax: 57,
  vendorClass: 60,
  clientId: 61,
  end: 255,
} as const;
const COOKIE = 0x63825363;
const LEASE_SECONDS = 28_800;
const SIZE_MAX = 1_500;
const ETHERNET = 1;

interface Offer {
  readonly server: Station;
  readonly router: string;
  readonly timeServer: string;
  readonly mask: string;
  readonly domain: string;
}

export function lease(wire: Wire, at: number, device: Station, offer: Offer, asking: Asking, transaction: number): void {
  const { server } = offer;
  const nobody: Station = { ...device, ip: UNNUMBERED };
  const asked = bytes(
    option(Option.clientId, bytes([ETHERNET], macBytes(device.mac))),
    option(Option.sizeMax, u16(SIZE_MAX)),
    option(Option.hostName, latin(asking.name)),
    asking.vendorClass === undefined ? [] : option(Option.vendorClass, latin(asking.vendorClass)),
    option(Option.wishes, Uint8Array.from(asking.wishes)),
  );
  const given = bytes(
    option(Option.server, ipBytes(server.ip)),
    option(Option.lease, u32(LEASE_SECONDS)),
    option(Option.mask, ipBytes(offer.mask)),
    option(Option.router, ipBytes(offer.router)),
    option(Option.nameServer, ipBytes(server.ip)),
    option(Option.timeServer, ipBytes(offer.timeServer)),
    option(Option.domain, latin(offer.domain)),
  );
  const chosen = bytes(option(Option.address, ipBytes(device.ip)), option(Option.server, ipBytes(server.ip)));

  const message = (operation: 1 | 2, kind: number, your: string, options: Uint8Array) =>
    bytes(
      [operation, ETHERNET, 6, 0],
      u32(transaction),
      u32(0),
      ipBytes(UNNUMBERED),
      ipBytes(your),
      ipBytes(UNNUMBERED),
      ipBytes(UNNUMBERED),
      macBytes(device.mac),
      new Uint8Array(10 + 192),
      u32(COOKIE),
      option(Option.messageType, [kind]),
      options,
      [Option.end],
    );
  const ask = (after: number, kind: number, options: Uint8Array) =>
    wire.datagram(at + after, nobody, "255.255.255.255", 68, 67, message(1, kind, UNNUMBERED, options));
  const answer = (after: number, kind: number) =>
    wire.datagram(at + after, server, "255.255.255.255", 67, 68, message(2, kind, device.ip, given));
  ask(0, Kind.discover, asked);
  answer(900, Kind.offer);
  ask(2_100, Kind.request, bytes(chosen, asked));
  answer(3_300, Kind.ack);
}

function option(code: number, value: Uint8Array | readonly number[]): Uint8Array {
  return bytes([code, value.length], value);
}
