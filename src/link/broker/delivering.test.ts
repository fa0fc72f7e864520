import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { Core } from "../../core.ts";
import type { Batch } from "../../model/batch.ts";
import { Delivering, type Delivered } from "./delivering.ts";
import { emptyBatch } from "./empty-batch.ts";
import { packed } from "./spool.ts";

const NOW_US = 1_790_000_000_000_000;
const HOUR_US = 3_600_000_000;

let folder = "";
let core: Core;
let delivering: Delivering;
let next = 1;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auscult-delivering-"));
  core = new Core({ path: join(folder, "north.db"), site: "north", ownRanges: [], delivered: true });
  delivering = new Delivering(core, "north", () => undefined);
});
afterEach(() => {
  core.close();
  rmSync(folder, { recursive: true });
});

function batch(sequence: number, more: Partial<Batch> = {}): Batch {
  const about = { site: "north", sensor: "er-1", run: "live-1", sequence, input: "eth1", from: NOW_US, to: NOW_US, frames: 0 };
  const empty = emptyBatch(about);
  return { ...empty, frames: { ...empty.frames, frames: 10 }, ...more };
}
function give(it: Batch, more: { sensor?: string; parcel?: string; payload?: Uint8Array } = {}): string {
  const parcel = `${it.run}:${it.sequence}`;
  return delivering.take({ id: next++, sensor: "er-1", parcel, at: NOW_US, payload: packed(it), ...more });
}
function committed(): Delivered | null {
  core.flush();
  return delivering.committed();
}
function framesStored(): number {
  const database = new DatabaseSync(join(folder, "north.db"), { readOnly: true });
  try {
    return database.prepare("SELECT sum(frames) AS frames FROM run").get()!["frames"] as number;
  } finally {
    database.close();
  }
}
const mark = (run = "live-1") => core.markOf(run)?.sequence;

test("what is taken is done when it is committed; what comes twice is done and counts once", () => {
  assert.deepEqual([give(batch(1)), give(batch(2)), give(batch(1))], ["", "", ""]);
  const news = committed();
  assert.equal(news?.stored.length, 3);
  assert.deepEqual(news?.marks, [{ run: "live-1", sensor: "er-1", sequence: 2 }]);
  assert.equal(committed(), null);
});

test("out of order the mark waits for what is missing", () => {
  give(batch(1));
  give(batch(4, { from: NOW_US - HOUR_US, to: NOW_US - HOUR_US }));
  assert.equal(committed()?.marks[0]?.sequence, 1);
  give(batch(3));
  give(batch(2));
  assert.equal(committed()?.marks[0]?.sequence, 4);
});

for (const [title, made, expected] of [
  ["forged for another site", () => give(batch(1, { site: "south" })), /expected a batch of north/],
  ["forged for another sensor", () => give(batch(1, { sensor: "er-2" })), /expected a batch of er-1/],
  ["of a future schema", () => give({ ...batch(1), schema: 3 } as unknown as Batch), /expected schema 2/],
  ["sent under another number", () => give(batch(1), { parcel: "live-1:7" }), /expected the run and the number/],
  ["of times that are still to come", () => give(batch(1, { to: NOW_US + 2 * HOUR_US })), /clock is wrong/],
  ["heard last year", () => give(batch(1, { from: 1, to: NOW_US - 365 * 24 * HOUR_US })), /within 30 days/],
  ["that is no line of JSON", () => give(batch(1), { payload: zstdCompressSync("{{") }), /expected a line of JSON/],
  ["that is not packed", () => give(batch(1), { payload: Buffer.from("hello") }), /packed with zstd/],
  [
    "that unpacks to more than a line may be",
    () => give(batch(1), { payload: zstdCompressSync(Buffer.alloc(50_000_000, 32)) }),
    /at most 4000000 bytes/,
  ],
] as const)
  test(`a batch ${title} is refused, and the next is taken`, () => {
    assert.match(made(), expected);
    assert.equal(give(batch(2)), "");
    const news = committed();
    assert.equal(news?.refused.length, 1);
    assert.equal(news?.stored.length, 1);
  });

for (const [title, clock] of [
  ["slow by years", 0],
  ["fast by years", NOW_US / 1_000 + 5 * 365 * 86_400_000],
] as const)
  test(`a core whose clock is ${title} takes and refuses by the broker's, and lets nothing go`, (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: clock });
    assert.equal(give(batch(1)), "");
    assert.match(give(batch(2, { from: 1, to: NOW_US - 365 * 24 * HOUR_US })), /within 30 days/);
    assert.match(give(batch(3, { to: NOW_US + 2 * HOUR_US })), /clock is wrong/);
    assert.equal(committed()?.stored.length, 1);
    core.retain();
    assert.equal(mark(), 3);
    assert.equal(framesStored(), 10);
  });

test("one that is refused stands as an empty one: nobody waits for it, and it counts as loss", () => {
  give(batch(1));
  give({ ...batch(2), schema: 3 } as unknown as Batch);
  give(batch(3));
  committed();
  assert.equal(mark(), 3);
});

test("what a capture says may be as old as it likes", () => {
  assert.equal(give(batch(1, { run: "abc", from: 1, to: 2 })), "");
});

test("a sensor touches no run of another's, not even by what is refused", () => {
  give(batch(1));
  committed();
  assert.match(give(batch(2, { sensor: "er-2" }), { sensor: "er-2" }), /expected a run of its own/);
  committed();
  assert.equal(mark(), 1);
  assert.equal(give(batch(2)), "");
});

test("a run is over when its last batch came, also before others", () => {
  give(batch(2, { end: true }));
  give(batch(1));
  committed();
  assert.equal(mark(), 2);
});
