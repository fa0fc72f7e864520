/** Faults drawn from a seed upon many sites under load: afterwards every sum is that of one machine which read the same captures. `npm run chaos` breaks more. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import { World } from "../testing/chaos.ts";
import { breakThings, faultTable, type Happened } from "../testing/faults.ts";
import { natsMissing } from "../testing/nats.ts";
import { withoutPostgres } from "../testing/postgres.ts";

const SEED = Number(process.env["AUSCULT_TEST_SEED"] ?? 7);
/** One takes half a minute, and as long again until all is committed. The third of them sets the database back. */
const FAULTS = 5;
const withoutRoot = process.getuid?.() === 0 ? false : "needs root, which makes networks and disks: NOTHING WAS BROKEN";
const withoutNetworks = ["ip", "nft"].every((it) => findProgram(it) !== undefined) ? false : "needs ip and nft: NO WAY WAS CUT";

test(
  `${FAULTS} faults upon many sites: no batch is lost, none counts twice (seed ${SEED})`,
  { skip: natsMissing || withoutPostgres || withoutRoot || withoutNetworks },
  async (t) => {
    const world = new World(mkdtempSync(join(tmpdir(), "auscult-chaos-")), SEED);
    try {
      await world.start();
      const happened: Happened[] = [];
      await breakThings(world, FAULTS, SEED, (it) => happened.push(it));
      await world.drained();
      for (const line of await faultTable(happened)) t.diagnostic(line);
      assert.deepEqual(world.surprises, []);
      assert.deepEqual(await world.differences(), []);
    } finally {
      await world.end();
    }
  },
);
