/** The pages in Debian's Chromium, against the real API with a session made by hand. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import type { BrowserContext, Page } from "playwright-core";
import { buildWeb } from "../../scripts/build-web.mjs";
import type { Door } from "../../src/accounts/door.ts";
import type { SignOn } from "../../src/accounts/sign-on.ts";
import { serve } from "../../src/api/index.ts";
import { newToken } from "../../src/api/token.ts";
import type { DeviceDetail } from "../../src/model/device.ts";
import { Ward } from "../../src/testing/ward.ts";

export const CHROMIUM = "/usr/bin/chromium";
export const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** For a test's `skip`: false, or why nothing was tried. */
export const noBrowser = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not there: NO PAGE WAS TRIED (apt-get install chromium)`;

export interface Opened {
  readonly ward: Ward;
  readonly page: Page;
  readonly origin: string;
  /** As printed, with the token it began with. */
  readonly url: string;
  /** What the browser refused or threw: a breach of the content security policy, an exception. */
  readonly complaints: readonly string[];
  /** The program ends, and is started again on its port with another token, as always; `meanwhile` is done between. */
  restart(meanwhile: () => Promise<unknown>): Promise<string>;
  close(): Promise<void>;
}

/** `door`: where somebody has an account; `signOn`: where a provider vouches for others. */
export async function open(devices?: readonly DeviceDetail[], door?: Door, signOn?: SignOn): Promise<Opened> {
  await buildWeb(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), "auscult-pages-"));
  const ward = new Ward(folder, devices);
  const start = (port: number) =>
    serve({
      host: "127.0.0.1",
      port,
      token: newToken("lind"),
      ...(door === undefined ? {} : { door }),
      ...(signOn === undefined ? {} : { signOn }),
      session: ward,
      webRoot: join(import.meta.dirname, "../dist"),
    });
  let server = await start(0);
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: CHROMIUM,
    args: ARGS,
    viewport: { width: 1366, height: 768 },
  });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(server.url);
  return {
    ward,
    page,
    origin: new URL(server.url).origin,
    url: server.url,
    complaints,
    restart: async (meanwhile) => {
      const port = Number(new URL(server.url).port);
      await server.close();
      await meanwhile();
      server = await start(port);
      return server.url;
    },
    close: async () => {
      await context.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the browser refused or the page threw, from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A refused filter, or the failure a test planted, is an answer, not a fault of the page.
    if (message.type() === "error" && !/status of [45]|ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED|EMPTY_RESPONSE)/.test(message.text()))
      complaints.push(message.text());
  });
  return complaints;
}

/** Presses Tab until something of this name has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate<string>(
      "((it) => it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent)(document.activeElement)",
    );
    if (typeof name === "string" ? at === name : name.test(at)) return;
  }
  throw new Error(`expected ${String(name)} within ${TABS_MAX} presses of Tab`);
}
const TABS_MAX = 120;

/** What axe finds, as lines: rule, where, why. */
export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
}

/** Axe finds nothing, light and dark; a picture of each goes to the folder AUSCULT_SHOTS, where that is said. */
export async function cleanInBoth(page: Page, name: string): Promise<void> {
  const shots = process.env["AUSCULT_SHOTS"];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name} ${colorScheme}.png`) });
    assert.deepEqual(await axe(page), [], `${name}, ${colorScheme}`);
  }
}
