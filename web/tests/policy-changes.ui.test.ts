/** What became of a policy, and two of them compared, in a real browser: by keyboard, by day and by night, also with 10,000 rows. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { PolicyFolder } from "../../src/link/policy-folder.ts";
import type { MachineSketch } from "../../src/testing/replayed.ts";
import { replayed } from "../../src/testing/replayed.ts";
import { axe, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const POLICY = `policy: Ward
groups:
  pumps:
    select: kind = "infusion pump"
  ventilators:
    select: kind = ventilator
  server:
    select: kind = "pump server"
    governs: false
rules:
  - allow: pumps → server
    service: tcp 443
    because: charting
  - allow: ventilators → server
    service: tcp 443
    because: charting
`;
const BY = { who: "anna.lind", why: "" };

async function clean({ page }: Opened, name: string): Promise<void> {
  const shots = process.env["AUSCULT_SHOTS"];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    if (shots !== undefined) await page.screenshot({ path: join(shots, `policy ${name} ${colorScheme}.png`), fullPage: true });
    assert.deepEqual(await axe(page), [], `${name} ${colorScheme}`);
  }
}

async function fitsTelephone({ page }: Opened, name: string): Promise<void> {
  await page.setViewportSize({ width: 400, height: 800 });
  const shots = process.env["AUSCULT_SHOTS"];
  if (shots !== undefined) await page.screenshot({ path: join(shots, `policy ${name} narrow.png`), fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 400), `${name}: nothing is wider than a telephone`);
  await page.setViewportSize({ width: 1366, height: 768 });
}

suite("a policy's changes", { skip: noBrowser }, () => {
  let it: Opened;
  let folder: PolicyFolder;
  before(async () => {
    it = await open();
    folder = new PolicyFolder(it.ward.dataDirectory);
    folder.write("ICU", POLICY, { ...BY, why: "a first draft" });
    folder.write("ICU", POLICY.replace("- allow: ventilators → server\n    service: tcp 443", "- allow: ventilators → server\n    service: tcp 8443"), { ...BY, why: "the server moves" }); // prettier-ignore
    folder.write("ICU", `${folder.text("ICU")}tests:\n  - no pumps reaches ventilators\n`, { ...BY, why: "what must hold" });
  });
  after(() => it.close());

  test("the history tells who wrote which lines and why; by keyboard a change is taken back, and what came after it stays", async () => {
    const { page, origin } = it;
    await page.goto(`${origin}/policy/ICU?view=history`);
    const changes = page.getByRole("region", { name: "What became of its text" });
    await changes.getByText("3 changes").waitFor();
    const second = changes.locator("details", { hasText: "the server moves" });
    await second.locator("summary").focus();
    await page.keyboard.press("Enter");
    const lines = page.getByRole("region", { name: "Lines that change 2 changed" });
    await lines.waitFor();
    assert.deepEqual(await lines.locator(".gone, .new").allTextContents(), [
      "− Gone:     service: tcp 443\n",
      "+ New:     service: tcp 8443\n",
    ]);
    await clean(it, "history");
    await fitsTelephone(it, "history");
    await second.getByRole("button", { name: "Take this change back" }).click();
    await second.getByRole("alert").getByText("Say why").waitFor();
    await second.locator("summary").focus();
    await tabTo(page, /^Why/);
    await page.keyboard.type("it stays where it is");
    await page.keyboard.press("Enter");
    await changes.getByText("Change 2 taken back").waitFor();
    assert.equal(folder.text("ICU"), `${POLICY}tests:\n  - no pumps reaches ventilators\n`);
    assert.deepEqual([folder.history("ICU").changes[0]!.who, folder.history("ICU").changes[0]!.why], ["lind (not verified)", "it stays where it is"]); // prettier-ignore
    await second.getByRole("textbox", { name: "Why" }).fill("twice");
    await second.getByRole("button", { name: "Take this change back" }).click();
    await second.getByRole("alert").getByText(/was changed since, or is taken back/).waitFor(); // prettier-ignore
    await second.getByRole("button", { name: "Write it as it was then" }).click();
    await changes.getByText("Written as after change 2").waitFor();
    assert.match(folder.text("ICU")!, /tcp 8443\n {4}because: charting\n$/);
  });

  test("two are compared as one list: what newly breaks first, with the edit that would allow it, and what is newly open", async () => {
    const { page, origin } = it;
    await page.goto(`${origin}/policy/ICU`);
    await page.getByRole("link", { name: "Compare" }).click();
    const from = page.getByRole("combobox", { name: "From" });
    await from.locator("option").nth(4).waitFor({ state: "attached" });
    const options = await from.locator("option").allTextContents();
    assert.equal(options[0], "ICU, as it is now");
    assert.equal(options.length, 5, "each text it had, but the one it has");
    await from.selectOption(options.find((label) => label.includes("a first draft"))!);
    await page.getByText(/^2 conversations would newly be blocked in 14 days that were heard, and 2 ways of /).waitFor();
    const rows = page.locator(".compared tbody tr:not(.gap)");
    assert.deepEqual((await rows.locator("button").allTextContents()).map((word) => word.trim()), ["Newly blocked", "Newly blocked", "Newly open", "Closed"]); // prettier-ignore
    await rows.first().locator("button").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 2, name: /^Newly blocked: ICU-0\d ventilator → pump server, tcp 443$/ }).waitFor();
    await page.getByText("The edit that would allow it").waitFor();
    await clean(it, "compare");
    await fitsTelephone(it, "compare");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset["index"] === "0");
    await page.getByRole("button", { name: "Newly open 1" }).click();
    await page.getByRole("button", { name: /^Newly open: ventilators → server tcp 8443$/ }).waitFor();
    assert.equal(await rows.count(), 1);
    await page.getByRole("button", { name: "The other way round" }).click();
    await page.getByText(/^Nothing newly breaks in 14 days that were heard, and 2 ways of /).waitFor();
  });

  test("a policy that is taken away is listed, and comes back from its history", async () => {
    const { page, origin } = it;
    folder.write("Other", POLICY, { ...BY, why: "a second one" });
    folder.remove("Other", { ...BY, why: "not needed" });
    await page.goto(`${origin}/policy`);
    const gone = page.getByRole("region", { name: "Taken away" });
    await gone.getByText(/by anna\.lind/).waitFor();
    await clean(it, "list, one taken away");
    await gone.getByRole("link", { name: "Other" }).click();
    await page.getByText("It is not there now.").waitFor();
    await page.locator("summary", { hasText: "not needed" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("needed after all");
    await page.getByRole("button", { name: "Take this change back" }).click();
    await page.getByRole("heading", { level: 1, name: /^Ward would block/ }).waitFor();
    assert.equal(folder.text("Other"), POLICY);
    assert.deepEqual(it.complaints, []);
  });
});

test("60 groups and 10,000 conversations that newly break: a handful of rows exist, and the keyboard reaches the last", { skip: noBrowser }, async (t) => {
  const it = await open();
  t.after(() => it.close());
  const kinds = ["infusion pump", "ventilator", "patient monitor", "CT scanner", "printer", "camera", "workstation", "image archive", "pump server", "ultrasound scanner"];
  const machines: MachineSketch[] = Array.from({ length: 600 }, (_, at) => ({ name: `M${at}`, kind: kinds[at % kinds.length]!, ward: `W${at % 6}`, care: at % 10 === 1 ? "life-supporting" : "other" }));
  it.ward.replay = replayed(14, machines, Array.from({ length: 12_000 }, (_, at) => `M${at % 600} → M${(at * 7 + Math.floor(at / 600) + 1) % 600} tcp ${1000 + (at % 37)}: ${1 + (at % 14)}`));
  const groups = (governs: boolean) => kinds.flatMap((kind) => Array.from({ length: 6 }, (_, ward) => `  ${kind} ${ward}: { select: 'kind = "${kind}" and location ~ "room W${ward}"', governs: ${governs} }\n`));
  const text = (governs: boolean) => `policy: Large\ngroups:\n${groups(governs).join("")}rules:\n  - { allow: camera 0 → printer 0, service: tcp 1, because: x }\n`;
  const folder = new PolicyFolder(it.ward.dataDirectory);
  for (const governs of [false, true]) folder.write("Large", text(governs), { ...BY, why: governs ? "on" : "off" });
  await it.page.goto(`${it.origin}/policy/Large?view=compare`);
  await it.page.getByText(/^1\d,\d{3} conversations would newly be blocked/).waitFor();
  const count = Number(await it.page.locator(".compared table").getAttribute("aria-rowcount")) - 1;
  assert.ok(count >= 10_000);
  const rows = it.page.locator(".compared tbody tr:not(.gap)");
  assert.ok((await rows.count()) < 60);
  await rows.first().locator("button").focus();
  for (let step = 0; step < 30; step++) await it.page.keyboard.press("ArrowDown");
  const focused = (index: number) => it.page.waitForFunction((at) => document.activeElement?.closest("tr")?.dataset["index"] === String(at), index);
  await focused(30);
  const start = performance.now();
  await it.page.keyboard.press("End");
  await focused(count - 1);
  t.diagnostic(`from row 31 to row ${count} in ${Math.round(performance.now() - start)} ms`);
  assert.equal(await it.page.locator('.compared button[tabindex="0"]').count(), 1, "one tab stop");
  assert.ok((await rows.count()) < 60);
  await it.page.keyboard.press("Home");
  await focused(0);
  assert.deepEqual(await axe(it.page), []);
}); // prettier-ignore
