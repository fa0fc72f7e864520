import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Attribute } from "../model/observation.ts";
import { Identity } from "./identity.ts";

/** Something heard, told to an identity. */
type Fact = (identity: Identity) => void;

interface Who {
  readonly mac?: string;
  readonly ip?: string;
  readonly child?: string;
  readonly space?: number;
}

function numberOf(identity: Identity, who: Who): number {
  // As the core does: a MAC is a machine by itself.
  if (who.mac !== undefined && (who.ip !== undefined || who.child !== undefined))
    numberOf(identity, { mac: who.mac, space: who.space ?? 0 });
  const number = identity.numberOf(who.space ?? 0, who.mac ?? null, who.ip ?? null, who.child ?? null);
  const names = namesOf.get(identity) ?? new Map<number, string>();
  namesOf.set(identity, names.set(number, `${who.mac}/${who.ip}/${who.child}`));
  return number;
}
const namesOf = new WeakMap<Identity, Map<number, string>>();

const TTL_BITS: Readonly<Record<number, number>> = { 32: 1, 64: 2, 128: 4, 255: 8 };
const sends =
  (who: Who, ttl = 64): Fact =>
  (it) =>
    it.heard(numberOf(it, who), TTL_BITS[ttl] ?? 16, 1);
const sendsToGroup =
  (who: Who): Fact =>
  (it) =>
    it.heard(numberOf(it, who), 32, 1);
const gets =
  (who: Who): Fact =>
  (it) =>
    it.heard(numberOf(it, who), 0, 0);
const says =
  (who: Who, attribute: Attribute, value: string): Fact =>
  (it) =>
    it.claimed(numberOf(it, who), attribute, value);
const onDay = (day: number) => 1_700_000_000_000_000 + day * 86_400_000_000;
const wears =
  (who: Who, from: number, to: number): Fact =>
  (it) =>
    it.worn(numberOf(it, who), onDay(from), onDay(to));
const isWrittenDown =
  (who: Who, ip: string, from: number, to: number): Fact =>
  (it) =>
    it.toldAddress(numberOf(it, who), ip, onDay(from), onDay(to));
const asks = (mac: string, ip: string): Fact => says({ mac, ip }, "address", ip);
const answers = (mac: string, ip: string): Fact => says({ mac, ip }, "answersFor", ip);

/** To another IP on its own MAC. */
const sendsToItself =
  (who: Who): Fact =>
  (it) =>
    it.heard(numberOf(it, who), TTL_BITS[128]! | 64, 1);

/** Each device as its MACs, its IPs, and how many endpoints it has; "forwards" where it does. */
function devices(...facts: readonly Fact[]): string[] {
  const identity = new Identity();
  for (const fact of facts) fact(identity);
  identity.settle();
  return shown(identity);
}

function shown(identity: Identity): string[] {
  const ids = new Set(Array.from({ length: identity.count }, (_, i) => identity.deviceOf(i + 1)));
  return [...ids]
    .map((id) => line(identity, id))
    .filter((it) => it !== "")
    .sort();
}

function line(identity: Identity, id: number): string {
  const members = identity.membersOf(id);
  return [...identity.macsOf(members), ...identity.ipsOf(members), ...(identity.isCarrier(members) ? ["forwards"] : [])].join(" ");
}

const PUMP = "00:09:fb:00:00:01";
const MONITOR = "00:09:fb:00:00:02";
const ROUTER = "00:1b:54:00:00:01";
const SECOND_ROUTER = "00:1b:54:00:00:02";

test("two who speak with each other are never one machine, though one card is on both sides of their frames", () => {
  const pump = { mac: PUMP, ip: "10.0.0.7" };
  const server = { mac: PUMP, ip: "10.0.0.8" };
  const apart = [PUMP, "10.0.0.7", "10.0.0.8"];
  assert.deepEqual(devices(sendsToItself(pump), sendsToItself(server)), apart);
  // Whatever else is heard of them, and when.
  assert.deepEqual(devices(sends(pump), sends(server), sendsToItself(server), sendsToItself(pump)), apart);
  // What was asked for by ARP is the card's all the same, and one frame, which anybody may forge, takes nothing from anybody.
  assert.deepEqual(devices(asks(PUMP, "10.0.0.7"), sendsToItself(pump), sendsToItself(server)), [`${PUMP} 10.0.0.7`, "10.0.0.8"].sort());
  assert.deepEqual(devices(sends(pump), sendsToItself(pump)), [`${PUMP} 10.0.0.7`]);
  // Two addresses of one card that speak with others are one machine's.
  assert.deepEqual(devices(sends(pump), sends(server)), [`${PUMP} 10.0.0.7 10.0.0.8`]);
});

test("a machine's card, its IPv4 and its IPv6 addresses are one device", () => {
  assert.deepEqual(
    devices(
      asks(PUMP, "10.0.0.7"),
      sends({ mac: PUMP, ip: "fe80::1" }, 255),
      says({ mac: PUMP, ip: "2001:db8::7" }, "address", "2001:db8::7"),
      sends({ mac: PUMP, ip: "10.0.0.7" }),
      gets({ ip: "10.0.0.7" }),
    ),
    [`${PUMP} 10.0.0.7 2001:db8::7 fe80::1`],
  );
});

test("a router is its card and the address it asks from; the forty behind it are themselves", () => {
  const outside = Array.from({ length: 40 }, (_, i) => `203.0.113.${i + 1}`);
  assert.deepEqual(
    devices(asks(ROUTER, "10.9.0.2"), ...outside.map((ip) => sends({ mac: ROUTER, ip }, 63)), gets({ mac: ROUTER, ip: "10.9.0.2" })),
    [`${ROUTER} 10.9.0.2 forwards`, ...outside].sort(),
  );
});

test("a card that was only sent to is a device, and the address behind it another", () => {
  assert.deepEqual(devices(gets({ mac: ROUTER, ip: "203.0.113.9" })), [ROUTER, "203.0.113.9"]);
});

test("one address with a TTL no machine starts from is not the card's", () => {
  assert.deepEqual(devices(sends({ mac: ROUTER, ip: "203.0.113.9" }, 57)), [ROUTER, "203.0.113.9"]);
  // Unless the card proves it: some stacks start at 16.
  assert.deepEqual(devices(sends({ mac: PUMP, ip: "10.0.0.7" }, 16), asks(PUMP, "10.0.0.7")), [`${PUMP} 10.0.0.7`]);
});

test("translation that starts every packet at 128 is still a router, by the number of its addresses", () => {
  const ips = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"];
  assert.deepEqual(devices(...ips.map((ip) => sends({ mac: ROUTER, ip }, 128))), [`${ROUTER} forwards`, ...ips].sort());
});

test("what routers advertise and relays are said to be, they are", () => {
  assert.deepEqual(
    devices(sends({ mac: ROUTER, ip: "fe80::1" }, 255), says({ mac: ROUTER, ip: "fe80::1" }, "carrier", "router advertisement")),
    [`${ROUTER} fe80::1 forwards`],
  );
  assert.deepEqual(devices(asks(ROUTER, "10.0.0.1"), says({ ip: "10.0.0.1" }, "carrier", "DHCP relay")), [`${ROUTER} 10.0.0.1 forwards`]);
});

test("two routers that share an address stay two, and the shared card is a third", () => {
  const vrrp = "00:00:5e:00:01:07";
  assert.deepEqual(
    devices(
      asks(ROUTER, "10.9.0.2"),
      asks(SECOND_ROUTER, "10.9.0.3"),
      // Announcements come from the shared card with the router's own address, after fail-over with the other's.
      sendsToGroup({ mac: vrrp, ip: "10.9.0.2" }),
      sendsToGroup({ mac: vrrp, ip: "10.9.0.3" }),
      says({ mac: vrrp, ip: "10.9.0.1" }, "virtualAddress", "10.9.0.1"),
      // What is sent to the address may be answered from the router's own card.
      sends({ mac: ROUTER, ip: "10.9.0.1" }, 255),
      gets({ mac: vrrp, ip: "203.0.113.9" }),
    ),
    [`${vrrp} 10.9.0.1 forwards`, `${ROUTER} 10.9.0.2`, `${SECOND_ROUTER} 10.9.0.3`, "203.0.113.9"].sort(),
  );
});

test("a proxy's answers bind nothing, its own questions do", () => {
  const proxied = ["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4", "10.0.1.5", "10.0.1.6"];
  assert.deepEqual(
    devices(asks(ROUTER, "10.0.0.1"), ...proxied.map((ip) => answers(ROUTER, ip))),
    [`${ROUTER} 10.0.0.1 forwards`, ...proxied].sort(),
  );
  assert.deepEqual(devices(answers(PUMP, "10.0.0.7"), answers(PUMP, "10.0.0.8")), [`${PUMP} 10.0.0.7 10.0.0.8`]);
  // A router asks from each of its networks.
  const own = ["10.0.1.1", "10.0.2.1", "10.0.3.1"];
  assert.deepEqual(devices(...own.flatMap((ip) => [asks(ROUTER, ip), answers(ROUTER, ip)])), [`${ROUTER} ${own.join(" ")}`]);
});

test("who turns out to be a proxy forwards, though nothing else is new of it", () => {
  const identity = new Identity();
  sends({ mac: ROUTER, ip: "10.0.0.1" }, 33)(identity);
  identity.settle();
  assert.deepEqual(shown(identity), [ROUTER, "10.0.0.1"]);
  for (const ip of ["10.0.0.1", "10.0.1.1", "10.0.1.2"]) says({ mac: ROUTER }, "answersFor", ip)(identity);
  identity.settle();
  assert.deepEqual(shown(identity), [`${ROUTER} forwards`, "10.0.0.1"]);
});

test("what a proxy no longer answers for itself, and who has no address and forwards, is told of them alone", () => {
  const identity = new Identity();
  for (const ip of ["10.0.1.1", "10.0.1.2"]) says({ mac: ROUTER }, "answersFor", ip)(identity);
  const { changed } = identity.settle();
  assert.deepEqual(shown(identity), [`${ROUTER} 10.0.1.1 10.0.1.2`]);
  says({ mac: ROUTER }, "answersFor", "10.0.1.3")(identity);
  assert.deepEqual(identity.settle(), { changed, gone: [] });
  assert.deepEqual(shown(identity), [`${ROUTER} forwards`]);
  // Machines that ask for their first address wear the same one.
  assert.deepEqual(devices(sends({ mac: PUMP, ip: "0.0.0.0" }), says({ mac: ROUTER, ip: "0.0.0.0" }, "carrier", "DHCP relay")), [
    PUMP,
    `${ROUTER} forwards`,
  ]);
});

test("an address made from a card that turns out to be handed on is the card's no longer, and that is told", () => {
  const made = "2001:db8::209:fbff:fe00:1";
  const identity = new Identity();
  for (const fact of [sends({ mac: PUMP, ip: "10.0.0.7" }), gets({ ip: made, child: "SN1" })]) fact(identity);
  identity.settle();
  const card = identity.deviceOf(numberOf(identity, { mac: PUMP }));
  assert.equal(line(identity, card), `${PUMP} 10.0.0.7 ${made}`);
  says({ mac: PUMP, ip: made }, "virtualAddress", made)(identity);
  assert.ok(identity.settle().changed.includes(card));
  assert.equal(line(identity, card), `${PUMP} 10.0.0.7`);
});

test("an address written down for a card that another proves is the card's no longer, and that is told", () => {
  const identity = new Identity();
  for (const fact of [sends({ mac: PUMP }), isWrittenDown({ mac: PUMP }, "10.0.0.7", 0, 0)]) fact(identity);
  identity.settle();
  const card = identity.deviceOf(numberOf(identity, { mac: PUMP }));
  assert.equal(line(identity, card), `${PUMP} 10.0.0.7`);
  for (const fact of [sends({ mac: PUMP, ip: "10.0.0.7" }), asks(MONITOR, "10.0.0.7")]) fact(identity);
  assert.ok(identity.settle().changed.includes(card));
  assert.equal(line(identity, card), PUMP);
});

test("the same packets from a second card move nothing: who proved the address keeps it", () => {
  const copier = "00:1b:54:00:00:09";
  assert.deepEqual(devices(asks(PUMP, "10.0.0.7"), sends({ mac: PUMP, ip: "10.0.0.7" }), sends({ mac: copier, ip: "10.0.0.7" })), [
    `${PUMP} 10.0.0.7`,
    copier,
  ]);
});

test("of two cards the one with an initial TTL owns the address, and what the router carried of it joins it", () => {
  const identity = new Identity();
  sends({ mac: PUMP, ip: "10.0.0.7" }, 64)(identity);
  sends({ mac: ROUTER, ip: "10.0.0.7" }, 63)(identity);
  identity.settle();
  assert.deepEqual(shown(identity), [`${PUMP} 10.0.0.7`, ROUTER]);
  assert.equal(
    identity.deviceOf(numberOf(identity, { mac: ROUTER, ip: "10.0.0.7" })),
    identity.deviceOf(numberOf(identity, { mac: PUMP })),
  );
});

test("a lease passed on: each frame stays with the card that wore the address", () => {
  const identity = new Identity();
  for (const mac of [PUMP, MONITOR])
    for (const fact of [says({ mac }, "address", "10.9.0.100"), sends({ mac, ip: "10.9.0.100" })]) fact(identity);
  gets({ ip: "10.9.0.100" })(identity);
  identity.settle();
  const deviceOf = (who: Who) => identity.deviceOf(numberOf(identity, who));
  assert.equal(deviceOf({ mac: PUMP, ip: "10.9.0.100" }), deviceOf({ mac: PUMP }));
  assert.equal(deviceOf({ mac: MONITOR, ip: "10.9.0.100" }), deviceOf({ mac: MONITOR }));
  // Who is meant by the address alone cannot be told.
  assert.notEqual(deviceOf({ ip: "10.9.0.100" }), deviceOf({ mac: PUMP }));
  assert.notEqual(deviceOf({ ip: "10.9.0.100" }), deviceOf({ mac: MONITOR }));
});

test("a factory address is the card's beside the later one, and no key: another device of the model has the same", () => {
  assert.deepEqual(
    devices(asks(PUMP, "192.168.0.100"), asks(PUMP, "10.0.0.7"), asks(MONITOR, "192.168.0.100"), asks(MONITOR, "10.0.0.8")),
    [`${PUMP} 10.0.0.7 192.168.0.100`, `${MONITOR} 10.0.0.8 192.168.0.100`],
  );
});

test("a relayed lease binds the address to the card inside the message, not to the frame's", () => {
  assert.deepEqual(
    devices(
      sends({ mac: ROUTER, ip: "10.0.0.1" }, 64),
      sends({ mac: ROUTER, ip: "10.7.0.1" }, 64),
      says({ mac: PUMP }, "address", "10.1.0.7"),
      sends({ mac: ROUTER, ip: "10.1.0.7" }, 63),
    ),
    [`${PUMP} 10.1.0.7`, `${ROUTER} forwards`, "10.0.0.1", "10.7.0.1"].sort(),
  );
});

test("an address made from a card's MAC is that card's, from behind a router too, and never the router's", () => {
  const made = "2001:db8::209:fbff:fe00:1";
  assert.deepEqual(devices(asks(PUMP, "10.0.0.7"), sends({ mac: ROUTER, ip: made }, 64)), [`${PUMP} 10.0.0.7 ${made}`, ROUTER].sort());
  assert.deepEqual(devices(sends({ mac: ROUTER, ip: made }, 64)), [ROUTER, made]);
});

test("duplicate address detection names a machine's addresses before it uses them", () => {
  assert.deepEqual(
    devices(
      says({ mac: PUMP }, "address", "fe80::9"),
      says({ mac: PUMP }, "address", "2001:db8::9"),
      gets({ mac: PUMP, ip: "::" }),
      gets({ ip: "2001:db8::9" }),
    ),
    [`${PUMP} 2001:db8::9 fe80::9`],
  );
});

test("one that only ever speaks to groups wears the address it speaks from", () => {
  assert.deepEqual(devices(sendsToGroup({ mac: PUMP, ip: "10.0.0.7" })), [`${PUMP} 10.0.0.7`]);
  // A router that lets a group through from elsewhere also sends to single machines, with a TTL that was counted down.
  assert.deepEqual(
    devices(sendsToGroup({ mac: ROUTER, ip: "10.1.0.7" }), sends({ mac: ROUTER, ip: "10.1.0.7" }, 63)),
    [ROUTER, "10.1.0.7"].sort(),
  );
});

test("no machine wears zeros, a group's, the broadcast or a loopback address", () => {
  const identity = new Identity();
  const facts = [
    sends({ mac: PUMP, ip: "0.0.0.0" }),
    gets({ mac: "ff:ff:ff:ff:ff:ff", ip: "255.255.255.255" }),
    gets({ mac: "01:00:5e:00:00:fb", ip: "224.0.0.251" }),
    says({ mac: PUMP }, "address", "0.0.0.0"),
    says({ mac: PUMP }, "address", "255.255.255.255"),
    sends({ mac: MONITOR, ip: "127.0.0.1" }),
    sends({ mac: "00:00:00:00:00:00", ip: "127.0.0.1" }),
    sends({ mac: "00:00:00:00:00:00", ip: "127.0.0.2" }),
  ];
  for (const fact of facts) fact(identity);
  identity.settle();
  const zeros = "00:00:00:00:00:00";
  assert.deepEqual(shown(identity), [
    zeros,
    `${zeros} 127.0.0.1`,
    `${zeros} 127.0.0.2`,
    PUMP,
    MONITOR,
    "01:00:5e:00:00:fb",
    "224.0.0.251",
    "255.255.255.255",
    "ff:ff:ff:ff:ff:ff",
  ]);
  // The first request of a machine without an address is its own all the same.
  assert.equal(identity.deviceOf(numberOf(identity, { mac: PUMP, ip: "0.0.0.0" })), identity.deviceOf(numberOf(identity, { mac: PUMP })));
});

test("a gateway's children are devices of their own, and lend it nothing", () => {
  const gateway = { mac: PUMP, ip: "10.0.0.7" };
  const identity = new Identity();
  const facts = [
    asks(PUMP, "10.0.0.7"),
    says({ ...gateway, child: "SN1" }, "model", "Pump"),
    says({ ...gateway, child: "SN2" }, "model", "Pump"),
    says({ ip: "10.0.0.7", child: "SN1" }, "software", "2.1"),
  ];
  for (const fact of facts) fact(identity);
  identity.settle();
  const deviceOf = (who: Who) => identity.deviceOf(numberOf(identity, who));
  const ids = [deviceOf(gateway), deviceOf({ ...gateway, child: "SN1" }), deviceOf({ ...gateway, child: "SN2" })];
  assert.equal(new Set(ids).size, 3);
  // The same child, heard where the gateway's card was not.
  assert.equal(deviceOf({ ip: "10.0.0.7", child: "SN1" }), ids[1]);
});

test("equal addresses in two tunnels are two machines", () => {
  const inTunnel = { mac: PUMP, ip: "10.0.0.7", space: 12 };
  assert.deepEqual(devices(sends({ mac: PUMP, ip: "10.0.0.7" }), sends(inTunnel)), [`${PUMP} 10.0.0.7`, `${PUMP} 10.0.0.7`]);
});

test("one serial of one model is one machine, wherever it says so", () => {
  const box = (who: Who, serial: string, model = "DWC-1000") => [says(who, "serial", serial), says(who, "model", model)];
  assert.deepEqual(devices(...box({ mac: PUMP }, "QB3X1E9000123"), ...box({ ip: "10.0.0.7" }, "qb3x1e9000123")), [`${PUMP} 10.0.0.7`]);
  // Another maker counts from the same number; and some never fill it in.
  assert.deepEqual(devices(...box({ mac: PUMP }, "QB3X1E9000123"), ...box({ ip: "10.0.0.7" }, "QB3X1E9000123", "other")), [
    PUMP,
    "10.0.0.7",
  ]);
  for (const serial of ["123456789", "0000000000", "SN12345678", "To be filled", "A1"])
    assert.deepEqual(devices(...box({ mac: PUMP }, serial), ...box({ ip: "10.0.0.7" }, serial)), [PUMP, "10.0.0.7"], serial);
});

test("a serial counts together with whatever names the model: an EUI-64, or the part of a UDI that all of its kind have", () => {
  const serial = (who: Who) => says(who, "serial", "QB3X1E9000123");
  for (const [attribute, value, other] of [
    ["uuid", "0012210000000001", "0012220000000001"],
    ["udi", "04012345678901", "04012345678902"],
  ] as const) {
    const said = (mac: string, second: string) => [serial({ mac }), says({ mac }, attribute, second)];
    assert.deepEqual(devices(...said(PUMP, value), ...said(MONITOR, value)), [`${PUMP} ${MONITOR}`], attribute);
    assert.deepEqual(devices(...said(PUMP, value), ...said(MONITOR, other)), [PUMP, MONITOR], attribute);
    assert.deepEqual(devices(says({ mac: PUMP }, attribute, value), says({ mac: MONITOR }, attribute, value)), [PUMP, MONITOR], attribute);
  }
  for (const whole of ["(01)04012345678901(21)SN9", "010401234567890117290101112601012142"])
    assert.deepEqual(devices(says({ mac: PUMP }, "udi", whole), says({ mac: MONITOR }, "udi", whole)), [`${PUMP} ${MONITOR}`], whole);
});

test("a DUID joins the cards of one installation, and never its copies", () => {
  const duid = "000100012a3b4c5d0009fb000001";
  const has = (mac: string) => says({ mac }, "duid", duid);
  assert.deepEqual(devices(has(PUMP), has("02:11:22:33:44:55")), [`${PUMP} 02:11:22:33:44:55`.split(" ").sort().join(" ")]);
  // The card it was made from is not there: an image was copied to many machines.
  assert.deepEqual(devices(has(MONITOR), has("00:09:fb:00:00:03")), [MONITOR, "00:09:fb:00:00:03"]);
  const cloned = says({ mac: "52:54:00:00:00:01" }, "duid", duid);
  assert.deepEqual(devices(has(PUMP), cloned), [PUMP, "52:54:00:00:00:01"]);
  // RFC 4361: the same inside a DHCP client identifier.
  assert.deepEqual(devices(has(PUMP), says({ mac: MONITOR }, "clientId", `ff00000001${duid}`)), [`${PUMP} ${MONITOR}`]);
});

test("each settle says whose endpoints changed and which numbers are no device's any more", () => {
  const identity = new Identity();
  const number = identity.numberOf(0, null, "10.0.0.7", null);
  assert.deepEqual(identity.settle(), { changed: [number], gone: [] });
  assert.deepEqual(identity.settle(), { changed: [], gone: [] });
  const mac = identity.numberOf(0, PUMP, null, null);
  assert.deepEqual(identity.settle(), { changed: [mac], gone: [] });
  assert.equal(identity.devices, 2);
  identity.claimed(mac, "address", "10.0.0.7");
  assert.deepEqual(identity.settle(), { changed: [number], gone: [mac] });
  assert.deepEqual(identity.membersOf(number), [number, mac]);
  assert.equal(identity.devices, 1);
});

test("what is heard later takes back what followed before", () => {
  const identity = new Identity();
  const deviceOf = (who: Who) => identity.deviceOf(numberOf(identity, who));
  for (const ip of ["10.0.1.1", "10.0.1.2"]) answers(ROUTER, ip)(identity);
  identity.settle();
  assert.deepEqual(shown(identity), [`${ROUTER} 10.0.1.1 10.0.1.2`]);
  says({ mac: ROUTER }, "answersFor", "10.0.1.3")(identity);
  identity.settle();
  assert.deepEqual(shown(identity), [`${ROUTER} forwards`, "10.0.1.1", "10.0.1.2"]);

  // Three cards carry one address; then two of them prove it at once, and the third was only a copier.
  const copier = { mac: "00:1b:54:00:00:09", ip: "10.0.0.7" };
  for (const mac of [PUMP, MONITOR, copier.mac]) sends({ mac, ip: "10.0.0.7" })(identity);
  identity.settle();
  assert.equal(deviceOf(copier), deviceOf({ mac: copier.mac }));
  for (const mac of [PUMP, MONITOR]) asks(mac, "10.0.0.7")(identity);
  identity.settle();
  assert.notEqual(deviceOf(copier), deviceOf({ mac: copier.mac }));

  const relay = numberOf(identity, { mac: PUMP });
  says({ ip: "10.0.0.9" }, "carrier", "DHCP relay")(identity);
  asks(PUMP, "10.0.0.9")(identity);
  identity.settle();
  assert.equal(identity.isCarrier(identity.membersOf(relay)), true);
});

test("that a device forwards is news, though its addresses stay the same", () => {
  const identity = new Identity();
  asks(PUMP, "10.0.0.7")(identity);
  const { changed } = identity.settle();
  says({ mac: PUMP, ip: "10.0.0.7" }, "carrier", "router advertisement")(identity);
  assert.deepEqual(identity.settle(), { changed, gone: [] });
});

test("that an address forwards is news for every machine that wears it", () => {
  const identity = new Identity();
  asks(PUMP, "10.0.0.7")(identity);
  asks(ROUTER, "10.0.0.7")(identity);
  const { changed } = identity.settle();
  says({ ip: "10.0.0.7" }, "carrier", "router advertisement")(identity);
  const told = identity.settle().changed;
  for (const device of changed.filter((it) => identity.isCarrier(identity.membersOf(it)))) assert.ok(told.includes(device), `d${device}`);
  assert.ok(changed.filter((it) => identity.isCarrier(identity.membersOf(it))).length >= 2);
});

test("a recording opened again has the same numbers and devices", () => {
  const first = new Identity();
  for (const fact of [asks(PUMP, "10.0.0.7"), sends({ mac: ROUTER, ip: "203.0.113.1" }, 60), sends({ mac: ROUTER, ip: "203.0.113.2" }, 60)])
    fact(first);
  first.settle();
  const again = new Identity();
  const row = { child: null, space: 0, frames: 1, bytes: 0, first: 0, last: 0 };
  again.restore({ ...row, number: 1, mac: PUMP, ip: "10.0.0.7", ttls: 0 });
  again.restore({ ...row, number: 2, mac: PUMP, ip: null, ttls: 0 });
  assert.throws(() => again.restore({ ...row, number: 4, mac: ROUTER, ip: "203.0.113.1", ttls: 16 }), /endpoint 3, got 4/);
  again.heard(3, 16, 1);
  again.restore({ ...row, number: 4, mac: ROUTER, ip: null, ttls: 0 });
  again.restore({ ...row, number: 5, mac: ROUTER, ip: "203.0.113.2", ttls: 16 });
  again.claimed(1, "address", "10.0.0.7");
  again.settle();
  assert.deepEqual(shown(again), shown(first));
});

test("neither order nor the number of settles changes what comes out", () => {
  fc.assert(
    fc.property(
      fc.array(fact, { maxLength: 60, size: "max" }),
      fc.infiniteStream(fc.nat()),
      fc.infiniteStream(fc.boolean()),
      (facts, draws, pauses) => {
        const once = new Identity();
        for (const it of facts) it(once);
        once.settle();
        const often = new Identity();
        const devices = new Map<number, string>();
        const settle = () => {
          const { changed, gone } = often.settle();
          for (const id of gone) assert.ok(devices.delete(id), `${id} was a device`);
          for (const id of changed) devices.set(id, line(often, id));
        };
        for (const it of shuffled(facts, draws)) {
          it(often);
          if (pauses.next().value) settle();
        }
        settle();
        assert.deepEqual(sets(often), sets(once));
        // Who only listened to changes knows every device there is.
        assert.deepEqual(
          [...devices.keys()].sort(),
          [...new Set(Array.from({ length: often.count }, (_, i) => often.deviceOf(i + 1)))].sort(),
        );
        assert.equal(often.devices, devices.size);
        for (const [id, then] of devices) assert.equal(then, line(often, id), "what is shown changes with nothing said of it");
        for (const id of devices.keys()) for (const member of often.membersOf(id)) assert.equal(often.deviceOf(member), id);
        assert.equal(
          [...devices.keys()].reduce((sum, id) => sum + often.membersOf(id).length, 0),
          often.count,
        );
      },
    ),
    { numRuns: 600 },
  );
});

const MACS = [
  PUMP,
  MONITOR,
  ROUTER,
  "52:54:00:00:00:01",
  "02:00:00:00:00:07",
  "00:00:5e:00:01:07",
  "00:00:00:00:00:00",
  "ff:ff:ff:ff:ff:ff",
];
const IPS = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3",
  "203.0.113.1",
  "203.0.113.2",
  "203.0.113.3",
  "fe80::1",
  "2001:db8::209:fbff:fe00:1",
  "0.0.0.0",
  "224.0.0.251",
  "127.0.0.1",
];
const who = fc.oneof(
  fc.record({ mac: fc.constantFrom(...MACS), ip: fc.constantFrom(...IPS) }),
  fc.record({ mac: fc.constantFrom(...MACS) }),
  fc.record({ ip: fc.constantFrom(...IPS) }),
  fc.record({ mac: fc.constantFrom(...MACS), ip: fc.constantFrom(...IPS), child: fc.constantFrom("SN1", "SN2") }),
);
const claim = fc.oneof(
  fc.tuple(fc.constantFrom<Attribute>("address", "answersFor", "virtualAddress"), fc.constantFrom(...IPS)),
  fc.constant<[Attribute, string]>(["carrier", "router advertisement"]),
  fc.tuple(fc.constant<Attribute>("serial"), fc.constantFrom("QB3X1E9000123", "QB3X1E9000124")),
  fc.tuple(fc.constant<Attribute>("model"), fc.constantFrom("A", "B")),
  fc.tuple(fc.constant<Attribute>("duid"), fc.constantFrom("000100012a3b4c5d0009fb000001", "0004aabbccddeeff")),
);
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(who, fc.constantFrom(64, 128, 57)).map(([it, ttl]) => sends(it, ttl)),
  who.map(sendsToGroup),
  who.map(sendsToItself),
  who.map(gets),
  fc.tuple(who, claim).map(([it, [attribute, value]]) => says(it, attribute, value)),
  fc.tuple(who, fc.nat(30), fc.nat(2)).map(([it, day, days]) => wears(it, day, day + days)),
  fc.tuple(who, fc.constantFrom(...IPS), fc.nat(30), fc.nat(2)).map(([it, ip, day, days]) => isWrittenDown(it, ip, day, day + days)),
);

function shuffled<T>(items: readonly T[], draws: Iterator<number>): T[] {
  const left = [...items];
  return items.map(() => left.splice(draws.next().value % left.length, 1)[0]!);
}

/** The sets of endpoints by what they are, with what each device is said to own: numbers differ with the order. */
function sets(identity: Identity): string[] {
  const names = Map.groupBy(namesOf.get(identity) ?? [], ([number]) => identity.deviceOf(number));
  return [...names]
    .map(([id, named]) => {
      const list = named.map(([, name]) => name).sort();
      const members = identity.membersOf(id);
      return `${list.join(" ")} = ${identity.macsOf(members).join(" ")}, ${identity.ipsOf(members).join(" ")}, ${identity.isCarrier(members)}`;
    })
    .sort();
}
