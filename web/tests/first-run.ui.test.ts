/** The first run as a newcomer has it: the real program, the sample hospital, no mouse. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { simulate } from "../../src/simulation/index.ts";
import { axe, noBrowser, tabTo } from "./browser.ts";
import { startProgram } from "./program.ts";

const QUIET_MS = 3_000;
/** `1,204 of 1,204` in the filter box: how many the table shows. */
const countOf = (text: string | null) => Number(/of ([\d,]+)/.exec(text ?? "")?.[1]?.replaceAll(",", "") ?? 0);

test(
  "npm start: by keyboard alone the sample hospital is opened, and a device says how we know, by day and by night",
  {
    skip: noBrowser,
  },
  async () => {
    const program = await startProgram(["start"]);
    const { page } = program;
    try {
      await page.goto(program.url);
      assert.equal(new URL(page.url()).searchParams.get("token"), null, "the token leaves the address at once");
      await page.getByRole("heading", { name: "What shall we listen to?" }).waitFor();
      await tabTo(page, "Open the sample");
      await page.keyboard.press("Enter");
      await page.getByText("played back in about 10 s, so that one can watch").waitFor();
      assert.equal(await page.evaluate("document.activeElement.id"), "main", "reading goes on from the page that came");
      const counts = await countsWhileReading(page);
      assert.ok(counts.length > 5, `expected the table to fill while it loads, got ${counts.join(", ")}`);
      const devices = counts.at(-1)!;
      assert.ok(devices > 100, `expected a hospital, got ${devices} devices`);
      await page.getByText("· sample").waitFor();

      await page.keyboard.press("/");
      await page.keyboard.type("kind ~ pump");
      await page.locator(".filter-count", { hasText: /^[1-9]\d* of / }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("j");
      await page.locator(".row-link:focus").waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("tab", { name: "Overview" }).waitFor();
      await tabTo(page, "Overview");
      await page.keyboard.press("ArrowRight");
      const kind = page.getByLabel("What it is", { exact: true });
      await kind.locator(".value", { hasText: /pump/i }).waitFor();
      assert.ok((await kind.locator(".evidence tbody tr").count()) > 0, "a claim stands on what was heard");
      assert.match((await kind.locator(".evidence .weight").first().textContent()) ?? "", /^[+−]?\d+$/);

      await tabTo(page, "That’s wrong: Model");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("Model of the bedside");
      await page.keyboard.press("Tab");
      await page.keyboard.type("read from the label");
      await page.keyboard.press("Enter");
      const model = page.getByLabel("Model", { exact: true });
      await model.getByText("Model of the bedside", { exact: true }).first().waitFor();
      await model.getByText(/^Said by [a-z0-9]+ \(not verified\)$/).waitFor();
      await page.keyboard.press("u");
      await page.getByText("Taken back: model = Model of the bedside.").waitFor();
      await model.getByText("Model of the bedside").waitFor({ state: "detached" });

      await tabTo(page, "Colors: as the system. Change to light");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.locator('[data-mantine-color-scheme="dark"]').waitFor();
      assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(13, 21, 19)");
      for (const path of ["/devices", new URL(page.url()).pathname, "/heard", "/open"]) {
        await page.goto(new URL(path, page.url()).href);
        await page.locator("h1").waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
      assert.deepEqual(program.complaints, []);
    } finally {
      assert.equal(await program.stop(), 0, program.said());
    }
  },
);

test("a capture chosen on the page fills the table while it is read, and is found again", { skip: noBrowser }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-morning-"));
  const morning = join(folder, "morning.pcap");
  writeFileSync(morning, Buffer.concat([...simulate({ seed: 2, minutes: 1440 }).capture]));
  const program = await startProgram(["start"]);
  const { page } = program;
  try {
    await page.goto(program.url);
    await page.locator("input[type=file]").first().setInputFiles(morning);
    await page.getByText("Reading morning.pcap").waitFor();
    const counts = await countsWhileReading(page);
    // How many steps there are depends on how fast the machine reads; that it does not wait for the end does not.
    assert.ok(counts.length > 1, `expected the table to fill step by step, got ${counts.join(", ")}`);
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
      "no device goes away again",
    );
    assert.ok(counts.at(-1)! > 100, `expected a hospital, got ${counts.at(-1)} devices`);
    await page.getByText("From a file").waitFor();

    await page.goto(new URL("/open", page.url()).href);
    await tabTo(page, "Open the sample");
    await page.keyboard.press("Enter");
    await page.getByText("· sample").waitFor();
    await page.goto(new URL("/open", page.url()).href);
    await page.getByRole("button", { name: "Show morning" }).click();
    await page.getByText(`${counts.at(-1)} of ${counts.at(-1)}`, { exact: true }).waitFor();
    assert.deepEqual(program.complaints, []);
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true });
  }
});

/** How many devices the table said it has, each time it said another number, until nothing is read any more and the number stays. */
async function countsWhileReading(page: Page): Promise<number[]> {
  const counts: number[] = [];
  for (let quiet = performance.now(); performance.now() - quiet < QUIET_MS;) {
    const shown = page.locator(".filter-count");
    assert.equal(await page.getByText("No device was heard").count(), 0, "nothing is said of what is not read yet");
    const count = (await shown.isVisible()) ? countOf(await shown.textContent()) : 0;
    const reading = await page.getByText("Stop here").isVisible();
    if (reading || count === 0 || count !== counts.at(-1)) quiet = performance.now();
    if (count > 0 && count !== counts.at(-1)) counts.push(count);
    await page.waitForTimeout(20);
  }
  return counts;
}
