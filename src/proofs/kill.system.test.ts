/**
 * `kill -9` of core, sensor or backup at any moment: nothing stored is lost, nothing is damaged, the next start says what was cut off, and
 * reading goes on to the same inventory to the byte.
 */
import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { Random } from "../simulation/random.ts";
import { brokenCopy } from "../testing/broken.ts";
import { sampleFrames, writeCapture } from "../testing/captures.ts";
import { run, start, type Running } from "../testing/command.ts";
import { isRunning, sensorOf, until } from "../testing/processes.ts";
import { hashKeyOf, killAt, Recovery } from "../testing/recovery.ts";
import { sensed } from "../testing/sensed.ts";
import { storedBatches } from "../testing/stored.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-kill-"));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

const INPUT = "ward.pcap";
const file = join(folder, INPUT);
const recordingOf = (data: string) => join(data, "recordings", "main.db");
/** An earlier, smaller recording, in which a person said something: the program was killed when it had answered. */
const begun = join(folder, "begun");
let whole = "";
/** The capture in a recording of its own. */
let alone = "";
let recovery: Recovery;

let copies = 0;
function fresh(): string {
  const data = join(folder, `data-${++copies}`);
  cpSync(begun, data, { recursive: true });
  return data;
}

const ALONE = ["open", file, "--exit", "--json"];
const READ = ["open", file, "--into", "main", "--exit", "--json"];
const reading = (data: string, main?: string) => {
  const program = start(["--data", data, ...READ], {}, main === undefined ? {} : { main });
  program.child.stdin.end();
  return program;
};

before(async () => {
  writeCapture(file, sampleFrames(600, 75, 5));
  const small = join(folder, "small.pcap");
  writeCapture(small, sampleFrames(40, 3, 9));
  const { location } = await said(begun, small);
  assert.deepEqual(location, ["Ward 3, bed 7"], "after a kill that followed the answer");

  const undisturbed = fresh();
  const { code, stdout, stderr } = await run("--data", undisturbed, ...READ);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Ward 3, bed 7/);
  whole = stdout;
  alone = (await run("--data", join(folder, "alone"), ...ALONE)).stdout;
  recovery = new Recovery(recordingOf(begun), await sensed(file, hashKeyOf(recordingOf(begun))));
});

/** Reads a capture while the page is served, says where a device stands, and kills the program as soon as that is answered. */
async function said(data: string, capture: string): Promise<{ readonly location: readonly unknown[] }> {
  const program = start(["--data", data, "open", capture, "--into", "main", "--no-open"], { AUSCULT_PORT: "0" });
  const { origin, searchParams } = new URL(/Page: (\S+)/.exec(await program.said(/Page: \S+/))![1]!);
  const headers = { authorization: `Bearer ${searchParams.get("token")}`, "content-type": "application/json" };
  const devices = async () =>
    ((await (await fetch(`${origin}/api/devices`, { headers })).json()) as { rows?: { id: string }[] }).rows ?? [];
  let id: string | undefined;
  while (id === undefined) id = (await devices())[0]?.id;
  const body = JSON.stringify({ attribute: "location", value: "Ward 3, bed 7", reason: "I was there" });
  const answer = await fetch(`${origin}/api/devices/${id}/said`, { method: "POST", headers, body });
  program.child.kill("SIGKILL");
  assert.equal(answer.status, 204);
  await program.ended;
  const { code, stdout, stderr } = await run("--data", data, "open", capture, "--into", "main", "--exit", "--json");
  assert.equal(code, 0, stderr);
  const found = (JSON.parse(stdout) as { devices: { id: string; location: { value: string } | null }[] }).devices.find(
    (it) => it.id === id,
  );
  return { location: [found?.location?.value] };
}

/** Kills at the moment `at` answers, looks at what is left, and reads on. Answers how many batches were stored by then. */
async function killed(at: (program: Running, data: string) => Promise<unknown>, main?: string): Promise<number> {
  const data = fresh();
  const program = reading(data, main);
  const { seen, sensor } = await killAt(program, recordingOf(data), INPUT, at(program, data));
  const { stored, state } = recovery.check(recordingOf(data));
  assert.ok(stored >= seen, `${seen} batches were stored and seen, ${stored} are left`);
  if (sensor !== undefined) await until("the sensor to end when nobody listens to it", () => !isRunning(sensor), 10);

  const { code, stdout, stderr } = await run("--data", data, ...READ);
  assert.equal(code, 0, stderr);
  if (state === "reading") assert.match(stderr, /ward\.pcap: .*the program ended before it was done with it; what was stored is kept/);
  const skipped = Number(/ward\.pcap: ([\d,]+) batch(?:es)? stored by an earlier reading/.exec(stderr)?.[1]?.replaceAll(",", "") ?? 0);
  assert.equal(skipped, stored, stderr);
  assert.ok(stdout === whole, "the inventory is another one");
  rmSync(data, { recursive: true });
  return stored;
}

const random = new Random(11);
const times = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const isBegun = (data: string) => (storedBatches(recordingOf(data)).get(INPUT) ?? 0) > 0;

suite("the core is killed", () => {
  for (const time of times(8)) test(`while it starts, ${time}`, async () => void (await killed(() => sleep(random.below(1_000)))));

  for (const time of times(6))
    test(`while it makes a recording, ${time}`, async () => {
      const data = join(folder, `new-${time}`);
      const program = start(["--data", data, ...ALONE]);
      await until("a recording to be begun", () => existsSync(join(data, "recordings")));
      await sleep(random.below(40));
      program.child.kill("SIGKILL");
      await program.ended;
      const { code, stdout, stderr } = await run("--data", data, ...ALONE);
      assert.equal(code, 0, stderr);
      assert.ok(stdout === alone, "the inventory is another one");
    });

  let stored = 0;
  for (const time of times(12))
    test(`while it reads, ${time}`, async () => {
      stored += await killed(async (program, data) => {
        await until("something is stored", () => isBegun(data) || !isRunning(program.child.pid!));
        await sleep(random.below(1_500));
      });
    });
  test("and what was stored then was not told again", () => assert.ok(stored > 0));

  // It is folded in the last tenth of a second: a busy machine may end the program before we look.
  let folded = 0;
  for (const time of times(6))
    test(`while the log is folded into the recording, ${time}`, async () => {
      await killed(async (program, data) => {
        const path = recordingOf(data);
        await until("something is stored", () => isBegun(data));
        const { mtimeNs } = statSync(path, { bigint: true });
        // Without a pause: it takes some milliseconds in all.
        while (isRunning(program.child.pid!) && statSync(path, { bigint: true }).mtimeNs === mtimeNs) await setImmediate();
        if (isRunning(program.child.pid!)) folded++;
        const wait = performance.now() + random.below(4);
        while (performance.now() < wait);
      });
    });

  test("and some of them were in time", () => assert.ok(folded >= 2, `${folded} of 6`));

  for (const time of times(6))
    test(`while the last devices are worked out, ${time}`, async () => {
      await killed(async (program, data) => {
        await until("something is stored", () => isBegun(data));
        await until("the sensor to end", () => sensorOf(program.child.pid!) === undefined);
        await sleep(random.below(250));
      });
    });

  for (const time of times(5))
    test(`while a backup is made, ${time}`, async () => {
      const copy = join(folder, `core-${time}.backup`);
      await killed(async (_, data) => {
        await until("something is stored", () => isBegun(data));
        const program = start(["--data", data, "backup", copy]);
        await until("the copy is begun", () => existsSync(`${copy}.copy`) || existsSync(copy));
        await sleep(random.below(40));
        void program.ended.then(({ code, stderr }) => assert.equal(code, 0, stderr));
      });
    });
});

suite("a backup is killed", () => {
  for (const time of times(3))
    test(`and made again, ${time}`, async () => {
      const data = fresh();
      const copy = join(folder, `killed-${time}.backup`);
      const program = reading(data);
      await until("something is stored", () => isBegun(data));
      const backup = start(["--data", data, "backup", copy]);
      await until("the copy is begun", () => existsSync(`${copy}.copy`) || existsSync(copy));
      await sleep(random.below(60));
      backup.child.kill("SIGKILL");
      await backup.ended;
      rmSync(copy, { force: true });
      const again = await run("--data", data, "backup", copy);
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith(`killed-${time}.backup.`)), []); // prettier-ignore
      const { code, stdout } = await program.ended;
      assert.equal(code, 0);
      assert.ok(stdout === whole, "the inventory is another one");
    });
});

suite("the sensor is killed", () => {
  for (const time of times(10))
    test(`and started again, ${time}`, async () => {
      const data = fresh();
      const program = reading(data);
      await until("a sensor", () => sensorOf(program.child.pid!) !== undefined);
      await sleep(random.below(1_200));
      const sensor = sensorOf(program.child.pid!);
      if (sensor !== undefined) process.kill(sensor, "SIGKILL");
      const { code, stdout, stderr } = await program.ended;
      assert.equal(code, 0, stderr);
      if (sensor !== undefined)
        assert.match(stderr, /the sensor (ended while reading|runs with less confinement|did not start and was started again)/);
      assert.ok(stdout === whole, "the inventory is another one");
      recovery.check(recordingOf(data));
    });
});

test("a core that stores how far it came before what it heard is found", async () => {
  const main = brokenCopy(join(folder, "broken"), [
    {
      file: "src/core.ts",
      of: "      this.#held.transaction(() => {\n        this.#heard.store(",
      instead:
        "      this.#held.transaction(() => this.#heard.runs.write());\n" +
        "      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);\n" +
        "      this.#held.transaction(() => {\n        this.#heard.store(",
    },
  ]);
  const faults: string[] = [];
  for (let tries = 0; tries < 10 && faults.length === 0; tries++)
    await killed(async (_, data) => {
      await until("something is stored", () => isBegun(data));
      await sleep(random.below(600));
    }, main).catch((error: Error) => faults.push(error.message));
  assert.match(faults.join(), /after \d+ of \d+ batches/);
});
