/** One site on several machines, whole: sensors, a real nats-server, a core. What comes out is what one machine makes of the same capture. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { readerOf, recordingPath } from "../link/recordings.ts";
import { simulate } from "../simulation/index.ts";
import { run, start, type Running } from "../testing/command.ts";
import { freePort, natsMissing, TestBroker } from "../testing/nats.ts";
import { differences, sumsOf } from "../testing/sums.ts";

const SITE = "north";

suite("sensors, a broker and a core", { skip: natsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-broker-"));
  const capture = join(folder, "hospital.pcap");
  let broker: TestBroker;
  let whole = "";

  before(async () => {
    writeFileSync(capture, Buffer.concat([...simulate({ seed: 5, minutes: 20, size: 80 }).capture]));
    broker = new TestBroker(join(folder, "broker"), await freePort());
    const { code, stderr } = await run("--data", join(folder, "one"), "open", capture, "--into", SITE, "--exit");
    assert.equal(code, 0, stderr);
    whole = await inventoryOf("one");
  });
  after(async () => {
    await broker.end();
    rmSync(folder, { recursive: true });
  });

  const core = (data: string) =>
    start(["--data", join(folder, data), "core", "--broker", broker.url, "--site", SITE, "--no-open"], { AUSCULT_PORT: "0" });
  const sensor = (data: string, name = "er-1") =>
    start(["--data", join(folder, data), "sensor", capture, "--broker", broker.url, "--site", SITE, "--name", name]);
  const inventoryOf = async (data: string) => {
    const reader = await readerOf(recordingPath(join(folder, data), SITE));
    try {
      let text = "";
      for await (const part of reader.inventory()) text += part;
      return text;
    } finally {
      await reader.close();
    }
  };
  const ends = async ({ child, ended }: Running, signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };

  test("a capture read by a sensor elsewhere gives the same inventory to the byte", async () => {
    await broker.start();
    const running = core("plain");
    await running.said(/takes what its sensors send/);
    const { code, stderr } = await sensor("plain-sensor").ended;
    assert.equal(code, 0, stderr);
    await ends(running);
    assert.equal(await inventoryOf("plain"), whole);
  });

  test("without a broker a sensor reads and keeps; when there is one, and a core, they have all of it", async () => {
    await broker.end();
    const away = sensor("away-sensor");
    await away.said(/hospital\.pcap: [\d,]+ frames/);
    await ends(away, "SIGKILL");
    await broker.start();
    const again = sensor("away-sensor");
    await again.said(/Batches go to/);
    const running = core("away");
    assert.equal((await again.ended).code, 0);
    await ends(running);
    assert.equal(await inventoryOf("away"), whole);
  });

  test("two sensors with one name, and another that reads the same: nothing counts twice, and none waits in vain", async () => {
    // For two minutes it would take what it had before for sent twice.
    await broker.end();
    rmSync(join(broker.folder, "jetstream"), { recursive: true });
    await broker.start();
    const running = core("doubled");
    await running.said(/takes what its sensors send/);
    const sensors = [sensor("doubled-1"), sensor("doubled-2"), sensor("doubled-3", "er-2")];
    for (const { ended } of sensors) {
      const { code, stderr } = await ended;
      assert.equal(code, 0, stderr);
    }
    await ends(running);
    // Their batches come mixed, so machines are numbered in another order.
    const sums = (data: string) => sumsOf(recordingPath(join(folder, data), SITE));
    assert.deepEqual(differences(sums("one"), sums("doubled")), []);
  });
});
