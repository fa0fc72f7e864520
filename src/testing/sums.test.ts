import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Core } from "../core.ts";
import { emptyBatch } from "../link/broker/empty-batch.ts";
import type { Batch } from "../model/batch.ts";
import { simulate } from "../simulation/index.ts";
import { sensed } from "./sensed.ts";
import { differences, sumsOf } from "./sums.ts";

suite("sums that faults are held against", () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-sums-"));
  let batches: readonly Batch[] = [];
  let whole: readonly string[] = [];
  before(async () => {
    const capture = join(folder, "hospital.pcap");
    writeFileSync(capture, Buffer.concat([...simulate({ seed: 3, minutes: 10, size: 40 }).capture]));
    batches = await sensed(capture);
    whole = summed("whole", batches);
  });
  after(() => rmSync(folder, { recursive: true }));

  function summed(name: string, given: readonly Batch[]): readonly string[] {
    const path = join(folder, `${name}.db`);
    const core = new Core({ path, site: "north", ownRanges: [], delivered: true });
    for (const batch of given) core.take(batch);
    core.flush();
    core.close();
    return sumsOf(path);
  }

  test("in any order, and some of them twice, they are the same", () => {
    assert.deepEqual(differences(whole, summed("turned", [...batches.toReversed(), ...batches.slice(3, 9)])), []);
  });

  test("one that is lost is seen, also where an empty one stands for it; and one that counts twice", () => {
    const { site, sensor, run, sequence, input, from, to } = batches[4]!;
    const empty = emptyBatch({ site, sensor, run, sequence, input, from, to, frames: 0 });
    assert.notDeepEqual(differences(whole, summed("lost", batches.toSpliced(4, 1))), []);
    assert.notDeepEqual(differences(whole, summed("empty", batches.toSpliced(4, 1, empty))), []);
    assert.notDeepEqual(differences(whole, summed("twice", [...batches, { ...batches[4]!, sequence: batches.length + 1 }])), []);
  });
});
