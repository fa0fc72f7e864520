/** The fleet's life: in every state whole for axe by day and by night, narrow and wide; a recall looked up by keyboard alone. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { day, life, livesOf } from "../../src/testing/lives.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const SHOTS = process.env["AUSCULT_SHOTS"];
const MONTHS = 26;
const END = day(MONTHS * 30.44);

/** 300 pumps and monitors that came over two years, with a roll-out half way. */
function grownFleet() {
  return livesOf(
    Array.from({ length: 300 }, (_, n) =>
      life(`d${n}`, {
        name: `PUMP-${n}`,
        maker: "Halden",
        model: "VT-4",
        kind: n % 3 === 0 ? "patient monitor" : "infusion pump",
        location: `Ward ${n % 7}`,
        serial: `SN${1000 + n}`,
        lifeCritical: n % 3 === 0 ? "life-supporting" : "therapy",
        first: day(n < 100 ? 0 : (n - 100) * 3.9),
        last: n % 50 === 7 ? day(600) : END,
        worked: n % 40 === 3 ? 1 << 20 : 3,
        software:
          n % 2 === 0
            ? [{ value: "library 7", first: day(0), last: END }]
            : [
                { value: "library 7", first: day(0), last: day(700) },
                { value: "library 8", first: day(701), last: END },
              ],
      }),
    ),
    day(0),
    END,
  );
}

describe("the fleet's life", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());
  const go = () => it.page.goto(`${it.origin}/lifecycle`);

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["two weeks of listening", async () => (await go(), it.page.getByText("a forecast needs 9 months").waitFor())],
    [
      "two years of it",
      async () => {
        it.ward.lives = grownFleet();
        it.ward.changed();
        await go();
        await it.page.getByText("The fleet grows").waitFor();
        await it.page.getByText("150 of 300 done, 150 waiting, 0 not heard since").waitFor();
        await it.page.getByText("View as table").click();
      },
    ],
    [
      "nothing heard",
      async () => {
        it.ward.lives = { devices: [], from: null, to: null, inputsSince: [] };
        it.ward.changed();
        await go();
        await it.page.getByText("No device was heard yet").waitFor();
      },
    ],
  ];
  for (const [name, show] of states)
    test(`${name}: axe finds nothing, light and dark, and nothing but tables scrolls sideways at 400`, async () => {
      await show();
      for (const colorScheme of ["light", "dark"] as const) {
        await it.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        assert.deepEqual(await axe(it.page), [], colorScheme);
      }
      await it.page.emulateMedia({ colorScheme: "light" });
      await it.page.setViewportSize({ width: 400, height: 800 });
      assert.equal(await it.page.evaluate("document.documentElement.scrollWidth"), 400);
      await it.page.setViewportSize({ width: 1366, height: 768 });
    });

  test("counted by ward, which stands in the address", async () => {
    it.ward.lives = grownFleet();
    it.ward.changed();
    await go();
    await it.page.getByLabel("Counted by").selectOption("location");
    await it.page.getByRole("rowheader", { name: "Ward 3" }).waitFor();
    assert.match(it.page.url(), /by=location/u);
  });

  test("a published recall that names a model heard here is looked up with one key, as its words say", async () => {
    it.ward.lives = grownFleet();
    it.ward.recalls = [
      { number: "Z-0100-2026", day: "2026-09-01", firm: "Halden", class: "I", product: "VT-4 pump", codes: "Serial numbers: SN1000 to SN1010", reason: "The hose may come off." },
      { number: "Z-0101-2026", day: "2026-09-02", firm: "Halden", class: "II", product: "Another pump", codes: "", reason: "" },
    ];
    it.ward.changed();
    await go();
    const published = it.page.getByRole("region", { name: "Published recalls" });
    await published.getByText("1 published recall of models heard here").waitFor();
    await published.getByText("11 meant as far as it can be read, of 0 nobody can tell; published 2026-09-01.").waitFor();
    if (SHOTS !== undefined) await it.page.screenshot({ path: join(SHOTS, "published-recalls.png"), fullPage: true });
    await tabTo(it.page, "Look up Z-0100-2026");
    await it.page.keyboard.press("Enter");
    await it.page.getByText("Of 300 devices the recall means 11; of 0 nobody can tell.").waitFor();
    assert.equal(await it.page.getByLabel("Serial numbers").inputValue(), "SN1000..SN1010");
    assert.deepEqual(await axe(it.page), []);
  }); // prettier-ignore

  test("a recall is looked up by keyboard, and what is asked wrongly is said", async () => {
    it.ward.lives = grownFleet();
    it.ward.changed();
    await go();
    await it.page.getByLabel("Serial numbers").fill("SN1020..SN1010");
    await it.page.keyboard.press("Enter");
    await it.page.getByText("expected a serial number or a range").waitFor();
    await it.page.getByLabel("Serial numbers").fill("SN1010..SN1020");
    await it.page.keyboard.press("Enter");
    await it.page.getByText("Of 300 devices the recall means 11; of 0 nobody can tell.").waitFor();
    assert.equal(await axe(it.page).then((found) => found.length), 0);
  });

  test("a list is kept, ticked off by keyboard and taken back; its count stands in the title, and its sheet has a box for each", async () => {
    const { page } = it;
    it.ward.lives = grownFleet();
    it.ward.changed();
    await go();
    await page.getByLabel("Serial numbers").fill("SN1010..SN1011");
    await page.keyboard.press("Enter");
    await page.getByLabel("What the recall is called").fill("Hose of 2026");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Hose of 2026: 0 of 2 found, 2 left" }).waitFor();
    await tabTo(page, /^Found is /u);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "1 of 2 found, 1 left" }).first().waitFor();
    await page.getByText(/^Found by lind/u).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 400, height: 800 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 400);
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, "ticks-400.png"), fullPage: true });
    await page.setViewportSize({ width: 1366, height: 768 });
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, "ticks.png"), fullPage: true });
    await page.getByRole("button", { name: /^Not meant is / }).click(); // prettier-ignore
    await page.getByText("none left: closed").first().waitFor();
    await page.getByRole("button", { name: /^Take back what was said of / }).first().click(); // prettier-ignore
    await page.getByRole("heading", { name: "1 left" }).first().waitFor();
    await go();
    await page.getByRole("link", { name: "Hose of 2026" }).waitFor();
    assert.deepEqual(await axe(page), []);
    const sheet = await page.request.get(`${it.origin}/api/recalls/1/sheet.html`);
    assert.match(await sheet.text(), /<td>☐<\/td>/u);
  });
});
