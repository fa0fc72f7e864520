import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "../config.ts";
import { startLine } from "./reading.ts";
import { startFrom } from "./sensor.ts";
import { inSource } from "./in-source.ts";
import { keptSensor, SENSOR } from "./sensor-source.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-kept-"));
after(() => rmSync(folder, { recursive: true }));

test("what is kept of the sensor is one module and its tables, and is made once", async () => {
  const kept = await keptSensor(folder);
  const names = readdirSync(dirname(kept), { recursive: true, encoding: "utf8" });
  const expected = ["knowledge/makers.tsv", "knowledge/pack/prefixes.bin", "sensor.mjs"];
  assert.deepEqual(
    expected.filter((it) => !names.includes(it)),
    [],
  );
  assert.deepEqual(
    names.filter((it) => /\.ts$|^(?!knowledge).*\//.test(it)),
    [],
    "nothing that no sensor reads",
  );
  const before = statSync(kept).mtimeMs;
  assert.equal(await keptSensor(folder), kept);
  assert.equal(statSync(kept).mtimeMs, before);
});

test("where it was when something went wrong is told by the source's own files and lines", async () => {
  const kept = await keptSensor(folder);
  const lines = readFileSync(kept, "utf8").split("\n");
  for (const [name, begins] of [
    ["sensor.ts", "async function listen"],
    ["flows/flows.ts", "class Flows "],
    ["decode/decoder.ts", "class Decoder "],
  ] as const) {
    const source = readFileSync(join(dirname(SENSOR), name), "utf8").split("\n");
    const [there, here] = [lines, source].map((them) => them.findIndex((it) => it.replace("export ", "").startsWith(begins)));
    assert.equal(inSource(kept, placed(there!)), `TypeError at read (src/${name}:${here! + 1}:7)`);
  }
  assert.equal(inSource(join(folder, "gone", "src", "sensor.mjs"), placed(1)), placed(1));
});

test("where nothing can be kept, the source is started as it stands", { skip: !existsSync("/proc") }, async () => {
  assert.equal(await keptSensor("/proc/auscult"), SENSOR);
});

test("a damaged one is told by its start: the sensor is confined no less, and the next start finds it whole again", async () => {
  const [whole, damaged] = [await confinedFrom(await keptSensor(folder)), await keptSensor(folder)];
  truncateSync(damaged);
  const said: string[] = [];
  assert.deepEqual(await confinedFrom(damaged, said), whole);
  assert.match(said.join("\n"), /^the sensor did not start and was started again: /);
  assert.equal(existsSync(damaged), false);
});

test("a table that is gone is told by its start as well, not by the first frame that needs it", async () => {
  const whole = dirname(await keptSensor(folder));
  for (const table of ["makers.tsv", "pack/prefixes.bin"]) {
    const copy = join(folder, basename(table), "src");
    cpSync(whole, copy, { recursive: true });
    rmSync(join(copy, "knowledge", table));
    await confinedFrom(join(copy, basename(SENSOR).replace(/ts$/, "mjs")));
    assert.equal(existsSync(copy), false, table);
  }
});

/** As a sensor says it whose source was opened for it. */
function placed(index: number): string {
  return `TypeError at read (file:///proc/self/fd/4/sensor.mjs:${index + 1}:7)`;
}

/** How a sensor of no inputs was confined that was started from there. */
async function confinedFrom(kept: string, said: string[] = []): Promise<string> {
  const ended = Promise.withResolvers<void>();
  const sensor = await startFrom(kept, startLine(readSettings("", {}), "00".repeat(32), []), [], {
    output: () => undefined,
    log: (text) => said.push(text),
    ended: () => ended.resolve(),
  });
  await ended.promise;
  return sensor.confinement;
}
