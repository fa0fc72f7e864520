/** Where Today's and a device's risk lead: to what is wrong told whole, and to a policy's draft that stops it at the network, dry-run and kept by keyboard. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const SHOTS = process.env["AUSCULT_SHOTS"];

suite("links from Today and Risk", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
    it.ward.keptOut = [{ day: "2026-11-20", place: "kev.json", source: null, why: "expected JSON, got a text that stops half-way" }];
  });
  after(() => it.close());

  const shown = async (name: string) => {
    for (const [colorScheme, width] of [
      ["dark", 1366],
      ["light", 400],
      ["light", 1366],
    ] as const) {
      await it.page.emulateMedia({ colorScheme });
      await it.page.setViewportSize({ width, height: 768 });
      if (SHOTS !== undefined) await it.page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}-${width}.png`), fullPage: true });
      assert.deepEqual(await axe(it.page), [], `${name} ${colorScheme} ${width}`);
      const wider = await it.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
      assert.equal(wider, false, `${name} is wider than ${width}`);
    }
  };

  test("knowledge that was kept out stands beside the sentences, with the line that brings it", async () => {
    await it.page.goto(`${it.origin}/today`);
    await it.page.getByText("kev.json was kept out on 2026-11-20: expected JSON, got a text that stops half-way").waitFor();
    await it.page.getByText("auscult update", { exact: true }).waitFor();
    await shown("today-kept-out");
  });

  test("what is wrong leads from Today's work and from a device's risk to where it is told whole", async () => {
    const { page, origin, ward } = it;
    const walls = { walls: [], ownRanges: [] };
    const reader = ward.recording()!;
    const { items } = (await reader.today({ ...walls, hours: null })).work;
    const work = items.find(({ of }) => of === "weakness")!;
    await page.goto(`${origin}/today`);
    await page.getByRole("table").getByRole("link", { name: work.title }).first().click();
    await page.waitForURL(`**/weaknesses/${encodeURIComponent(work.trouble)}`);
    await page.getByRole("heading", { level: 1, name: work.title }).waitFor();

    const worst = (await reader.risks({ ...walls, offset: 0, limit: 1 })).rows[0]!;
    const [remedy] = (await reader.risk(worst.device, walls))!.ifDone;
    await page.goto(`${origin}/devices/${worst.device}?tab=risk`);
    await page.getByRole("link", { name: remedy!.title }).first().click();
    await page.waitForURL(`**/${remedy!.of === "finding" ? "findings" : "weaknesses"}/${encodeURIComponent(remedy!.troubles[0]!)}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
  });

  test("a remedy of the network leads to a draft that was learned and dry-run; kept by keyboard it is a policy", async () => {
    const { page, origin } = it;
    await page.goto(`${origin}/today`);
    await page.getByRole("link", { name: /^A draft that does it for each / }).first().click(); // prettier-ignore
    await page.waitForURL("**/policy-draft?**");
    await page.getByText("A draft, kept nowhere").waitFor();
    await page.goto(`${origin}/policy-draft?only=${encodeURIComponent('["infusion pump"]')}`);
    await page.getByRole("button", { name: "infusion pump to pump server: allowed, and heard, 4 conversations heard" }).waitFor();
    await shown("draft");
    await tabTo(page, /^Keep this draft/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/policy\/[^/?]+/);
    await page.getByRole("button", { name: "infusion pump to pump server: allowed, and heard, 4 conversations heard" }).waitFor();
    assert.deepEqual(it.complaints, []);
  });
});
