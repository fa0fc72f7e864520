import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { evidenceForms } from "../evidence/index.ts";
import { Lan, type Machine } from "../testing/lan.ts";
import { latin } from "../testing/messages.ts";
import { batchesOf, WrittenRecording } from "../testing/told-in-writing.ts";
import { NoEvidence } from "./evidence-file.ts";
import { noteOf } from "./evidence-note.ts";

/** 2026-11-23 08:00 UTC. */
const MORNING = 1_795_420_800e6;
const DAY = 86_400e6;
const WEEK = 7 * DAY;

/** A server that answers, a laptop that asks, each with its card. */
const SERVER: Machine = { mac: "00:1b:21:00:00:20", ip: "10.9.0.2" };
const LAPTOP: Machine = { mac: "3c:22:fb:00:00:01", ip: "10.9.0.100" };
const PUMP = "00:09:fb:00:00:01";
const HEARD = batchesOf(visit().frames);

function visit(): Lan {
  const lan = new Lan();
  lan.arp(MORNING, LAPTOP, SERVER.ip);
  lan.arp(MORNING, SERVER, LAPTOP.ip);
  lan
    .connect(MORNING + 1_000, LAPTOP, SERVER, 80)
    .say(MORNING + 2_000, "client", latin("GET / HTTP/1.0\r\n\r\n"))
    .say(MORNING + 3_000, "server", latin("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"))
    .close(MORNING + 5_000);
  return lan;
}

const kea = (...rows: readonly (readonly [ip: string, mac: string, name: string])[]) =>
  `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n${rows
    .map(([ip, mac, name]) => `${ip},${mac},,3600,${MORNING / 1e6 + 3_600},1,0,0,${name},0,,0\n`)
    .join("")}`;

const names = async (recording: WrittenRecording) => (await recording.devices()).map(({ name, macs }) => `${name} ${macs.join(" ")}`);

/** The places of one device, each with its weight and why. */
async function placesOf(recording: WrittenRecording, { mac }: Machine): Promise<string[]> {
  const { id } = (await recording.devices()).find(({ macs }) => macs.includes(mac))!;
  const device = await recording.ask((reader) => reader.device(id));
  const rows = device!.evidence.filter(({ attribute }) => attribute === "location");
  return [`${device!.location?.value}`, ...rows.map(({ protocol, value, weight, why }) => `${protocol}: ${value} +${weight}, ${why}`)];
}

test("names are told of machines that serve, and of cards of makers of devices; of a laptop the pattern alone", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  const rows = kea([SERVER.ip, SERVER.mac, "engine-1"], [LAPTOP.ip, LAPTOP.mac, "marias-laptop"], ["10.9.0.101", PUMP, "pump-7"]);
  const [read] = await recording.read({ "kea-leases4.csv": rows }, MORNING);
  assert.deepEqual([read!.entries, read!.withheld], [3, 1]);
  assert.deepEqual((await names(recording)).sort(), [`Apple 00:00:01 ${LAPTOP.mac}`, `engine-1 ${SERVER.mac}`, `pump-7 ${PUMP}`]);
  assert.equal(readFileSync(recording.path).includes("marias"), false);
});

test("a name that was given long before its address served is not told by that address", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  const list = (mac: string) => `mac,ip,hostname\n${mac},${SERVER.ip},marias-phone\n`;
  const [then] = await recording.read({ "then.csv": list("3c:22:fb:00:00:02") }, MORNING - 2 * WEEK);
  assert.equal(then!.withheld, 1);
  const [now] = await recording.read({ "now.csv": list("3c:22:fb:00:00:03") }, MORNING);
  assert.equal(now!.withheld, 0);
});

test("a port of many cards leads to another switch; each week in between halves what a table says", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  const others = Array.from({ length: 8 }, (_, i) => `ward-3,Gi1/0/48,00:50:56:00:00:0${i}`).join("\n");
  const table = (port: string) => `switch,port,mac\nward-3,${port},${LAPTOP.mac}\n${others}\n`;
  const [read] = await recording.read({ "old.csv": table("Gi1/0/7") }, MORNING - 2 * WEEK);
  assert.equal(read!.uplinks, 0, "eight cards may be plugged in at one port");
  assert.deepEqual(await placesOf(recording, LAPTOP), ["undefined", "switch table: Gi1/0/7 of ward-3 +4, old.csv, of 2026-11-09"]);
  const [uplink] = await recording.read({ "new.csv": table("Gi1/0/48") }, MORNING);
  assert.equal(uplink!.uplinks, 1);
  await recording.read({ "later.csv": table("Gi1/0/9") }, MORNING + WEEK + DAY);
  assert.deepEqual(await placesOf(recording, LAPTOP), [
    "Gi1/0/9 of ward-3",
    "switch table: Gi1/0/9 of ward-3 +9, later.csv, of 2026-12-01",
    "switch table: Gi1/0/7 of ward-3 +4, old.csv, of 2026-11-09",
  ]);
});

test("where a port leads is added to it, in whatever order the files are named; a network counts where no port is known", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  const files = {
    "outlets.csv": "switch,port,description\nward-3,GigabitEthernet1/0/7,Room 302\n",
    "networks.csv": "network,name,location\n10.9.0.0/16,Wards,\n10.9.0.0/24,Ward 3,Building A\n10.0.0.0/8,Hospital,\n",
    "table.csv": `switch,port,mac\nward-3,Gi1/0/7,${LAPTOP.mac}\n`,
  };
  await recording.read(files, MORNING);
  assert.equal((await placesOf(recording, LAPTOP))[0], "Gi1/0/7 of ward-3, Room 302");
  assert.deepEqual(await placesOf(recording, SERVER), [
    "Ward 3, Building A",
    "subnet list: Ward 3, Building A +18, networks.csv, of 2026-11-23",
  ]);
});

test("what is in networks that are left out is left out; lines that are none are named with their number; coverage says so", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  const rows = `${kea(["10.66.0.9", "00:09:fb:00:00:09", "pump-9"], ["10.9.0.101", PUMP, "pump-7"])}broken\n${"x".repeat(70_000)}\n`;
  const [read] = await recording.read({ "kea.csv": rows }, MORNING, ["10.66.0.0/16"]);
  assert.deepEqual((await names(recording)).filter((name) => name.startsWith("pump")), [`pump-7 ${PUMP}`]); // prettier-ignore
  const said = "kea.csv, of 2026-11-23, DHCP leases of Kea (memfile CSV): entries read: 2; not understood: 2, the first in line 4: expected 12 cells, got 1; of networks that are left out: 1."; // prettier-ignore
  assert.equal(noteOf(read!), said);
  assert.deepEqual(read!.firstUnread, ["line 4: expected 12 cells, got 1", "line 5: expected at most 64 KB"]);
  assert.deepEqual((await recording.ask((reader) => reader.coverage())).notes, [said]);
});

test("what was never heard says so, and takes no time for it", async (t) => {
  const recording = new WrittenRecording(t);
  recording.hear(HEARD, "visit");
  await recording.read({ "kea.csv": kea(["10.9.0.101", PUMP, ""], [LAPTOP.ip, LAPTOP.mac, ""]) }, MORNING + DAY);
  const devices = await recording.devices();
  const times = (mac: string) =>
    devices.filter(({ macs }) => macs.includes(mac)).map(({ first, last, frames }) => [first, last, frames])[0];
  assert.deepEqual(times(PUMP), [0, 0, 0]);
  const { id } = devices.find(({ macs }) => macs.includes(PUMP))!;
  const maker = (await recording.ask((reader) => reader.device(id)))!.evidence.find(({ observed }) => observed === "prefix");
  assert.match(maker!.why, /; the card stands in the lease file kea\.csv, of 2026-11-23$/);
  assert.deepEqual(times(LAPTOP.mac)!.slice(0, 2), [MORNING, MORNING + 5_200]);
  const database = new DatabaseSync(recording.path, { readOnly: true });
  const card = database.prepare("SELECT first FROM endpoint WHERE mac = ? AND ip IS NULL").get(LAPTOP.mac);
  database.close();
  assert.equal(card!["first"], MORNING);
});

test("a file of no form says which there are, and nothing is read of the others; the document names each form", async (t) => {
  const recording = new WrittenRecording(t);
  const wrong = recording.read({ "kea.csv": kea(["10.9.0.101", PUMP, ""]), "letter.txt": "Dear all," }, MORNING);
  await assert.rejects(wrong, (error) => {
    assert.ok(error instanceof NoEvidence);
    assert.match(error.message, /letter\.txt: expected DHCP leases of Windows Server.*, got a file of none of these forms$/);
    return true;
  });
  assert.deepEqual(await recording.devices(), []);
  const document = readFileSync(join(import.meta.dirname, "..", "..", "docs", "evidence.md"), "utf8");
  for (const { title, source } of evidenceForms)
    assert.ok(
      document.split("\n").some((line) => line.startsWith(`| ${title} | `) && line.endsWith(` | ${source} |`)),
      title,
    );
});
