/** Today and Risk: in every state whole for axe by day and by night, narrow and wide; the hours asked for, said and kept; by keyboard. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { wardFindings } from "../../src/testing/ward.ts";
import { axe, noBrowser, open } from "./browser.ts";
import type { Opened } from "./browser.ts";

const SHOTS = process.env["AUSCULT_SHOTS"];

describe("today", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
    writeFileSync(join(it.ward.dataDirectory, "contacts.csv"), "ward,kind,maker,hours,who,call\n,ventilator,,,Nurse in charge,5501\n");
  });
  after(() => it.close());

  const go = (path: string) => it.page.goto(`${it.origin}${path}`);
  const unsaid = () => rmSync(join(it.ward.dataDirectory, "team.json"), { force: true });
  const heard = (some: boolean) => {
    it.ward.findings = some ? wardFindings() : [];
    it.ward.changed();
  };

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["with the hours asked for", async () => (unsaid(), heard(true), await go("/today"), it.page.getByText("How many hours a week").waitFor())],
    [
      "with why open",
      async () => {
        await it.page.getByRole("button", { name: "Why" }).first().click();
        await it.page.locator(".today-more:not([hidden])").waitFor();
      },
    ],
    ["a device's risk", async () => (await go("/devices/d2?tab=risk"), it.page.getByText("If this were done").waitFor())],
    ["a device with nothing wrong", async () => (heard(false), await go("/devices/d1?tab=risk"), it.page.getByText("Nothing wrong is known of it").waitFor())],
    [
      "a quiet day",
      async () => {
        // Nor does any run a system that nobody mends.
        it.ward.devices = it.ward.devices.map((device) => ({ ...device, os: null }));
        heard(false);
        await go("/today");
        await it.page.getByText("No sentence today").waitFor();
      },
    ],
  ]; // prettier-ignore
  for (const [name, show] of states)
    test(`${name}: axe finds nothing by day and by night, narrow and wide`, async () => {
      await show();
      for (const [scheme, width] of [
        ["dark", 1366],
        ["light", 400],
        ["light", 1366],
      ] as const) {
        await it.page.emulateMedia({ colorScheme: scheme });
        await it.page.setViewportSize({ width, height: 768 });
        if (SHOTS !== undefined)
          await it.page.screenshot({ path: join(SHOTS, `${name.replaceAll(/\W+/g, "-")}-${scheme}-${width}.png`), fullPage: true });
        assert.deepEqual(await axe(it.page), [], `${scheme} ${width}`);
        const wider = await it.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
        assert.equal(wider, false, `the page is wider than ${width}`);
      }
      await it.page.emulateMedia({ colorScheme: "light" });
      await it.page.setViewportSize({ width: 1366, height: 768 });
      assert.deepEqual(it.complaints, []);
    });

  test("a page within a place shows that place in the rail, and no other", async () => {
    for (const [path, place] of [
      ["/do-not-scan", "Weaknesses"],
      ["/policy-draft", "Policy"],
      ["/recalls/1", "Lifecycle"],
      ["/today", "Today"],
    ] as const) {
      await go(path);
      const current = it.page.getByRole("navigation", { name: "Places" }).locator("[aria-current]");
      await current.getByText(place).waitFor();
      assert.equal(await current.count(), 1, path);
    }
  });

  test("what was kept of a month ago stands beside today", async () => {
    const { now } = (await it.ward.recording()!.trend({ walls: [], ownRanges: [] }))!;
    await go("/today");
    await it.page.getByText("What the risk was on other days was not kept yet").waitFor();
    it.ward.monthAgo = { before: { ...now, at: now.at - 28 * 86_400e6 }, since: now.at - 28 * 86_400e6 };
    it.ward.changed();
    await it.page.getByText(/devices at high or critical risk, now \d+ of \d+/).waitFor();
  });
});
