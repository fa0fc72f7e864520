import assert from "node:assert/strict";
import { test } from "node:test";
import { arp, ethernet, ipv4, ipv6, tcp } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { hex } from "../testing/notes.ts";
import { arpSpoofing } from "./arp-spoofing.ts";

const EVERYONE = "ff:ff:ff:ff:ff:ff";
const NOBODY = "00:00:00:00:00:00";
type Machine = readonly [mac: string, ip: string];
const ROUTER: Machine = ["02:00:00:00:00:01", "10.0.0.1"];
const PUMP: Machine = ["02:00:00:00:00:07", "10.0.0.7"];
const STRANGER: Machine = ["02:00:00:00:00:66", "10.0.0.66"];
const VIRTUAL = "00:00:5e:00:01:07";
const OUTSIDE = "203.0.113.5";

const frame = (from: string, to: string, message: Uint8Array, vlan?: number) =>
  ethernet({ type: 0x0806, from, to, ...(vlan === undefined ? {} : { vlans: [vlan] }) }, message);
const asks = ([mac, ip]: Machine, target: string, vlan?: number) => frame(mac, EVERYONE, arp(1, [mac, ip], [NOBODY, target]), vlan);
/** `mac` tells `to` that `ip` is its own. */
const answers = (mac: string, ip: string, to: Machine, vlan?: number) => frame(mac, to[0], arp(2, [mac, ip], to), vlan);
const announces = (mac: string, ip: string) => frame(mac, EVERYONE, arp(2, [mac, ip], [mac, ip]));
const wait = (seconds: number) => seconds;

function found(...story: readonly (Uint8Array | number)[]): string[] {
  const ear = new Ear({ every: 0.01 });
  for (const it of story)
    if (typeof it === "number") ear.wait(it);
    else ear.frame(it);
  return foundLines(ear.end(), [arpSpoofing]);
}
const lie = [answers(STRANGER[0], ROUTER[1], PUMP), wait(10)];
const honest = [asks(STRANGER, ROUTER[1]), asks(ROUTER, PUMP[1]), answers(PUMP[0], PUMP[1], ROUTER), wait(1)];

test("the second answer nobody asked for, for an address another card has, is a finding of that address", () => {
  assert.deepEqual(found(...honest, ...lie, ...lie), [
    `arp-spoofing high ${ROUTER[1]} by ${STRANGER[0]}: 2 claims nobody asked for that ${ROUTER[1]} is at ${STRANGER[0]}, against another card's claim, within 11 s`,
  ]);
  assert.deepEqual(found(...honest, ...lie), [], "one may be a mistake");
  assert.deepEqual(found(...honest, ...lie, wait(300), ...lie), [], "so may one every five minutes");
});

test("announcements of another's address that go on for a quarter of a minute are a finding", () => {
  const goingOn = (times: number) => Array.from({ length: times }, () => [announces(STRANGER[0], ROUTER[1]), wait(2)]).flat();
  assert.deepEqual(found(...honest, ...goingOn(9)), [
    `arp-spoofing high ${ROUTER[1]} by ${STRANGER[0]}: 2 claims nobody asked for that ${ROUTER[1]} is at ${STRANGER[0]}, against another card's claim, within 3 s`,
  ]);
  assert.deepEqual(found(...honest, ...goingOn(5)), []);
});

test("an answer that was asked for is none: proxies, second cards, and who has two of one address", () => {
  const asked = [asks(PUMP, ROUTER[1]), answers(STRANGER[0], ROUTER[1], PUMP), wait(10)];
  assert.deepEqual(found(...honest, ...asked, ...asked, ...asked), []);
});

test("a fail-over, a redundant router, and a bond that tells its neighbors unasked are none", () => {
  const failOver = Array.from({ length: 5 }, () => announces(STRANGER[0], ROUTER[1]));
  assert.deepEqual(found(...honest, ...failOver), []);
  assert.deepEqual(found(...honest, answers(VIRTUAL, ROUTER[1], PUMP), wait(2), answers(VIRTUAL, ROUTER[1], PUMP)), []);
  const second = "02:00:00:00:00:02";
  assert.deepEqual(found(...honest, answers(second, ROUTER[1], PUMP), wait(2), answers(second, ROUTER[1], PUMP)), []);
});

test("an address that DHCP gave to another, and one that a router answers for in another VLAN, are none", () => {
  const moved = [
    asks(PUMP, ROUTER[1]),
    wait(400),
    asks([STRANGER[0], PUMP[1]], ROUTER[1]),
    answers(STRANGER[0], PUMP[1], ROUTER),
    answers(STRANGER[0], PUMP[1], ROUTER),
  ];
  assert.deepEqual(found(...honest, ...moved), []);
  const trunk = [
    asks(PUMP, ROUTER[1], 10),
    asks([ROUTER[0], "10.0.1.1"], "10.0.1.5", 20),
    ...[1, 2].flatMap(() => [wait(2), answers(ROUTER[0], PUMP[1], ["02:00:00:00:00:55", "10.0.1.5"], 20)]),
  ];
  assert.deepEqual(found(...trunk), []);
});

/** RFC 4861 section 4.4, solicited; `flags` 60 overrides what is known, 40 leaves it: a proxy's. */
function advertises(card: string, flags = "60", to = "fe80::7"): Uint8Array {
  const target = "fe800000000000000000000000000001";
  return ethernet(
    { type: 0x86dd, from: card, to: PUMP[0] },
    ipv6(
      { from: "fe80::1", to, nextHeader: 58, hopLimit: 255 },
      hex`88 00 0000 ${flags}000000 ${target} 02 01 ${card.replaceAll(":", "")}`,
    ),
  );
}

test("by IPv6 a card that answers beside the router, twice, takes its address; a proxy, and a router that is replaced, do not", () => {
  const [router, stranger] = [advertises(ROUTER[0]), advertises(STRANGER[0])];
  const line = `arp-spoofing high fe80::1 by ${STRANGER[0]}: 2 claims that fe80::1 is at ${STRANGER[0]}, against another card's claim, within 5 s`;
  assert.deepEqual(found(router, stranger, wait(5), router, stranger), [line]);
  assert.deepEqual(found(router, wait(1), router, stranger, wait(5), stranger, router), [line], "whoever is first");
  assert.deepEqual(found(router, stranger), []);
  const proxy = advertises(STRANGER[0], "40");
  assert.deepEqual(found(router, proxy, wait(5), router, proxy), []);
  assert.deepEqual(found(router, wait(5), stranger, wait(5), stranger, wait(5), stranger, wait(5), stranger), []);
});

/** A conversation of the pump with somebody outside, whose answers come by the card given. */
function talk(outOf: string, by: string, flags = "A"): Uint8Array {
  return outOf === PUMP[0]
    ? ethernet(
        { type: 0x0800, from: PUMP[0], to: by },
        ipv4({ protocol: 6, from: PUMP[1], to: OUTSIDE }, tcp({ from: 40_000, to: 443, flags })),
      )
    : ethernet(
        { type: 0x0800, from: by, to: PUMP[0] },
        ipv4({ protocol: 6, from: OUTSIDE, to: PUMP[1] }, tcp({ from: 443, to: 40_000, flags })),
      );
}

test("at the victim alone: a running conversation comes by a card that just answered unasked", () => {
  const before = [talk(PUMP[0], ROUTER[0], "S"), talk("outside", ROUTER[0], "SA"), talk(PUMP[0], ROUTER[0])];
  const unasked = answers(STRANGER[0], ROUTER[1], PUMP);
  assert.deepEqual(found(...before, unasked, talk("outside", STRANGER[0])), [
    `arp-spoofing high ${ROUTER[1]} by ${STRANGER[0]}: 1 packet of running conversations from ${STRANGER[0]}, which came from another card before this one answered unasked for ${ROUTER[1]}`,
  ]);
  assert.deepEqual(found(...before, talk("outside", STRANGER[0])), [], "another router took over");
  assert.deepEqual(found(...before, announces(STRANGER[0], ROUTER[1]), talk("outside", STRANGER[0])), [], "and said so to all");
  assert.deepEqual(found(...before, unasked, wait(61), talk("outside", STRANGER[0])), [], "a minute later");
});

test("a way in that is another than the way out from the beginning is none", () => {
  const before = [talk(PUMP[0], ROUTER[0], "S"), talk("outside", STRANGER[0], "SA"), talk(PUMP[0], ROUTER[0])];
  assert.deepEqual(found(...before, answers(STRANGER[0], ROUTER[1], PUMP), talk("outside", STRANGER[0])), []);
});
