/** Two cores of one site on a real nats-server and a real PostgreSQL: one has the site, the other takes its place; the database goes and comes back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { simulate } from "../simulation/index.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { run, start } from "../testing/command.ts";
import { freePort, natsMissing, TestBroker } from "../testing/nats.ts";
import { inventoryOf } from "../testing/opened.ts";
import { Postgres, withoutPostgres } from "../testing/postgres.ts";

const SITE = "north";

test(
  "a core that is killed is followed by the next, a database that went away is gone on with, and nothing is lost",
  { skip: natsMissing || withoutPostgres },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "auscult-cores-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const [first, second] = ["morning", "noon"].map((name, seed) => {
      const file = join(folder, `${name}.pcap`);
      writeFileSync(file, Buffer.concat([...simulate({ seed: seed + 5, minutes: 10, size: 60 }).capture]));
      return file;
    });
    for (const file of [first!, second!])
      assert.equal((await run("--data", join(folder, "one"), "open", file, "--into", SITE, "--exit")).code, 0);

    const postgres = new Postgres(t);
    const database = postgres.database("hospitals");
    const broker = new TestBroker(join(folder, "broker"), await freePort());
    await broker.start();
    t.after(() => broker.end());
    const core = (data: string) =>
      start(["--data", join(folder, data), "core", "--broker", broker.url, "--site", SITE, "--database", database, "--no-open"], {
        AUSCULT_PORT: "0",
      });
    const read = async (file: string) => {
      const { code, stderr } = await start([
        "--data",
        join(folder, "er"),
        "sensor",
        file,
        "--broker",
        broker.url,
        "--site",
        SITE,
        "--name",
        "er-1",
      ]).ended;
      assert.equal(code, 0, stderr);
    };

    const has = core("has");
    await has.said(/takes what its sensors send/);
    const waits = core("waits");
    await waits.said(/Another core has north/);
    await read(first!);
    has.child.kill("SIGKILL");
    await waits.said(/takes what its sensors send/);

    postgres.stop();
    await waits.said(/no longer ours to write/);
    await waits.said(/It is tried again until it answers/);
    postgres.start();
    await read(second!);
    waits.child.kill("SIGTERM");
    await waits.ended;

    assert.equal(await inventoryOf(recordingIn(database, SITE)), await inventoryOf(join(folder, "one", "recordings", `${SITE}.db`)));
  },
);
