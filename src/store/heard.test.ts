import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Batch } from "../model/batch.ts";
import { assertProperty } from "../testing/property.ts";
import { openForWriting } from "./database.ts";
import { HeardStore } from "./heard.ts";

const DAY = 86_400_000_000;
const NOON = 1_700_000_000_000_000;

function folder(work: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "auscult-store-"));
  try {
    work(join(directory, "ward.db"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Two machines; everything in it depends on `sequence`, so that a batch lost or taken twice shows in every sum. */
function batch(run: string, sequence: number, day = 0): Batch {
  const at = NOON + day * DAY + sequence * 1_000_000;
  return {
    schema: 2,
    site: "main",
    sensor: "local",
    run,
    sequence,
    input: "ward.pcap",
    from: at,
    to: at + 10,
    frames: {
      frames: sequence,
      bytes: 100 * sequence,
      lastFrame: sequence,
      duplicates: 1,
      routedCopies: 0,
      cut: 0,
      timeBackwards: 0,
      malformed: { dns: 1 },
      unheard: {},
      vlans: { "0": sequence },
      broadcast: 0,
      multicast: 0,
      flowsTwoWay: 1,
      flowsOneWay: 0,
    },
    addresses: [
      [0, "00:09:fb:12:34:56", "10.0.0.7", null, sequence, 50, at, at + 10, 2],
      [0, "00:50:56:00:00:09", "10.0.0.9", null, 1, 50, at, at + 10, 4],
    ],
    observations: [[0, "hostname", "pump7", "dhcp", -1, at, at, sequence, [[at, sequence, 60, "AQ==", 1]]]],
    conversations: [
      [
        0,
        1,
        "tcp",
        2575,
        "hl7",
        sequence % 2 === 0 ? ["ACK"] : ["ORU^R01"],
        sequence,
        1,
        10,
        20,
        1,
        0,
        at,
        at + 10,
        sequence === 3 ? "handshake" : "port",
        0,
      ],
    ],
    attempts: [[0, 1, "tcp", 1, [sequence, 9_000 - 10 * day], at, at]],
    signals: [[NOON, "load", 0, -1, "", "", sequence, 1, 0, sequence, [[at, sequence, 60, "AQ==", 1]]]],
    loss: { drops: 1, gaps: 0, gapBytes: 0, limits: {} },
  };
}

/** All that is kept of these batches, flushed after each so many. */
function kept(path: string, batches: readonly Batch[], flushAfter = Number.POSITIVE_INFINITY): Record<string, unknown[]> {
  const held = openForWriting(path, "main");
  const store = new HeardStore(held.database);
  batches.forEach((it, index) => {
    if (!store.runs.has(it)) store.take(it, [1, 2]);
    if ((index + 1) % flushAfter !== 0 && index < batches.length - 1) return;
    held.transaction(() => store.store(() => undefined));
    store.stored();
  });
  const all = (sql: string) => held.database.prepare(sql).all();
  const rows = {
    endpoints: all("SELECT * FROM endpoint ORDER BY number"),
    claims: all("SELECT * FROM claim"),
    conversations: all("SELECT * FROM conversation"),
    attempts: all("SELECT * FROM attempt"),
    signals: all(
      "SELECT at, kind, sender, receiver, segment, count, distinct_count, failed, amount, witness FROM signal JOIN run ON number = signal.run ORDER BY run.run, at",
    ),
    runs: all("SELECT run, sequence, beyond, missing, frames, bytes, drops, duplicates, counts FROM run ORDER BY run"),
  };
  held.release();
  return rows;
}

function keptOf(batches: readonly Batch[], flushAfter?: number): Record<string, unknown[]> {
  let rows: Record<string, unknown[]> = {};
  folder((path) => (rows = kept(path, batches, flushAfter)));
  return rows;
}

test("a batch that arrives twice counts once, and sums are the batches' own", () => {
  const rows = keptOf([batch("a", 1), batch("a", 2), batch("a", 2), batch("a", 3), batch("a", 1)], 2);
  const [conversation] = rows["conversations"] as { packets_to_server: number; operations: string; side: string; answered: number }[];
  assert.deepEqual(
    [conversation!.packets_to_server, conversation!.operations, conversation!.side, conversation!.answered],
    [6, "ACK ORU^R01", "handshake", 3],
  );
  const [claim] = rows["claims"] as { count: number; witness: string }[];
  assert.deepEqual([claim!.count, claim!.witness], [6, '[[1700000001000000,1,60,"AQ==",1]]']);
  const [run] = rows["runs"] as { sequence: number; frames: number; missing: number; counts: string }[];
  assert.deepEqual([run!.sequence, run!.frames, run!.missing], [3, 6, 0]);
  assert.equal((JSON.parse(run!.counts) as { malformed: { dns: number } }).malformed.dns, 3);
});

test("a batch that is missing is known, and when it comes after all it counts", () => {
  const run = (...sequences: number[]) => {
    const [row] = keptOf(sequences.map((it) => batch("a", it)), 2)["runs"] as { sequence: number; missing: number; frames: number }[]; // prettier-ignore
    return [row!.sequence, row!.missing, row!.frames];
  };
  assert.deepEqual(run(1, 4), [1, 2, 5]);
  assert.deepEqual(run(1, 4, 4, 3), [1, 1, 8]);
  assert.deepEqual(run(1, 4, 3, 2, 3), [4, 0, 10]);
});

test("of a run full of gaps the lowest are given up, and stay known as missing", () => {
  const [row] = keptOf(Array.from({ length: 100 }, (_, at) => batch("a", 2 * at + 2)), 7)["runs"] as { sequence: number; missing: number }[]; // prettier-ignore
  assert.equal(row!.missing, 100);
  assert.equal(row!.sequence, 2 * (100 - 64));
});

test("in whatever order batches arrive, and however often they are stored, the same is kept", () => {
  const told = [["a", 1, 0], ["a", 2, 1], ["a", 3, 40], ["a", 4, 41], ["b", 1, 40], ["c", 1, 90], ["d", 1, 3], ["d", 2, 64], ["e", 1, 92]] as const; // prettier-ignore
  const batches = told.map(([run, sequence, day]) => batch(run, sequence, day));
  const wanted = keptOf(batches);
  assert.equal(wanted["conversations"]!.length, 1);
  assertProperty(
    fc.property(
      fc.shuffledSubarray(batches, { minLength: batches.length }),
      fc.subarray(batches),
      fc.integer({ min: 1, max: 9 }),
      (order, again, flushAfter) => assert.deepEqual(keptOf([...order, ...again], flushAfter), wanted),
    ),
    { numRuns: 40 },
  );
});

test("days are counted back from the last one, and those too old fall off", () => {
  const [row] = keptOf([batch("a", 1), batch("b", 1, 1), batch("c", 1, 33), batch("d", 1, 63), batch("e", 1, 64)], 1)["conversations"] as {
    days_low: number;
    days_high: number;
  }[];
  const days = (BigInt(row!.days_high) << 32n) | BigInt(row!.days_low);
  assert.equal(days, 1n | (1n << 1n) | (1n << 31n) | (1n << 63n));
});

test("what is counted by many names, or let go by the core, is counted with the rest", () => {
  folder((path) => {
    const held = openForWriting(path, "main");
    const store = new HeardStore(held.database);
    for (let sequence = 1; sequence <= 6; sequence++) {
      const made = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`made up ${100 * sequence + at}`, 1]));
      const it = batch("a", sequence);
      store.take({ ...it, loss: { ...it.loss, limits: made } }, [1, 2]);
    }
    store.runs.letGo("a", "addresses", 7);
    held.transaction(() => store.store(() => undefined));
    const { counts } = held.database.prepare("SELECT counts FROM run").get() as { counts: string };
    const { limits } = JSON.parse(counts) as { limits: Record<string, number> };
    assert.equal(Object.keys(limits).length, 513);
    assert.equal(limits["other"], 600 - 512 + 7);
    held.release();
  });
});

test("what there was no room to number is left out, and nobody's word becomes another's", () => {
  folder((path) => {
    const held = openForWriting(path, "main");
    const store = new HeardStore(held.database);
    const it = batch("a", 1);
    store.take({ ...it, observations: [[0, "hostname", "pump7", "dhcp", 1, it.from, it.from, 1]] }, [1, 0]);
    held.transaction(() => store.store(() => undefined));
    const count = (table: string) => held.database.prepare(`SELECT count(*) AS count FROM ${table}`).get()!["count"];
    assert.deepEqual(["endpoint", "claim", "conversation", "attempt"].map(count), [1, 0, 0, 0]);
    held.release();
  });
});
