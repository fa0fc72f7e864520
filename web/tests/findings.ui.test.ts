/** Findings: in every state whole for axe by day and by night, narrow and wide; said, seen and taken back by keyboard alone; live. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { GuardView } from "../../src/model/guard.ts";
import { Outbox } from "../../src/store/outbox.ts";
import { wardFindings } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const TRIED = "5f1d3a7790c2be14";
const TOLD = Date.UTC(2026, 10, 27, 8);
const STORM = "a07be1cc02938d55";

const BLIND: GuardView = {
  name: "programming", title: "Programming of pumps", care: "therapy", isUrgent: true, state: "blind", devices: 4, heard: 0, answered: 0, compared: 0, uncompared: 0, cannotTell: 0, encrypted: 0,
  unnoticed: "of 4 pumps, a wrong order would not be noticed", cure: "Ask the network team for a mirror at the pump server, both directions",
  says: "programming heard for 0 of 4 pumps: this guard is blind here; a mirror at the pump server would open it, where orders are not encrypted",
}; // prettier-ignore

describe("findings", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
    writeFileSync(join(it.ward.dataDirectory, "contacts.csv"), "ward,kind,maker,hours,who,call\n,ventilator,,,Nurse in charge,5501\n");
  });
  after(() => it.close());

  const go = (path: string) => it.page.goto(`${it.origin}${path}`);
  const fresh = () => {
    it.ward.findings = wardFindings();
    it.ward.findingWords = [];
    it.ward.changed();
  };

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["the list", async () => (fresh(), await go("/findings"), it.page.getByText("2 findings ask for someone, all soon").waitFor())],
    ["one", async () => (await go(`/findings/${TRIED}`), it.page.getByText("Is it normal?").waitFor())],
    [
      "one with its frames open",
      async () => (await it.page.getByText("The frames, by their number").click(), it.page.getByText("921,381").waitFor()),
    ],
    [
      "one while it is explained",
      async () => {
        await it.page.keyboard.press("z");
        await it.page.getByLabel("Who answers for it").waitFor();
      },
    ],
    ["one of a whole segment", async () => (await go(`/findings/${STORM}`), it.page.getByText("No contact for this: add one.").waitFor())],
    [
      "one that was said of",
      async () => {
        await it.ward.sayOfFinding({ who: "lind", reason: "on my way", finding: TRIED, word: { what: "acknowledge" } });
        await go(`/findings/${TRIED}`);
        await it.page.getByText("What people said of it").waitFor();
      },
    ],
    ["none such", async () => (await go("/findings/0123456789abcdef"), it.page.getByText("No finding is called").waitFor())],
    ["on the device's page", async () => (await go("/devices/d2?tab=findings"), it.page.getByText("Passwords are tried").waitFor())],
    [
      "on a device without",
      async () => (await go("/devices/d1?tab=findings"), it.page.getByText("No finding names this device").waitFor()),
    ],
    [
      "on a pump whose guard is blind",
      async () => {
        it.ward.guards = new Map([["d1", [BLIND]]]);
        it.ward.changed();
        await go("/devices/d1?tab=findings");
        await it.page.getByText("so that nothing is found proves nothing").waitFor();
        await it.page.getByText("Programming of pumps. The guard is blind:").waitFor();
        assert.equal(await it.page.getByText("No finding names this device").count(), 0);
      },
    ],
    [
      "on a pump whose guard learns, whatever tab is open",
      async () => {
        it.ward.guards = new Map([["d1", [{ ...BLIND, state: "learning" }]]]);
        it.ward.changed();
        await go("/devices/d1");
        await it.page.getByText("Programming of pumps. The guard is learning:").waitFor();
        await it.page.getByRole("tab", { name: "Findings" }).click();
        await it.page.getByText("so that nothing is found proves nothing").waitFor();
      },
    ],
    [
      "on a pump whose guard hears",
      async () => {
        it.ward.guards = new Map([["d1", [{ ...BLIND, state: "hearing" }]]]);
        it.ward.changed();
        await go("/devices/d1?tab=findings");
        await it.page.getByText("No finding names this device").waitFor();
        assert.equal(await it.page.getByText("The guard").count(), 0);
      },
    ],
    [
      "one of so many that most wait",
      async () => {
        const [sample] = wardFindings();
        it.ward.findings = Array.from({ length: 12 }, (_, at) => ({ ...sample!, id: at.toString(16).padStart(16, "0"), key: String(at) }));
        it.ward.changed();
        await go("/findings");
        await it.page.getByText("10 findings ask for someone, 2 wait").waitFor();
        await it.page.getByText("2 findings wait until one of the 10 that ask the team is taken: 2 × ").waitFor();
        assert.equal(await it.page.getByText("Waits until others are taken.").count(), 2);
      },
    ],
    [
      "whoever is told, one of whom does not take it",
      async () => {
        const { dataDirectory } = it.ward;
        writeFileSync(join(dataDirectory, "settings.yaml"), "outputSyslog: tcp://192.0.2.9:514\noutputFile: /tmp/findings.json\n");
        const outbox = new Outbox(join(dataDirectory, "outbox.db"));
        outbox.put("syslog", [{ of: ["1"], body: "{}" }], TOLD);
        outbox.failed(outbox.due("syslog", TOLD, 1).map(({ id }) => id), "connection refused", TOLD, TOLD); // prettier-ignore
        outbox.close();
        fresh();
        await go("/findings");
        await it.page.getByText("Last refused 27 Nov 2026, 08:00:00 UTC: connection refused").waitFor();
        await it.page.getByText("1 finding waits").waitFor();
        await it.page.getByText("nothing to tell yet").waitFor();
        rmSync(join(dataDirectory, "settings.yaml"));
      },
    ],
    ["a list without any", async () => (await go("/findings?list=closed"), it.page.getByText("None is closed").waitFor())],
    [
      "no findings at all",
      async () => {
        it.ward.findings = [];
        it.ward.changed();
        await go("/findings");
        await it.page.getByText("Networks that no mirror shows are not heard at all.").waitFor();
        await it.page.getByText("4,120 of 9,400,000 frames were encrypted").waitFor();
      },
    ],
    [
      "no findings, and a guard that is blind",
      async () => {
        it.ward.guards = new Map([["", [BLIND]]]);
        it.ward.changed();
        await go("/findings");
        await it.page.getByText("Nothing was found, and not all could be").waitFor();
        await it.page.getByText("programming heard for 0 of 4 pumps").waitFor();
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
      if (name !== "none such") await it.page.getByText("not a medical device and not an alarm").first().waitFor({ state: "attached" });
    });

  test("what to do is first in the document and whole on a small screen; it says what it costs, then the step, then whom to call", async () => {
    fresh();
    await go(`/findings/${TRIED}`);
    await it.page.getByText("Who to call").waitFor();
    const order = await it.page.locator(".finding h2").allTextContents();
    assert.deepEqual(order.map((text) => text.trim()).slice(0, 4), ["What to do", "Who to call", "What happened", "Why it matters"]);
    const box = await it.page.locator(".finding-do").boundingBox();
    assert.ok(box !== null && box.y + box.height <= 768, `expected What to do whole at 1366×768, got ${JSON.stringify(box)}`);
    await it.page.getByText("5501").waitFor();
    assert.equal(await it.page.getByText(/unplug|quarantine/i).count(), 0);
  });

  test("by keyboard alone: found, taken with a reason, taken back; explained until a day, and back by u", async () => {
    const { page, ward } = it;
    fresh();
    await go("/findings");
    await page.getByText("2 findings ask for someone").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText("New, nobody has taken it yet.").waitFor();
    await page.keyboard.press("a");
    await page.getByLabel("How do you know").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Say how you know: it is written beside it.").waitFor();
    await page.keyboard.type("on my way");
    await page.keyboard.press("Enter");
    await page.locator(".finding-chips").getByText("Acknowledged, by lind (not verified): on my way.").waitFor();
    assert.deepEqual(
      ward.findingWords.map(({ word, reason }) => [word.what, reason]),
      [["acknowledge", "on my way"]],
    );
    await tabTo(page, "Take back the last word");
    await page.keyboard.press("Enter");
    await page.locator(".finding-chips").getByText("New, nobody has taken it yet.").waitFor();

    await page.locator("h1").click();
    await page.keyboard.press("z");
    await page.getByLabel("Until and with").fill("2026-12-01");
    await page.getByLabel("Who answers for it").fill("Kim");
    await page.getByLabel("How do you know").fill("old script");
    await page.keyboard.press("Enter");
    await page.locator(".finding-chips").getByText("Explained until 2026-12-01, owner Kim, by lind (not verified): old script. It hides 1 finding, 23 counted.").waitFor(); // prettier-ignore
    await go("/findings");
    await page.getByText("1 finding asks for someone").waitFor();
    await page.getByRole("button", { name: "Explained 1" }).click();
    await page.getByText("It hides 1 finding").waitFor();
    await page.locator("h1").click();
    await page.keyboard.press("u");
    await page.getByText("2 findings ask for someone").waitFor();
    assert.deepEqual(ward.findingWords, []);
  });

  test("what is refused is said in words, and what was typed stays", async () => {
    const { page } = it;
    fresh();
    await go(`/findings/${TRIED}`);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("combobox").selectOption("test");
    await page.route("**/said", (route) => route.fulfill({ status: 400, json: { message: "expected room on the disk" } }));
    await page.getByLabel("How do you know").fill("a drill");
    await page.keyboard.press("Enter");
    await page.getByText("expected room on the disk").waitFor();
    assert.equal(await page.getByLabel("How do you know").inputValue(), "a drill");
    await page.unroute("**/said");
    await page.keyboard.press("Enter");
    await page.locator(".finding-chips").getByText("Closed: test, by lind").waitFor();
  });

  test("a new one stands in the list as it is found, and is counted in the rail", async () => {
    const { page, ward } = it;
    ward.findings = wardFindings().slice(1);
    ward.findingWords = [];
    ward.changed();
    await go("/findings");
    await page.getByText("1 finding asks for someone, and soon").waitFor();
    ward.findings = wardFindings();
    ward.changed();
    await page.getByText("2 findings ask for someone, all soon").waitFor();
    await page.locator(".rail").getByText("2 new, for someone soon").waitFor();
    assert.deepEqual(it.complaints, []);
  });

  test("its frames are downloaded as pcapng", async () => {
    const { page } = it;
    await go(`/findings/${TRIED}`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: /2 frames, headers only/ }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `finding-${TRIED}.pcapng`);
  });
});
