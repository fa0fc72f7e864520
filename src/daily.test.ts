import assert from "node:assert/strict";
import { test } from "node:test";
import { sumsOfDay } from "./daily.ts";
import { openReader } from "./reader.ts";
import { keepDaily } from "./store/daily.ts";
import { DatabaseSync } from "node:sqlite";
import { Recording } from "./testing/recording.ts";

const DAY_US = 86_400_000_000;

test("a day's sums are those of the pages at that moment, and a month later they stand beside that day's", async (t) => {
  const recording = new Recording(t);
  recording.run("ward.pcap");
  const server = recording.endpoint("00:09:fb:00:00:01", "10.0.0.1");
  const client = recording.endpoint("00:09:fb:00:00:02", "10.0.0.2");
  recording.device([server], { name: "pump", kind: "infusion pump", lifeCritical: "therapy", location: "ICU bed 3" });
  recording.device([client], { name: "office" });
  recording.conversation({ client, server, port: 23, protocol: "telnet" });
  const sums = sumsOfDay(recording.path);
  const reader = await openReader(recording.path);
  t.after(() => reader.close());
  const asked = { walls: [], ownRanges: [] };
  const { now, before, since } = (await reader.trend(asked))!;
  assert.deepEqual(now.sums, sums);
  assert.deepEqual([before, since], [null, null]);
  assert.deepEqual([sums[0]!.devices, sums[0]!.exposed], [2, 1]);
  const { rows } = await reader.risks({ ...asked, offset: 0, limit: 10 });
  for (const side of ["patient", "device", "network"] as const)
    assert.equal(sums[0]![side], rows.reduce((sum, it) => sum + it.on[side], 0)); // prettier-ignore
  assert.match((await reader.today({ ...asked, hours: null })).trend, /^What the risk was on other days was not kept yet/);

  const writing = new DatabaseSync(recording.path);
  for (const days of [70, 30, 10]) keepDaily(writing, { at: now.at - days * DAY_US, sums: sums.map((it) => ({ ...it, high: days })) });
  writing.close();
  const told = (await reader.trend(asked))!;
  assert.equal(told.before?.at, now.at - 30 * DAY_US, "the latest that is four weeks old");
  assert.deepEqual(told.before?.sums, sums.map((it) => ({ ...it, high: 30 }))); // prettier-ignore
  const again = new DatabaseSync(recording.path);
  again.exec(`UPDATE daily SET at = ${now.at - (now.at % DAY_US) - 27 * DAY_US - 1} WHERE at = ${now.at - 30 * DAY_US}`);
  again.close();
  assert.notEqual((await reader.trend(asked))!.before, null, "of the same day four weeks ago, whatever the hour");
  assert.equal(told.since, now.at - 70 * DAY_US);
});
