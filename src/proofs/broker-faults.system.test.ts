/**
 * Sensor, core and broker are killed (kill -9) in an order and at moments drawn from a seed, and the broker loses all it acknowledged:
 * afterwards every sum is that of one machine which read the same capture.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readerOf, recordingPath } from "../link/recordings.ts";
import { simulate } from "../simulation/index.ts";
import { run, start, type Running } from "../testing/command.ts";
import { freePort, natsMissing, TestBroker } from "../testing/nats.ts";

const SITE = "north";
const SEED = Number(process.env["AUSCULT_TEST_SEED"] ?? 7);
const KINDS = ["sensor", "core", "broker", "broker that loses all"] as const;
const OF_EACH_KIND = 2;
const FAULTS = KINDS.length * OF_EACH_KIND;
/** The programs take about as long to start as this on a slow machine, so some are hit before they do anything. */
const MOMENT_MS_MAX = 4_000;

suite("kill -9 of each, from a seed", { skip: natsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-faults-"));
  const capture = join(folder, "hospital.pcap");
  let broker: TestBroker;
  let core: Running | undefined;
  let sensor: Running | undefined;

  before(async () => {
    writeFileSync(capture, Buffer.concat([...simulate({ seed: 6, minutes: 40, size: 120 }).capture]));
    broker = new TestBroker(join(folder, "broker"), await freePort());
  });
  after(async () => {
    for (const it of [core, sensor]) it?.child.kill("SIGKILL");
    await broker.end();
    rmSync(folder, { recursive: true });
  });

  const inventoryOf = async (data: string) => {
    const reader = await readerOf(recordingPath(join(folder, data), SITE));
    try {
      let text = "";
      for await (const piece of reader.inventory()) text += piece;
      return text;
    } finally {
      await reader.close();
    }
  };
  const startCore = () =>
    start(["--data", join(folder, "core"), "core", "--broker", broker.url, "--site", SITE, "--no-open"], { AUSCULT_PORT: "0" });
  const startSensor = () =>
    start(["--data", join(folder, "sensor"), "sensor", capture, "--broker", broker.url, "--site", SITE, "--name", "er-1"]);
  const killed = async ({ child, ended }: Running) => {
    child.kill("SIGKILL");
    await ended;
  };

  test(`${FAULTS} faults: no batch is lost, none counts twice (seed ${SEED})`, async (t) => {
    const one = await run("--data", join(folder, "one"), "open", capture, "--into", SITE, "--exit");
    assert.equal(one.code, 0, one.stderr);
    const drawn = draws(SEED);
    await broker.start();
    core = startCore();
    sensor = startSensor();
    const order = Array.from({ length: FAULTS }, (_, place) => ({ kind: KINDS[place % KINDS.length]!, at: drawn() })).toSorted(
      (a, b) => a.at - b.at,
    );
    for (const { kind } of order) {
      const moment = Math.floor(drawn() * MOMENT_MS_MAX);
      await sleep(moment);
      t.diagnostic(`${kind} after ${moment} ms`);
      if (kind === "sensor") {
        await killed(sensor);
        sensor = startSensor();
      } else if (kind === "core") {
        await killed(core);
        core = startCore();
      } else {
        await broker.end();
        if (kind === "broker that loses all") rmSync(join(broker.folder, "jetstream"), { recursive: true, force: true });
        await broker.start();
      }
    }
    // The last one waits until all of it is committed.
    await sensor.ended;
    const last = startSensor();
    const { code, stderr } = await last.ended;
    assert.equal(code, 0, stderr);
    core.child.kill("SIGTERM");
    await core.ended;
    assert.equal(await inventoryOf("core"), await inventoryOf("one"));
  });
});

/** Numbers from 0 to 1 that the seed gives (mulberry32). */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
