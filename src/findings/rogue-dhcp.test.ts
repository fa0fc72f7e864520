import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, ethernet, ipBytes, ipv6, udp, udpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { dhcp } from "../testing/messages.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { rogueDhcp } from "./rogue-dhcp.ts";

const CLIENT = "02:00:00:00:00:07";
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;
const DAY = 24 * 3600;

interface Given {
  readonly server: string;
  readonly address?: string;
  readonly router?: string;
  readonly names?: string;
  readonly relay?: string;
  readonly type?: number;
}

function gives({ server, address = "10.0.0.100", router = "10.0.0.1", names = "10.0.0.53", relay, type = ACK }: Given): Uint8Array {
  const message = dhcp(
    2,
    CLIENT,
    address,
    [53, Uint8Array.of(type)],
    [54, ipBytes(server)],
    [1, ipBytes("255.255.255.0")],
    [3, ipBytes(router)],
    [6, ipBytes(names)],
  );
  if (relay !== undefined) message.set(ipBytes(relay), 24);
  return udpFrame({ from: 67, to: 68, fromIp: server, toIp: address }, message);
}
const chooses = (server: string) =>
  udpFrame(
    { from: 68, to: 67, fromIp: "0.0.0.0", toIp: "255.255.255.255" },
    dhcp(1, CLIENT, "0.0.0.0", [53, Uint8Array.of(REQUEST)], [54, ipBytes(server)]),
  );

function found(...story: readonly (Uint8Array | number)[]): string[] {
  const ear = new Ear({ every: 0.01 });
  for (const it of story)
    if (typeof it === "number") ear.wait(it);
    else ear.frame(it);
  return foundLines(ear.end(), [rogueDhcp]);
}
const OWN = gives({ server: "10.0.0.1" });
const line = "rogue-dhcp high 10.0.0.9: 10.0.0.9 gives addresses with other routers or name servers than 10.0.0.1";

test("a server that offers another router, or other name servers, in the network of a known one is found at its first offer", () => {
  assert.deepEqual(found(OWN, 2, gives({ server: "10.0.0.9", router: "10.0.0.9", type: OFFER })), [line]);
  assert.deepEqual(
    found(OWN, 2, gives({ server: "10.0.0.9", names: "10.0.0.9", type: OFFER }), 5, gives({ server: "10.0.0.9", names: "10.0.0.9" })),
    [line],
    "one story",
  );
});

test("the second of a pair, relays, start-up servers, and the known one with a new router are none", () => {
  assert.deepEqual(found(OWN, 2, gives({ server: "10.0.0.2", address: "10.0.0.200" })), []);
  assert.deepEqual(found(OWN, 2, gives({ server: "10.0.0.9", router: "10.0.0.9", relay: "10.0.0.254" })), []);
  assert.deepEqual(found(OWN, 2, gives({ server: "10.0.0.9", router: "10.0.0.9", address: "0.0.0.0" })), []);
  assert.deepEqual(found(OWN, 2, gives({ server: "10.0.0.1", router: "10.0.0.254" })), []);
});

test("a server of another network is learned on the first day, and found from the second on", () => {
  const other = gives({ server: "10.0.5.1", address: "10.0.5.100", router: "10.0.5.1" });
  assert.deepEqual(found(OWN, 2, other, DAY, other), []);
  assert.deepEqual(found(OWN, DAY + 60, other), [
    "rogue-dhcp high 10.0.5.1: 10.0.5.1 gives addresses with other routers or name servers than 10.0.0.1",
  ]);
});

test("a client that chooses a server never heard to answer is told of from the second day on", () => {
  assert.deepEqual(found(OWN, 2, chooses("10.0.0.9")), []);
  assert.deepEqual(found(OWN, DAY + 60, chooses("10.0.0.1")), []);
  assert.deepEqual(found(OWN, DAY + 60, chooses("10.0.0.9")), [
    `rogue-dhcp high 10.0.0.9 by ${CLIENT}: a client chose a server of DHCP never heard to answer`,
  ]);
});

const V6 = { client: "fe80::7", own: "fe80::1", stranger: "fe80::66" };
const card = (ip: string) => `02:00:00:00:00:${ip.slice(-2).replace(":", "0")}`;
const between6 = (from: string, to: string, ports: readonly [number, number], message: Uint8Array) =>
  ethernet(
    { type: 0x86dd, from: card(from), to: card(to) },
    ipv6({ from, to, nextHeader: 17 }, udp({ from: ports[0], to: ports[1] }, message)),
  );
/** RFC 8415: an answer with the server's name and, of RFC 3646, its name servers. */
const gives6 = (server: string, names: string, client = V6.client) =>
  between6(server, client, [547, 546], bytes(hex`02 123456 0002 000a 00030001 00005e005301 0017 0010 ${names}`));
const asks6 = (client = V6.client) =>
  between6(client, "ff02::1:2", [546, 547], hex`01 123456 0001 000a 00030001 0009fb123456 0006 0002 0017`);
const [NAMES, OTHERS] = ["20010db8000000000000000000000053", "fd000bad000000000000000000000053"];

test("by IPv6 a server with other name servers is found on the first day, and any new one on later days", () => {
  const odd = "rogue-dhcp high fe80::66: fe80::66 gives name servers by IPv6, other ones than fe80::1";
  assert.deepEqual(found(asks6(), gives6(V6.own, NAMES), 5, asks6(), gives6(V6.stranger, OTHERS)), [odd]);
  const fresh = "rogue-dhcp high fe80::66: fe80::66 gives name servers by IPv6, where no such server was";
  assert.deepEqual(found(asks6(), DAY + 60, asks6(), gives6(V6.stranger, OTHERS), 5, gives6(V6.stranger, OTHERS)), [fresh]);
});

test("by IPv6 a pair, the segment's own, and the server of a segment heard only now are none", () => {
  assert.deepEqual(found(asks6(), gives6(V6.own, NAMES), 5, asks6(), gives6("fe80::2", NAMES)), []);
  assert.deepEqual(found(asks6(), gives6(V6.own, NAMES), DAY + 60, asks6(), gives6(V6.own, OTHERS)), []);
  assert.deepEqual(found(OWN, DAY + 60, asks6("fe80::99"), gives6(V6.stranger, NAMES, "fe80::99")), []);
});
