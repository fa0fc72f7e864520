/** The do-not-scan list and its line on a device's page: in every state whole for axe by day and by night, narrow and wide; and what a person says, by keyboard alone. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { wardDevices } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const PUMP = "ICU-07 pump 2";

describe("the do-not-scan list", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  const go = (path: string) => it.page.goto(`${it.origin}${path}`);
  const fresh = () => {
    it.ward.devices = wardDevices();
    it.ward.scanningWords = [];
    it.ward.changed();
  };
  const said = (about: string, word: "list" | "take off", until: number | null = null) =>
    it.ward.sayOfScanning({ who: "Kim", reason: "it rebooted when it was scanned", about, word, until });

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["the list", async () => (await go("/do-not-scan"), it.page.getByText(/of 15 devices are not to be scanned/).waitFor())],
    [
      "with one ended, one at no address, one taken off, a network, and a word of a person",
      async () => {
        it.ward.devices = wardDevices().map((device, at) => (at === 0 ? { ...device, last: device.last - 200 * 86_400e6 } : at === 1 ? { ...device, ips: [] } : device)); // prettier-ignore
        await said("d5", "take off");
        await said("10.20.30.0/24", "list");
        await said("d3", "list");
        await go("/do-not-scan");
        await it.page.getByText("Not heard, cannot be excluded by address.").waitFor();
        await it.page.getByText("1 line has ended and stands in no scanner’s file").waitFor();
      },
    ],
    [
      "while something is said",
      async () => {
        await it.page.getByRole("button", { name: "Add an address or a network" }).click();
        await it.page.getByLabel("How do you know").waitFor();
      },
    ],
    ["one state", async () => (await go("/do-not-scan?state=taken+off"), it.page.getByText("May be scanned, says Kim").waitFor())],
    ["a state nobody has", async () => (fresh(), await go("/do-not-scan?state=ended"), it.page.getByText("No line stands so").waitFor())],
    ["on a device's page", async () => (await go("/devices/d2"), it.page.getByText("On the do-not-scan list because").waitFor())],
    [
      "nobody at all",
      async () => {
        it.ward.devices = [];
        it.ward.changed();
        await go("/do-not-scan");
        await it.page.getByText("That nobody does is no proof").waitFor();
      },
    ],
  ];
  for (const [name, show] of states)
    test(`${name}: axe finds nothing, light and dark, and nothing scrolls sideways at 400, the lines neither`, async () => {
      await show();
      for (const colorScheme of ["light", "dark"] as const) {
        await it.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        assert.deepEqual(await axe(it.page), [], colorScheme);
        await shot(it, `${name} ${colorScheme}`);
      }
      await it.page.emulateMedia({ colorScheme: "light" });
      await it.page.setViewportSize({ width: 400, height: 800 });
      assert.equal(await it.page.evaluate("document.documentElement.scrollWidth"), 400);
      const beyond = "[...document.querySelectorAll('.scanning-lines .scroll-x')].filter((it) => it.scrollWidth > it.clientWidth).length";
      assert.equal(await it.page.evaluate(beyond), 0);
      await shot(it, `${name} 400`);
      await it.page.setViewportSize({ width: 1366, height: 768 });
    });

  test("found from Findings; a file for a scanner is saved, and none is made of nobody", async () => {
    const { page } = it;
    fresh();
    await go("/findings");
    await page.getByRole("link", { name: "What scanners should not ask" }).click();
    await page.getByRole("heading", { name: /devices are not to be scanned/ }).waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "nmap" }).click();
    assert.equal((await saved).suggestedFilename(), "do-not-scan-nmap.txt");
    it.ward.devices = [];
    it.ward.changed();
    await page.getByText("None is made of nobody").waitFor();
    assert.equal(await page.getByRole("link", { name: "nmap" }).count(), 0);
  });

  test("by keyboard alone: taken off with a reason, listed again by taking it back", async () => {
    const { page } = it;
    fresh();
    await go("/do-not-scan");
    await page.getByRole("link", { name: PUMP }).waitFor();
    await page.locator("h1").click();
    await tabTo(page, `Take off ${PUMP}`);
    await page.keyboard.press("Enter");
    const form = page.getByRole("form", { name: `May be scanned: ${PUMP}` });
    await form.getByLabel("How do you know").waitFor();
    await page.keyboard.press("Enter");
    await form.getByText("Say how you know").waitFor();
    await page.keyboard.type("sold");
    await page.keyboard.press("Enter");
    await page.getByText("May be scanned, says lind (not verified): sold").waitFor();
    await page.getByRole("button", { name: `Take back what was said of ${PUMP}` }).press("Enter");
    await page.getByText("May be scanned, says").waitFor({ state: "detached" });
    assert.deepEqual(it.ward.said.slice(-1).map(({ who, reason, value }) => `${who} ${value}: ${reason}`), ["lind (not verified) take off: sold"]); // prettier-ignore
  });

  test("a network is added until a day; one that is too wide is said to be, and what was typed stays", async () => {
    const { page } = it;
    fresh();
    it.ward.refuseScanning = "expected a network of /16 or smaller, got /8: say it network by network";
    await go("/do-not-scan");
    await page.getByRole("button", { name: "Add an address or a network" }).click();
    await page.getByLabel("Address, network, or a device’s number").fill("10.0.0.0/8");
    await page.getByLabel("How do you know").fill("all of it");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("expected a network of /16 or smaller").waitFor();
    it.ward.refuseScanning = null;
    await page.getByLabel("Address, network, or a device’s number").fill("10.20.30.0/24");
    await page.getByLabel("Until and with").fill("2027-01-31");
    await page.getByLabel("How do you know").press("Enter");
    await page.getByRole("rowheader", { name: /10\.20\.30\.0\/24/ }).waitFor();
    await page.getByRole("cell", { name: "31 Jan 2027" }).waitFor();
  });

  test("on a device's page: put on the list where nothing speaks for it, and taken back by u", async () => {
    const { page } = it;
    fresh();
    const office = wardDevices().find(({ id }) => !it.ward.doNotScan(90).lines.some(({ about }) => about === id))!;
    await go(`/devices/${office.id}`);
    await page.getByRole("button", { name: `Do not scan it ${office.name}` }).click();
    await page.getByLabel("How do you know").fill("it stops when it is asked");
    await page.keyboard.press("Enter");
    await page.getByText("On the do-not-scan list because lind (not verified) said: it stops when it is asked.").waitFor();
    await page.locator("h1").click();
    await page.keyboard.press("u");
    await page.getByText("On the do-not-scan list because").waitFor({ state: "detached" });
  });
});

/** For whoever wants to look at them: AUSCULT_SHOTS=folder. */
async function shot({ page }: Opened, name: string): Promise<void> {
  const folder = process.env["AUSCULT_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`, fullPage: true });
}
