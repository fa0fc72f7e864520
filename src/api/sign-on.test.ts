/** Single sign-on against a real provider on this computer: in, refused, the provider away, and out again. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Door } from "../accounts/door.ts";
import { hashed } from "../accounts/password.ts";
import { SignOn } from "../accounts/sign-on.ts";
import { makeCertificate } from "../accounts/certificate.ts";
import { openIdProvider, type ProviderOptions } from "../link/sign-on/provider.ts";
import type { GroupRole } from "../model/account.ts";
import { Accounts } from "../store/accounts.ts";
import { CLIENT, OpenIdProvider } from "../testing/open-id-provider.ts";
import { Ward } from "../testing/ward.ts";
import { serve, type Served } from "./index.ts";

const PASSWORD = "correct horse battery";
const BY = { at: 1, who: "root", client: "terminal" };
const ROLES: readonly GroupRole[] = [
  { group: "auscult-biomed", role: "biomed", site: null },
  { group: "north-look", role: "viewer", site: "north" },
  { group: "south-look", role: "viewer", site: "south" },
];
const PEOPLE = {
  s1: { name: "Anna.Lind", groups: ["staff", "auscult-biomed"] },
  s2: { name: "moor@hospital.example", groups: ["south-look", "north-look"] },
  s3: { name: "visitor", groups: ["staff"] },
};

let folder: string;
let kept: string;
let provider: OpenIdProvider;
let accounts: Accounts;
let server: Served;
let now: number;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "auscult-sign-on-"));
  kept = await hashed(PASSWORD);
});
after(() => rmSync(folder, { recursive: true }));
let files = 0;
beforeEach(async () => {
  accounts = new Accounts(join(folder, `${files++}.db`));
  accounts.add({ name: "lind", role: "admin", password: kept, made: 1 }, BY);
  now = Date.now();
  provider = await OpenIdProvider.start();
  provider.people = PEOPLE;
  provider.who = "s1";
  await serveWith({});
});
afterEach(async () => {
  await server.close();
  await provider.stop();
  accounts.close();
});

async function serveWith(more: Partial<ProviderOptions>): Promise<void> {
  const door = new Door(accounts, () => now);
  const asked = openIdProvider(
    { issuer: provider.issuer, client: CLIENT.id, secret: CLIENT.secret, scopes: ["profile"], groupsClaim: "groups", ...more },
    () => now,
  );
  const rules = { title: "the hospital", roles: ROLES, groupsClaim: "groups", nameClaim: "preferred_username" };
  const signOn = new SignOn(door, asked, rules, () => now);
  server = await serve({ host: "127.0.0.1", port: 0, token: null, door, signOn, session: new Ward(folder), webRoot: folder });
  provider.serves(origin());
}
const origin = () => new URL(server.url).origin;

interface Answer {
  readonly status: number;
  readonly words: string;
  readonly cookies: readonly string[];
  readonly body: { readonly message?: string; readonly address?: string; readonly who?: string; readonly signOn?: string };
}
async function ask(
  method: string,
  path: string,
  { cookie = "", body, agent = "Firefox" }: { cookie?: string; body?: object; agent?: string } = {},
) {
  const response = await fetch(`${origin()}${path}`, {
    method,
    headers: { origin: origin(), cookie, "user-agent": agent, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const given = (text === "" ? {} : JSON.parse(text)) as Answer["body"];
  const cookies = response.headers.getSetCookie().map((it) => it.split(";")[0]!);
  return { status: response.status, words: `${response.status} ${given.message ?? ""}`, cookies, body: given } satisfies Answer;
}

/** To the provider and back: what our server says in the end. */
async function goes(agent = "Firefox"): Promise<Answer> {
  const begun = await ask("POST", "/api/sign-on", { agent });
  assert.equal(begun.status, 200, begun.words);
  return comesBack(begun, await provider.visit(begun.body.address!), agent);
}
const comesBack = (begun: Answer, answer: string, agent = "Firefox") =>
  ask("POST", "/api/sign-on/answer", { cookie: begun.cookies[0]!, body: { answer }, agent });
async function signedIn(): Promise<string> {
  const { status, words, cookies } = await goes();
  assert.equal(status, 204, words);
  return cookies.find((it) => it.startsWith("auscult-in-"))!;
}
const who = async (cookie: string, agent = "Firefox") => {
  const { status, words, body } = await ask("GET", "/api/session", { cookie, agent });
  return status === 200 ? body.who : words;
};
const log = () => [...accounts.audit()].filter((row) => row.who !== "root").map((row) => `${row.who}: ${row.what}: ${row.about}`);
const signInByPassword = () => ask("POST", "/api/sign-in", { body: { name: "lind", password: PASSWORD } });

const LIND = "anna.lind@127.0.0.1";

test("whoever the provider vouches for comes in under a name no local account has, with the role of the first group that fits", async () => {
  assert.equal((await ask("GET", "/api/session")).body.signOn, "the hospital");
  const cookie = await signedIn();
  assert.equal(await who(cookie), LIND);
  assert.deepEqual(log(), [`${LIND}: account added: ${LIND}: biomed, by single sign-on`, `${LIND}: sign-in: biomed, by single sign-on`]);
  assert.equal(JSON.stringify(accounts.all()).includes(CLIENT.secret), false);
  assert.deepEqual(accounts.bySubject(JSON.stringify([provider.issuer, "s1"]))?.name, LIND);
});

test("after somebody signed out, the provider asks whoever comes next in that browser who they are", async () => {
  const promptOf = ({ body }: Answer) => new URL(body.address!).searchParams.get("prompt");
  assert.equal(promptOf(await ask("POST", "/api/sign-on")), null);
  for (const path of ["/api/sign-out", "/api/sign-out/everywhere"]) {
    const out = await ask("POST", path, { cookie: await signedIn() });
    const left = out.cookies.find((it) => it.startsWith("auscult-on-"))!;
    const begun = await ask("POST", "/api/sign-on", { cookie: left });
    assert.equal(promptOf(begun), "login", path);
    assert.equal((await comesBack(begun, await provider.visit(begun.body.address!))).status, 204);
  }
});

test("roles by site come of groups, and change with them at the next sign-in, for every sign-in there is", async () => {
  provider.who = "s2";
  const cookie = await signedIn();
  const { role, sites } = accounts.find("moor@hospital.example")!;
  assert.deepEqual([role, sites], ["viewer", ["north", "south"]]);
  provider.people = { ...PEOPLE, s2: { name: "moor@hospital.example", groups: ["auscult-biomed"] } };
  await signedIn();
  const after = accounts.find("moor@hospital.example")!;
  assert.deepEqual([after.role, after.sites], ["biomed", null]);
  assert.equal(await who(cookie), "moor@hospital.example");
  assert.deepEqual(log().slice(2, 4), [
    "moor@hospital.example: role changed: moor@hospital.example: from viewer to biomed",
    "moor@hospital.example: sites changed: moor@hospital.example: all",
  ]);
});

test("groups that stand in no identity token are asked for where the provider tells them", async () => {
  await server.close();
  await provider.stop();
  provider = await OpenIdProvider.start({ isTerse: true });
  provider.people = PEOPLE;
  provider.who = "s2";
  await serveWith({});
  await signedIn();
  assert.equal(provider.asked.includes("/me"), true);
});

test("whoever is in no group that fits stays outside, and is named in the log", async () => {
  provider.who = "s3";
  const { words, cookies } = await goes();
  assert.match(words, /^403 Single sign-on: visitor@127\.0\.0\.1 is in no group that may come in here \(claim groups\)\./);
  assert.deepEqual(
    cookies.map((it) => it.replace(/\d+/, "")),
    ["auscult-on-="],
  );
  assert.deepEqual(log(), [
    "not known: sign-in refused: single sign-on: visitor@127.0.0.1 is in no group that may come in here (claim groups)",
  ]);
});

test("an identity token that is expired, unsigned, for others, of others, of another sign-in or changed is refused, each in its words", async (context) => {
  const minute = Math.floor(Date.now() / 1_000) - 120;
  const base64 = (it: object) => Buffer.from(JSON.stringify(it)).toString("base64url");
  const stranger = await OpenIdProvider.start();
  context.after(() => stranger.stop());
  const cases: readonly (readonly [string, NonNullable<OpenIdProvider["falsified"]>])[] = [
    ["the identity token has expired", (claims) => provider.signed({ ...claims, iat: minute - 60, exp: minute })],
    [
      "the identity token is not signed, or in a way that is not allowed",
      async (claims) => `${base64({ alg: "none" })}.${base64(claims)}.`,
    ],
    [
      "the signature of the identity token does not fit it",
      async (claims) => (await provider.signed(claims)).replace(/\.[^.]+$/, `.${"A".repeat(86)}`),
    ],
    ["the identity token is for another audience", (claims) => provider.signed({ ...claims, aud: "another" })],
    ["the identity token is of another issuer", (claims) => provider.signed({ ...claims, iss: "https://login.evil.example" })],
    ["the identity token belongs to another sign-in (nonce)", (claims) => provider.signed({ ...claims, nonce: "another" })],
    ["the identity token belongs to another sign-in (nonce)", (claims) => provider.signed({ ...claims, nonce: undefined })],
    ["the identity token is signed with a key that the provider does not publish", (claims) => stranger.signed(claims)],
  ];
  for (const [words, falsified] of cases) {
    provider.falsified = falsified;
    const answer = await goes();
    assert.equal(
      answer.words,
      `403 Single sign-on: ${words}. It is written in the audit log. Try again, or ask whoever keeps the accounts.`,
    );
    assert.equal(
      answer.cookies.some((it) => it.startsWith("auscult-in-")),
      false,
      words,
    );
  }
  assert.deepEqual(
    log(),
    cases.map(([words]) => `not known: sign-in refused: single sign-on: ${words}`),
  );
  assert.deepEqual(
    accounts.all().map(({ name }) => name),
    ["lind"],
  );
  provider.falsified = (claims) => provider.signed(claims);
  assert.equal(await who(await signedIn()), LIND, "a token made as the others were, and true, lets in");
});

test("an answer is the browser's that began, once, and with its own state; ten minutes later it is nobody's", async () => {
  const REFUSED = "403 Single sign-on: it was begun in another browser, in another tab, or more than ten minutes ago.";
  const begin = async () => {
    const begun = await ask("POST", "/api/sign-on");
    return { begun, answer: await provider.visit(begun.body.address!) };
  };
  const [mine, other] = [await begin(), await begin()];
  assert.match(
    (await ask("POST", "/api/sign-on/answer", { body: { answer: mine.answer } })).words,
    /^403 Single sign-on: it was begun in another/,
  );
  assert.match((await comesBack(other.begun, mine.answer)).words, /^403 Single sign-on: the answer belongs to another sign-in \(state\)\./);
  assert.equal((await comesBack(mine.begun, mine.answer, "curl/8.5")).words.slice(0, REFUSED.length), REFUSED, "from another browser");
  const good = await begin();
  assert.equal((await comesBack(good.begun, good.answer)).status, 204);
  assert.equal((await comesBack(good.begun, good.answer)).words.slice(0, REFUSED.length), REFUSED, "a second time");
  const late = await begin();
  now += 11 * 60_000;
  assert.equal((await comesBack(late.begun, late.answer)).words.slice(0, REFUSED.length), REFUSED, "too late");
  const denied = await ask("POST", "/api/sign-on");
  const state = new URL(denied.body.address!).searchParams.get("state")!;
  assert.match(
    (await comesBack(denied, `error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`)).words,
    /^403 Single sign-on: the provider let nobody in \(access_denied\)\./,
  );
});

test("a code is nothing without the verifier that only this server has (PKCE)", async () => {
  const begun = await ask("POST", "/api/sign-on");
  const code = new URLSearchParams(await provider.visit(begun.body.address!)).get("code")!;
  const stolen = await fetch(`${provider.issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`)}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: `${origin()}/signed-in`,
      code_verifier: "A".repeat(43),
    }),
  });
  assert.deepEqual([stolen.status, ((await stolen.json()) as { error: string }).error], [400, "invalid_grant"]);
});

test("a key that the provider changed between two sign-ins, or in the middle of one, is known at once", async () => {
  await signedIn();
  provider.changeKey();
  await signedIn();
  const begun = await ask("POST", "/api/sign-on");
  const answer = await provider.visit(begun.body.address!);
  provider.changeKey();
  assert.equal((await comesBack(begun, answer)).words, "204 ");
});

test("a provider that is down is said so at the button, and local accounts go on; when it is there again, so is single sign-on", async () => {
  const { port } = new URL(provider.issuer);
  provider.intercept = (request) => {
    request.socket.destroy();
    return true;
  };
  const away = await ask("POST", "/api/sign-on");
  assert.equal(
    away.words,
    "503 Single sign-on: the provider cannot be reached: it ended the connection. Try again in a moment, or sign in with a local account.",
  );
  assert.deepEqual(log(), ["not known: sign-in refused: single sign-on: the provider cannot be reached: it ended the connection"]);
  assert.equal((await signInByPassword()).status, 204);
  provider.intercept = () => false;
  assert.equal((await ask("POST", "/api/sign-on")).status, 503, "for a moment it is left alone");
  assert.deepEqual([port !== "", provider.asked.length], [true, 1]);
  now += 3_001;
  assert.equal(await who(await signedIn()), LIND);
});

test("one where nothing answers, one that answers nonsense, and one of another name are told apart", async () => {
  const wordsWith = async (more: Partial<ProviderOptions>) => {
    await server.close();
    await serveWith(more);
    return (await ask("POST", "/api/sign-on")).words.replace(/ Try again.*/, "");
  };
  assert.equal(
    await wordsWith({ issuer: "http://127.0.0.1:9" }),
    "503 Single sign-on: the provider cannot be reached: nothing answers at its address.",
  );
  assert.equal(
    await wordsWith({ issuer: `${provider.issuer}/other` }),
    "503 Single sign-on: the provider answered with an error of its own.",
  );
  provider.intercept = (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>") !== undefined;
  assert.equal(await wordsWith({}), "503 Single sign-on: the provider answered with something that is no JSON.");
  provider.intercept = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ issuer: "https://login.evil.example" }));
    return true;
  };
  assert.equal(await wordsWith({}), "503 Single sign-on: the provider calls itself otherwise than the setting signOnIssuer does.");
  provider.intercept = (_request, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(`"${"x".repeat(2 << 20)}"`) !== undefined;
  assert.equal(await wordsWith({}), "503 Single sign-on: the provider answered what OpenID Connect does not provide for.");
});

test("one that is slow, at any of its addresses, is waited for so long and no longer", async () => {
  await server.close();
  await serveWith({ answerMs: 300 });
  for (const slow of ["/token", "/jwks", "/.well-known/openid-configuration"]) {
    now += 120_000;
    const begun = slow.startsWith("/.") ? null : await ask("POST", "/api/sign-on");
    const answer = begun === null ? "" : await provider.visit(begun.body.address!);
    // Its head comes, and then a byte now and then: that is no answer either.
    provider.intercept = (request, response) => {
      if (request.url !== slow) return false;
      response.writeHead(200, { "content-type": "application/json" }).write("{");
      return true;
    };
    const { words } = begun === null ? await ask("POST", "/api/sign-on") : await comesBack(begun, answer);
    assert.equal(
      words,
      "503 Single sign-on: the provider did not answer in time. Try again in a moment, or sign in with a local account.",
      slow,
    );
    provider.intercept = () => false;
  }
});

test("a stolen sign-in that was ended since is refused and written down: by the person, at a terminal, with the account", async () => {
  const everywhere = await signedIn();
  assert.equal((await ask("POST", "/api/sign-out/everywhere", { cookie: everywhere })).status, 204);
  const ENDED = "401 This account or its password was changed, or all its sign-ins were ended. Sign in again.";
  assert.equal(await who(everywhere), ENDED);
  const revoked = await signedIn();
  accounts.endSignIns(LIND, BY);
  assert.equal(await who(revoked), ENDED);
  assert.equal(await who(revoked), ENDED);
  const removed = await signedIn();
  accounts.remove(LIND, BY);
  assert.equal(await who(removed), ENDED);
  const out = await signedIn();
  await ask("POST", "/api/sign-out", { cookie: out });
  assert.equal(await who(out, "curl/8.5"), "401 You are signed out.");
  const used = log().filter((line) => line.includes("ended sign-in used"));
  const changed = `${LIND}: ended sign-in used: refused: the account was changed, or all its sign-ins were ended before`;
  assert.deepEqual(used, [changed, changed, changed, `${LIND}: ended sign-in used: refused: it was signed out before`]);
});

test("the provider ends one session or all of a person, by a token it signed; a sign-in under it is refused then, and others stay", async () => {
  const sessions: string[] = [];
  provider.falsified = (claims) => {
    sessions.push(claims["sid"] as string);
    return provider.signed(claims);
  };
  const [first, second] = [await signedIn(), await signedIn()];
  assert.notEqual(sessions[0], sessions[1]);
  await provider.logOut("s1", sessions[0]!);
  assert.equal(await who(first), "401 The provider of single sign-on has ended this sign-in. Sign in again.");
  assert.equal(await who(second), LIND);
  const event = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const token = { iss: provider.issuer, aud: CLIENT.id, sub: "s1", events: event, jti: "1", iat: Math.floor(Date.now() / 1_000) };
  const send = async (it: string) => {
    const response = await fetch(`${origin()}/api/sign-on/ended`, { method: "POST", body: new URLSearchParams({ logout_token: it }) });
    return `${response.status} ${await response.text()}`;
  };
  const refused: readonly (readonly [RegExp, Promise<string>])[] = [
    [/something that is no logout token/, Promise.resolve("not a token")],
    [
      /not signed/,
      Promise.resolve(
        `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(token)).toString("base64url")}.`,
      ),
    ],
    [/says something else than it must/, provider.signed({ ...token, aud: "another" })],
    [/says something else than it must/, provider.signed({ ...token, iss: "https://login.evil.example" })],
    [/had expired/, provider.signed({ ...token, iat: token.iat - 600 })],
    [/no logout token/, provider.signed({ ...token, events: {} })],
    [/no logout token/, provider.signed({ ...token, nonce: "of an identity token" })],
  ];
  for (const [words, it] of refused) assert.match(await send(await it), words);
  assert.equal(await who(second), LIND, "none of them ended it");
  assert.equal(await send(await provider.signed(token)), "204 ");
  assert.match((await who(second))!, /^401 The provider of single sign-on has ended/);
  assert.equal(
    log().some((line) => line === `provider of single sign-on: sign-ins ended: ${LIND}`),
    true,
  );
});

test("two people are never one: a name that another has is refused, a local name cannot be taken, and whom the provider renames stays one", async () => {
  await signedIn();
  provider.people = { ...PEOPLE, s9: { name: "anna.lind", groups: ["auscult-biomed"] } };
  provider.who = "s9";
  assert.match((await goes()).words, /^403 Single sign-on: "anna\.lind@127\.0\.0\.1" is another person's account here/);
  provider.people = { s1: { name: "anna.berg", groups: ["auscult-biomed"] } };
  provider.who = "s1";
  assert.equal(await who(await signedIn()), "anna.berg@127.0.0.1");
  assert.equal(log().at(-2), `anna.berg@127.0.0.1: account renamed: ${LIND} is anna.berg@127.0.0.1 at the provider`);
  provider.people = { s1: { name: "lind", groups: ["auscult-biomed"] } };
  assert.equal(await who(await signedIn()), "lind@127.0.0.1", "and not the local account");
  provider.people = { s1: { name: "Łukasz <b>", groups: ["auscult-biomed"] } };
  assert.match((await goes()).words, /^403 Single sign-on: the claim preferred_username holds no name of letters a to z/);
  const byPassword = await ask("POST", "/api/sign-in", { body: { name: "lind@127.0.0.1", password: PASSWORD } });
  assert.equal(byPassword.status, 401, "it has no password, and any is wrong");
});

test("over TLS the provider's certificate must hold, by the authority of the settings", async () => {
  await server.close();
  await provider.stop();
  const tls = makeCertificate(["localhost", "127.0.0.1"], Date.now());
  provider = await OpenIdProvider.start({ tls });
  await serveWith({});
  assert.match(
    (await ask("POST", "/api/sign-on")).words,
    /^503 Single sign-on: the provider has a certificate that does not hold \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  );
  await server.close();
  await serveWith({ ca: tls.certificate });
  const { status, body } = await ask("POST", "/api/sign-on");
  assert.deepEqual([status, body.address!.startsWith(`${provider.issuer}/auth?`)], [200, true]);
});
