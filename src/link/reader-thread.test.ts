/** The reader in a thread answers as the reader itself does. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { BadQuery } from "../model/store.ts";
import type { DeviceQuery, RecordingReader } from "../model/store.ts";
import { openReader } from "../reader.ts";
import { Recording } from "../testing/recording.ts";
import { openReaderThread } from "./reader-thread.ts";

const ALL: DeviceQuery = { filter: "", sort: "name", descending: false, offset: 0, limit: 100 };

test("every question has the same answer", async (t) => {
  const path = ward(t, 3);
  const [here, there] = [await openReader(path), await openReaderThread(path)];
  const asked = [here, there].map(async (reader) => [
    await reader.devices({ ...ALL, filter: "kind = ct" }),
    await reader.facets("", ["kind"]),
    await reader.device("d1"),
    await reader.device("d99"),
    await reader.conversations("d1", 0, 10),
    await reader.coverage(),
    await reader.changes(0, 10),
    await whole(reader),
  ]);
  assert.deepEqual(await asked[1], await asked[0]);
  await Promise.all([here.close(), there.close()]);
});

test("a bad question comes back as one, with its place", async (t) => {
  const reader = await openReaderThread(ward(t, 1));
  await assert.rejects(reader.devices({ ...ALL, filter: "icu and knd = CT" }), (error) => {
    assert.ok(error instanceof BadQuery);
    assert.deepEqual([error.column, error.suggestion], [9, "kind"]);
    return true;
  });
  assert.equal((await reader.devices(ALL)).total, 1);
  await reader.close();
});

test("what the computer says of a file comes back with whose words they are", async (t) => {
  const path = ward(t, 1);
  const reader = await openReaderThread(path);
  const other = new DatabaseSync(path);
  other.exec("DROP TABLE claim");
  other.close();
  await assert.rejects(reader.device("d1"), { code: "ERR_SQLITE_ERROR" });
  await reader.close();
});

test("many questions at once, and two documents read in turn, each get their own answers", async (t) => {
  const reader = await openReaderThread(ward(t, 600));
  const pages = await Promise.all(Array.from({ length: 50 }, (_, at) => reader.devices({ ...ALL, sort: "id", offset: at, limit: 1 })));
  assert.deepEqual(
    pages.map((page) => page.rows[0]!.id),
    Array.from({ length: 50 }, (_, at) => `d${at + 1}`),
  );
  const [one, other] = [reader.inventory()[Symbol.asyncIterator](), reader.inventory()[Symbol.asyncIterator]()];
  const read = { one: "", other: "" };
  for (;;) {
    const [a, b] = [await one.next(), await other.next()];
    if (a.done === true || b.done === true) {
      assert.deepEqual([a.done, b.done], [true, true]);
      break;
    }
    read.one += a.value;
    read.other += b.value;
  }
  assert.equal(read.one, read.other);
  assert.equal((JSON.parse(read.one) as { devices: unknown[] }).devices.length, 600);
  await reader.close();
});

test("who leaves a document early leaves the reader in order", async (t) => {
  const reader = await openReaderThread(ward(t, 600));
  for await (const piece of reader.inventory()) {
    assert.ok(piece.startsWith('{"schema"'));
    break;
  }
  assert.equal((await reader.devices(ALL)).total, 600);
  await reader.close();
});

test("what cannot be opened says why, and what was closed says that it is", async (t) => {
  await assert.rejects(openReaderThread("/nowhere/ward.db"), /expected a recording, got no file at \/nowhere\/ward\.db/);
  const reader = await openReaderThread(ward(t, 1));
  const asked = reader.coverage();
  await reader.close();
  assert.equal((await asked).devices, 1);
  await assert.rejects(reader.devices(ALL), /the recording is closed/);
  await assert.rejects(whole(reader), /the recording is closed/);
});

async function whole(reader: RecordingReader): Promise<string> {
  let text = "";
  for await (const piece of reader.inventory()) text += piece;
  return text;
}

function ward(t: TestContext, devices: number): string {
  const recording = new Recording(t);
  recording.run("ward.pcap");
  recording.sql("BEGIN");
  for (let at = 0; at < devices; at++) {
    const endpoint = recording.endpoint(null, `10.0.${at >> 8}.${at & 255}`);
    recording.claim(endpoint, "hostname", `ct-${at}`, "dhcp");
    recording.conversation({ client: endpoint, server: 1, port: 104, protocol: "dicom" });
    recording.device([endpoint], { name: `ct-${at}`, kind: "CT" });
  }
  recording.sql("COMMIT");
  return recording.path;
}
