/** Single sign-on at a real provider, by keyboard: in, back to the page that was asked for, refused, the provider away, out everywhere. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Door } from "../../src/accounts/door.ts";
import { hashed } from "../../src/accounts/password.ts";
import { SignOn } from "../../src/accounts/sign-on.ts";
import { openIdProvider } from "../../src/link/sign-on/provider.ts";
import { Accounts } from "../../src/store/accounts.ts";
import { CLIENT, OpenIdProvider } from "../../src/testing/open-id-provider.ts";
import { cleanInBoth, noBrowser, open, tabTo } from "./browser.ts";
import type { Opened } from "./browser.ts";

const PASSWORD = "correct horse battery";
const LIND = "anna.lind@127.0.0.1";

describe("single sign-on", { skip: noBrowser }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-sign-on-pages-"));
  const accounts = new Accounts(join(folder, "accounts.db"));
  let provider: OpenIdProvider;
  let it: Opened;
  let now = Date.now();
  before(async () => {
    const by = { at: 1, who: "root", client: "terminal" };
    accounts.add({ name: "lind", role: "biomed", password: await hashed(PASSWORD), made: 1 }, by);
    provider = await OpenIdProvider.start();
    provider.people = { s1: { name: "anna.lind", groups: ["auscult-biomed"] }, s3: { name: "visitor", groups: [] } };
    const clock = () => now;
    const door = new Door(accounts, clock);
    const asked = { issuer: provider.issuer, client: CLIENT.id, secret: CLIENT.secret, scopes: ["profile"], groupsClaim: "groups" };
    const rules = { title: "the hospital", groupsClaim: "groups", nameClaim: "preferred_username" };
    const roles = [{ group: "auscult-biomed", role: "biomed", site: null }] as const;
    it = await open(undefined, door, new SignOn(door, openIdProvider(asked, clock), { ...rules, roles }, clock));
    provider.serves(it.origin);
  });
  after(async () => {
    await it.close();
    await provider.stop();
    accounts.close();
    rmSync(folder, { recursive: true });
  });

  const clean = (name: string) => cleanInBoth(it.page, name);
  const heading = () => it.page.getByRole("heading", { name: "Sign in" }).waitFor();
  const alert = (words: string | RegExp) => it.page.getByRole("alert").getByText(words).waitFor();

  test("one press of Enter, and the page that was asked for is open; the code stands in no address", async () => {
    const { page, origin } = it;
    provider.who = "s1";
    await page.goto(`${origin}/devices/d2?tab=how`);
    await heading();
    await clean("single sign-on");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "ICU-07 ventilator" }).waitFor();
    assert.equal(page.url(), `${origin}/devices/d2?tab=how`);
    assert.deepEqual([...accounts.audit()].at(-1)?.about, "biomed, by single sign-on");
  });

  test("the menu has no password to change, and a way out of every browser", async () => {
    const { page } = it;
    await tabTo(page, LIND);
    await page.keyboard.press("Enter");
    await page.getByText("biomed: may look, say, judge, operate").waitFor();
    assert.equal(await page.getByRole("menuitem", { name: "Change the password" }).count(), 0);
    await clean("menu of single sign-on");
    await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
    await heading();
    assert.equal(await page.getByText("ICU-07 ventilator").count(), 0);
  });

  test("whoever may not come in is told why, and stays at the page with both ways", async () => {
    const { page } = it;
    await page.context().clearCookies();
    provider.who = "s3";
    await page.reload();
    await heading();
    await page.keyboard.press("Enter");
    await alert(/visitor@127\.0\.0\.1 is in no group that may come in here/);
    await clean("single sign-on, refused");
    assert.match(page.url(), /\/devices\/d2\?tab=how$/);
  });

  test("while the provider is away the page says so, and a local account comes in", async () => {
    const { page } = it;
    provider.intercept = (request) => {
      request.socket.destroy();
      return true;
    };
    now += 120_000;
    await tabTo(page, "Sign in with the hospital");
    await page.keyboard.press("Enter");
    await alert("the provider cannot be reached");
    await clean("single sign-on, provider away");
    await tabTo(page, /^Name/);
    await page.keyboard.type("lind");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "ICU-07 ventilator" }).waitFor();
    assert.deepEqual(it.complaints, []);
  });
});
