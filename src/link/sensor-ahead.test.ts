import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "../config.ts";
import { simulate } from "../simulation/index.ts";
import { startLine } from "./reading.ts";
import { SensorAhead } from "./sensor-ahead.ts";
import { descriptorsOf, type SensorHandlers, type SensorInput } from "./sensor.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-ahead-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "hospital.pcap");
writeFileSync(file, Buffer.concat([...simulate({ seed: 1, minutes: 1, size: 20 }).capture]));
const fd = openSync(file, "r");
const inputs: readonly SensorInput[] = [{ kind: "file", fd }];
const parts = [{ fd: descriptorsOf(inputs)[0]!, name: "hospital", run: "run", skipTo: 0, firstAt: null }];
const start = startLine(readSettings("", {}), "00".repeat(32), [{ live: false, name: "hospital", parts }]);

test("a sensor that is told later says all there is to say, from its first line to its last", async () => {
  const ahead = new SensorAhead(inputs);
  const { lines, ended } = await toldAfter(ahead, 0);
  assert.deepEqual([lines.at(0)!["say"], lines.at(-1)!["say"], ended], ["ready", "done", 0]);
  // By now another is ready, and waits.
  const waited = await toldAfter(new SensorAhead(inputs), 1_500);
  assert.deepEqual(batchesOf(waited.lines), batchesOf(lines));
});

test("of one that is never told anything nothing is left", async () => {
  const ahead = new SensorAhead(inputs);
  await ahead.stop();
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const sensor = await ahead.told(start, { output: () => undefined, log: assert.fail, ended: ({ signal }) => resolve(signal) });
  assert.equal(await promise, "SIGKILL");
  assert.throws(() => process.kill(sensor.pid, 0), { code: "ESRCH" });
});

after(() => closeSync(fd));

type Line = Readonly<Record<string, unknown>>;

async function toldAfter(ahead: SensorAhead, milliseconds: number): Promise<{ lines: readonly Line[]; ended: number | null }> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const chunks: Uint8Array[] = [];
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const handlers: SensorHandlers = { output: (chunk) => void chunks.push(chunk), log: assert.fail, ended: ({ code }) => resolve(code) };
  await ahead.told(start, handlers);
  const ended = await promise;
  const text = Buffer.concat(chunks).toString().trimEnd();
  return { lines: text.split("\n").map((line) => JSON.parse(line) as Line), ended };
}

/** Without what the sensor says of itself: when it tells how far it came depends on the machine. */
function batchesOf(lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => !("say" in line));
}
