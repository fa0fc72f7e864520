/**
 * Files of evidence as real programs write them: each DHCP server gives one client a lease in a namespace, a kernel knows its neighbor,
 * FreeRADIUS writes a session down. Needs root, and the programs from Debian; what is missing is said and not proved.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { closeEvidence, openEvidence } from "../link/evidence-file.ts";
import { linesOf, objectsOf } from "../link/evidence-text.ts";
import { findProgram } from "../link/sandbox.ts";
import { Namespace } from "../testing/namespace.ts";
import { shown } from "../testing/entries.ts";
import { until } from "../testing/processes.ts";

const MAC = "00:09:fb:12:34:56";
const FREERADIUS = "/etc/freeradius/3.0";
/** Servers bind their sockets in this time, on a machine that does other things too. */
const SERVER_MS = 3_000;

const folder = mkdtempSync(join(tmpdir(), "auscult-evidence-"));
const running = new Set<ChildProcess>();
let server: Namespace;
let client: Namespace;

before(() => {
  server = new Namespace("server");
  client = new Namespace("client");
  server.type(
    `ip link add eth0 type veth peer name eth0 netns ${client.name}`,
    "ip address add 10.77.0.1/24 dev eth0",
    "ip link set lo up",
    "ip link set eth0 up",
  );
  client.type(`ip link set eth0 address ${MAC}`, "ip link set eth0 up");
});

after(async () => {
  for (const it of running) await stop(it);
  client.delete();
  server.delete();
  rmSync(folder, { recursive: true });
});

function serve(environment: Readonly<Record<string, string>>, ...command: readonly string[]): ChildProcess {
  const [ip, ...rest] = server.through;
  const child = spawn(ip!, [...rest, ...command], { stdio: "ignore", env: { ...process.env, ...environment } });
  running.add(child);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

function needs(t: TestContext, ...programs: readonly string[]): boolean {
  const missing = programs.filter((it) => findProgram(it) === undefined && !existsSync(it));
  if (missing.length > 0) t.skip(`no ${missing.join(", ")}: NOT PROVED`);
  return missing.length === 0;
}

/** Of a server that gives leases: what it wrote, having given one. */
async function leaseOf(file: string, environment: Readonly<Record<string, string>>, ...command: readonly string[]): Promise<string[]> {
  const child = serve(environment, ...command);
  await sleep(SERVER_MS);
  client.run("udhcpc", "-n", "-q", "-f", "-t", "10", "-i", "eth0", "-x", "hostname:pump-7", "-s", "/bin/true");
  await until(`${file} to be written`, () => existsSync(file) && readFileSync(file, "utf8").includes(MAC));
  await stop(child);
  return read(file);
}

/** Every entry of a file, without its time. */
function read(path: string): string[] {
  const file = openEvidence(path);
  const entry = file.form.reader(file.about);
  const pieces = file.form.json ? objectsOf(file.fd) : linesOf(file.fd);
  const lines = [...[...pieces].map(({ text }) => text!), ""].flatMap((text) => shown(entry(text)) ?? []);
  closeEvidence([file]);
  return [file.form.title, ...lines.map((line) => line.replace(/ \d{4}-\d\d-\d\dT[\d:]{8}/, ""))];
}

const LEASE = new RegExp(`^${MAC} 10\\.77\\.0\\.5\\d hostname: pump-7`);

test("dnsmasq", async (t) => {
  if (!needs(t, "dnsmasq", "udhcpc")) return;
  const file = join(folder, "dnsmasq.leases");
  const lines = await leaseOf(file, {}, "dnsmasq", "-d", "--conf-file=/dev/null", "--user=root", "--port=0", "--dhcp-range=10.77.0.50,10.77.0.59", `--dhcp-leasefile=${file}`, `--pid-file=${join(folder, "dnsmasq.pid")}`); // prettier-ignore
  assert.equal(lines[0], "DHCP leases of dnsmasq (dnsmasq.leases)");
  assert.match(lines[1]!, LEASE);
});

test("ISC DHCP", async (t) => {
  if (!needs(t, "dhcpd", "udhcpc")) return;
  const [settings, file] = [join(folder, "dhcpd.conf"), join(folder, "dhcpd.leases")];
  writeFileSync(settings, "subnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.50 10.77.0.59; }\n");
  writeFileSync(file, "");
  const lines = await leaseOf(file, {}, "dhcpd", "-f", "-cf", settings, "-lf", file, "-pf", join(folder, "dhcpd.pid"), "eth0");
  assert.equal(lines[0], "DHCP leases of ISC DHCP (dhcpd.leases)");
  assert.match(lines.at(-1)!, LEASE);
});

test("Kea, what it keeps and what it answers", async (t) => {
  const HOOK = "/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_lease_cmds.so";
  if (!needs(t, "kea-dhcp4", "udhcpc", HOOK)) return;
  const [settings, file, socket] = [join(folder, "kea.json"), join(folder, "kea.csv"), join(folder, "kea.sock")];
  writeFileSync(
    settings,
    JSON.stringify({
      Dhcp4: {
        "interfaces-config": { interfaces: ["eth0"] },
        "lease-database": { type: "memfile", name: file, "lfc-interval": 0 },
        "control-socket": { "socket-type": "unix", "socket-name": socket },
        "hooks-libraries": [{ library: HOOK }],
        subnet4: [{ subnet: "10.77.0.0/24", pools: [{ pool: "10.77.0.50 - 10.77.0.59" }] }],
      },
    }),
  );
  const environment = { KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: folder };
  const lines = await leaseOf(file, environment, "kea-dhcp4", "-c", settings);
  assert.equal(lines[0], "DHCP leases of Kea (memfile CSV)");
  assert.match(lines[1]!, LEASE);

  const again = serve(environment, "kea-dhcp4", "-c", settings);
  await until("Kea to answer", () => existsSync(socket));
  const answer = join(folder, "answer.json");
  writeFileSync(answer, await asked(socket, '{ "command": "lease4-get-all" }'));
  await stop(again);
  assert.deepEqual(read(answer), ["DHCP leases of Kea (JSON)", lines[1]]);
});

async function asked(socket: string, command: string): Promise<string> {
  const connection = connect(socket);
  connection.end(command);
  let answer = "";
  for await (const piece of connection) answer += String(piece);
  return answer;
}

test("the neighbors of a kernel", (t) => {
  if (!needs(t, "arp")) return;
  server.type(`ip neigh replace 10.77.0.51 lladdr ${MAC} dev eth0 nud reachable`, "ip neigh replace 10.77.0.52 dev eth0 nud failed");
  for (const [command, title] of [
    [["ip", "neigh"], "neighbor table of Linux (ip neigh)"],
    [["arp", "-an"], "ARP table of a computer (arp -an)"],
  ] as const) {
    const file = join(folder, "neighbors.txt");
    writeFileSync(file, server.run(...command));
    assert.deepEqual(read(file).filter((line) => !line.includes("10.77.0.5") || line.includes("10.77.0.51")), [title, `${MAC} 10.77.0.51`]); // prettier-ignore
  }
});

test("FreeRADIUS", async (t) => {
  if (!needs(t, "freeradius", "radclient", FREERADIUS)) return;
  const [settings, logs] = [join(folder, "freeradius"), join(folder, "log")];
  cpSync(FREERADIUS, settings, { recursive: true, verbatimSymlinks: true });
  mkdirSync(join(logs, "radacct"), { recursive: true });
  const main = join(settings, "radiusd.conf");
  const own = readFileSync(main, "utf8").replace(/^\s*(?:user|group) = .*$/gm, "").replace(/^logdir = .*$/m, `logdir = ${logs}`).replace(/^run_dir = .*$/m, `run_dir = ${folder}`); // prettier-ignore
  writeFileSync(main, own);
  const child = serve({}, "freeradius", "-f", "-d", settings, "-l", join(logs, "radius.log"));
  await sleep(SERVER_MS);
  const session = `Acct-Status-Type = Start, Acct-Session-Id = "1", User-Name = "maria.huber", NAS-Identifier = "ward-3", NAS-Port-Id = "GigabitEthernet1/0/3", Calling-Station-Id = "00-09-FB-12-34-56", Framed-IP-Address = 10.77.0.51`;
  server.type(`echo '${session}' | radclient -r 10 -t 1 127.0.0.1:1813 acct testing123`);
  const detail = () => readdirSync(logs, { recursive: true, encoding: "utf8" }).find((it) => /detail-\d+$/.test(it));
  await until("the session to be written down", () => detail() !== undefined);
  await stop(child);
  assert.deepEqual(read(join(logs, detail()!)), [
    "RADIUS accounting of FreeRADIUS (detail)",
    `${MAC} 10.77.0.51 switchPort: Gi1/0/3 of ward-3`,
  ]);
});
