/** Which addresses are one machine: said, seen and taken back by keyboard; where sources disagree, both values stand side by side. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { wardDevices } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

describe("one machine", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  const go = (path: string) => it.page.goto(`${it.origin}${path}`);
  const isWhole = async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await it.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await axe(it.page), [], colorScheme);
    }
    await it.page.emulateMedia({ colorScheme: "light" });
  };

  test("two devices become one by keyboard alone, the younger number leads to the older and says why, and it is taken back", async () => {
    const { page, ward } = it;
    await go("/devices/d3?tab=how");
    await tabTo(page, "It is one with another…");
    await page.keyboard.press("Enter");
    await page.getByLabel("The other device").and(page.locator(":focus")).waitFor();
    await isWhole();
    await page.keyboard.type("d99");
    await page.keyboard.press("Enter");
    await page.getByText("Say how you know: it is written beside it.").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("one cart");
    await page.keyboard.press("Enter");
    await page.getByText("No device of this recording is called d99.").waitFor();
    await page.getByLabel("The other device").fill("d2");
    await page.keyboard.press("Enter");
    await page.getByText("d3 and d2 are one machine: d2.").waitFor();
    await page.getByText(/said that d3 and d2 are one machine: one cart\./).waitFor();
    assert.deepEqual(
      ward.said.map(({ device, attribute, value, reason }) => [device, attribute, value, reason]),
      [["d3", "merge", "d3 and d2", "one cart"]],
    );

    await go("/devices/d3");
    await page.getByText(/d3 is part of d2 now\. .* said that d3 and d2 are one machine: one cart\./).waitFor();
    await isWhole();
    await page.getByRole("link", { name: "How we know", exact: true }).click();
    await tabTo(page, /^Take it back: /);
    await page.keyboard.press("Enter");
    await page.getByText("Change 1 is taken back").waitFor();
    await go("/devices/d3");
    await page.getByText("What it answers on").waitFor();
    assert.equal(await page.getByText("is part of").count(), 0);
  });

  test("some addresses become another machine by keyboard alone, and by `u` they are of one again", async () => {
    const { page, ward } = it;
    const [second] = wardDevices().slice(1, 2);
    const [mac] = second!.macs;
    await go("/devices/d2?tab=how");
    await tabTo(page, "Some of it is another machine…");
    await page.keyboard.press("Enter");
    await isWhole();
    await page.keyboard.press("Space");
    await page.getByLabel("How do you know").fill("two pumps");
    await page.keyboard.press("Enter");
    await page.getByText(`${mac}: another machine than d2 from now on.`).waitFor();
    await page.getByText(new RegExp(`said that ${mac} is another machine: two pumps\\.`)).waitFor();
    assert.deepEqual(ward.devices.find(({ id }) => id === "d2")?.macs, []);
    await page.locator("h1").click();
    await page.keyboard.press("u");
    await page.getByText(`Taken back: ${mac} is another machine.`).waitFor();
    assert.deepEqual(ward.devices.find(({ id }) => id === "d2")?.macs, second!.macs);
  });

  test("which key joined which addresses, and whose word a device is that was not heard itself, stand there in words", async () => {
    const { page, ward } = it;
    const [first, second] = wardDevices();
    const joined = [{ by: "serial", value: "QB3X1E9000123", addresses: ["10.0.0.5", "10.1.0.1"] }] as const;
    const spokenFor = { device: "d2", name: "Gateway 4B", reports: 12 };
    ward.devices = [
      { ...first!, joined },
      second!,
      { ...first!, id: "d3", macs: [], ips: [], frames: 0, bytes: 0, children: ["BED-3"], spokenFor },
    ];
    ward.changed();
    await go("/devices/d1?tab=how");
    await page.getByText("One machine because 10.0.0.5 and 10.1.0.1 both showed the serial number QB3X1E9000123.").waitFor();
    await go("/devices/d3?tab=how");
    await page.locator(".machine").getByText("Spoken for by Gateway 4B, 12 reports; it was not heard itself.").waitFor();
    assert.equal(await page.getByText("0 frames").count(), 0);
    await isWhole();
    await go("/devices/d3");
    await page.getByText("Spoken for by Gateway 4B, 12 reports").waitFor();
    assert.equal(await page.getByText("0 frames").count(), 0);
    ward.devices = wardDevices();
    ward.changed();
  });

  test("where sources disagree, both values stand side by side with their evidence, and one line says why one won", async () => {
    const { page, ward } = it;
    await go("/devices/d2?tab=how");
    const claim = page.getByLabel("Model", { exact: true });
    await claim.getByText("V3 won: what speaks for it lies 24 decibans before what speaks for V2.").waitFor();
    await claim.getByRole("region", { name: "For V2" }).getByText("server banner of its service page").waitFor();
    assert.equal(await claim.getByRole("region", { name: "For V3" }).getByText("server banner of its service page").count(), 0);
    await isWhole();
    const [, second] = wardDevices();
    const model = { ...second!, model: null };
    ward.devices = wardDevices().map((device) => (device.id === "d2" ? model : device));
    ward.changed();
    await claim.getByText("Neither won: between V3 and V2 lie less than 5 decibans").waitFor();
    ward.devices = wardDevices();
    ward.changed();
  });

  test("what was said and fits no device waits in a list, and can be taken back there", async () => {
    const { page, ward } = it;
    const row = { at: 1_700_000_000_000_000, who: "lind", about: "BB37293, 10.20.7.22", reason: "label", undone: false };
    ward.waiting = [
      { ...row, number: 8, what: "merge", value: "d4 and d9", fits: 0 },
      { ...row, number: 7, what: "kind", value: "infusion pump", fits: 2 },
    ];
    await go("/heard");
    await page.getByText("What people said, and waits").waitFor();
    await page.getByText("d4 and d9 are one machine", { exact: true }).waitFor();
    await page.getByText("fits 2 devices now", { exact: true }).waitFor();
    await isWhole();
    await tabTo(page, "Take it back: kind = infusion pump");
    await page.keyboard.press("Enter");
    await page.getByText("Taken back: kind = infusion pump.").waitFor();
    assert.match(ward.asked.at(-1)!, /^undo 7 by /);
    ward.waiting = [];
  });
});
