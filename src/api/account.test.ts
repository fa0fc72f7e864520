/** Accounts, by HTTP against the real server: who is let in, who is not, and what is written of it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as requestByTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, afterEach, beforeEach, test } from "node:test";
import { makeCertificate } from "../accounts/certificate.ts";
import { Door } from "../accounts/door.ts";
import type { Role } from "../model/account.ts";
import { Accounts } from "../store/accounts.ts";
import { Ward } from "../testing/ward.ts";
import { serve } from "./index.ts";
import { newToken } from "./token.ts";

const PASSWORD = "correct horse battery";
// Of Argon2id with the least it can cost, so that the tests need not wait.
const KEPT = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$p15c/TOJ3ovY07sMZYG2VvFjxPpwKMT5GPQgPMRev2o";
const BY = { at: 1, who: "root", client: "terminal" };
const TOKEN = newToken("A. Lind");

const folder = mkdtempSync(join(tmpdir(), "auscult-account-"));
after(() => rmSync(folder, { recursive: true }));

let accounts: Accounts;
let ward: Ward;
let server: Awaited<ReturnType<typeof serve>>;
let now: number;
let files = 0;
beforeEach(async () => {
  accounts = new Accounts(join(folder, `${files++}.db`));
  ward = new Ward(folder);
  now = Date.UTC(2026, 10, 27);
  server = await serve({ host: "127.0.0.1", port: 0, token: TOKEN, door: new Door(accounts, () => now), session: ward, webRoot: folder });
});
afterEach(async () => {
  await server.close();
  accounts.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly message?: string; readonly who?: string; readonly signIn?: boolean; readonly rights?: readonly string[] };
}

/** As a browser at this address asks, where nothing else is said. */
function ask(
  method: string,
  path: string,
  { cookie = "", body, headers = {} }: { cookie?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { host, port, origin } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        headers: {
          host,
          origin,
          cookie,
          "user-agent": "Firefox",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("end", () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: text === "" ? {} : JSON.parse(text) }),
        );
      },
    );
    asked.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function add(name: string, role: Role): void {
  accounts.add({ name, role, password: KEPT, made: 1 }, BY);
}
const trySignIn = (name: string, password = PASSWORD, more: Parameters<typeof ask>[2] = {}) =>
  ask("POST", "/api/sign-in", { body: { name, password }, ...more });
/** The cookie as the browser sends it back. */
async function signedIn(name: string, before = ""): Promise<string> {
  const { status, headers } = await trySignIn(name, PASSWORD, { cookie: before });
  assert.equal(status, 204);
  return headers["set-cookie"]![0]!.split(";")[0]!;
}
const who = async (cookie: string) => {
  const { status, body } = await ask("GET", "/api/session", { cookie });
  return `${status} ${status === 200 ? body.who : body.message}`;
};
const SAID = { attribute: "model", value: "V3", reason: "label at the bedside" };
const say = (cookie: string, headers = {}) => ask("POST", "/api/devices/d2/said", { cookie, body: SAID, headers });
const log = () => [...accounts.audit()].filter((row) => row.who !== "root").map((row) => `${row.who}: ${row.what}: ${row.about}`);

test("whoever signs in has a cookie no script reads, and what they say carries the account's name", async () => {
  add("lind", "biomed");
  const { headers } = await trySignIn("lind");
  const port = new URL(server.url).port;
  assert.match(headers["set-cookie"]![0]!, new RegExp(`^auscult-in-${port}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
  assert.equal(headers["cache-control"], "no-store");
  const cookie = await signedIn("lind");
  assert.equal((await say(cookie)).status, 204);
  assert.equal((await ask("POST", "/api/changes/1/undo", { cookie, body: { reason: "mistaken" } })).status, 204);
  assert.deepEqual([ward.said[0]!.who, ward.asked.at(-1)], ["lind", "undo 1 by lind: mistaken"]);
});

test("a wrong password is refused and told, as an unknown name is; after three one waits, and the right one does too", async () => {
  add("lind", "biomed");
  const wrong = await trySignIn("lind", "wrong horse battery");
  const unknown = await trySignIn("kuhn", "wrong horse battery");
  assert.deepEqual(
    [wrong.status, wrong.headers["set-cookie"], wrong.body],
    [401, undefined, { message: "Name and password do not fit each other." }],
  );
  assert.deepEqual([unknown.status, unknown.body], [wrong.status, wrong.body]);
  for (let tries = 0; tries < 2; tries++) await trySignIn("lind", "wrong horse battery");
  const early = await trySignIn("lind");
  assert.deepEqual(
    [early.status, early.headers["retry-after"], early.body.message],
    [429, "1", "Too many wrong passwords. The next one is looked at in 1 s."],
  );
  now += 1_000;
  assert.equal((await trySignIn("lind")).status, 204);
  assert.deepEqual(log().slice(0, 2), ["lind: sign-in refused: wrong password", "no such account: sign-in refused: wrong password"]);
});

test("where there are accounts the token lets nobody in: neither as an address, nor as a cookie, nor as a header", async () => {
  assert.equal(await who(`auscult-${new URL(server.url).port}=${TOKEN}`), "200 alind (not verified)");
  add("lind", "biomed");
  assert.equal((await ask("GET", `/?token=${TOKEN}`)).headers["set-cookie"], undefined);
  assert.equal(await who(`auscult-${new URL(server.url).port}=${TOKEN}`), "401 Sign in to go on.");
  const authorization = `Bearer ${TOKEN}`;
  assert.equal((await ask("GET", "/api/devices", { headers: { authorization } })).status, 401);
  assert.equal(
    (await say(await signedIn("lind"), { authorization, origin: "http://evil.test" })).status,
    403,
    "a header is no way round the origin",
  );
});

test("a stolen cookie is refused, ends for its owner too, and both the owner and the log are told", async () => {
  add("lind", "biomed");
  const cookie = await signedIn("lind");
  const stolen = await ask("GET", "/api/devices", { cookie, headers: { "user-agent": "curl/8.5" } });
  assert.deepEqual([stolen.status, stolen.body.signIn], [401, true]);
  assert.match(await who(cookie), /^401 This sign-in was used from another browser or another network, and has ended/);
  assert.deepEqual(log(), ["lind: sign-in: biomed", "lind: cookie from elsewhere: the sign-in was ended"]);
});

test("a viewer who calls an editor's API is refused and told which right it takes; looking is theirs", async () => {
  add("moor", "viewer");
  const cookie = await signedIn("moor");
  for (const [method, path, right] of [
    ["POST", "/api/devices/d2/said", "say"],
    ["POST", "/api/changes/1/undo", "say"],
    ["PUT", "/api/views", "say"],
    ["POST", "/api/session/stop", "operate"],
    ["POST", "/api/session/listen", "operate"],
    ["PUT", "/api/uploads/a.pcap", "operate"],
  ] as const) {
    const { status, body } = await ask(method, path, { cookie, body: SAID });
    assert.equal(status, 403, path);
    assert.match(body.message!, new RegExp(`^This takes the right to ${right} .* which a viewer does not have\\.$`));
  }
  assert.deepEqual([ward.said, ward.asked], [[], []]);
  assert.equal(log()[1], "moor: right refused: POST /api/devices/:id/said takes the right to say");
  for (const path of ["/api/devices", "/api/devices/d2", "/api/coverage", "/api/changes", "/api/views"])
    assert.equal((await ask("GET", path, { cookie })).status, 200, path);
});

test("a role that is lowered holds from the next request, also in what stays open; an account that is removed is out, and hears no more", async () => {
  add("lind", "biomed");
  add("moor", "admin");
  const cookie = await signedIn("lind");
  const news = await listenTo(cookie);
  await news.heard(/"rights":\["look","say","judge","operate","open a group"\]/);
  accounts.setRole("lind", "viewer", BY);
  assert.equal((await say(cookie)).status, 403);
  ward.tell({ devices: 16 });
  await news.heard(/"devices":16,.*"rights":\["look"\]/);
  accounts.remove("lind", BY);
  assert.equal(await who(cookie), "401 This account or its password was changed, or all its sign-ins were ended. Sign in again.");
  ward.tell({ devices: 17 });
  await news.ended;
  assert.doesNotMatch(news.text(), /"devices":17/);
  add("lind", "admin");
  assert.equal(
    await who(cookie),
    "401 This account or its password was changed, or all its sign-ins were ended. Sign in again.",
    "the name alone is not the account",
  );
});

test("a book of accounts that the disk spoiled is this computer's fault, not the person's", async () => {
  add("moor", "viewer");
  const spoiled = new DatabaseSync(join(folder, `${files - 1}.db`));
  spoiled.exec("DROP TABLE account");
  spoiled.close();
  const { status, body } = await trySignIn("moor", PASSWORD);
  assert.deepEqual([status, body.message], [500, "This computer refused: no such table: account."]);
});

test("news come to a viewer, and to nobody who is not signed in", async () => {
  add("moor", "viewer");
  const news = await listenTo(await signedIn("moor"));
  await news.heard(/^event: state\ndata: .*"who":"moor"/);
  news.leave();
  assert.equal((await ask("GET", "/api/events")).status, 401);
});

test("two tabs are one sign-in: signing out in one ends the other, at the server and not in the browser alone", async () => {
  add("lind", "biomed");
  const cookie = await signedIn("lind");
  const other = await listenTo(cookie);
  const out = await ask("POST", "/api/sign-out", { cookie });
  assert.match(out.headers["set-cookie"]![0]!, /^auscult-in-\d+=; .*; Max-Age=0$/);
  assert.equal(await who(cookie), "401 You are signed out.");
  ward.tell({ devices: 16 });
  await other.ended;
});

test("a secret the browser brought along is never signed in (session fixation); the one it held before ends", async () => {
  add("lind", "biomed");
  const name = `auscult-in-${new URL(server.url).port}`;
  const fixed = `${name}=${"A".repeat(43)}`;
  const cookie = await signedIn("lind", fixed);
  assert.notEqual(cookie, fixed);
  assert.equal(await who(fixed), "401 Sign in to go on.");
  await signedIn("lind", cookie);
  assert.equal(await who(cookie), "401 You are signed out.");
});

test("Host and Origin are asked of whoever is signed in, and of whoever signs in", async () => {
  add("lind", "biomed");
  const cookie = await signedIn("lind");
  assert.equal((await ask("GET", "/api/devices", { cookie, headers: { host: "evil.test" } })).status, 421);
  for (const origin of ["http://evil.test", "null", "http://127.0.0.1:1"]) {
    assert.equal((await say(cookie, { origin })).status, 403, origin);
    assert.equal((await trySignIn("lind", PASSWORD, { headers: { origin } })).status, 403, origin);
  }
  assert.equal(ward.said.length, 0);
  assert.equal(log().filter((line) => line === "not known: origin refused: POST /api/sign-in").length, 3);
  assert.equal((await say(cookie)).status, 204);
});

test("one's own password is changed with the old one, and every other sign-in ends", async () => {
  add("lind", "viewer");
  const [tab, other] = [await signedIn("lind"), await signedIn("lind")];
  const change = (current: string, next: string) => ask("PUT", "/api/account/password", { cookie: tab, body: { current, next } });
  assert.equal((await change("wrong horse battery", "another horse battery")).status, 401);
  assert.match((await change(PASSWORD, "lind")).body.message!, /^expected a password of at least 15/);
  const { status, headers } = await change(PASSWORD, "another horse battery");
  assert.equal(status, 204);
  assert.equal(await who(headers["set-cookie"]![0]!.split(";")[0]!), "200 lind");
  assert.deepEqual(
    [await who(tab), await who(other)].map((it) => it.slice(0, 4)),
    ["401 ", "401 "],
  );
});

test("on loopback without accounts the name is asked for, kept in the browser, and marked as not verified wherever it stands", async () => {
  const token = `auscult-${new URL(server.url).port}=${TOKEN}`;
  const { body } = await ask("GET", "/api/session", { cookie: token });
  assert.deepEqual([body.who, (body as { isNamed?: boolean }).isNamed], ["alind (not verified)", false]);
  const named = await ask("PUT", "/api/account/name", { cookie: token, body: { name: "Anna Lind" } });
  const cookie = `${token}; ${named.headers["set-cookie"]![0]!.split(";")[0]!}`;
  assert.equal(await who(cookie), "200 Anna Lind (not verified)");
  await say(cookie);
  assert.equal(ward.said[0]!.who, "Anna Lind (not verified)");
  for (const name of ["admin (verified)", "<b>", "x".repeat(41), " "])
    assert.equal((await ask("PUT", "/api/account/name", { cookie: token, body: { name } })).status, 400, name);
  assert.equal(await who(`${token}; auscult-name-${new URL(server.url).port}=%zz`), "200 alind (not verified)");
  assert.equal((await trySignIn("lind")).status, 409);
  assert.equal((await ask("POST", "/api/sign-out", { cookie })).status, 409);
});

test("under TLS the cookie is sent over nothing else, the page is called what its certificate says, and its origin is https", async (context) => {
  add("lind", "viewer");
  const { certificate, key } = makeCertificate(["auscult.example", "127.0.0.1"], Date.now());
  const tls = { certificate, key, names: ["auscult.example", "127.0.0.1"] };
  const secure = await serve({ host: "127.0.0.1", port: 0, token: null, door: new Door(accounts), tls, session: ward, webRoot: folder });
  context.after(() => secure.close());
  const { port } = secure;
  assert.equal(secure.url, `https://127.0.0.1:${port}/`, "and no token is in it");
  const signIn = (host: string, origin: string) =>
    new Promise<IncomingMessage>((resolve, reject) =>
      requestByTls(
        {
          host: "127.0.0.1",
          port,
          method: "POST",
          path: "/api/sign-in",
          ca: certificate,
          servername: "auscult.example",
          headers: { host, origin, "content-type": "application/json" },
        },
        (response) => resolve(response.resume()),
      )
        .on("error", reject)
        .end(JSON.stringify({ name: "lind", password: PASSWORD })),
    );
  const own = `auscult.example:${port}`;
  const { statusCode, headers } = await signIn(own, `https://${own}`);
  assert.equal(statusCode, 204);
  assert.match(headers["set-cookie"]![0]!, new RegExp(`^__Host-auscult-in-${port}=[^;]+; Path=/; HttpOnly; SameSite=Strict; Secure$`));
  assert.equal((await signIn(own, `http://${own}`)).statusCode, 403);
  assert.equal((await signIn(`evil.test:${port}`, `https://${own}`)).statusCode, 421);
});

/** The events of the page, as they come. */
async function listenTo(cookie: string) {
  const { host, port } = new URL(server.url);
  let text = "";
  const waiting = new Set<() => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const asked = request(
    { host: "127.0.0.1", port, path: "/api/events", headers: { host, cookie, "user-agent": "Firefox" } },
    (response) => {
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        for (const look of waiting) look();
      });
      response.on("end", end);
    },
  ).end();
  asked.on("error", end);
  const heard = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(text) && resolve();
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`expected news of ${pattern}, they ended with: ${text}`)));
    });
  await heard(/event: state/);
  return { heard, ended, text: () => text, leave: () => asked.destroy() };
}
