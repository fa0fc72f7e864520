/**
 * `npm run catch-up`: how many times real time a sensor catches up that was without its broker. An hour of a simulated hospital is spooled while
 * there is none; then there is one, with a core on PostgreSQL, and the time is taken until the core has committed all of it.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asked, wholeNumber } from "../scripts/asked.ts";
import { simulate } from "../src/simulation/index.ts";
import { start } from "../src/testing/command.ts";
import { freePort, TestBroker } from "../src/testing/nats.ts";
import { Postgres } from "../src/testing/postgres.ts";

const USAGE = `How many times real time a sensor catches up that was without its broker. Needs nats-server and PostgreSQL 15.

  npm run catch-up                               an hour of 2,000 devices
  npm run catch-up -- --minutes 60 --size 500    others`;

const { values: options } = asked("catch-up", USAGE, {
  minutes: { type: "string", default: "60" },
  size: { type: "string", default: "2000" },
  seed: { type: "string", default: "1" },
});
const MINUTES = wholeNumber("catch-up", "--minutes", options.minutes, 1);
const SIZE = wholeNumber("catch-up", "--size", options.size, 1);
const SEED = wholeNumber("catch-up", "--seed", options.seed, 0);
const SITE = "north";

const endings: (() => void)[] = [];
const folder = mkdtempSync(join(tmpdir(), "auscult-catch-up-"));
endings.push(() => rmSync(folder, { recursive: true, force: true }));
const postgres = new Postgres({ after: (work) => endings.push(work) });
const database = postgres.database("hospitals");
const broker = new TestBroker(join(folder, "broker"), await freePort());
const capture = join(folder, "hour.pcap");
writeFileSync(capture, Buffer.concat([...simulate({ seed: SEED, minutes: MINUTES, size: SIZE }).capture]));
const sensor = start(["--data", join(folder, "er"), "sensor", capture, "--broker", broker.url, "--site", SITE, "--name", "er-1"]);
try {
  await sensor.said(/hour\.pcap: [\d,]+ frames/);
  const heard = readdirSync(join(folder, "er", "spool"), { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".jsonl.zst")).length; // prettier-ignore
  await broker.start();
  const began = performance.now();
  const core = start(["--data", join(folder, "core"), "core", "--broker", broker.url, "--site", SITE, "--database", database, "--no-open"], { AUSCULT_PORT: "0" }); // prettier-ignore
  endings.unshift(() => core.child.kill("SIGKILL"));
  const { code, stderr } = await sensor.ended;
  const seconds = (performance.now() - began) / 1_000;
  if (code !== 0) throw new Error(stderr);
  core.child.kill("SIGTERM");
  await core.ended;
  const committed = postgres.sql("hospitals", "SELECT sum(sequence), sum(frames) FROM auscult.run").split("|").map(Number);
  const devices = postgres.sql("hospitals", "SELECT count(*) FROM auscult.device");
  if (committed[0] !== heard) throw new Error(`expected ${heard} batches committed, got ${committed[0]}`);
  console.log(
    `${MINUTES} minutes of ${SIZE} simulated devices: ${committed[1]} frames, ${(statSync(capture).size / 1e6).toFixed(0)} MB, ${heard} batches; ${devices} devices found.`,
  );
  console.log(
    `From the broker's start until the core had all of it, its own start with it: ${seconds.toFixed(1)} s: ${((MINUTES * 60) / seconds).toFixed(0)} times real time.`,
  );
} finally {
  sensor.child.kill("SIGKILL");
  await broker.end();
  for (const end of endings) end();
}
