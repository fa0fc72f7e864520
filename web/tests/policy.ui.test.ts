/** Policies in a real browser: learned by keyboard alone, the matrix, the verdicts and the text, by day and by night. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { DisclosedFlow } from "../../src/model/disclosure.ts";
import type { MachineSketch } from "../../src/testing/replayed.ts";
import { replayed } from "../../src/testing/replayed.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const FLOW: DisclosedFlow = {
  opens: "device",
  peers: ["pump server"],
  transport: "tcp",
  ports: "443",
  fixed: true,
  protocol: null,
  purpose: "report infusions",
  need: "required",
  document: "Manual 12-34 rev. C",
  page: "88",
  day: "2025-03",
};

suite("policies", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => (it = await open()));
  after(() => it.close());

  const clean = async (name: string) => {
    const shots = process.env["AUSCULT_SHOTS"];
    for (const colorScheme of ["light", "dark"] as const) {
      await it.page.emulateMedia({ colorScheme });
      if (shots !== undefined) await it.page.screenshot({ path: join(shots, `policy ${name} ${colorScheme}.png`), fullPage: true });
      assert.deepEqual(await axe(it.page), [], `${name} ${colorScheme}`);
    }
  };

  test("none is written: the page says what would make one; by keyboard alone one is learned", async () => {
    const { page, origin } = it;
    await page.goto(`${origin}/policy`);
    await page.getByText("No policy is written yet.").waitFor();
    await clean("none");
    await tabTo(page, /^Its name/);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("ICU");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /^ICU would block \d+ conversations? that (was|were) heard$/ }).waitFor();
    await clean("matrix");
  });

  test("in the matrix arrows move, Enter leads to what stands behind a cell", async () => {
    const { page } = it;
    const cell = page.getByRole("button", { name: "infusion pump to pump server: allowed, and heard, 4 conversations heard" });
    await cell.focus();
    const sheet = page.getByRole("region", { name: "infusion pump → pump server" });
    await sheet.getByText("tcp 443", { exact: true }).waitFor();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await sheet.count(), 0, "the sheet goes along");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "cell-sheet");
    assert.equal(await page.locator('.matrix button[tabindex="0"]').count(), 1, "one tab stop");
  });

  test("each verdict opens in place with the edit that would allow it; written into the text it is kept", async () => {
    const { page } = it;
    await page.getByRole("link", { name: /^Verdicts/ }).click();
    const section = page.getByRole("region", { name: "Would block, life-supporting" });
    const verdict = section.locator("summary", { hasText: "ICU-07 ventilator → vendor" });
    await verdict.focus();
    await page.keyboard.press("Enter");
    const edit = section.locator("pre").first();
    await edit.waitFor();
    await clean("verdicts");
    const lines = (await edit.textContent())!;
    assert.match(lines, /allow: ventilator → vendor, service: .?tcp 443/);

    await page.getByRole("link", { name: "Its text" }).click();
    const text = page.getByLabel("The policy");
    const before = await text.inputValue();
    await text.fill(`${before.trimEnd()}\n  - allow: nobody → outside\n    service: tcp 1\n    because: x\n`);
    await page.getByRole("textbox", { name: "Why" }).fill("the vendor reads its logs");
    await page.getByRole("button", { name: "Write it" }).click();
    await page
      .getByRole("alert")
      .getByText(/ICU\.yaml:\d+:\d+: expected /)
      .waitFor();
    await clean("text, refused");
    const [groups, rules] = lines.replace("groups:\n", "").split("rules:\n") as [string, string];
    await text.fill(before.replace("rules:\n", `${groups}rules:\n${rules.trimEnd()}\n`));
    await page.getByRole("button", { name: "Write it" }).click();
    await page.getByText("ICU is written.").waitFor();
    await page.getByRole("link", { name: /^Verdicts/ }).click();
    await page.getByRole("region", { name: "Would block, life-supporting" }).waitFor({ state: "detached" });
  });

  test("a group has a page of its own: members, rules with reasons, how well they fit, and what makers declare of its models", async () => {
    const { page } = it;
    const pumps = it.ward.replay.machines.filter(({ device }) => device.kind?.value === "infusion pump");
    it.ward.disclosed = [{ disclosure: { maker: "Corvane", models: ["M50"], whole: "all", attached: true, mds2: null, flows: [FLOW, { ...FLOW, ports: "8443", purpose: "fetch its drug library" }] }, members: pumps, probable: 0, models: ["M50"] }]; // prettier-ignore
    await page.getByRole("link", { name: "Groups", exact: true }).click();
    await page.getByRole("row", { name: /ventilator/ }).waitFor();
    await clean("groups");
    await page.getByRole("link", { name: "infusion pump", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 2, name: /infusion pump$/ }).waitFor();
    const part = (name: string) => page.getByRole("region", { name });
    await part("Members").getByRole("link", { name: "ICU-01 pump" }).waitFor();
    await part("What its members may open").getByText("tcp 443", { exact: true }).waitFor();
    await page.getByText(/^Of \d+ ways its members were heard to open, by device, peer and service, \d+ are allowed/).waitFor();
    const declared = part("What makers declare").getByRole("row", { name: /M50/ });
    assert.deepEqual(await declared.getByRole("cell").allTextContents(), ["4", "1", "1", "2", "0"]);
    await clean("group");
    await page.setViewportSize({ width: 400, height: 800 });
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      "nothing sticks out of a narrow window",
    );
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.getByRole("link", { name: "All groups" }).click();
    await page.getByRole("link", { name: "infusion pump", exact: true }).waitFor();
  });

  test("how far a worm could come stands there for each group", async () => {
    const { page } = it;
    await page.getByRole("link", { name: "A worm's reach" }).click();
    const row = page.getByRole("row", { name: /^infusion pump 4/ });
    await row.getByText("1 device in 1 step").first().waitFor();
    await page.getByText("Under this policy no device reaches a life-supporting one.").waitFor();
    await clean("reach");
  });

  test("for equipment it is looked at, and saved", async () => {
    const { page } = it;
    await page.getByRole("link", { name: "For equipment" }).click();
    const shown = (label: string, holds: string) =>
      page.waitForFunction(
        ([name, text]) =>
          [...document.querySelectorAll("textarea")].some((it) => it.labels[0]?.textContent.startsWith(name!) && it.value.includes(text!)),
        [label, holds],
      );
    await shown("What is loaded", "table bridge auscult {");
    await clean("export");
    await page.getByRole("button", { name: "What takes it back" }).click();
    await shown("What takes it back", "delete table bridge auscult");
    const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save it" }).click()]);
    assert.equal(saved.suggestedFilename(), "ICU back.nft");
    await page.getByRole("button", { name: "What is loaded" }).click();
    await page.getByRole("combobox", { name: "For" }).selectOption("edl");
    const list = page.getByRole("list", { name: "Its files" });
    const [rules] = await Promise.all([
      page.waitForEvent("download"),
      list.getByRole("button", { name: "auscult-rules.csv" }).press("Enter"),
    ]);
    assert.equal(rules.suggestedFilename(), "auscult-rules.csv");
    await clean("lists a firewall fetches");
  });

  test("is it us? Asked by keyboard, answered in one sentence, with what the equipment's log says", async () => {
    const { page } = it;
    await page.getByRole("link", { name: "Is it us?" }).click();
    await page.getByLabel("Device").focus();
    await page.keyboard.type("ICU-01 pump");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Answer: No" }).getByText("No: nothing of ours stops ICU-01 pump, since the policy is a draft where it stands").waitFor(); // prettier-ignore
    await clean("is it us, no");
    const { to, machines } = it.ward.replay;
    const { ip } = machines.find(({ device }) => device.name === "ICU-01 pump")!.worn[0]!;
    const line = `${new Date(to / 1_000 - 60_000).toISOString()} sw1 %SEC-6-IPACCESSLOGP: list PUMPS denied tcp ${ip}(1234) -> 10.9.9.9(8443), 2 packets\n`;
    await page.getByLabel("Log of what equipment denied").setInputFiles({ name: "switch.log", mimeType: "text/plain", buffer: Buffer.from(line) }); // prettier-ignore
    await page.getByRole("button", { name: "Is it us?" }).click();
    const yes = page.getByRole("region", { name: "Answer: Yes" });
    await yes.getByText('Yes: the equipment\'s log says it stopped ICU-01 pump → 10.9.9.9 tcp 8443').waitFor();
    await yes.getByText("No rule allows anything between the two.").waitFor();
    await clean("is it us, yes");
    await page.getByLabel("Device").fill("nobody");
    await page.getByRole("button", { name: "Is it us?" }).click();
    await page.getByText('found none for "nobody"').waitFor();
  }); // prettier-ignore

  test("what the wall counted is brought in a file, and stands beside each rule", async () => {
    const { page } = it;
    await page.getByRole("link", { name: "On the firewall" }).click();
    await page.getByText("No counters of ICU were saved yet.").waitFor();
    await clean("on the firewall, none");
    const at = it.ward.replay.to;
    const denied = { client: "10.0.0.1", server: "10.9.9.9", transport: "tcp", port: 8443, packets: 3, last: at - 60e6 };
    const counts = {
      schema: "auscult.counters/1", on: "bridge", policy: "ICU", mark: "m", at, since: at - 3_600e6, waits: false, full: false,
      rules: [{ from: "infusion pump", to: "pump server", service: "tcp 443", packets: 1204, bytes: 90_000, answers: 600 }, { from: "a", to: "b", service: "udp 1", packets: 7, bytes: 70, answers: 0 }],
      denied: [{ group: "infusion pump", from: 3, to: 0 }], totals: { stopped: 3, watched: 0, spared: 0, opened: 2 }, stopped: [denied], watched: [],
      openings: [{ group: "infusion pump", reason: "new library", by: "anna.lind", from: at - 600e6, until: at - 300e6, used: [denied] }],
    };
    const bring = page.getByLabel("What auscult policy counters --save wrote");
    await bring.setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("hello") });
    await page.getByText("x.json is not what auscult policy counters --save wrote.").waitFor();
    await bring.setInputFiles({ name: "ICU.counters.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(counts)) });
    await page.getByRole("row", { name: /infusion pump → pump server tcp 443 1,204 600/ }).waitFor();
    await page.getByRole("row", { name: /a → b udp 1, no more in the text 7 0/ }).waitFor();
    await page.getByRole("region", { name: "Opened for a time" }).getByText("new library").waitFor();
    await clean("on the firewall");
    await page.getByRole("link", { name: "Who may talk to whom" }).click();
    await page.getByRole("button", { name: /^infusion pump to pump server: allowed/ }).click();
    await page.getByText(/On the firewall 1,204 packets, 600 of them back/).waitFor();
  }); // prettier-ignore

  test("taken away it can be taken back", async () => {
    const { page } = it;
    await page.getByRole("button", { name: "Take it away" }).click();
    await page.getByText("ICU is taken away.").waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.locator('a[href="/policy/ICU"]').waitFor();
    await clean("list");
    assert.deepEqual(it.complaints, []);
  });
});

test("60 groups and 10,000 verdicts: the matrix moves by keyboard, the list grows by asking", { skip: noBrowser }, async (t) => {
  const it = await open();
  t.after(() => it.close());
  const kinds = ["infusion pump", "ventilator", "patient monitor", "CT scanner", "printer", "camera", "workstation", "image archive", "pump server", "ultrasound scanner"];
  const machines: MachineSketch[] = Array.from({ length: 600 }, (_, at) => ({ name: `M${at}`, kind: kinds[at % kinds.length]!, ward: `W${at % 6}`, care: at % 10 === 1 ? "life-supporting" : "other" }));
  it.ward.replay = replayed(14, machines, Array.from({ length: 12_000 }, (_, at) => `M${at % 600} → M${(at * 7 + Math.floor(at / 600) + 1) % 600} tcp ${1000 + (at % 37)}: ${1 + (at % 14)}`));
  const groups = kinds.flatMap((kind) => Array.from({ length: 6 }, (_, ward) => `  ${kind} ${ward}: { select: 'kind = "${kind}" and location ~ "room W${ward}"' }\n`));
  const text = `policy: Large\ngroups:\n${groups.join("")}rules:\n  - { allow: camera 0 → printer 0, service: tcp 1, because: x }\n`;
  mkdirSync(join(it.ward.dataDirectory, "policies"));
  writeFileSync(join(it.ward.dataDirectory, "policies", "Large.yaml"), text);
  await it.page.goto(`${it.origin}/policy/Large`);
  await it.page.getByRole("heading", { level: 1, name: /^Large would block/ }).waitFor();
  assert.ok((await it.page.locator(".matrix tbody tr").count()) >= 60);
  const first = it.page.locator('.matrix button[data-at="0 0"]');
  await first.focus();
  for (let step = 0; step < 30; step++) await it.page.keyboard.press(step % 2 === 0 ? "ArrowDown" : "ArrowRight");
  assert.equal(await it.page.evaluate(() => (document.activeElement as HTMLElement).dataset["at"]), "15 15");
  await it.page.getByRole("link", { name: /^Verdicts/ }).click();
  const more = it.page.getByRole("button", { name: /^Show 50 more of / }).first();
  const shown = await it.page.locator(".verdict").count();
  await more.focus();
  await it.page.keyboard.press("Enter");
  await it.page.waitForFunction((before) => document.querySelectorAll(".verdict").length === before + 50, shown);
  assert.equal(await it.page.locator(".verdict-more").count(), 0, "what nobody looks at is not made");
  await it.page.locator(".verdict summary").last().focus();
  await it.page.keyboard.press("Enter");
  await it.page.locator(".verdict-more pre").waitFor();
  for (const colorScheme of ["light", "dark"] as const) {
    await it.page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(it.page), [], colorScheme);
  }
  for (const view of ["Verdicts", "Who may talk to whom"]) {
    await it.page.getByRole("link", { name: new RegExp(`^${view}`) }).click();
    await it.page.setViewportSize({ width: 400, height: 800 });
    assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= 400), `${view}: nothing is wider than a telephone`);
    await it.page.setViewportSize({ width: 1366, height: 768 });
  }
  assert.deepEqual(it.complaints, []);
}); // prettier-ignore
