/** A database that only reads for a while, and whose disk is full for a while, under a core of a real broker: it waits, says so, and nothing is lost or counted twice. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { simulate } from "../simulation/index.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { run, start } from "../testing/command.ts";
import { filled } from "../testing/filled.ts";
import { freePort, natsMissing, TestBroker } from "../testing/nats.ts";
import { inventoryOf } from "../testing/opened.ts";
import { Postgres, withoutPostgres } from "../testing/postgres.ts";

const SITE = "north";
const DISK_BYTES = 300_000_000;
const withoutRoot = process.getuid?.() === 0 ? false : "needs root, which makes a small disk: NO DATABASE REFUSED ANYTHING";

test(
  "a database that only reads, and one without room, is waited for",
  { skip: natsMissing || withoutPostgres || withoutRoot },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "auscult-refuses-"));
    t.after(() => rmSync(folder, { recursive: true }));
    // The last one is more than what tables have room for: else it would be the database's next checkpoint, five minutes later, that meets the full disk.
    const captures = [60, 60, 1_500].map((size, seed) => {
      const file = join(folder, `${seed}.pcap`);
      writeFileSync(file, Buffer.concat([...simulate({ seed, minutes: 10, size }).capture]));
      return file;
    });
    // One after the other, as the sensors read them: numbers of devices are given as they are first heard.
    for (const capture of captures)
      assert.equal((await run("--data", join(folder, "one"), "open", capture, "--into", SITE, "--exit")).code, 0);

    const postgres = new Postgres(t, "C.UTF-8", { diskBytes: DISK_BYTES });
    const database = postgres.database("hospitals");
    const broker = new TestBroker(join(folder, "broker"), await freePort());
    await broker.start();
    t.after(() => broker.end());
    const reached = ["--broker", broker.url, "--site", SITE];
    const sensor = (capture: string) => start(["--data", join(folder, "er"), "sensor", capture, ...reached, "--name", "er-1"]);
    const core = start(["--data", join(folder, "core"), "core", ...reached, "--database", database, "--no-open"], { AUSCULT_PORT: "0" });
    t.after(() => core.child.kill("SIGKILL"));
    await core.said(/takes what its sensors send/);
    assert.equal((await sensor(captures[0]!).ended).code, 0);

    const only = (how: "on" | "off") => {
      postgres.sql("postgres", `ALTER SYSTEM SET default_transaction_read_only = ${how}`);
      postgres.sql("postgres", "SELECT pg_reload_conf()");
    };
    only("on");
    const second = sensor(captures[1]!);
    await core.said(/cannot execute \w+ in a read-only transaction/);
    only("off");
    assert.equal((await second.ended).code, 0);
    // Until then a second trouble is the first going on, of which nothing more is said.
    await core.said(/takes what is heard again/);

    const ballast = filled(join(postgres.folder, "ballast"));
    const third = sensor(captures[2]!);
    await core.said(/No space left on device|no longer ours to write/);
    rmSync(ballast);
    await postgres.answers();
    assert.equal((await third.ended).code, 0);
    core.child.kill("SIGTERM");
    await core.ended;

    assert.equal(await inventoryOf(recordingIn(database, SITE)), await inventoryOf(join(folder, "one", "recordings", `${SITE}.db`)));
  },
);
