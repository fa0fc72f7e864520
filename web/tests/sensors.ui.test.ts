/** Sensors elsewhere on the page of what was heard: who is behind, blind or silent is told in words, whole for axe by day and by night, narrow and wide. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SensorAbout } from "../../src/model/sensor.ts";
import { axe, noBrowser, open } from "./browser.ts";
import type { Opened } from "./browser.ts";

const HEARS: SensorAbout = {
  name: "er-1",
  state: "hears",
  words: "er-1 hears eth1.",
  lastAt: Date.UTC(2026, 10, 23, 8),
  waiting: 0,
  waitingBytes: 0,
  oldestAt: null,
  inputs: [{ name: "eth1", live: true, frames: 12_345, drops: 6 }],
};
const SILENT: SensorAbout = {
  ...HEARS,
  name: "icu-with-a-long-name-of-its-own",
  state: "silent",
  words: "It has said nothing for 4 minutes: it is off.",
  waiting: 3_412,
  waitingBytes: 9e7,
};

describe("sensors of a site", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  test("each says how it is; what is wrong with the way to them stands above", async () => {
    const { page, ward } = it;
    ward.tell({ broker: { trouble: "the broker does not answer", pending: 7, deafSince: null, sensors: [HEARS, SILENT] } });
    await page.goto(new URL("/heard", page.url()).href);
    const sheet = page.locator("section", { has: page.getByRole("heading", { name: "Sensors of this site" }) });
    await sheet.getByText("It has said nothing for 4 minutes: it is off.").waitFor();
    await sheet.getByText("2 sensors; 7 batches at the broker to be stored").waitFor();
    await sheet.getByText("Nothing comes in just now: the broker does not answer.").waitFor();
    await sheet.getByText("silent", { exact: true }).waitFor();
    await sheet.getByText("3,412 batches wait there, 90 MB").waitFor();
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [400, 1366]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await axe(page), [], `${colorScheme}, ${width}`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${width}`);
      }
  });

  test("where all is heard on this machine nothing is said of sensors", async () => {
    const { page, ward } = it;
    ward.tell({ broker: null });
    await page.getByRole("heading", { name: "Where we listened" }).waitFor();
    await page.getByRole("heading", { name: "Sensors of this site" }).waitFor({ state: "detached" });
  });
});
