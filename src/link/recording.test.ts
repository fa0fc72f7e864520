import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { Batch, SensorLine } from "../model/batch.ts";
import { arp, ethernet } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { openWriter, WriterBusy, type RecordingWriter, type WriterNews } from "./recording.ts";

/** Some machines that ask for one another, a second apart. */
const BATCHES: readonly Batch[] = hear(
  Array.from({ length: 40 }, (_, at) => {
    const mac = `00:09:fb:00:00:${(16 + at).toString(16)}`;
    return ethernet(
      { type: 0x0806, from: mac, to: "ff:ff:ff:ff:ff:ff" },
      arp(1, [mac, `10.0.0.${at + 1}`], ["00:00:00:00:00:00", "10.0.0.200"]),
    );
  }),
  { every: 1 },
);

/** The machines, and the group they ask. */
const DEVICES = 41;

/** Writers that a failing test leaves open would keep it from ending. */
async function ward(work: (path: string, open: () => Promise<RecordingWriter>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-recording-"));
  const path = join(folder, "ward.db");
  const writers: RecordingWriter[] = [];
  try {
    await work(path, async () => {
      const writer = await openWriter(path, { site: "main", ownRanges: [] });
      writers.push(writer);
      return writer;
    });
  } finally {
    for (const writer of writers) await writer.close();
    rmSync(folder, { recursive: true });
  }
}

const bytesOf = (lines: readonly (Batch | SensorLine)[]) => Buffer.from(lines.map((it) => `${JSON.stringify(it)}\n`).join(""));

/** Gives a sensor's output in pieces of this size; answers the lines that are no batches. */
async function give(writer: RecordingWriter, output: Uint8Array, pieceBytes: number): Promise<SensorLine[]> {
  const lines: SensorLine[] = [];
  const source = writer.source((line) => lines.push(line));
  for (let at = 0; at < output.length; at += pieceBytes) source.accept(Uint8Array.from(output.subarray(at, at + pieceBytes)));
  await source.taken();
  return lines;
}

function rows(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all().map((row) => ({ ...row })); // prettier-ignore
  } finally {
    database.close();
  }
}

test("what a sensor says comes out as devices, however its lines are cut", async () => {
  const said: SensorLine = { say: "part", input: "test.pcap", name: "test.pcap", frames: 40 };
  const results: unknown[] = [];
  for (const pieceBytes of [1 << 20, 4_099, 257])
    await ward(async (path, open) => {
      const writer = await open();
      assert.deepEqual(await give(writer, bytesOf([...BATCHES, said, BATCHES[0]!]), pieceBytes), [said]);
      assert.equal(writer.behind(), 0);
      assert.equal(await writer.stored("run"), BATCHES.length);
      writer.ended("run", "");
      await writer.settle();
      assert.equal(writer.devices, DEVICES);
      await writer.close();
      results.push(rows(path, "SELECT * FROM device ORDER BY id"), rows(path, "SELECT state, frames, missing FROM run"));
    });
  const [devices, runs] = results;
  assert.equal((devices as unknown[]).length, DEVICES);
  assert.deepEqual(runs, [{ state: "whole", frames: 40, missing: 0 }]);
  for (let at = 2; at < results.length; at++) assert.deepEqual(results[at], results[at % 2]);
});

test("what is stored stays without an end in order, and the next writer goes on from there", async () => {
  await ward(async (path, open) => {
    let writer = await open();
    await give(writer, bytesOf(BATCHES.slice(0, 2)), 1 << 20);
    await writer.close();
    writer = await open();
    assert.deepEqual(writer.interrupted, ["test.pcap"]);
    assert.equal(await writer.stored("run"), 2);
    assert.deepEqual(rows(path, "SELECT state, trouble FROM run"), [{ state: "half-read", trouble: "reading was interrupted" }]);
    await give(writer, bytesOf(BATCHES), 1 << 20);
    writer.ended("run", "");
    await writer.close();
    assert.deepEqual(rows(path, "SELECT state, trouble, frames FROM run"), [{ state: "whole", trouble: "", frames: 40 }]);
  });
});

test("a sensor that says three things in a row that are no batches is to be started again", async () => {
  await ward(async (path, open) => {
    const writer = await open();
    const refused: WriterNews["refused"][] = [];
    writer.subscribe((news) => news.refused !== undefined && refused.push(news.refused));
    const bad = Buffer.from('{"schema":3}\n[not json\n');
    await give(writer, Buffer.concat([bad, bytesOf(BATCHES.slice(0, 1)), bad, bytesOf([{ ...BATCHES[0]!, sequence: 0 }])]), 1 << 20);
    assert.deepEqual(
      refused.map((it) => [it!.why, it!.restart]),
      [
        ["expected schema 2", false],
        ["expected a line of JSON", false],
        ["expected schema 2", false],
        ["expected a line of JSON", false],
        ["expected a sequence from 1", true],
      ],
    );
    assert.equal(await writer.stored("run"), 1);
    await writer.close();
    assert.deepEqual(
      rows(path, "SELECT words FROM note ORDER BY number"),
      ["expected schema 2", "expected a line of JSON", "expected a sequence from 1"].map((why) => ({
        words: `A batch of a sensor was refused and is missing: ${why}.`,
      })),
    );
  });
});

test("a line that does not end is let go before it fills the memory", async () => {
  await ward(async (_, open) => {
    const writer = await open();
    const refused: string[] = [];
    writer.subscribe((news) => news.refused !== undefined && refused.push(news.refused.why));
    await give(writer, Buffer.alloc(9_000_000, "x"), 1 << 20);
    assert.deepEqual(
      refused,
      Array.from({ length: 2 }, () => "expected a line of a sensor, got one that does not end"),
    );
    await writer.close();
  });
});

test("the second writer is refused with the first one's address", async () => {
  await ward(async (_, open) => {
    const first = await open();
    first.tellAddress("http://127.0.0.1:4180/");
    await first.stored("");
    await assert.rejects(open(), (error: Error) => {
      assert.ok(error instanceof WriterBusy);
      assert.match(
        error.message,
        /^expected to be the only writer of .*ward\.db, another Auscult writes it: http:\/\/127\.0\.0\.1:4180\/$/,
      );
      return true;
    });
    await first.close();
    await (await open()).close();
  });
});

test("a file that is no recording is said to be none, and stays as it is", async () => {
  await ward(async (path, open) => {
    writeFileSync(path, "the pumps of ward 4, in a text that is longer than the head of a database would be, if it were one at all\n");
    await assert.rejects(open(), /expected a recording, got a file that is no database/);
    const other = `${path}.other`;
    const database = new DatabaseSync(other);
    database.exec("CREATE TABLE pump (name TEXT)");
    database.close();
    await assert.rejects(openWriter(other, { site: "main", ownRanges: [] }), /expected a recording, got another program's database/);
  });
});

test("a copy is made while more comes in", async () => {
  await ward(async (path, open) => {
    const writer = await open();
    const source = writer.source(() => undefined);
    source.accept(Uint8Array.from(bytesOf(BATCHES.slice(0, 2))));
    const copied = writer.backup(`${path}.backup`);
    source.accept(Uint8Array.from(bytesOf(BATCHES.slice(2))));
    await copied;
    await source.taken();
    assert.equal(await writer.stored("run"), BATCHES.length);
    await assert.rejects(writer.backup(`${path}.backup`), /expected a new file/);
    await writer.close();
  });
});
