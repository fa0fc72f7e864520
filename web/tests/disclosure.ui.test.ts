/** What a maker declares, on a device's page: in every state whole for axe by day and by night, narrow and wide, and its letter by keyboard. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { DeclaredFlow, DisclosureReport, UndeclaredFlow } from "../../src/model/disclosure.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const FIRST = Date.UTC(2026, 0, 5) * 1_000;
const DAY = 86_400_000_000;
const heard = { devices: 3, others: 1, conversations: 3, days: 5, first: FIRST, last: FIRST + 4 * DAY };
const unheard = { devices: 0, others: 0, conversations: 0, days: 0, first: 0, last: 0 };

const declared = (more: Partial<DeclaredFlow>): DeclaredFlow => ({
  opens: "device", peers: ["pump server"], transport: "tcp", ports: "443", fixed: true, protocol: "tls", purpose: "report infusions",
  need: "required", document: "Manual 12-34 rev. C", page: "88", day: "2025-03", answer: "heard", ...heard, ...more,
}); // prettier-ignore
const undeclared = (more: Partial<UndeclaredFlow>): UndeclaredFlow => ({
  opens: "device", peer: "outside", service: "tcp 443", protocols: ["tls"], because: "", unclear: null, addresses: ["203.0.113.9"], ...heard, ...more,
}); // prettier-ignore

const REPORT: DisclosureReport = {
  model: "Corvane M50",
  maker: "Corvane",
  devices: 4,
  probable: 0,
  window: { from: FIRST, to: FIRST + 14 * DAY, days: 14 },
  documents: ["Manual 12-34 rev. C, pages 88, 89", "MDS2 of 2024-02-01"],
  whole: "all",
  attached: true,
  doubts: [],
  declared: [declared({}), declared({ opens: "peer", peers: ["nurse call"], ports: null, fixed: false, protocol: null, purpose: "say alarms", need: "not told", answer: "not heard yet", ...unheard })],
  stated: [{ id: "CONN-4", question: "Can the device communicate with other systems external to the customer environment?", answer: "no", heard: 3 }],
  notDeclared: [undeclared({ because: "MDS2 of 2024-02-01, CONN-4: no" }), undeclared({ opens: "peer", peer: "workstation", service: "tcp 23", protocols: [], devices: 1 })],
  cannotTell: [undeclared({ peer: "not known", service: "udp 9", because: "nobody knows for sure what the other end is: say it, or hear more of it", unclear: "recording" })],
  counts: { declared: 3, notDeclared: 4, cannotTell: 3, ground: 4, refused: 0 },
}; // prettier-ignore

describe("what a maker declares", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  const go = async (report: DisclosureReport) => {
    it.ward.disclosures = new Map([["d2", report]]);
    await it.page.goto("about:blank");
    await it.page.goto(`${it.origin}/devices/d2?tab=connections`);
    await it.page.getByRole("heading", { name: "What its maker declares" }).waitFor();
  };

  const short = { ...REPORT, doubts: ["2 of at least 7 days were heard: what comes once a week was not. Listen on."], whole: "part", attached: false, stated: [], notDeclared: [], declared: [declared({ answer: "cannot tell", ...unheard })] } as const; // prettier-ignore
  for (const [name, report] of [["all three answers", REPORT], ["a short recording", short]] as const)
    test(`${name}: axe finds nothing, light and dark, and nothing but tables scrolls sideways at 400`, async () => {
      await go(report);
      for (const colorScheme of ["light", "dark"] as const) {
        await it.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        assert.deepEqual(await axe(it.page), [], colorScheme);
      }
      await it.page.emulateMedia({ colorScheme: "light" });
      await it.page.setViewportSize({ width: 400, height: 800 });
      assert.equal(await it.page.evaluate("document.documentElement.scrollWidth"), 400);
      assert.deepEqual(await axe(it.page), [], "narrow");
      await it.page.setViewportSize({ width: 1366, height: 768 });
    }); // prettier-ignore

  test("questions stand first, then what nobody can tell, then what is declared, each with how many devices and days", async () => {
    await go(REPORT);
    const rows = it.page.getByRole("region", { name: "Flows, declared and heard" }).getByRole("row");
    await rows.nth(5).waitFor();
    const texts = await rows.allInnerTexts();
    assert.deepEqual(texts.slice(1).map((text) => text.split("\t")[0]!.trim()), ["Heard, not declared", "Heard, not declared", "Cannot tell", "Declared and heard", "Declared, not heard yet"]); // prettier-ignore
    assert.match(texts[2]!, /Workstation to the device\s+TCP 23[^]*A question for the maker[^]*1 of 4\s+5/u);
    assert.match(texts[5]!, /Nurse call to the device\s+TCP no port named, or as the site set it[^]*Whether it is required is not told · Manual 12-34 rev\. C, page 88[^]*0 of 4\s+none\s+not heard/u); // prettier-ignore
    await it.page.getByText("Of 10 conversations 3 are declared, 4 are not, and of 3 nobody can tell.").waitFor();
    await it.page.getByText("Heard of 3 of 4 devices.").waitFor();
  });

  test("of very many questions the first are shown, and how many more there are", async () => {
    await go({ ...REPORT, notDeclared: Array.from({ length: 120 }, (_, at) => undeclared({ service: `tcp ${at + 1}` })) });
    await it.page.getByText("20 more stand in auscult disclosure.").waitFor();
    await it.page.getByText("TCP 100 ·").waitFor();
    assert.equal(await it.page.getByText("TCP 101 ·").count(), 0);
  });

  test("the letter is downloaded, by keyboard alone, and names no address", async () => {
    await go(REPORT);
    await tabTo(it.page, "Letter to the maker");
    const [download] = await Promise.all([it.page.waitForEvent("download"), it.page.keyboard.press("Enter")]);
    assert.equal(download.suggestedFilename(), "letter-Corvane-M50.md");
    const letter = readFileSync(await download.path(), "utf8");
    assert.match(letter, /^# Questions on what Corvane M50 does on a network\n/u);
    assert.doesNotMatch(letter, /203\.0\.113/u);
  });

  test("of a device whose maker says nothing nothing stands there", async () => {
    it.ward.disclosures = new Map();
    await it.page.goto(`${it.origin}/devices/d3?tab=connections`);
    await it.page.getByRole("heading", { name: "Whom it talks to" }).or(it.page.getByText("No conversation was heard")).waitFor();
    assert.equal(await it.page.getByRole("heading", { name: "What its maker declares" }).count(), 0);
  });
});
