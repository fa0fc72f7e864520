/** Weaknesses, by weakness and of one device: in every state whole for axe by day and by night, narrow and wide; and what a person says, by keyboard alone. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ShownPapers } from "../../src/model/paper.ts";
import { known } from "../../src/testing/fleet.ts";
import { manyDevices, wardDevices } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const TELNET = [0, 1, 4];
const MONITOR = 7;
const ADVISORY = "ICSMA-20-254-01";

/** Two pumps of one model and a ventilator answer in Telnet, a monitor is of a version an advisory names, a nurse call may be past its support. */
function weakDevices() {
  return wardDevices().map((it, index) => ({
    ...it,
    servicesAnswered: TELNET.includes(index) ? [{ ip: it.ips[0]!, transport: "tcp", port: 23, protocol: "telnet" }] : [],
    ...(index === MONITOR
      ? { maker: known("Philips"), model: known("IntelliVue MX800"), software: { ...known("M.04.01"), saidBy: "lind" } }
      : {}),
  }));
}

const PAPERS: ShownPapers = {
  sbom: { day: "2026-05-01", version: "3.1", components: 212 },
  mds2: {
    day: "2021-07-01",
    answers: [
      { id: "DOC-1", question: "Manufacturer Name", answer: "words", words: "Corvane" },
      { id: "TXCF-2", question: "Can PII be encrypted before it is sent?", answer: "no", words: "Only behind a gateway" },
      { id: "ALOF-1", question: "Can the device be configured to force reauthorization?", answer: "yes", words: "" },
    ],
  },
};

describe("weaknesses", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open(weakDevices());
  });
  after(() => it.close());

  const go = (path: string) => it.page.goto(`${it.origin}${path}`);
  /** What is told of one of its devices, in place. */
  const opened = (name: string) => it.page.getByRole("button", { name: `Why, and what is said of ${name}` }).click();
  const fresh = () => {
    it.ward.devices = weakDevices();
    it.ward.weaknessWords = [];
    it.ward.changed();
  };

  const states: readonly (readonly [name: string, show: () => Promise<unknown>])[] = [
    ["the list", async () => (await go("/weaknesses"), it.page.getByText("5 of 15 devices have a weakness").waitFor())],
    ["one", async () => (await go("/weaknesses/telnet-answers"), it.page.getByText("Its devices").waitFor())],
    [
      "one while it is dismissed",
      async () => {
        await opened("ICU-07 pump 2");
        await it.page.getByRole("button", { name: "Dismiss of ICU-07 pump 2" }).click();
        await it.page.getByLabel("How do you know").waitFor();
      },
    ],
    ["one of an advisory", async () => (await go(`/weaknesses/${ADVISORY}`), it.page.getByText("The device says").waitFor())],
    [
      "one that was said of",
      async () => {
        const said = { who: "lind", reason: "behind its own firewall", device: "d1", name: "telnet-answers" };
        await it.ward.sayOfWeakness({ ...said, word: "dismissed", scope: "model" });
        await go("/weaknesses/telnet-answers");
        await opened("ICU-07 pump 2");
        await it.page.getByText("Dismissed of all of its model by lind").first().waitFor();
      },
    ],
    [
      "what its maker says",
      async () => {
        it.ward.papers = new Map([["d2", PAPERS]]);
        await go("/devices/d2?tab=weaknesses");
        await it.page.getByText("SBOM of 2026-05-01: 212 parts, of version 3.1.").waitFor();
        await it.page.getByText("MDS2 of 2021-07-01: 2 answers").click();
        await it.page.getByText("Can PII be encrypted before it is sent?").waitFor();
      },
    ],
    ["none such", async () => (await go("/weaknesses/smb1-spoken"), it.page.getByText("No device has this weakness").waitFor())],
    ["on the device's page", async () => (await go("/devices/d2?tab=weaknesses"), it.page.getByText("What to do:").waitFor())],
    [
      "on a device without",
      async () => (await go("/devices/d4?tab=weaknesses"), it.page.getByText("Nothing that was heard of it is a weakness").waitFor()),
    ],
    [
      "a filter that nothing fits",
      async () => (await go("/weaknesses?kind=exposure&answer=possible"), it.page.getByText("None is of this kind and answer").waitFor()),
    ],
    [
      "no weaknesses at all",
      async () => {
        it.ward.devices = wardDevices().slice(0, 2);
        it.ward.changed();
        await go("/weaknesses");
        await it.page.getByText("That nothing does is no proof").waitFor();
        await it.page.getByText("Nothing is known to be wrong with 2 devices").waitFor();
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

  test("the worst stands first, with whose devices they are, and the filter stands in the address", async () => {
    const { page } = it;
    fresh();
    await go("/devices");
    await page.locator("h1").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("w");
    await page.getByText("5 of 15 devices have a weakness").waitFor();
    assert.equal(await page.title(), "Weaknesses · Auscult");
    const rows = page.getByRole("list", { name: "Weaknesses" }).getByRole("listitem");
    await rows.first().waitFor();
    const [first] = await rows.allInnerTexts();
    assert.match(first!, /High[\s\S]*Exposure[\s\S]*3 affected[\s\S]*1 life-supporting, 2 therapy/u);
    await page.getByRole("button", { name: "Past its support" }).click();
    await page.getByText(/^1 of \d+ weaknesses, the worst first/u).waitFor();
    assert.equal(await rows.count(), 1);
    await page.getByRole("button", { name: "Possible" }).click();
    await page.waitForURL(/answer=possible/u);
    assert.match(page.url(), /kind=end/u);
    await page.reload();
    assert.equal(await page.getByRole("button", { name: "Past its support" }).getAttribute("aria-pressed"), "true");
    await page.getByRole("button", { name: "All kinds" }).click();
    await page.waitForURL((url) => !url.search.includes("kind"));
  });

  test("what to do is first in the document, the careful step before the network; an advisory's words stand beside ours", async () => {
    const { page } = it;
    fresh();
    await go(`/weaknesses/${ADVISORY}`);
    await page.getByText("Its devices").waitFor();
    const order = await page.locator(".finding h2").allTextContents();
    assert.deepEqual(order.map((text) => text.trim()), ["What to do", "What it is", "Its devices"]); // prettier-ignore
    assert.match(await page.locator(".finding-do li").first().innerText(), /^Carefully\. /u);
    assert.match(await page.locator(".weakness-versions").innerText(), /ICSMA-20-254-01 names[\s\S]*The device says\s+M\.04\.01/u);
    assert.equal(await page.getByText(/unplug|quarantine/iu).count(), 0);
    await page.getByRole("link", { name: "ICU-02 monitor" }).click();
    await page.getByRole("tab", { name: "Weaknesses", selected: true }).waitFor();
  });

  test("what to do is numbered, and a draft is part of its step and no step of its own", async () => {
    const { page } = it;
    fresh();
    await go("/weaknesses/telnet-answers");
    await page.locator(".weakness-walls li").first().waitFor();
    const numbered = (list: string) =>
      page.evaluate(`[...document.querySelectorAll("${list}")].map((it) => getComputedStyle(it, "::before").content !== "none")`);
    assert.deepEqual(await numbered(".finding-do > ol > li"), [true, true, true]);
    assert.ok(!JSON.stringify(await numbered(".weakness-walls li")).includes("true"));
  });

  test("by keyboard alone: found, confirmed with a reason, taken back; dismissed of the whole model, and back by u", async () => {
    const { page, ward } = it;
    fresh();
    await go("/weaknesses");
    await page.getByText("5 of 15 devices have a weakness").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText("Its devices").waitFor();
    await tabTo(page, /^Why, and what is said of ICU-07 pump 2/u);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Confirm of ICU-07 pump 2/u);
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Of" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Say how you know: it is written beside it.").waitFor();
    await page.keyboard.type("tried at the bench");
    await page.keyboard.press("Enter");
    await page.getByText(/^Confirmed by lind.*: tried at the bench$/u).waitFor();
    assert.deepEqual(
      ward.weaknessWords.map(({ of, word }) => [of, word.word, word.scope]),
      [["d1", "confirmed", "device"]],
    );
    await tabTo(page, /^Take back of ICU-07 pump 2/u);
    await page.keyboard.press("Enter");
    await page.getByText("Taken back: what was said of ICU-07 pump 2.").waitFor();
    await page.getByText(/^Confirmed by lind/u).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Confirm of ICU-07 pump 2" }).and(page.locator(":focus")).waitFor();

    await page.getByRole("button", { name: "Dismiss of ICU-07 pump 2" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Of" }).selectOption("model");
    await page.getByLabel("How do you know").fill("behind its own firewall");
    await page.keyboard.press("Enter");
    await page.getByText("1 affected, dismissed of 2").waitFor();
    await page.getByRole("button", { name: "Dismiss of ICU-07 pump 2" }).and(page.locator(":focus")).waitFor();
    assert.equal(await page.locator(".weak-table .row-link").first().innerText(), "ICU-07 ventilator");
    await page.locator("h1").click();
    const [request] = await Promise.all([page.waitForRequest(/\/weaknesses\/telnet-answers\/undo$/u), page.keyboard.press("u")]);
    assert.equal(request.method(), "POST");
    await page.getByRole("heading", { name: "3 affected" }).waitFor();
    await page.getByText("Taken back: telnet-answers is dismissed.").waitFor();
    assert.deepEqual(ward.weaknessWords, []);
  });

  test("of thousands that have it each is reached, and what is half written stays while one looks at others", async () => {
    const { page, ward } = it;
    ward.devices = manyDevices(2_400).map((device) => ({
      ...device,
      standing: "device" as const,
      servicesAnswered: [{ ip: device.ips[0]!, transport: "tcp", port: 23, protocol: "telnet" }],
    }));
    ward.weaknessWords = [];
    ward.changed();
    await go("/weaknesses/telnet-answers");
    const table = page.locator(".weak-table table");
    await table.waitFor();
    assert.equal(await table.getAttribute("aria-rowcount"), "2401");
    assert.ok((await page.locator(".weak-table tbody[data-index]").count()) < 60, "rows are made where one looks");
    await page.getByRole("button", { name: /^Dismiss of / }).first().click(); // prettier-ignore
    await page.getByLabel("How do you know").fill("letter of");
    const last = page.locator('.weak-table tr[data-index="2399"] .row-link');
    for (let tries = 0; tries < 20 && (await last.count()) === 0; tries++) {
      await page.evaluate('document.querySelector(".weak-table").scrollTop = 1e9');
      await page.waitForTimeout(100);
    }
    await last.waitFor();
    assert.equal(await page.getByLabel("How do you know").inputValue(), "letter of");
    await last.focus();
    await page.keyboard.press("k");
    await page.locator('.weak-table tr[data-index="2398"] .row-link').and(page.locator(":focus")).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Weaknesses", selected: true }).waitFor();
    await page.goBack();
    await page.locator('.weak-table tr[data-index="2398"] .row-link').waitFor();
  });

  test("what is dismissed of all its devices leaves the list, is kept, and is refused in words where it cannot be said", async () => {
    const { page } = it;
    fresh();
    await go("/devices/d10?tab=weaknesses");
    await page.getByRole("button", { name: "Dismiss of Nurse call 4B" }).click();
    await page.route("**/said", (route) => route.fulfill({ status: 400, json: { message: "expected room on the disk" } }));
    await page.getByLabel("How do you know").fill("letter of its maker");
    await page.keyboard.press("Enter");
    await page.getByText("expected room on the disk").waitFor();
    assert.equal(await page.getByLabel("How do you know").inputValue(), "letter of its maker");
    await page.unroute("**/said");
    await page.keyboard.press("Enter");
    await page.getByText(/^Dismissed by lind/u).waitFor();
    await go("/weaknesses");
    await page.getByText("4 of 15 devices have a weakness").waitFor();
    await page.getByLabel("With those dismissed of all devices").check();
    await page.getByText("dismissed of 1").waitFor();
    assert.match(page.url(), /dismissed=true/u);
    assert.deepEqual(it.complaints, []);
  });
});
