/** Reports: chosen and made by keyboard, each figure leads to its devices, the file opens whole in a tab of its own; clean for axe in every state. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, complaintsOf, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const SHOTS = process.env["AUSCULT_SHOTS"];

describe("reports", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());
  const go = (path: string) => it.page.goto(`${it.origin}${path}`);

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["none made yet", async () => (await go("/reports"), it.page.getByText("None was made on these pages yet").waitFor())],
    ["made for an auditor", async () => (await go("/reports?for=auditor&sample=3&seed=7"), it.page.getByText("3 devices by seed 7").waitFor())],
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
          await it.page.screenshot({ path: join(SHOTS, `${name.replaceAll(" ", "-")}-${scheme}-${width}.png`), fullPage: true });
        assert.deepEqual(await axe(it.page), [], `${scheme} ${width}`);
        const wider = await it.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
        assert.equal(wider, false, `the page is wider than ${width}`);
      }
    });

  test("a picture stands above the table whose figures it has, named after it", async () => {
    const { page } = it;
    await go("/reports?for=security");
    const picture = page.getByRole("img", { name: "Risk by ward: the same as in the table below" });
    await picture.waitFor();
    const section = page.getByRole("region", { name: "Risk by ward" });
    const wards = await section.locator("tbody tr").count();
    assert.equal(await picture.locator("g").count(), wards);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      if (SHOTS !== undefined) await section.screenshot({ path: join(SHOTS, `report-risk-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("by keyboard alone one is made, is listed by its digest, and a figure leads to just its devices", async () => {
    const { page } = it;
    await go("/devices");
    await page.locator(".filter-count").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("heading", { name: "Made last" }).waitFor();
    await tabTo(page, "Make the report");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Medical devices on the network: for the head of biomedical engineering" }).waitFor();
    const digest = (await page.locator(".report-about dd").last().textContent())!;
    await page.getByRole("row", { name: `${digest.slice(0, 16)} (shown)` }).waitFor();
    const figure = page.locator(".report-table").getByRole("link", { name: /^[2-9]$/u }).first(); // prettier-ignore
    const count = (await figure.textContent())!;
    await figure.press("Enter");
    await page.waitForURL("**/devices?**");
    const filter = new URL(page.url()).searchParams.get("filter") ?? "";
    assert.match(filter, /^id in d\d+(?:, d\d+)*$/u);
    assert.equal(filter.split(", ").length, Number(count));
  });

  test("the file opens in a tab of its own, styled, with the same digest, and breaks no policy", async () => {
    const { page } = it;
    await go("/reports?for=security");
    const digest = (await page.locator(".report-about dd").last().textContent())!;
    const [tab] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Open to print" }).click()]);
    const complaints = complaintsOf(tab);
    await tab.getByText(digest).waitFor();
    assert.equal(await tab.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(236, 240, 237)");
    if (SHOTS !== undefined) await tab.screenshot({ path: join(SHOTS, "file.png"), fullPage: true });
    await tab.close();
    // No script runs in that tab, and so not axe: the same file is tried where one may.
    const content = await page.evaluate<string>("fetch('/api/report.html?for=security').then((it) => it.text())");
    const tried = await page.context().newPage();
    await tried.setContent(content);
    assert.deepEqual(await axe(tried), []);
    await tried.close();
    assert.deepEqual([...complaints, ...it.complaints], []);
  });
});
