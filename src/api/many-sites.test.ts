/** Many sites, by HTTP against the real server: whoever may see one sees that one, and what they asked of another is written down. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { Door } from "../accounts/door.ts";
import { SignOn } from "../accounts/sign-on.ts";
import { openIdProvider } from "../link/sign-on/provider.ts";
import type { SiteAbout } from "../model/site.ts";
import { Accounts } from "../store/accounts.ts";
import { CLIENT, OpenIdProvider } from "../testing/open-id-provider.ts";
import { Ward } from "../testing/ward.ts";
import type { Served } from "./index.ts";
import { serveSites } from "./many-sites.ts";
import type { ManySites } from "./sites.ts";
import { newToken } from "./token.ts";

const PASSWORD = "correct horse battery";
// Of Argon2id with the least it can cost, so that the tests need not wait.
const KEPT = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$p15c/TOJ3ovY07sMZYG2VvFjxPpwKMT5GPQgPMRev2o";
const BY = { at: 1, who: "root", client: "terminal" };
const TOKEN = newToken("A. Lind");

const folder = mkdtempSync(join(tmpdir(), "auscult-many-"));
after(() => rmSync(folder, { recursive: true }));

const about = (name: string): SiteAbout => ({ name, state: "hears", words: "Its sensor hears.", page: "", devices: 7, pending: 0, at: 1 });
let accounts: Accounts;
let server: Served;
let asked: unknown[];
let files = 0;
let many: ManySites;
let away: string;
let sessionOf: ManySites["sessionOf"];
beforeEach(async () => {
  accounts = new Accounts(join(folder, `${files++}.db`));
  asked = [];
  const sessions = new Map(["north", "Süd"].map((site) => [site, new Ward(folder)]));
  away = "";
  sessionOf = async (site) => sessions.get(site);
  many = {
    all: () => [...sessions.keys()].map(about),
    sessionOf: (site) => sessionOf(site),
    across: {
      ask: (async (what: string, ...values: unknown[]) => {
        asked.push([what, ...values]);
        return { sites: [], rows: [] };
      }) as ManySites["across"]["ask"],
    },
    held: ["north"],
    get away() {
      return away;
    },
  };
  server = await serveSites({ host: "127.0.0.1", port: 0, token: TOKEN, door: new Door(accounts), webRoot: folder }, many);
});
afterEach(async () => {
  await server.close();
  accounts.close();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly message?: string; readonly sites?: readonly { name: string; address: string; isHere: boolean }[] };
}

async function ask(
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer & { readonly cookie: string; readonly cookies: readonly string[] }> {
  const { origin } = new URL(server.url);
  const answer = await fetch(`${origin}${path}`, {
    headers: { origin, ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    redirect: "manual",
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const cookies = answer.headers.getSetCookie().map((it) => it.split(";")[0]!);
  const [cookie = ""] = cookies;
  return { status: answer.status, body: text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : {}, cookie, cookies };
}

async function signedIn(sites: readonly string[] | null): Promise<Record<string, string>> {
  accounts.add({ name: "lind", role: "viewer", password: KEPT, made: 1, sites }, BY);
  const { cookie } = await ask("/api/sign-in", {}, { name: "lind", password: PASSWORD });
  return { cookie };
}
const refusals = () => [...accounts.audit()].filter(({ what }) => what === "right refused").map(({ who, about: of }) => `${who}: ${of}`);

test("a viewer of one site sees it; asked of another all is refused, and written down", async () => {
  const lind = await signedIn(["north"]);
  assert.equal((await ask("/sites/north/api/devices", lind)).status, 200);
  assert.deepEqual(refusals(), []);

  const refused = await ask("/sites/S=c3=bcd/api/devices", lind);
  assert.deepEqual([refused.status, refused.body.message?.slice(0, 30)], [403, "This is of the site Süd, which"]);
  assert.equal((await ask("/api/sites/devices?site=S%C3%BCd&filter=pump", lind)).status, 403);
  assert.deepEqual(asked, []);
  assert.deepEqual(refusals(), [
    "lind: GET /api/devices of the site Süd, which is none of theirs",
    "lind: GET /api/sites/devices of the site Süd, which is none of theirs",
  ]);
});

test("by single sign-on groups say which site: begun at one, ended at the front or at that one, and another is refused and written down", async (context) => {
  accounts.add({ name: "lind", role: "admin", password: KEPT, made: 1 }, BY);
  const provider = await OpenIdProvider.start();
  context.after(() => provider.stop());
  provider.people = { s1: { name: "moor@hospital.example", groups: ["north-look"] } };
  provider.who = "s1";
  const door = new Door(accounts);
  const asked = { issuer: provider.issuer, client: CLIENT.id, secret: CLIENT.secret, scopes: ["profile"], groupsClaim: "groups" };
  const rules = { title: "the hospital", groupsClaim: "groups", nameClaim: "preferred_username" };
  const roles = [{ group: "north-look", role: "viewer", site: "north" }] as const;
  const signOn = new SignOn(door, openIdProvider(asked), { ...rules, roles });
  await server.close();
  server = await serveSites({ host: "127.0.0.1", port: 0, token: null, door, signOn, webRoot: folder }, many);
  provider.serves(new URL(server.url).origin);

  for (const end of ["/sites/north/api/sign-on/answer", "/api/sign-on/answer"]) {
    const begun = await ask("/sites/north/api/sign-on", {}, {});
    const answer = await provider.visit((begun.body as { readonly address: string }).address);
    const ended = await ask(end, { cookie: begun.cookie }, { answer });
    assert.equal(ended.status, 204, ended.body.message ?? "");
    const moor = { cookie: ended.cookies.find((it) => it.startsWith("auscult-in-")) ?? "" };
    assert.equal((await ask("/sites/north/api/devices", moor)).status, 200);
    assert.equal((await ask("/sites/S=c3=bcd/api/devices", moor)).status, 403);
    assert.deepEqual(
      (await ask("/api/sites", moor)).body.sites?.map(({ name }) => name),
      ["north"],
    );
  }
  const refused = "moor@hospital.example: GET /api/devices of the site Süd, which is none of theirs";
  assert.deepEqual(refusals(), [refused, refused]);
});

test("of all sites each is shown, and asked, that a person may see", async () => {
  const lind = await signedIn(["Süd"]);
  const { body } = await ask("/api/sites", lind);
  assert.deepEqual(
    body.sites?.map(({ name, address, isHere }) => [name, address, isHere]),
    [["Süd", "/sites/S=c3=bcd/", false]],
  );
  assert.equal((await ask("/api/sites/devices?filter=pump", lind)).status, 200);
  accounts.setSites("lind", null, BY);
  assert.equal((await ask("/api/sites", lind)).body.sites?.length, 2);
  assert.equal((await ask("/api/sites/devices?filter=pump&limit=3", lind)).status, 200);
  assert.deepEqual(asked, [
    ["devices", ["Süd"], "pump", 50],
    ["devices", ["north", "Süd"], "pump", 3],
  ]);
});

test("whose sites were taken away is out from the next request on", async () => {
  const lind = await signedIn(["north"]);
  assert.equal((await ask("/sites/north/api/session", lind)).status, 200);
  accounts.setSites("lind", [], BY);
  assert.equal((await ask("/sites/north/api/session", lind)).status, 403);
  assert.deepEqual((await ask("/api/sites", lind)).body.sites, []);
});

test("nobody without account or token is answered, of no site and of none that is not there", async () => {
  const token = { authorization: `Bearer ${TOKEN}` };
  for (const path of ["/api/sites", "/sites/north/api/devices", "/sites/S=c3=bcd/api/session"]) {
    assert.equal((await ask(path, {})).status, 401, path);
    assert.equal((await ask(path, token)).status, 200, path);
  }
  // What is no site of ours is a page's address, which finds its own way.
  for (const path of ["/sites/west/api/devices", "/sites/%2e%2e/api/devices", "/sites/=zz/api/devices"])
    assert.notEqual((await ask(path, token)).status, 200, path);
});

test("it is ready while the database answers; why a site cannot be shown is told to nobody unknown", async () => {
  const { origin } = new URL(server.url);
  const ready = async () => {
    const answer = await fetch(`${origin}/readyz`);
    return [answer.status, await answer.json()];
  };
  assert.deepEqual(await ready(), [200, { ready: true, why: [] }]);
  away = "connection refused by 10.20.0.9";
  assert.deepEqual(await ready(), [503, { ready: false, why: ["database"] }]);
  assert.equal((await fetch(`${origin}/healthz`)).status, 200);
  const before = sessionOf;
  sessionOf = () => Promise.reject(new Error(away));
  const refused = await fetch(`${origin}/sites/north/api/state`);
  assert.equal(refused.status, 503);
  assert.doesNotMatch(await refused.text(), /10\.20\.0\.9/);
  sessionOf = before;
  assert.notEqual((await fetch(`${origin}/sites/north/api/state`)).status, 503, "with the next look it is there");
});
