/**
 * What others know, as files: one hospital is heard at the access switch, where every card shows itself, and again from behind its router,
 * where none does. With the lease file and the table of the switch, the second tells the same devices, cards and ports as the first.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutRecording } from "../store/about.ts";
import { bytes, ipBytes } from "../testing/frames.ts";
import { EVERYONE, Lan, type Machine } from "../testing/lan.ts";
import { dhcp, latin } from "../testing/messages.ts";
import { batchesOf, WrittenRecording } from "../testing/told-in-writing.ts";

/** 2026-11-23 08:00 UTC. */
const MORNING = 1_795_420_800;
const at = (seconds: number) => (MORNING + seconds) * 1e6;
const HOUR = 3_600;

const SWITCH = "sw-3-west";
const ROUTER_INSIDE = "00:1b:54:00:00:01";
const ROUTER_OUTSIDE = "00:1b:54:00:00:02";
const DHCP_SERVER: Machine = { mac: "00:1b:21:00:00:05", ip: "10.1.0.5" };
const ENGINE: Machine = { mac: "00:1b:21:00:00:20", ip: "10.9.0.2" };

interface Bedside extends Machine {
  readonly name: string;
  readonly port: number;
}

/** The truth: pumps, monitors and a laptop, each at a port of one switch. */
const BEDSIDES: readonly Bedside[] = Array.from({ length: 8 }, (_, i) => ({
  mac: ["00:09:fb:00:00:0", "00:0e:c6:00:00:0"][i % 2]! + (i + 1),
  ip: `10.1.0.${100 + i}`,
  name: `bed-${i + 1}`,
  port: i + 1,
}));

/** At the access switch: leases with their port (option 82), ARP, and the connections as they go to the router. */
function atTheSwitch(): Lan {
  const lan = new Lan();
  lan.arp(at(0), { mac: ROUTER_INSIDE, ip: "10.1.0.1" }, "10.1.0.99");
  lan.arp(at(0), DHCP_SERVER, "10.1.0.99");
  for (const [i, it] of BEDSIDES.entries()) {
    const circuit = latin(`Gi1/0/${it.port}`);
    const remote = latin(SWITCH);
    const relayed = bytes([1, circuit.length], circuit, [2, remote.length], remote);
    lan.udp(at(i), { mac: it.mac, ip: "0.0.0.0" }, EVERYONE, [68, 67], dhcp(1, it.mac, "0.0.0.0", [53, Uint8Array.of(3)], [12, latin(it.name)], [82, relayed])); // prettier-ignore
    lan.udp(at(i) + 1_000, DHCP_SERVER, EVERYONE, [67, 68], dhcp(2, it.mac, it.ip, [53, Uint8Array.of(5)], [54, ipBytes(DHCP_SERVER.ip)]));
    lan.arp(at(i) + 2_000, it, "10.1.0.1");
    lan
      .connect(at(i) + 3_000, it, { mac: ROUTER_INSIDE, ip: ENGINE.ip, ttl: 63 }, 80)
      .say(at(i) + 4_000, "client", latin("GET / HTTP/1.0\r\n\r\n"))
      .close(at(i) + 5_000);
  }
  // The server's own are on its side of the router.
  lan.connect(at(20), { ...DHCP_SERVER }, { mac: ROUTER_INSIDE, ip: ENGINE.ip, ttl: 63 }, 80).close(at(21));
  return lan;
}

/** The same connections on the other side. */
function behindTheRouter(clients: readonly Machine[] = [...BEDSIDES, DHCP_SERVER], from = 0): Lan {
  const lan = new Lan();
  lan.arp(at(from), ENGINE, "10.9.0.1");
  lan.arp(at(from), { mac: ROUTER_OUTSIDE, ip: "10.9.0.1" }, ENGINE.ip);
  for (const [i, { ip }] of clients.entries())
    lan
      .connect(at(from + i) + 3_030, { mac: ROUTER_OUTSIDE, ip, ttl: 63 }, ENGINE, 80)
      .say(at(from + i) + 4_030, "client", latin("GET / HTTP/1.0\r\n\r\n"))
      .close(at(from + i) + 5_030);
  return lan;
}

const BEHIND = batchesOf(behindTheRouter().frames);

/** Devices of the ward as their cards, addresses and ports. */
async function ward(recording: WrittenRecording): Promise<string[]> {
  const devices = await recording.devices();
  const own = devices.filter(({ ips, standing }) => standing === "device" && ips.some((ip) => ip.startsWith("10.1.0.")));
  return own.map(({ macs, ips, location }) => [...macs, ...ips, location?.value ?? "port not known"].join(" ")).sort(); // prettier-ignore
}

const MACHINES = [...BEDSIDES, { ...DHCP_SERVER, name: "dhcp", port: 0 }];
const dotted = (mac: string) => mac.replaceAll(":", "").replace(/(....)(....)(....)/, "$1.$2.$3");
const dated = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");

/** The truth as each server would have written it down; the DHCP server has its own address by hand, as an ARP table tells. */
const LEASES: Readonly<Record<string, () => string>> = {
  "kea-leases4.csv": () =>
    `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n${MACHINES.map(
      ({ mac, ip, name }) => `${ip},${mac},,43200,${MORNING + 43_200},1,0,0,${name},0,,0`,
    ).join("\n")}\n`,
  "dhcpd.leases": () =>
    MACHINES.map(
      ({ mac, ip, name }) =>
        `lease ${ip} {\n  starts 1 ${dated(MORNING)};\n  ends 1 ${dated(MORNING + 43_200)};\n  cltt 1 ${dated(MORNING)};\n  binding state active;\n  hardware ethernet ${mac};\n  client-hostname "${name}";\n}\n`,
    ).join(""),
  "dnsmasq.leases": () => MACHINES.map(({ mac, ip, name }) => `${MORNING + 43_200} ${mac} ${ip} ${name} *\n`).join(""),
  "leases.csv": () =>
    `"IPAddress","ScopeId","AddressState","ClientId","HostName"\r\n${MACHINES.map(
      ({ mac, ip, name }) => `"${ip}","10.1.0.0","Active","${mac.replaceAll(":", "-")}","${name}"`,
    ).join("\r\n")}\r\n`,
};
const TABLES: Readonly<Record<string, () => string>> = {
  "cisco.txt": () =>
    `${SWITCH}#show mac address-table\nVlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n${BEDSIDES.map(
      ({ mac, port }) => `  10    ${dotted(mac)}    DYNAMIC     Gi1/0/${port}`,
    ).join("\n")}\n${Array.from({ length: 20 }, (_, i) => `  10    0050.5600.00${10 + i}    DYNAMIC     Gi1/0/48`).join("\n")}\n`,
  "cx.txt": () =>
    `${SWITCH}# show mac-address-table\nMAC Address          VLAN     Type       Port\n${BEDSIDES.map(
      ({ mac, port }) => `${mac}    10       dynamic    Gi1/0/${port}`,
    ).join("\n")}\n`,
  "procurve.txt": () =>
    `${SWITCH}# show mac-address\n  MAC Address   Port  VLAN\n${BEDSIDES.map(
      ({ mac, port }) => `  ${mac.replaceAll(":", "").replace(/(......)(......)/, "$1-$2")} Gi1/0/${port}  10`,
    ).join("\n")}\n`,
  "ports.csv": () => `switch,port,mac\n${BEDSIDES.map(({ mac, port }) => `${SWITCH},GigabitEthernet1/0/${port},${mac}`).join("\n")}\n`,
};

test("from behind the router, with leases and one table of the switch: the devices, cards and ports of the access switch", async (t) => {
  const access = new WrittenRecording(t);
  access.hear(batchesOf(atTheSwitch().frames), "access");
  const truth = await ward(access);
  assert.deepEqual(truth, [...BEDSIDES.map(({ mac, ip, port }) => `${mac} ${ip} Gi1/0/${port} of ${SWITCH}`), `${DHCP_SERVER.mac} ${DHCP_SERVER.ip} port not known`].sort()); // prettier-ignore

  for (const [leases, table] of [
    ["kea-leases4.csv", "cisco.txt"],
    ["dhcpd.leases", "cx.txt"],
    ["dnsmasq.leases", "procurve.txt"],
    ["leases.csv", "ports.csv"],
  ] as const) {
    const behind = new WrittenRecording(t);
    behind.hear(BEHIND, "behind");
    assert.deepEqual(await ward(behind), MACHINES.map(({ ip }) => `${ip} port not known`).sort(), "without files");
    await behind.read({ [leases]: LEASES[leases]!(), [table]: TABLES[table]!() }, at(HOUR));
    assert.deepEqual(await ward(behind), truth, `${leases} and ${table}`);
    // Nothing of what was heard became another's: each talked to the engine, and the router to nobody.
    const peers = (await behind.devices()).map(({ standing, ips, peers: count }) => `${standing} ${ips[0] ?? "no IP"} ${count}`);
    assert.deepEqual(peers.filter((line) => line.startsWith("carrier")), ["carrier 10.9.0.1 0"]); // prettier-ignore
  }
});

test("read before the capture, or read twice, files tell the same; the recording is as long as what was heard", async (t) => {
  const files = { "dhcpd.leases": LEASES["dhcpd.leases"]!(), "cisco.txt": TABLES["cisco.txt"]!() };
  const later = new WrittenRecording(t);
  later.hear(BEHIND, "behind");
  await later.read(files, at(HOUR));
  const wanted = await ward(later);
  const coverage = await later.ask((reader) => reader.coverage());
  assert.equal(coverage.to! < at(HOUR), true);
  assert.deepEqual(coverage.inputs.map(({ name }) => name), ["test.pcap"]); // prettier-ignore
  // So the same capture opened again is the same recording.
  const about = aboutRecording(later.path);
  assert.deepEqual([about.runs, about.to], [["behind"], coverage.to]);
  const again = await later.read(files, at(HOUR));
  assert.deepEqual(again.map(({ readBefore }) => readBefore), [true, true]); // prettier-ignore
  assert.deepEqual(await ward(later), wanted);
  const evidence = await later.ask(async (reader) => (await reader.device((await reader.devices({ filter: "10.1.0.100", sort: "ip", descending: false, offset: 0, limit: 1 })).rows[0]!.id))!.evidence); // prettier-ignore
  assert.deepEqual(evidence.filter(({ protocol }) => protocol === "switch table").map(({ value, weight, why, count }) => [value, weight, why, count]), [
    [`Gi1/0/1 of ${SWITCH}`, 18, "cisco.txt, of 2026-11-23", 1],
  ]); // prettier-ignore

  const before = new WrittenRecording(t);
  await before.read(files, at(HOUR));
  before.hear(BEHIND, "behind");
  assert.deepEqual(await ward(before), wanted);
});

test("an address that passes on: what was heard in the morning is the first one's, in the evening the second one's", async (t) => {
  const [first, second] = [BEDSIDES[0]!, BEDSIDES[1]!];
  const ip = "10.1.0.200";
  const lease = (mac: string, seconds: number) => `${ip},${mac},,3600,${MORNING + seconds + 3_600},1,0,0,,0,,0\n`;
  const leases = `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n${lease(first.mac, 0)}${lease(second.mac, 6 * HOUR)}`;
  const hours = async (...from: readonly number[]) => {
    const recording = new WrittenRecording(t);
    const beside = { mac: "", ip: "10.1.0.201" };
    for (const each of from) recording.hear(batchesOf(behindTheRouter([{ mac: "", ip }, beside], each * HOUR).frames), `from ${each}`);
    await recording.read({ "kea.csv": leases }, at(24 * HOUR));
    return (await recording.devices()).find(({ ips, frames }) => ips.includes(ip) && frames > 0)!.macs;
  };
  assert.deepEqual(await hours(1), [first.mac]);
  assert.deepEqual(await hours(8), [second.mac]);
  assert.deepEqual(await hours(1, 8), [], "of both: nobody can part it");
});
