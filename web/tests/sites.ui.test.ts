/** All sites on one page: those to be looked at first, with the reason; a device is found in all of them and opened on its site's own pages. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { buildWeb } from "../../scripts/build-web.mjs";
import type { Served } from "../../src/api/index.ts";
import { serveSites } from "../../src/api/many-sites.ts";
import type { ManySites } from "../../src/api/sites.ts";
import { newToken } from "../../src/api/token.ts";
import type { FoundAcross, SiteAbout } from "../../src/model/site.ts";
import { Ward } from "../../src/testing/ward.ts";
import { ARGS, axe, CHROMIUM, complaintsOf, noBrowser } from "./browser.ts";

const about = (name: string, more: Partial<SiteAbout> = {}): SiteAbout => ({
  name,
  state: "hears",
  words: "Its 2 sensors hear.",
  page: "",
  devices: 3_412,
  pending: 0,
  at: 1,
  ...more,
});
const BEHIND = "9000 batches wait and become more: storing them takes 98 % of the time there is.";
const SITES = [
  about("north"),
  about("a site of a long name, with the street it stands in", { state: "behind", words: BEHIND, pending: 9_000 }),
  about("Süd", { state: "nobody", words: "No core has it." }),
];

describe("all sites", { skip: noBrowser }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-sites-page-"));
  let server: Served;
  let context: BrowserContext;
  let page: Page;
  let complaints: readonly string[];
  before(async () => {
    await buildWeb(() => undefined);
    const wards = new Map(SITES.map(({ name }) => [name, new Ward(folder)]));
    const many: ManySites = {
      all: () => SITES,
      sessionOf: async (site) => wards.get(site),
      across: {
        ask: (async (_: string, __: readonly string[], filter: string, limit: number): Promise<FoundAcross> => {
          const found = await wards.get("Süd")!.recording()!.devices({ filter, sort: "name", descending: false, offset: 0, limit });
          return {
            sites: [{ site: "Süd", total: found.total, matching: found.matching }],
            rows: found.rows.map((device) => ({ site: "Süd", device })),
          };
        }) as ManySites["across"]["ask"],
      },
      held: ["north"],
      away: "",
    };
    server = await serveSites({ host: "127.0.0.1", port: 0, token: newToken("lind"), webRoot: join(import.meta.dirname, "../dist") }, many);
    context = await chromium.launchPersistentContext(join(folder, "profile"), { executablePath: CHROMIUM, args: ARGS, viewport: { width: 1366, height: 900 } }); // prettier-ignore
    page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(server.url);
  });
  after(async () => {
    await context.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  test("which is behind or has nobody stands first, with why", async () => {
    await page.getByRole("heading", { name: "Sites", exact: true }).waitFor();
    await page.getByText("2 sites of 3 to be looked at.").waitFor();
    await page.getByText(BEHIND).waitFor();
    const names = await page.locator(".inputs h3").allTextContents();
    assert.deepEqual(names, ["a site of a long name, with the street it stands in", "Süd", "north"]);
  });

  test("a device is searched for in all of them, by keys alone, and its page is its site's", async () => {
    await page.getByLabel("Find a device in all of them").focus();
    await page.keyboard.type("infusion");
    const row = page.getByRole("row").filter({ hasText: "Süd" }).first();
    await row.waitFor();
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [400, 1366]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await axe(page), [], `${colorScheme}, ${width}`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${width}`);
        if (process.env["AUSCULT_SHOTS"] !== undefined) await page.screenshot({ path: join(process.env["AUSCULT_SHOTS"], `sites-${colorScheme}-${width}.png`), fullPage: true }); // prettier-ignore
      }
    await row.getByRole("link").first().click();
    await page.waitForURL(/\/sites\/S=c3=bcd\/devices\/d\d+$/);
    await page.getByRole("navigation", { name: "Places" }).waitFor();
    await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Devices" }).click();
    await page.waitForURL(/\/sites\/S=c3=bcd\/devices/);
    await page.getByRole("link", { name: "all sites" }).click();
    await page.getByText("2 sites of 3 to be looked at.").waitFor();
    assert.deepEqual(complaints, []);
  });
});
