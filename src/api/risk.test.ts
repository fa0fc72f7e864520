/** Risk and Today by HTTP: the list and its bands, one device, the team's hours, whom to call, and a wall that is said to stand. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { DeviceRisk, RiskPage } from "../model/risk.ts";
import type { TodayCalled } from "../model/today.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:4180";
const token = newToken("lind");
let folder: string;
let ask: (method: "GET" | "PUT", path: string, body?: object) => Promise<{ status: number; body: unknown }>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "auscult-api-risk-"));
  const app = await api({ token, session: new Ward(folder), webRoot: folder }, () => new Set([HOST]));
  ask = async (method, path, body) => {
    const { statusCode, ...response } = await app.inject({ method, url: `/api${path}`, headers: { host: HOST, authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { payload: body }) }); // prettier-ignore
    return { status: statusCode, body: response.body === "" ? null : response.json() };
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const today = async () => (await ask("GET", "/today")).body as TodayCalled & { hoursSaid: { who: string } | null };

test("the list: the most endangered first, one band alone, and every weight with its reason", async () => {
  const { rows, total, byBand, rules, shares } = (await ask("GET", "/risk")).body as RiskPage;
  assert.deepEqual(rows.map((it) => it.total), rows.map((it) => it.total).toSorted((a, b) => b - a)); // prettier-ignore
  assert.equal(Object.values(byBand).reduce((sum, it) => sum + it, 0), total); // prettier-ignore
  assert.ok(rules.every(({ reason }) => reason !== ""));
  assert.deepEqual(shares, [100, 50, 25]);
  const high = (await ask("GET", "/risk?band=high")).body as RiskPage;
  assert.ok(high.rows.length > 0 && high.rows.every(({ band }) => band === "high"));
  assert.equal((await ask("GET", "/risk?band=red")).status, 400);
});

test("one device; none of that name; an id that is none", async () => {
  const { device, sides } = (await ask("GET", "/devices/d2/risk")).body as DeviceRisk;
  assert.deepEqual([device, sides.map(({ side }) => side)], ["d2", ["patient", "device", "network"]]);
  assert.equal((await ask("GET", "/devices/d9999/risk")).status, 404);
  assert.equal((await ask("GET", "/devices/pump/risk")).status, 400);
});

test("the hours are asked for, said with a name, and kept; what is no hours is refused in words", async () => {
  assert.deepEqual([(await today()).work.hours, (await today()).hoursSaid], [null, null]);
  for (const [hours, words] of [[0, "above zero"], [5_000, "at most 1000"], [1.1, "steps of a quarter"], ["six", "expected number"]] as const) {
    const { status, body } = await ask("PUT", "/today/hours", { hours });
    assert.deepEqual([status, (body as { message: string }).message.includes(words)], [400, true], JSON.stringify(body));
  } // prettier-ignore
  assert.equal((await ask("PUT", "/today/hours", { hours: 7.5 })).status, 204);
  const { work, hoursSaid } = await today();
  assert.deepEqual([work.hours, work.minutes?.most, hoursSaid?.who], [7.5, 360, "lind (not verified)"]);
  writeFileSync(join(folder, "team.json"), "{");
  assert.match(JSON.stringify((await ask("GET", "/today")).body), /expected the team's hours in .*: move it away and say them anew/);
});

test("each sentence names whom to call, or for what nobody is written down", async () => {
  writeFileSync(join(folder, "contacts.csv"), "ward,kind,maker,hours,who,call\n,ventilator,,,Nurse in charge,5501\n");
  const { sentences } = await today();
  assert.deepEqual([sentences[0]!.contacts.map(({ call }) => call), sentences[0]!.noContact], [["5501"], null]);
  assert.deepEqual([sentences.at(-1)!.contacts, sentences.at(-1)!.noContact], [[], "Ward 4B"]);
});

// What the ward's policies are held against has a pump by the number of d2.
test("a policy that is enforced takes points away; a draft takes none, and one that cannot be read is told", async () => {
  const before = (await ask("GET", "/devices/d2/risk")).body as DeviceRisk;
  const policy = (state: string) =>
    `policy: Pumps\ngroups:\n  pumps:\n    select: kind = "infusion pump"\n    states: { everywhere: ${state} }\nrules: []\n`;
  mkdirSync(join(folder, "policies"));
  const file = join(folder, "policies", "vents.yaml");
  writeFileSync(file, policy("monitor"));
  assert.deepEqual((await ask("GET", "/devices/d2/risk")).body, before);
  writeFileSync(file, policy("enforced"));
  const after = (await ask("GET", "/devices/d2/risk")).body as DeviceRisk;
  const rules = after.sides.flatMap(({ circumstances }) => circumstances.map(({ rule }) => rule));
  assert.ok(rules.includes("wall without proof"), rules.join());
  assert.ok(after.total < before.total);
  writeFileSync(file, "groups: 7\n");
  assert.match((await today()).unheard.at(-1)!.words, /^Policy vents cannot be read/);
});
