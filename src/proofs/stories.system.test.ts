/**
 * What becomes of devices as their life goes on: each story is told as frames to decode, flows, protocols and a core, and asked for the
 * devices it is about. Then the same is heard again, as from a copy of the file and as from a loop a day later: nothing may move.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import { bytes, ethernet, FIRST_AT, ipBytes, u16 } from "../testing/frames.ts";
import type { Frame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { EVERYONE, group, Lan } from "../testing/lan.ts";
import type { Machine } from "../testing/lan.ts";
import { dhcp, hl7Header, latin, mllp } from "../testing/messages.ts";

const SECOND = 1e6;
const DAY = 86_400 * SECOND;
const at = (seconds: number) => FIRST_AT + seconds * SECOND;

// What was told, and what came of it. ------------------------------------------------------------------------------------------

interface Device {
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly standing: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly worn: readonly string[];
}

interface Ending {
  /** Addresses of each device (of a child its serial number alone), with what else is asked for. Groups are left out. */
  readonly lines: (...columns: readonly string[]) => readonly string[];
  /** What the device with this card wore, from when to when, in seconds of the story. */
  readonly worn: (mac: string) => readonly string[];
}

/** The devices after the story, having made sure that hearing it again changes nothing. */
function told(frames: readonly Frame[]): Ending {
  const folder = mkdtempSync(join(tmpdir(), "auscult-story-"));
  const path = join(folder, "story.db");
  try {
    const core = new Core({ path, site: "main", ownRanges: [] });
    for (const batch of heard(frames, "told", 0)) take(core, batch);
    const ending = devicesOf(path);
    const values = valuesOf(ending);
    for (const batch of heard(frames, "copied", 0)) {
      take(core, batch);
      assert.deepEqual(valuesOf(devicesOf(path)), values, "heard again from a copy");
    }
    for (const batch of heard(frames, "looped", DAY)) take(core, batch);
    assert.deepEqual(valuesOf(devicesOf(path)), values, "heard again a day later");
    core.close();
    return {
      lines: (...columns) => linesOf(ending, columns),
      worn: (mac) => ending.find(({ macs }) => macs.includes(mac))!.worn,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A capture of its own. */
function heard(frames: readonly Frame[], run: string, later: number): readonly Batch[] {
  const ear = new Ear();
  for (const { bytes, at: time } of frames) ear.heard(bytes, 0, bytes.length, bytes.length, time! + later, 1);
  assert.deepEqual(ear.defects, []);
  return ear.end().map((batch) => ({ ...batch, run }));
}

function take(core: Core, batch: Batch): void {
  assert.equal(core.take(batch), true);
  core.settle();
}

function devicesOf(path: string): readonly Device[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const worn = database
      .prepare(
        "SELECT device, ip, first, last FROM endpoint JOIN device_endpoint ON endpoint = number WHERE ip <> '0.0.0.0' ORDER BY first",
      )
      .all();
    const devices = database.prepare("SELECT * FROM device ORDER BY id").all();
    return devices.map((row) => ({
      macs: JSON.parse(row["macs"] as string) as string[],
      ips: JSON.parse(row["ips"] as string) as string[],
      standing: row["standing"] as string,
      worn: worn
        .filter(({ device }) => device === row["id"])
        .map(({ ip, first, last }) => `${ip as string} ${seconds(first)} to ${seconds(last)}`),
      row,
    }));
  } finally {
    database.close();
  }
}

function seconds(time: unknown): number {
  return Math.floor(((time as number) - FIRST_AT) / SECOND);
}

/** All but what counts: how often, and until when. */
function valuesOf(devices: readonly Device[]): unknown {
  return devices.map(({ row }) => Object.fromEntries(Object.entries(row).filter(([column]) => !COUNTS.has(column))));
}
const COUNTS: ReadonlySet<string> = new Set(["first", "last", "frames", "bytes", "days_low", "days_high"]);

function linesOf(devices: readonly Device[], columns: readonly string[]): readonly string[] {
  return devices
    .filter(({ standing }) => standing !== "group")
    .map(({ macs, ips, standing, row }) => {
      const stated = columns.map((column) => `${row[column] as string}${sureness(row[`${column}_lead`])}`);
      return [...macs, ...ips, ...(standing === "device" ? [] : [standing]), ...stated].join(" ");
    })
    .sort();
}

/** A question mark where it is not asserted. */
function sureness(lead: unknown): string {
  return typeof lead === "number" && lead < 20 ? "?" : "";
}

// Who plays in them, and what they say. -----------------------------------------------------------------------------------------

const PUMP = "00:09:fb:00:00:01";
const SECOND_PUMP = "00:09:fb:00:00:02";
const SERVER: Machine = { mac: "00:1b:21:00:00:20", ip: "10.9.0.2" };
const ROUTER = "00:1b:54:00:00:01";
const SECOND_ROUTER = "00:1b:54:00:00:02";
const NOBODY: Machine = { mac: "", ip: "0.0.0.0" };

/** Asks for an address and is given it. */
function lease(lan: Lan, time: number, mac: string, ip: string, ...options: readonly (readonly [number, Uint8Array])[]): void {
  lan.udp(time, { ...NOBODY, mac }, EVERYONE, [68, 67], dhcp(1, mac, "0.0.0.0", [53, Uint8Array.of(3)], ...options));
  lan.udp(time + 1_000, SERVER, EVERYONE, [67, 68], dhcp(2, mac, ip, [53, Uint8Array.of(5)], [54, ipBytes(SERVER.ip)]));
}

/** Who talks to a server in its own segment. */
function visit(lan: Lan, time: number, who: Machine, server: Machine = SERVER): void {
  lan.arp(time, who, server.ip);
  lan
    .connect(time + 1_000, who, server, 80)
    .say(time + 2_000, "client", latin("GET / HTTP/1.0\r\n\r\n"))
    .close(time + 5_000);
}

const LLDP = 0x88cc;
const EVERY_BRIDGE = "01:80:c2:00:00:0e";
const MED = { software: 6, serial: 8, maker: 9, model: 10 } as const;

/** LLDP with the inventory of its MED extension (IEEE 802.1AB, TIA-1057). */
function inventory(lan: Lan, time: number, mac: string, said: Partial<Record<keyof typeof MED | "name", string>>): void {
  const tlv = (type: number, body: Uint8Array) => bytes(u16((type << 9) | body.length), body);
  const med = Object.entries(MED).flatMap(([what, subtype]) =>
    said[what as keyof typeof MED] === undefined ? [] : [tlv(127, bytes([0, 0x12, 0xbb, subtype], latin(said[what as keyof typeof MED]!)))],
  );
  const card = mac.split(":").map((digits) => Number.parseInt(digits, 16));
  const message = bytes(
    tlv(1, bytes([4], card)),
    tlv(2, bytes([3], card)),
    tlv(3, u16(120)),
    ...(said.name === undefined ? [] : [tlv(5, latin(said.name))]),
    ...med,
    [0, 0],
  );
  lan.frame(time, ethernet({ from: mac, to: EVERY_BRIDGE, type: LLDP }, message));
}

/** Echo (RFC 792). */
function ping(lan: Lan, time: number, from: Machine, to: Machine): void {
  const echo = (type: number) => bytes([type, 0, 0, 0], u16(7), u16(1), latin("abcdefgh"));
  lan.ip(time, from, to, 1, echo(8));
  lan.ip(time + 500, to, from, 1, echo(0));
}

const INFUSION = "70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC";
const PROFILE = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.1^ISO";
const UDI = "04012345678901";

/** Results of pumps, as a gateway sends them on (IHE PCD-01): each names itself by serial number, EUI-64 and the number of its model. */
function results(lan: Lan, time: number, gateway: Machine, receiver: Machine, serials: readonly string[]): void {
  const rows = serials.flatMap((serial, i) => [
    `OBX|1||${INFUSION}|${i + 1}.0.0.0|||||||X`,
    `PRT|1|UC||EQUIP^Equipment^HL70912|||||ICU^${i + 1}|${serial}^^001221000000000${i}^EUI-64||||||${UDI}||||${serial}`,
  ]);
  const header = `${hl7Header("GATEWAY|ICU", "RECORD|CLINIC", "ORU^R01^ORU_R01", "2.7")}|||AL|NE||UNICODE UTF-8|||${PROFILE}`;
  lan
    .connect(time, gateway, receiver, 2575)
    .say(time + 1_000, "client", mllp(header, "OBR|1", ...rows))
    .close(time + 20_000);
}

const WINDOWS = Uint8Array.of(1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252);
const LINUX = Uint8Array.of(1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42);
const Option = { hostName: 12, wishes: 55, vendorClass: 60, clientId: 61, relay: 82 } as const;

// The stories. --------------------------------------------------------------------------------------------------------------------

test("a lease passes on: each pump keeps what it did under the address, and when", () => {
  const lan = new Lan();
  for (const [mac, start] of [
    [PUMP, 0],
    [SECOND_PUMP, 26],
  ] as const) {
    const pump = { mac, ip: "10.9.0.100" };
    lease(lan, at(start), mac, pump.ip);
    for (const later of [1, 12]) visit(lan, at(start + later), pump);
  }
  const { lines, worn } = told(lan.frames);
  assert.deepEqual(lines("peers"), [`${PUMP} 10.9.0.100 1`, `${SECOND_PUMP} 10.9.0.100 1`, `${SERVER.mac} 10.9.0.2 2`]);
  assert.deepEqual(worn(PUMP), ["10.9.0.100 0 to 12"]);
  assert.deepEqual(worn(SECOND_PUMP), ["10.9.0.100 26 to 38"]);
});

test("a pump goes to another ward: another VLAN, port and address, the same pump", () => {
  const lan = new Lan();
  for (const [time, vlan, ip, port] of [
    [0, 10, "10.9.0.100", "ward-1"],
    [600, 20, "10.20.0.7", "ward-2"],
  ] as const) {
    lease(lan, at(time), PUMP, ip, [Option.hostName, latin("pump-7")], [Option.relay, bytes([1, port.length], latin(port))]);
    visit(lan, at(time + 1), { mac: PUMP, ip, vlan });
  }
  const { lines, worn } = told(lan.frames);
  assert.deepEqual(lines("name", "location"), [`${PUMP} 10.9.0.100 10.20.0.7 pump-7 ward-2`, `${SERVER.mac} 10.9.0.2 10.9.0.2 null`]);
  assert.deepEqual(worn(PUMP), ["10.9.0.100 0 to 1", "10.20.0.7 600 to 601"]);
});

test("a network card is swapped: the serial number stays, and so does the monitor", () => {
  const lan = new Lan();
  for (const [i, mac] of [PUMP, SECOND_PUMP].entries()) {
    inventory(lan, at(i * 600), mac, { serial: "DE80012345", model: "IntelliVue MX800", maker: "Philips", name: "bed-12" });
    visit(lan, at(i * 600 + 1), { mac, ip: `10.9.0.${100 + i}` });
  }
  const { lines, worn } = told(lan.frames);
  assert.deepEqual(lines("serial", "kind"), [
    `${PUMP} ${SECOND_PUMP} 10.9.0.100 10.9.0.101 DE80012345 patient monitor?`,
    `${SERVER.mac} 10.9.0.2 null null`,
  ]);
  assert.deepEqual(worn(PUMP), ["10.9.0.100 1 to 1", "10.9.0.101 601 to 601"]);
});

test("a gateway speaks for ten pumps, and an interface engine passes it on: the pumps are ten, and neither is a pump", () => {
  const lan = new Lan();
  const gateway = { mac: "00:1b:21:00:00:30", ip: "10.9.0.30" };
  const engine = { mac: "00:1b:21:00:00:31", ip: "10.9.0.31" };
  const serials = Array.from({ length: 10 }, (_, i) => `A73${i}412`);
  for (const machine of [gateway, engine, SERVER]) lan.arp(at(0), machine, "10.9.0.1");
  for (const time of [1, 30]) {
    results(lan, at(time), gateway, engine, serials);
    results(lan, at(time + 1), engine, SERVER, serials);
  }
  assert.deepEqual(told(lan.frames).lines("serial", "kind"), [
    `${SERVER.mac} 10.9.0.2 null null`,
    `${gateway.mac} 10.9.0.30 null null`,
    `${engine.mac} 10.9.0.31 null null`,
    ...serials.map((serial) => `${serial} infusion pump?`),
  ]);
});

test("a router in the way, heard before it and behind it: the pump is one device, and the router none of those it carries", () => {
  const lan = new Lan();
  const pump = { mac: PUMP, ip: "10.1.0.7" };
  const [inside, outside] = [ROUTER, SECOND_ROUTER];
  for (const machine of [pump, { mac: inside, ip: "10.1.0.1" }, { mac: outside, ip: "10.9.0.1" }, SERVER])
    lan.arp(at(0), machine, "10.1.0.99");
  lan.connect(at(1), pump, { mac: inside, ip: SERVER.ip, ttl: 63 }, 80).close(at(2));
  // The same packets as another input heard them; what it counts of them would be two packets on one wire.
  const behind = new Lan();
  behind.connect(at(1) + 30, { mac: outside, ip: pump.ip, ttl: 63 }, SERVER, 80).close(at(2) + 30);
  const frames = [...lan.frames, ...behind.frames].toSorted((a, b) => a.at! - b.at!);
  assert.deepEqual(told(frames).lines("peers"), [
    `${PUMP} 10.1.0.7 1`,
    `${SERVER.mac} 10.9.0.2 1`,
    `${inside} 10.1.0.1 carrier 0`,
    `${outside} 10.9.0.1 carrier 0`,
  ]);
});

/** How each says that it is there: Cisco's by UDP from the shared card, VRRP by an IP protocol of its own. */
const REDUNDANCIES = {
  HSRP: {
    mac: "00:00:0c:07:ac:07",
    hello: (lan: Lan, time: number, who: Machine) =>
      lan.udp(time, { ...who, ttl: 1 }, group("224.0.0.2"), [1985, 1985], new Uint8Array(20)),
  },
  VRRP: {
    mac: "00:00:5e:00:01:07",
    hello: (lan: Lan, time: number, who: Machine) => lan.ip(time, { ...who, ttl: 255 }, group("224.0.0.18"), 112, new Uint8Array(20)),
  },
};

for (const [name, { mac, hello }] of Object.entries(REDUNDANCIES))
  test(`two routers with ${name}, and the second takes over: two routers, and an address that is neither's`, () => {
    const lan = new Lan();
    const pair = [
      { mac: ROUTER, ip: "10.9.0.11" },
      { mac: SECOND_ROUTER, ip: "10.9.0.12" },
    ] as const;
    const shared = { mac, ip: "10.9.0.1", ttl: 255 };
    const pump = { mac: PUMP, ip: "10.9.0.100" };
    for (const router of pair) lan.arp(at(0), router, "10.9.0.99");
    for (const [i, active] of pair.entries()) {
      const since = i * 600;
      lan.arp(at(since + 1), shared, shared.ip);
      for (let second = 2; second < 6; second++) {
        hello(lan, at(since + second), { mac, ip: active.ip });
        if (name === "HSRP") hello(lan, at(since + second), pair[1 - i]!);
      }
      lan.arp(at(since + 6), pump, shared.ip);
      ping(lan, at(since + 6), pump, shared);
      lan.connect(at(since + 7), pump, { mac, ip: "10.50.0.9" }, 80).close(at(since + 9));
      // What comes back is carried by the active router's own card.
      lan.connect(at(since + 8), { mac: active.mac, ip: "10.50.0.10", ttl: 62 }, pump, 80).close(at(since + 9));
    }
    assert.deepEqual(told(lan.frames).lines(), [
      `${mac} 10.9.0.1 carrier`,
      `${PUMP} 10.9.0.100`,
      `${ROUTER} 10.9.0.11 carrier`,
      `${SECOND_ROUTER} 10.9.0.12 carrier`,
      "10.50.0.10",
      "10.50.0.9",
    ]);
  });

test("cards that make up their MACs: one that keeps its client identifier is one device; of one that keeps nothing each is another", () => {
  const lan = new Lan();
  const identifier = Uint8Array.from({ length: 13 }, (_, i) => i * 11);
  const known = ["02:11:22:33:44:55", "06:66:77:88:99:aa", "da:a1:19:00:00:01"];
  for (const [i, mac] of known.entries()) {
    lease(lan, at(i * 600), mac, `10.9.0.${110 + i}`, [Option.clientId, identifier]);
    visit(lan, at(i * 600 + 1), { mac, ip: `10.9.0.${110 + i}` });
  }
  const unknown = ["ee:01:02:03:04:05", "ee:01:02:03:04:06"];
  for (const [i, mac] of unknown.entries()) visit(lan, at(i * 600 + 2), { mac, ip: "10.9.0.150" });
  assert.deepEqual(told(lan.frames).lines("maker"), [
    `${SERVER.mac} 10.9.0.2 null`,
    `${known.join(" ")} 10.9.0.110 10.9.0.111 10.9.0.112 null`,
    ...unknown.map((mac) => `${mac} 10.9.0.150 null`),
  ]);
});

test("a machine gets another system: one device with both names; which system it has is unsure, and stays so", () => {
  const lan = new Lan();
  const ip = "10.9.0.100";
  const named = (name: string) => [Option.hostName, latin(name)] as const;
  lease(lan, at(0), PUMP, ip, named("bed-7"), [Option.vendorClass, latin("MSFT 5.0")], [Option.wishes, WINDOWS]);
  visit(lan, at(1), { mac: PUMP, ip, ttl: 128 });
  lease(lan, at(600), PUMP, ip, named("bed-7-new"), [Option.wishes, LINUX]);
  visit(lan, at(601), { mac: PUMP, ip });
  assert.deepEqual(told(lan.frames).lines("names", "os"), [
    `${PUMP} 10.9.0.100 [["bed-7",20],["bed-7-new",20]] null`,
    `${SERVER.mac} 10.9.0.2 [] null`,
  ]);
});

test("who is heard by echoes or by ARP alone is one device with its card; who answers from behind a router is not the router", () => {
  const lan = new Lan();
  const asking = { mac: PUMP, ip: "10.9.0.100" };
  ping(lan, at(0), asking, { mac: SECOND_PUMP, ip: "10.9.0.101", ttl: 128 });
  ping(lan, at(1), asking, { mac: ROUTER, ip: "203.0.113.9", ttl: 57 });
  for (let ttl = 1; ttl < 4; ttl++) ping(lan, at(1 + ttl), { ...asking, ttl }, { mac: ROUTER, ip: "203.0.113.9", ttl: 57 });
  lan.arp(at(3), { mac: "00:09:fb:00:00:03", ip: "10.9.0.102" }, "10.9.0.1");
  assert.deepEqual(told(lan.frames).lines(), [
    `${PUMP} 10.9.0.100`,
    `${SECOND_PUMP} 10.9.0.101`,
    "00:09:fb:00:00:03 10.9.0.102",
    ROUTER,
    "203.0.113.9 outside",
  ]);
});

test("a serial number of zeros joins nobody, and is not shown as one", () => {
  const lan = new Lan();
  for (const [i, mac] of [PUMP, SECOND_PUMP].entries()) {
    inventory(lan, at(i), mac, { serial: "0000000000", model: "IntelliVue MX800", maker: "Philips" });
    visit(lan, at(i), { mac, ip: `10.9.0.${100 + i}` });
  }
  assert.deepEqual(told(lan.frames).lines("serial"), [
    `${PUMP} 10.9.0.100 null`,
    `${SECOND_PUMP} 10.9.0.101 null`,
    `${SERVER.mac} 10.9.0.2 null`,
  ]);
});

test("a laptop that calls itself a monitor, whatever it says it by, is not asserted to be one", () => {
  const laptop = { mac: "3c:22:fb:00:00:01", ip: "10.9.0.100", ttl: 128 };
  const name = "IntelliVue-MX800";
  const kindOf = (tell: (lan: Lan) => void) => {
    const lan = new Lan();
    tell(lan);
    visit(lan, at(1), laptop);
    return told(lan.frames).lines("kind").find((line) => line.startsWith(laptop.mac)); // prettier-ignore
  };
  const asks = (lan: Lan, ...options: readonly (readonly [number, Uint8Array])[]) =>
    lease(lan, at(0), laptop.mac, laptop.ip, [Option.hostName, latin(name)], [Option.wishes, WINDOWS], ...options);
  const says = (lan: Lan) => inventory(lan, at(0), laptop.mac, { serial: "DE80012345", model: "IntelliVue MX800", maker: "Philips", name });
  assert.equal(kindOf(asks), `${laptop.mac} 10.9.0.100 null`);
  assert.equal(
    kindOf((lan) => asks(lan, [Option.vendorClass, latin("Philips IntelliVue MX800")])),
    `${laptop.mac} 10.9.0.100 patient monitor?`,
  );
  assert.equal(kindOf(says), `${laptop.mac} 10.9.0.100 patient monitor?`);
});
