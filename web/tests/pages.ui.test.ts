/** Every page in every state is whole for axe, by day and by night; the first run and an override go by keyboard alone. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { wardDevices } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const READING = {
  file: "ward-week.pcapng",
  bytesRead: 1.9e9,
  bytesTotal: 3.1e9,
  frames: 9.4e6,
  bytesPerSecond: 412e6,
  secondsLeft: 3,
  playedBack: null,
  devices: 15,
};

describe("pages", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["first run", async () => (it.ward.tell({ recording: null }), await go("/"), it.page.getByText("What shall we listen to?").waitFor())],
    [
      "first run without the right to listen",
      async () => {
        it.ward.missing = { words: "This account may not listen.", cure: 'sudo usermod -aG wireshark "$USER"' };
        await go("/");
        await it.page.getByText("This account may not listen.").waitFor();
      },
    ],
    ["devices", async () => (fresh(), await go("/devices"), it.page.getByText("ICU-07 ventilator").waitFor())],
    ["devices while a file is read", async () => (it.ward.tell({ reading: READING }), it.page.getByText("Stop here").waitFor())],
    [
      "devices, none matches",
      async () => (fresh(), await go("/devices?filter=nosuchthing"), it.page.getByText("No device matches").waitFor()),
    ],
    [
      "devices, a filter that cannot be read",
      async () => (await go("/devices?filter=kinf%20%3D%20pump"), it.page.getByText("There is no field").waitFor()),
    ],
    [
      "devices on their way",
      async () => {
        await it.page.route("**/api/devices?**", () => undefined);
        await go("/devices");
        await it.page.getByText("Devices are on their way").waitFor({ state: "attached" });
        await it.page.waitForTimeout(400);
      },
    ],
    [
      "devices did not come",
      async () => {
        await it.page.unroute("**/api/devices?**");
        await it.page.route("**/api/devices?**", (route) => route.fulfill({ status: 500, json: { message: "The disk is full." } }));
        await go("/devices");
        await it.page.getByText("The list did not come.").waitFor();
      },
    ],
    [
      "devices, with a file that was read in part",
      async () => {
        await it.page.unroute("**/api/devices?**");
        it.ward.tell({ notes: ["ward-week.pcapng is half-read: it stops in the middle of a frame. What came before it is kept."] });
        await go("/devices");
        await it.page.getByText("ward-week.pcapng is half-read").waitFor();
        await it.page.getByText("ICU-07 ventilator").waitFor();
      },
    ],
    [
      "device",
      async () => (await it.page.unroute("**/api/devices?**"), await go("/devices/d2"), it.page.getByText("What it answers on").waitFor()),
    ],
    [
      "how we know, with an override open",
      async () => {
        await go("/devices/d2?tab=how");
        await it.page.getByRole("button", { name: "That’s wrong: Model" }).click();
        await it.page.getByLabel("How do you know").waitFor();
      },
    ],
    ["connections", async () => (await go("/devices/d2?tab=connections"), it.page.getByText("Whom it talks to").waitFor())],
    ["no such device", async () => (await go("/devices/d99"), it.page.getByText("No device is called d99").waitFor())],
    ["what we heard", async () => (await go("/heard"), it.page.getByText("Where we listened").waitFor())],
    ["open", async () => (await go("/open"), it.page.getByText("Recorded before").waitFor())],
    [
      "open while listening, with a verdict on the mirror",
      async () => {
        await it.ward.listen(["enp3s0f1"]);
        await go("/open");
        await it.page.getByText("Only one direction is copied.").waitFor();
      },
    ],
    ["keys", async () => (await it.page.keyboard.press("?"), it.page.getByText("Single letters work as keys").waitFor())],
    [
      "columns",
      async () => {
        await go("/devices");
        await it.page.getByRole("button", { name: "Columns" }).click();
        await it.page.getByRole("menuitemcheckbox", { name: "Talks to" }).waitFor();
      },
    ],
    [
      "palette",
      async () => (
        await go("/devices"),
        await it.page.getByText("ICU-07 ventilator").waitFor(),
        await it.page.keyboard.press("Control+k"),
        await it.page.getByLabel("Find a device or a place").and(it.page.locator(":focus")).waitFor(),
        await it.page.keyboard.type("icu"),
        it.page.getByRole("dialog").getByText("ICU-07 ventilator").waitFor()
      ),
    ],
  ];

  for (const [name, show] of states)
    test(`${name}: axe finds nothing, light and dark`, async () => {
      await show();
      for (const colorScheme of ["light", "dark"] as const) {
        await it.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        assert.deepEqual(await axe(it.page), [], colorScheme);
      }
      await it.page.emulateMedia({ colorScheme: "light" });
    });

  test("400 % zoom of a 1280 window: nothing but tables scrolls sideways", async () => {
    await it.page.setViewportSize({ width: 320, height: 640 });
    for (const path of ["/devices", "/devices/d2", "/devices/d2?tab=how", "/devices/d2?tab=connections", "/heard", "/open"]) {
      await go(path);
      await it.page.locator("h1").waitFor();
      await it.page.waitForTimeout(200);
      assert.equal(await it.page.evaluate("document.documentElement.scrollWidth"), 320, path);
    }
    await it.page.setViewportSize({ width: 1366, height: 768 });
  });

  test("the whole first run by keyboard: choose the sample, find a device, see how we know it, say otherwise, take it back", async () => {
    const { page, ward } = it;
    ward.missing = null;
    ward.tell({ recording: null, reading: null });
    await go("/");
    await page.getByText("What shall we listen to?").waitFor();
    await tabTo(page, "Open the sample");
    await page.keyboard.press("Enter");
    await page.getByText("ICU-07 ventilator").waitFor();
    assert.deepEqual(ward.asked.slice(-1), ["sample"]);

    await page.keyboard.press("/");
    await page.keyboard.type("kind = ventilator");
    await page.getByText("1 of 15", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.locator(".row-link:focus", { hasText: "ICU-07 ventilator" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Overview" }).waitFor();
    await tabTo(page, "Overview");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, "That’s wrong: Model");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("V4");
    await page.keyboard.press("Tab");
    await page.keyboard.type("label at the bedside");
    await page.keyboard.press("Enter");
    await page.getByText("Said by lind (not verified)", { exact: true }).waitFor();
    assert.deepEqual(ward.said.at(-1), {
      who: "lind (not verified)",
      device: "d2",
      attribute: "model",
      value: "V4",
      reason: "label at the bedside",
    });

    await page.keyboard.press("u");
    await page.getByText("Taken back: model = V4.").waitFor();
    assert.match(ward.asked.at(-1)!, /^undo 1 by lind \(not verified\)/);
    await page.getByText("Sources disagree 99 %").waitFor();
  });

  test("the message that reports a word takes it back too, and an empty reason is not taken", async () => {
    const { page, ward } = it;
    fresh();
    await go("/devices/d3?tab=how");
    await page.getByRole("button", { name: "That’s wrong: What it is" }).click();
    await page.getByLabel("It is", { exact: true }).fill("Glucose meter");
    await page.getByLabel("How do you know").fill("   ");
    await page.keyboard.press("Enter");
    await page.getByText("it is written beside it").waitFor();
    await page.getByLabel("How do you know").fill("seen on the shelf");
    await page.keyboard.press("Enter");
    await page.getByText("What it is: Glucose meter, said by lind (not verified).").waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("Taken back: kind = Glucose meter.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Take it back" }).count(), 0, "what was taken back cannot be once more");
    await page.getByLabel("What it is", { exact: true }).getByText("Blood gas analyzer", { exact: true }).waitFor();
    assert.deepEqual([...ward.undone], [1, 2]);
  });

  test("a filter half typed is not called wrong; when it is, list and counts stay with the last that could be read", async () => {
    const { page } = it;
    fresh();
    await go("/devices?filter=care%20%3D%20therapy");
    await page.getByText("4 of 15", { exact: true }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("End");
    await page.keyboard.type(" and kinf = pump", { delay: 20 });
    assert.equal(await page.getByText("There is no field").count(), 0);
    await page.getByText("There is no field").waitFor();
    assert.equal(await page.locator("tr[data-index]").count(), 4);
    assert.equal(await page.getByLabel("Therapy", { exact: false }).isChecked(), true);
    await page.locator(".facets").getByText("Infusion pump").waitFor();
    assert.match((await page.getByRole("link", { name: "CSV of these 4" }).getAttribute("href")) ?? "", /filter=care\+%3D\+therapy&/);
    await page.getByRole("button", { name: "Use “kind”" }).click();
    await page.getByText("0 of 15", { exact: true }).waitFor();
  });

  test("an end that goes on is no fault; an address with a filter or an order that there is not shows all, and says so", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.getByText("15 of 15", { exact: true }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("pump or ");
    await page.getByText("It goes on: expected a word.").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(await axe(page), []);
    await go("/devices?filter=kinf%20%3D%20pump");
    await page.getByText("All devices are listed until it can be read.").waitFor();
    await page.getByText("15 of 15", { exact: true }).waitFor();
    await go("/devices?sort=banana");
    await page.getByText("Nothing is sorted by “banana”. Sorted by care class, life-supporting first").waitFor();
    await page.getByText("ICU-07 ventilator").waitFor();
    await page.locator(".facet", { hasText: "Care class" }).getByText("Not known").click();
    await page.locator(".filter-count", { hasText: /^[1-9]\d* of 15$/ }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("filter"), "care = unknown");
    await page.getByText("Care class not known").first().waitFor();
  });

  test("facets, views, columns, order and density are in the address or remembered, and go by keyboard", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.getByText("ICU-07 ventilator").waitFor();
    await tabTo(page, "Life-supporting1");
    await page.keyboard.press("Space");
    await page.getByText("1 of 15", { exact: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("filter"), "care = life-supporting");
    await page.keyboard.press("Space");
    await page.getByText("15 of 15", { exact: true }).waitFor();
    await tabTo(page, "Columns");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitemcheckbox", { name: "Talks to" }).press("Enter");
    await page.keyboard.press("Escape");
    await tabTo(page, "Talks to");
    await page.keyboard.press("Enter");
    await page.locator("[aria-sort=ascending]", { hasText: "Talks to" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("[aria-sort=descending]", { hasText: "Talks to" }).waitFor();
    await page.reload();
    await page.locator("[aria-sort=descending]", { hasText: "Talks to" }).waitFor();

    await page.getByLabel("Filter", { exact: true }).fill("icu");
    await page.getByRole("button", { name: "Save this view" }).click();
    await page.keyboard.type("Intensive care");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Intensive care 7" }).waitFor();
    await page.getByRole("button", { name: "All devices 15" }).click();
    await page.getByText("15 of 15", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Intensive care 7" }).click();
    await page.getByText("7 of 15", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Take the view Intensive care away" }).click();
    await page.getByText("The view Intensive care is taken away.").waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByRole("button", { name: "Intensive care 7" }).waitFor();
  });

  test("the menu of a row opens at its key, narrows the list and copies", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.getByText("ICU-07 ventilator").waitFor();
    await page.keyboard.press("j");
    await page.locator(".row-link:focus").waitFor();
    await page.keyboard.press(".");
    await page.getByRole("menuitem", { name: "Only maker = Brevis" }).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.getByRole("menuitem", { name: "Only maker = Brevis" }).press("Enter");
    await page.getByText("1 of 15", { exact: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("filter"), "maker = Brevis");
  });

  test("a click anywhere on a row opens its device; compact rows keep the bar of what keeps someone alive", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.getByText("Silent 30 days only 13 days heard").waitFor();
    await page.getByRole("button", { name: "Compact" }).click();
    const row = page.locator("tr[data-index='0']");
    assert.equal(await row.locator(".dense-care").innerText(), "Life-supporting");
    assert.ok(await row.locator(".dense-care svg").isVisible());
    assert.deepEqual(await axe(page), []);
    await row.locator("td").last().click();
    await page.getByRole("heading", { name: "ICU-07 ventilator" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Compact" }).click();
    await row.locator(".dense-care").waitFor({ state: "hidden" });
  });

  test("a stale address leads to a page that says what to do", async () => {
    const { page, origin } = it;
    fresh();
    await page.context().clearCookies();
    await page.goto(`${origin}/?token=lind-stale`);
    await page.getByText("Open the address Auscult printed").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("token"), null);
    await page.goto(it.url);
    await page.getByText("ICU-07 ventilator").first().waitFor();
  });

  test("what needs someone opens first; while a file is read, the table that fills does", async () => {
    const { page, ward } = it;
    fresh();
    await go("/");
    await page.waitForURL("**/today");
    await page.getByRole("heading", { name: "Work list" }).waitFor();
    ward.tell({ reading: READING });
    await go("/");
    await page.waitForURL("**/devices");
    ward.tell({ reading: null });
    await page.getByText("15 of 15", { exact: true }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/devices", "nobody is taken away from where they look");
    await page.getByRole("link", { name: "Auscult" }).click();
    await page.waitForURL("**/today");
  });

  test("rows that arrive wait while focus is in the list", async () => {
    const { page, ward } = it;
    fresh();
    ward.tell({ reading: READING });
    await go("/devices");
    await page.getByText("ICU-07 ventilator").waitFor();
    await page.keyboard.press("j");
    await page.waitForTimeout(100);
    ward.devices = [...ward.devices, { ...ward.devices[0]!, id: "d16", name: "A newcomer", lifeCritical: "life-supporting" }];
    ward.changed({ devices: 16 });
    await page.getByText("1 more has arrived").waitFor();
    assert.equal(await page.getByText("A newcomer").count(), 0);
    await page.getByText("1 more has arrived").click();
    await page.getByText("A newcomer").waitFor();
  });

  test("a pointer at rest holds nothing; moved within the list it holds the order of rows alone, until reading ends", async () => {
    const { page, ward } = it;
    fresh();
    const first = () => page.locator("tr[data-index='0'] .row-link").textContent();
    const come = (id: string, name: string) => {
      ward.devices = [{ ...ward.devices[0]!, id, name, lifeCritical: "life-supporting" }, ...ward.devices];
      ward.changed({ devices: ward.devices.length });
    };
    await page.mouse.move(700, 400);
    ward.tell({ reading: READING });
    await go("/devices");
    await page.getByText("ICU-07 ventilator").waitFor();
    come("d16", "A newcomer");
    await page.getByText("16 of 16", { exact: true }).waitFor();
    assert.equal(await first(), "A newcomer");

    await page.mouse.move(700, 410);
    await page.mouse.move(700, 420);
    come("d17", "A later one");
    await page.getByText("1 more has arrived").waitFor();
    for (const text of ["17 of 17", "CSV of these 17"]) await page.getByText(text, { exact: true }).waitFor();
    await page.getByRole("button", { name: "All devices 17" }).waitFor();
    await page.locator(".counts", { hasText: "17 so far" }).waitFor();
    await page.locator(".facets").getByText("Life-supporting").locator("..").getByText("3", { exact: true }).waitFor();
    assert.equal(await first(), "A newcomer");
    ward.tell({ reading: null });
    await page.getByText("A later one").waitFor();
    assert.equal(await first(), "A later one");
    assert.equal(await page.getByText("more has arrived").count(), 0);
    await page.mouse.move(10, 10);
  });

  test("top bar, titles and the table's now tell the same: deaf, half-read, one side only; another recording clears what was said", async () => {
    const { page, ward } = it;
    fresh();
    await ward.listen(["enp3s0f1"]);
    await go("/devices");
    await page.getByText("Listening on 1 interface", { exact: true }).waitFor();
    const now = page.locator("tr[data-index='0'] td").last();
    await now.getByText("now", { exact: true }).waitFor();
    ward.tell({ hearing: { kind: "deaf", since: Date.UTC(2026, 10, 23, 8, 30, 5) * 1_000 }, notes: ["enp3s0f1 went away."] });
    await page.getByText("Deaf since 08:30:05 UTC").waitFor();
    await page.getByRole("link", { name: "nothing is heard" }).waitFor();
    await now.getByText("at the end", { exact: true }).waitFor();
    assert.equal(await page.getByText("nothing lost").count(), 0);
    assert.deepEqual(await axe(page), []);
    await page.getByText("enp3s0f1 went away.").waitFor();
    await page.getByRole("link", { name: "Heard", exact: true }).click();
    await page.getByRole("heading", { name: /deaf since 08:30:05 UTC$/ }).waitFor();

    ward.tell({ recording: "another", listening: [], notes: [], hearing: { kind: "halfRead", since: null } });
    await page.getByText("From a file, half-read").waitFor();
    await page.getByRole("link", { name: "not all heard" }).waitFor();
    assert.equal(await page.getByText("enp3s0f1 went away.").count(), 0);
    ward.tell({ hearing: { kind: "oneSided", since: null } });
    await page.getByText("From a file, one side only").waitFor();
    assert.deepEqual(await axe(page), []);
  });

  test("who is outside has a tab of its own, and is counted and listed nowhere else", async () => {
    const { page, ward } = it;
    fresh();
    ward.devices = [...wardDevices(), { ...wardDevices()[0]!, id: "d90", name: "updates.example", standing: "outside" }];
    ward.changed();
    await go("/devices");
    await page.getByText("15 of 15", { exact: true }).waitFor();
    await page.locator(".counts", { hasText: "15 heard" }).waitFor();
    await page.getByRole("button", { name: "Outside 1" }).click();
    await page.getByText("1 of 16", { exact: true }).waitFor();
    await page.getByText("updates.example").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("filter"), "standing = outside");
    ward.devices = ward.devices.slice(-1);
    ward.changed();
    await page.getByRole("button", { name: /^All devices/ }).click();
    await page.getByText("Nobody of your own was heard").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Show the 1 outside" }).click();
    await page.getByText("updates.example").waitFor();
  });

  test("that no device was heard is said only of what was asked after reading ended", async () => {
    const { page, ward } = it;
    fresh();
    const devices = wardDevices();
    ward.devices = [];
    ward.changed({ devices: 0, reading: READING });
    await go("/devices");
    await page.getByText("Nothing heard so far").waitFor();
    await page.route("**/api/devices?**", async (route) => (await page.waitForTimeout(500), route.continue()));
    ward.devices = devices;
    ward.changed({ devices: devices.length, reading: null });
    await page.getByText("From a file").waitFor();
    assert.equal(await page.getByText("No device was heard").count(), 0);
    await page.getByText("ICU-07 ventilator").waitFor();
    await page.unroute("**/api/devices?**");

    ward.devices = [];
    ward.changed({ devices: 0 });
    await page.getByText("No device is known yet").waitFor();
    ward.changed({ lost: { drops: 0, frames: 0 } });
    await page.getByText("No device was heard").waitFor();
    ward.tell({ lost: { drops: 0, frames: 9_400_000 } });
  });

  test("the palette finds by any word, opens by Enter, runs views and copies the command", async () => {
    const { page } = it;
    fresh();
    await go("/devices?filter=name%20~%20pump");
    await page.getByText("ICU-07 pump 2").waitFor();
    const palette = async (words: string, found: string) => {
      await page.keyboard.press("Control+k");
      await page.getByLabel("Find a device or a place").and(page.locator(":focus")).waitFor();
      await page.keyboard.type(words);
      const first = page.getByRole("dialog").locator("[data-selected]");
      await first.filter({ hasText: found }).waitFor();
    };
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await palette("command line", "Copy the command line");
    await page.keyboard.press("Enter");
    await page.getByText("The command is copied.").waitFor();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), "auscult devices --filter 'name ~ pump'");
    await palette("view: life", "View: Life");
    await page.keyboard.press("Enter");
    await page.getByText("1 of 15", { exact: true }).waitFor();
    await palette("10.20.30.44", "US-ICU-1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "US-ICU-1" }).waitFor();
  });

  test("back from a device one is where one was, with the row in focus", async () => {
    const { page } = it;
    fresh();
    await go("/devices?sort=name");
    await page.getByText("15 of 15", { exact: true }).waitFor();
    for (let row = 0; row < 15; row++) await page.keyboard.press("j");
    await page.locator(".row-link:focus", { hasText: "XR-mobile-2" }).waitFor();
    const scrolled = () => page.evaluate<number>("document.querySelector('.table-scroller').scrollTop");
    const before = await scrolled();
    assert.ok(before > 0);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "XR-mobile-2" }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.id"), "main");
    await page.keyboard.press("Escape");
    await page.locator(".row-link:focus", { hasText: "XR-mobile-2" }).waitFor();
    assert.equal(await scrolled(), before);
  });

  test("when the program ends the page says so and keeps what it had; started again, it asks for the new address", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.getByText("ICU-07 ventilator").waitFor();
    const url = await it.restart(async () => {
      await page.getByText("Auscult does not answer. The page").waitFor();
      await page.getByLabel("Filter", { exact: true }).fill("pump");
      await page.waitForTimeout(500);
      assert.equal(await page.locator(".filter-count").count(), 0, "nobody counted under this filter");
      await page.getByLabel("Filter", { exact: true }).fill("");
      await page.getByText("15 of 15", { exact: true }).waitFor();
      assert.deepEqual(await axe(page), []);
      assert.equal(await page.getByText("ICU-07 ventilator").count(), 1);
    });
    await page.getByText("Open the address Auscult printed").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.goto(url);
    await page.waitForURL("**/today");
    await page.getByText("ICU-07 ventilator").first().waitFor();
  });

  test("listening begins and ends by keyboard, and says what the mirror is worth", async () => {
    const { page, ward } = it;
    fresh();
    await go("/open");
    await page.getByText("probably a mirror").waitFor();
    await tabTo(page, "Listen on enp3s0f1");
    await page.keyboard.press("Enter");
    await page.getByText("Listening on 1 interface").waitFor();
    assert.equal(new URL(page.url()).pathname, "/devices");
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByText("monitor session 1 source vlan 20 both").waitFor();
    await tabTo(page, "Stop listening");
    await page.keyboard.press("Enter");
    await page.getByText("From a file").waitFor();
    assert.deepEqual(ward.asked.slice(-2), ["listen enp3s0f1", "stop"]);
  });

  test("a file dropped anywhere is taken, and opened", async () => {
    const { page, ward } = it;
    await go("/heard");
    await page.getByText("Where we listened").waitFor();
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(24)], "ward.pcap"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }`);
    await page.waitForURL("**/devices");
    assert.match(ward.asked.at(-1)!, /^open .*\/uploads\/[0-9a-f]{16}\/ward\.pcap$/);
  });

  test("of a dropped folder every file is taken, in the order of the names", async () => {
    const { page, ward } = it;
    fresh();
    const folder = mkdtempSync(join(tmpdir(), "auscult-ring-"));
    for (const name of ["ring-2.pcap", "ring-1.pcap"]) writeFileSync(join(folder, name), new Uint8Array(24));
    await go("/open");
    await page.locator("input[type=file][webkitdirectory]").setInputFiles(folder);
    await page.waitForURL("**/devices");
    assert.match(ward.asked.at(-1)!, /^open \S+\/ring-1\.pcap \S+\/ring-2\.pcap$/);
    rmSync(folder, { recursive: true });
  });

  test("nothing on any page broke the content security policy or threw", () => assert.deepEqual(it.complaints, []));

  function fresh(): void {
    it.ward.missing = null;
    it.ward.devices = wardDevices();
    it.ward.tell({
      recording: "ward-week.pcapng",
      notes: [],
      reading: null,
      listening: [],
      hearing: { kind: "whole", since: null },
      sample: false,
      devices: it.ward.devices.length,
    });
  }

  const go = (path: string) => it.page.goto(it.origin + path);
});
