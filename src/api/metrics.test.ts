/** What Prometheus reads: who may, what stands in it, what never does; health for whoever watches the service; and the dashboard that is made of it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Door } from "../accounts/door.ts";
import { metricsKeysIn } from "../link/metrics-keys.ts";
import { NO_TALLY } from "../link/tally.ts";
import { Accounts } from "../store/accounts.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-metrics-"));
after(() => rmSync(data, { recursive: true }));

const TOKEN = newToken("A. Lind");
const HOST = "127.0.0.1:4180";
const KEY = "k".repeat(24);
const keys = join(data, "keys");
writeFileSync(keys, `# who may\nprometheus ${KEY}\n`);
const NOW = Date.UTC(2026, 10, 24);

async function opened(more: object = {}) {
  const ward = new Ward(data);
  const options = { token: TOKEN, session: ward, metricsKeys: metricsKeysIn(keys), webRoot: join(data, "no pages"), ...more };
  const app = await api(options, () => new Set([HOST]));
  after(() => app.close());
  const ask = (url: string, key?: string) =>
    app.inject({ url, headers: { host: HOST, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) } });
  return { ward, ask };
}

test("a named key opens the figures and nothing else; the printed token opens them too; nobody else", async () => {
  const { ask } = await opened();
  assert.equal((await ask("/metrics", KEY)).statusCode, 200);
  assert.match((await ask("/metrics", KEY)).headers["content-type"] as string, /^text\/plain; version=0\.0\.4/);
  assert.equal((await ask("/metrics", TOKEN)).statusCode, 200);
  for (const key of [undefined, `${KEY}k`, KEY.slice(1), "prometheus"])
    assert.equal((await ask("/metrics", key)).statusCode, 401, String(key));
  for (const url of ["/api/session", "/api/devices", "/api/openapi.json"]) assert.equal((await ask(url, KEY)).statusCode, 401, url);
});

test("with accounts the key still serves, the printed token does not, and a key that is none is written down without it", async () => {
  const accounts = new Accounts(join(data, "accounts.db"));
  after(() => accounts.close());
  accounts.add({ name: "anna", role: "viewer", password: "none", made: 1 }, { at: 1, who: "root", client: "terminal" });
  const { ask } = await opened({ door: new Door(accounts) });
  assert.equal((await ask("/metrics", KEY)).statusCode, 200);
  assert.equal(accounts.lastOf("right refused"), undefined);
  assert.equal((await ask("/metrics", TOKEN)).statusCode, 401);
  assert.equal((await ask("/metrics", "x".repeat(24))).statusCode, 401);
  const { about } = accounts.lastOf("right refused")!;
  assert.equal(about, "GET /metrics with a key that is none");
});

test("what was counted stands there by its name", async () => {
  const { ward, ask } = await opened();
  ward.measured = {
    taken: {
      ...NO_TALLY,
      frames: 1_000,
      drops: 7,
      gaps: 3,
      malformed: { dicom: 2, 'od"d': 1 },
      batchesStored: 5,
      flushes: 2,
      flushSeconds: 0.25,
    },
    bytesWaiting: 4_096,
    diskRefuses: true,
    memory: { core: 100, sensor: 200, capture: 30, other: 0 },
  };
  const lines = (await ask("/metrics", KEY)).body.split("\n");
  for (const line of [
    "auscult_frames_total 1000",
    "auscult_dropped_frames_total 7",
    "auscult_stream_gaps_total 3",
    'auscult_malformed_total{protocol="dicom"} 2',
    'auscult_malformed_total{protocol="od\\"d"} 1',
    "auscult_batches_stored_total 5",
    "auscult_flush_seconds_total 0.25",
    "auscult_waiting_bytes 4096",
    "auscult_disk_refuses 1",
    'auscult_memory_bytes{process="sensor"} 200',
  ])
    assert.ok(lines.includes(line), `expected ${line} among\n${lines.join("\n")}`);
});

test("how far behind is said while listening, and not of a file", async () => {
  const { ward, ask } = await opened();
  ward.measured = { ...ward.measured, taken: { ...NO_TALLY, heardUntil: (Date.now() - 5_000) * 1_000 } };
  assert.doesNotMatch((await ask("/metrics", KEY)).body, /auscult_lag_seconds/);
  await ward.listen(["eth1"]);
  const seconds = Number(/^auscult_lag_seconds ([\d.]+)$/m.exec((await ask("/metrics", KEY)).body)?.[1]);
  assert.ok(seconds >= 5 && seconds < 300, `got ${seconds}`);
});

test("no device, address, interface, recording or name of a site stands in it", async () => {
  const { ward, ask } = await opened();
  await ward.listen(["mirror-of-ward-3"]);
  const { body } = await ask("/metrics", KEY);
  const own = [ward.now.site, ward.now.recording!, "mirror-of-ward-3", ...ward.devices.flatMap((it) => [it.name, ...it.ips, ...it.macs])];
  for (const word of own) assert.equal(body.includes(`"${word}"`), false, word);
  assert.deepEqual([...new Set(Array.from(body.matchAll(/[{,](\w+)="/g), (it) => it[1]))].toSorted(), ["process", "version"]);
});

test("of sensors elsewhere it tells who hears and how far each is behind", async () => {
  const { ward, ask } = await opened();
  const sensor = { state: "hears", words: "", lastAt: 0, waiting: 0, waitingBytes: 0, oldestAt: null, inputs: [] } as const;
  const away = { ...sensor, name: "er-2", state: "silent", waiting: 9, waitingBytes: 40_000, oldestAt: Date.now() - 60_000 } as const;
  ward.tell({ broker: { trouble: "", pending: 4, deafSince: null, sensors: [{ ...sensor, name: "er-1" }, away] } });
  const { body } = await ask("/metrics", KEY);
  const of = (name: string, labels: string) => Number(new RegExp(`^${name}\\{${labels}\\} ([\\d.]+)$`, "m").exec(body)?.[1]);
  const site = `site="${ward.now.site}"`;
  assert.deepEqual([of("auscult_broker_trouble", site), of("auscult_broker_pending_batches", site)], [0, 4]);
  for (const [name, one, two] of [
    ["auscult_sensor_hears", 1, 0],
    ["auscult_sensor_spool_batches", 0, 9],
    ["auscult_sensor_spool_bytes", 0, 40_000],
  ] as const)
    assert.deepEqual([of(name, `${site},sensor="er-1"`), of(name, `${site},sensor="er-2"`)], [one, two], name);
  const lag = of("auscult_sensor_lag_seconds", `${site},sensor="er-2"`);
  assert.ok(lag >= 60 && lag < 300, `got ${lag}`);
});

test("health is told to anybody, with no data; ready is who hears and stores", async () => {
  const { ward, ask } = await opened();
  assert.deepEqual((await ask("/healthz")).json(), { alive: true });
  assert.deepEqual([(await ask("/readyz")).statusCode, (await ask("/readyz")).json()], [200, { ready: true, why: [] }]);
  ward.tell({ hearing: { kind: "deaf", since: NOW } });
  ward.measured = { ...ward.measured, diskRefuses: true };
  assert.deepEqual([(await ask("/readyz")).statusCode, (await ask("/readyz")).json()], [503, { ready: false, why: ["deaf", "disk"] }]);
  assert.equal((await ask("/healthz")).statusCode, 200, "starting it again would cure neither");
});

test("the dashboard asks for nothing that is not there", async () => {
  const { ward, ask } = await opened();
  await ward.listen(["eth1"]);
  ward.measured = { ...ward.measured, taken: { ...NO_TALLY, heardUntil: 1, malformed: { dns: 1 } } };
  const there = new Set(Array.from((await ask("/metrics", KEY)).body.matchAll(/^# TYPE (\w+)/gm), (it) => it[1]!));
  const dashboard = readFileSync(join(import.meta.dirname, "../../docs/grafana.json"), "utf8");
  const asked = new Set(dashboard.match(/\bauscult_\w+/g));
  assert.deepEqual(
    [...asked].filter((name) => !there.has(name)),
    [],
  );
  assert.deepEqual(
    [...there].filter((name) => !asked.has(name)),
    ["auscult_build_info"],
    "each has its place on it",
  );
});
