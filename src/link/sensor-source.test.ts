import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "../config.ts";
import { startLine } from "./reading.ts";
import { startFrom } from "./sensor.ts";
import { keptSensor, SENSOR } from "./sensor-source.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-kept-"));
after(() => rmSync(folder, { recursive: true }));

test("what is kept of the sensor is its own source, line by line, and is made once", async () => {
  const kept = await keptSensor(folder);
  const names = readdirSync(dirname(kept), { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    ["flows/flows.mjs", "protocols/dicom/dicom.mjs", "knowledge/makers.tsv", "knowledge/pack/prefixes.bin"].filter(
      (it) => !names.includes(it),
    ),
    [],
  );
  assert.deepEqual(
    names.filter((it) => /\.ts$|^(store|api|link|devices|testing)/.test(it)),
    [],
    "nothing that no sensor reads",
  );
  const [stripped, source] = [kept, SENSOR].map((path) => readFileSync(path, "utf8").split("\n"));
  const at = source!.findIndex((line) => line.startsWith("async function listen"));
  assert.equal(stripped![at]!.replaceAll(/\s+/g, ""), "asyncfunctionlisten(start,input){");

  const before = statSync(kept).mtimeMs;
  assert.equal(await keptSensor(folder), kept);
  assert.equal(statSync(kept).mtimeMs, before);
});

test("where nothing can be kept, the source is started as it stands", { skip: !existsSync("/proc") }, async () => {
  assert.equal(await keptSensor("/proc/auscult"), SENSOR);
});

test("a damaged one is told by its start: the sensor is confined no less, and the next start finds it whole again", async () => {
  const [whole, damaged] = [await confinedFrom(await keptSensor(folder)), await keptSensor(folder)];
  truncateSync(join(dirname(damaged), "flows", "flows.mjs"));
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
