/** Signing in, by keyboard alone; signing out in one tab, the other tab; one's own password; the name where nobody signs in. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Door } from "../../src/accounts/door.ts";
import { hashed } from "../../src/accounts/password.ts";
import { Accounts } from "../../src/store/accounts.ts";
import { axe, cleanInBoth, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const PASSWORD = "correct horse battery";

describe("accounts", { skip: noBrowser }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-account-pages-"));
  const accounts = new Accounts(join(folder, "accounts.db"));
  let it: Opened;
  before(async () => {
    const by = { at: 1, who: "root", client: "terminal" };
    accounts.add({ name: "lind", role: "biomed", password: await hashed(PASSWORD), made: 1 }, by);
    it = await open(undefined, new Door(accounts));
  });
  after(async () => {
    await it.close();
    accounts.close();
    rmSync(folder, { recursive: true });
  });

  const clean = (name: string) => cleanInBoth(it.page, name);

  test("a wrong password is told in place; the right one opens the page that was asked for", async () => {
    const { page, origin } = it;
    await page.goto(`${origin}/devices/d2?tab=how`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal(await page.getByText("ICU-07 ventilator").count(), 0);
    await clean("sign in");
    await page.keyboard.type("Lind");
    await page.keyboard.press("Tab");
    await page.keyboard.type("wrong horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Name and password do not fit each other.").waitFor();
    await clean("sign in, refused");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "ICU-07 ventilator" }).waitFor();
    assert.match(page.url(), /\/devices\/d2\?tab=how$/);
  });

  test("one's own password is changed behind one's name", async () => {
    const { page } = it;
    await tabTo(page, "lind");
    await page.keyboard.press("Enter");
    await page.getByText("biomed: may look, say, judge, operate").waitFor();
    await clean("menu of the name");
    await page.getByRole("menuitem", { name: "Change the password" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("The password until now").fill(PASSWORD);
    await form.getByLabel("The new password", { exact: true }).fill("another horse battery");
    await form.getByLabel("The new password, once more").fill("another horse batterz");
    await form.getByRole("button", { name: "Change it" }).click();
    await form.getByRole("alert").getByText("typed in two ways").waitFor();
    await clean("password");
    await form.getByLabel("The new password, once more").fill("another horse battery");
    await page.keyboard.press("Enter");
    await page.getByText("The password is changed.").waitFor();
  });

  test("a role that is lowered, and signing out in another tab, reach the page that is open", async () => {
    const { page, origin, ward } = it;
    const other = await page.context().newPage();
    await other.goto(`${origin}/devices`);
    await other.getByText("ICU-07 ventilator").waitFor();
    await other.goto(`${origin}/devices/d2?tab=how`);
    const correct = other.getByRole("button", { name: /^(That’s wrong|Say what it is): / });
    await correct.first().waitFor();
    accounts.setRole("lind", "viewer", { at: 2, who: "root", client: "terminal" });
    ward.tell({});
    await other.getByRole("button", { name: "lind" }).click();
    await other.getByText("viewer: may look", { exact: true }).waitFor();
    assert.equal(await correct.count(), 0, "what a viewer may not do is not offered");
    assert.equal(await other.getByRole("button", { name: /^(It is one with another|Some of it is another)/ }).count(), 0);
    await other.getByRole("menuitem", { name: "Sign out", exact: true }).click();
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
    ward.tell({});
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal(await page.getByText("ICU-07 ventilator").count(), 0, "nothing stays on the page");
    await other.close();
    assert.deepEqual(it.complaints, []);
  });
});

test("where nobody signs in the name is asked for once, and stands marked beside what is said", { skip: noBrowser }, async () => {
  const it = await open();
  const { page, origin } = it;
  await page.goto(`${origin}/devices`);
  const notice = page.getByRole("region", { name: "Who you are" });
  await notice.getByText("lind (not verified)").waitFor();
  const shots = process.env["AUSCULT_SHOTS"];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    if (shots !== undefined) await page.screenshot({ path: join(shots, `name ${colorScheme}.png`) });
    assert.deepEqual(await axe(page), []);
  }
  await tabTo(page, /^Your name/);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Anna Lind");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Anna Lind (not verified)" }).waitFor();
  await notice.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: "Anna Lind (not verified)" }).waitFor();
  assert.equal(await notice.count(), 0);
  await it.close();
});
