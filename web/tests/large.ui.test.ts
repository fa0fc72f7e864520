/** 350,000 devices in the table: each turn of the wheel, pull at its thumb, order and key in the filter shows its rows. How soon, `npm run table` says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noBrowser, open } from "./browser.ts";
import { ACTS, largeRecording, timesOf } from "./large-table.ts";

const DEVICES = 350_000;
/** Each order once, and the keys of two filters. */
const TRIES = 8;

test("a large hospital scrolls, sorts and filters", { skip: noBrowser }, async (t) => {
  const reader = await largeRecording(t, DEVICES);
  const it = await open();
  try {
    it.ward.recording = () => reader;
    const times = await timesOf(it, DEVICES, TRIES);
    assert.equal(await it.page.locator("table.devices").count(), 1);
    for (const act of ACTS)
      assert.ok(times[act].length === TRIES && times[act].every(Number.isFinite), `${act}: what was asked for is shown`);
  } finally {
    await it.close();
    await reader.close();
  }
});
