/**
 * `docs/devices.png`, the picture of the README: the real program in Debian's Chromium, while it reads a simulated morning.
 * `npm run screenshot`, after the pages look different.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "../src/simulation/index.ts";
import { startProgram } from "../web/tests/program.ts";

const PICTURE = join(import.meta.dirname, "../docs/devices.png");
/** Long enough that there is something to see before it is over. */
const MINUTES = 600;
const DEVICES_SEEN = 60;

const folder = mkdtempSync(join(tmpdir(), "auscult-screenshot-"));
const morning = join(folder, "ward-morning.pcap");
writeFileSync(morning, Buffer.concat([...simulate({ seed: 1, minutes: MINUTES }).capture]));
const program = await startProgram(["start"]);
try {
  const { page } = program;
  await page.goto(program.url);
  await page.locator("input[type=file]").first().setInputFiles(morning);
  await page.getByText("Reading ward-morning.pcap").waitFor();
  for (let seen = 0; seen < DEVICES_SEEN;) {
    await page.locator(".filter-count").waitFor();
    seen = Number(/of ([\d,]+)/.exec((await page.locator(".filter-count").textContent()) ?? "")?.[1]?.replaceAll(",", "") ?? 0);
  }
  await page.screenshot({ path: PICTURE });
} finally {
  await program.stop();
  rmSync(folder, { recursive: true });
}
process.stderr.write(`wrote ${PICTURE}\n`);
