/** Cores of many sites on a real nats-server and a real PostgreSQL: they share the sites, take over from one that died, and mix no two. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { simulate } from "../simulation/index.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { run, start, type Running } from "../testing/command.ts";
import { freePort, natsMissing, TestBroker } from "../testing/nats.ts";
import { inventoryOf } from "../testing/opened.ts";
import { Postgres, withoutPostgres } from "../testing/postgres.ts";

const SITES = ["east", "north", "south", "west"];
/** As issue 7 asks. */
const TAKEN_OVER_MS_MAX = 15_000;

suite("many sites", { skip: natsMissing || withoutPostgres }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-sites-"));
  const endings: (() => void)[] = [];
  let postgres: Postgres;
  let broker: TestBroker;
  let database: string;
  let first: Running;
  let second: Running;

  before(async () => {
    postgres = new Postgres({ after: (work) => endings.push(work) });
    database = postgres.database("hospitals");
    broker = new TestBroker(join(folder, "broker"), await freePort());
    await broker.start();
  });
  after(async () => {
    await broker.end();
    for (const end of endings) end();
    rmSync(folder, { recursive: true });
  });

  const core = (name: string) =>
    start(["--data", join(folder, name), "core", "--broker", broker.url, "--sites", SITES.join(","), "--database", database, "--no-open"], {
      AUSCULT_PORT: "0",
    });
  /** Resolves when it has taken so many. */
  const took = ({ said }: Running, sites: number) => said(new RegExp(`(: taken\\.[^]*){${sites}}`));
  const read = async (site: string, seed: number) => {
    const capture = join(folder, `${site}.pcap`);
    writeFileSync(capture, Buffer.concat([...simulate({ seed, minutes: 5, size: 40 }).capture]));
    const line = ["--broker", broker.url, "--site", site, "--name", "er-1"];
    const { code, stderr } = await start(["--data", join(folder, `sensor-${site}`), "sensor", capture, ...line]).ended;
    assert.equal(code, 0, stderr);
    assert.equal((await run("--data", join(folder, "one"), "open", capture, "--into", site, "--exit")).code, 0);
  };

  test("a core alone takes all; a second one gets its half, one by one", async () => {
    first = core("first");
    await took(first, 4);
    second = core("second");
    await took(second, 2);
    assert.doesNotMatch(await first.said(/given to another core[^]*given to another core/), /(given to another core[^]*){3}/);
  });

  test("two sites of the same private addresses are told apart, whichever core has them", async () => {
    for (const [seed, site] of ["north", "south"].entries()) await read(site, seed + 11);
  });

  test("the sites of a core that was killed are taken over within 15 s", async (t) => {
    const at = performance.now();
    first.child.kill("SIGKILL");
    await took(second, 4);
    const ms = Math.round(performance.now() - at);
    t.diagnostic(`taken over in ${ms} ms`);
    assert.ok(ms < TAKEN_OVER_MS_MAX, `taken over after ${ms} ms`);
    await read("west", 13);
  });

  test("a database that ends and begins again is waited for, and nothing is lost", async () => {
    postgres.stop();
    await second.said(/It is tried again until it answers/);
    postgres.start();
    await took(second, 8);
    await read("east", 14);
    second.child.kill("SIGTERM");
    await second.ended;
    for (const site of SITES)
      assert.equal(
        await inventoryOf(recordingIn(database, site)),
        await inventoryOf(join(folder, "one", "recordings", `${site}.db`)),
        site,
      );
  });
});
