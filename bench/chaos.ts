/** `npm run chaos`: faults drawn from a seed upon many sites under load, each told as it happens; then every sum is held against one machine's. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asked, wholeNumber } from "../scripts/asked.ts";
import { World } from "../src/testing/chaos.ts";
import { breakThings, faultTable, type Happened } from "../src/testing/faults.ts";

const USAGE = `Faults drawn from a seed upon many sites under load. Needs root, ip, nft, nats-server and PostgreSQL 15.

  npm run chaos                              a hundred faults of seed 1
  npm run chaos -- --faults 12 --seed 7      others`;

const { values: options } = asked("chaos", USAGE, {
  faults: { type: "string", default: "100" },
  seed: { type: "string", default: "1" },
});
const FAULTS = wholeNumber("chaos", "--faults", options.faults, 1);
const SEED = wholeNumber("chaos", "--seed", options.seed, 0);

const world = new World(mkdtempSync(join(tmpdir(), "auscult-chaos-")), SEED);
// Whoever has seen enough leaves nothing running behind.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void world.end().finally(() => process.exit(1)));
try {
  await world.start();
  const happened: Happened[] = [];
  const began = performance.now();
  await breakThings(world, FAULTS, SEED, (it) => {
    happened.push(it);
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    console.log(`${happened.length} of ${FAULTS}, ${minutes} min: ${it.kind} (${it.whom}); committed again after ${(it.someMs / 1_000).toFixed(1)} s`); // prettier-ignore
  });
  await world.drained();
  const captures = [...world.captures.values()].flat().length;
  console.log(
    `\nSeed ${SEED}: ${FAULTS} faults, ${captures} captures, ${[...world.committed().values()].reduce((sum, batches) => sum + batches, 0)} batches committed.`,
  );
  for (const line of await faultTable(happened)) console.log(line);
  const wrong = [...world.surprises, ...(await world.differences())];
  for (const line of wrong) console.log(line);
  console.log(wrong.length === 0 ? "Every sum is that of one machine: none lost, none twice." : "SUMS DIFFER");
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await world.end();
}
