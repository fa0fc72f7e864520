/** Policies by HTTP: written and read, learned, and replayed against what is open. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { PolicyReport, ReachReport, WhyReport } from "../model/policy-report.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const token = newToken("A. Lind");
const HOST = "127.0.0.1:8471";
const PAGE = { host: HOST, origin: `http://${HOST}`, authorization: `Bearer ${token}` };
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
tests:
  - no pumps reaches ventilators
`;

const folder = mkdtempSync(join(tmpdir(), "auscult-policies-"));
after(() => rmSync(folder, { recursive: true }));

async function opened(name: string) {
  const data = join(folder, name);
  const app = await api({ token, session: new Ward(data), webRoot: folder }, () => new Set([HOST]));
  const ask = async (method: "GET" | "PUT" | "POST" | "DELETE", url: string, body?: object) => {
    const answer = await app.inject({ method, url: `/api${url}`, headers: PAGE, ...(body === undefined ? {} : { payload: body }) });
    return { code: answer.statusCode, body: answer.body === "" ? null : (answer.json() as Record<string, unknown>) };
  };
  return { data, ask };
}

test("a policy is written, read, written over and taken away; as it was before stays beside it", async () => {
  const { data, ask } = await opened("written");
  assert.deepEqual(await ask("GET", "/policies"), { code: 200, body: [] });
  assert.equal((await ask("GET", "/policies/ICU%20ward")).code, 404);
  assert.equal((await ask("PUT", "/policies/ICU%20ward", { text: POLICY })).code, 204);
  assert.deepEqual((await ask("GET", "/policies/ICU%20ward")).body, { text: POLICY });
  const names = ((await ask("GET", "/policies")).body as unknown as { name: string }[]).map(({ name }) => name);
  assert.deepEqual(names, ["ICU ward"]);
  assert.equal((await ask("PUT", "/policies/ICU%20ward", { text: POLICY.replace("charting", "reports") })).code, 204);
  assert.equal((await ask("DELETE", "/policies/ICU%20ward")).code, 204);
  assert.deepEqual(readdirSync(join(data, "policies")), ["ICU ward.yaml.before"]);
  assert.match(readFileSync(join(data, "policies", "ICU ward.yaml.before"), "utf8"), /because: reports/);
});

test("many who write one policy at once write it whole, one after the other", async () => {
  const { data, ask } = await opened("at once");
  const texts = Array.from({ length: 20 }, (_, at) => POLICY.replace("policy: Ward", `policy: Ward ${at}`));
  const codes = await Promise.all(texts.map((text) => ask("PUT", "/policies/ward", { text })));
  assert.deepEqual([...new Set(codes.map(({ code }) => code))], [204]);
  assert.deepEqual(readdirSync(join(data, "policies")), ["ward.yaml", "ward.yaml.before"]);
  for (const end of ["", ".before"]) assert.ok(texts.includes(readFileSync(join(data, "policies", `ward.yaml${end}`), "utf8")));
});

test("what is no policy, and what is no name, is told with its place and not written", async () => {
  const { data, ask } = await opened("wrong");
  const wrong = await ask("PUT", "/policies/ward", { text: POLICY.replace("tcp 443", "tcp ninety") });
  assert.equal(wrong.code, 400);
  assert.match(wrong.body!["message"] as string, /^ward\.yaml:12:14: expected /);
  for (const name of ["..%2Fsettings", "%2Fetc%2Fpasswd", ".hidden", "a%00b"]) assert.equal((await ask("PUT", `/policies/${name}`, { text: POLICY })).code, 400, name);
  assert.throws(() => readdirSync(join(data, "policies")), /ENOENT/);
  const unread = await ask("POST", "/policies/report", { text: "groups: 7", file: "ward.yaml" });
  assert.equal(unread.code, 400);
  assert.match(unread.body!["message"] as string, /^ward\.yaml:\d+:\d+: expected /);
}); // prettier-ignore

test("a report has groups by what a patient loses, cells between them, and each verdict that asks for a person", async () => {
  const { ask } = await opened("report");
  const { code, body } = await ask("POST", "/policies/report", { text: POLICY, file: "ward.yaml" });
  assert.equal(code, 200);
  const { groups, cells, verdicts, counts, answer, tests, rules } = body as unknown as PolicyReport;
  assert.deepEqual(groups.map(({ name, members, waiting, care }) => [name, members, waiting, care]), [
    ["ventilators", 2, 0, "life-supporting"],
    ["pumps", 4, 1, "therapy"],
    ["server", 1, 0, "clinical IT"],
    ["outside", 0, 0, null],
    ["in no group", 0, 0, null],
  ]); // prettier-ignore
  assert.deepEqual(cells, [
    { from: 0, to: 2, kept: 2, blocked: 0, unsure: 0, rules: [2] },
    { from: 0, to: 3, kept: 0, blocked: 1, unsure: 0, rules: [] },
    { from: 1, to: 2, kept: 4, blocked: 0, unsure: 0, rules: [1] },
    { from: 4, to: 1, kept: 0, blocked: 1, unsure: 0, rules: [] },
    { from: 4, to: 2, kept: 0, blocked: 0, unsure: 1, rules: [] },
  ]);
  assert.deepEqual(verdicts.map((it) => [it.verdict, it.client.name, it.client.group, it.server.name, it.server.group]), [
    ["would block", "ICU-07 ventilator", 0, "vendor", 3],
    ["would block", "laptop", 4, "ICU-01 pump", 1],
    ["cannot tell", "ICU-05 pump", 4, "pump server", 2],
  ]); // prettier-ignore
  assert.deepEqual([counts["would block"].conversations, answer.verdict], [2, "would block"]);
  assert.deepEqual(rules.map((it) => [it.rule, it.conversations]), [[1, 4], [2, 2]]); // prettier-ignore
  assert.deepEqual(tests, [{ text: "no pumps reaches ventilators", held: true, because: "" }]);
});

test("one is learned from what is open, for the kinds that are asked for, and says what a person decides", async () => {
  const { ask } = await opened("learned");
  const { body } = await ask("POST", "/policies/report", { text: null, file: "Pumps", only: ["infusion pump"] });
  const { name, text, notLearned, groups } = body as unknown as PolicyReport;
  assert.equal(name, "Pumps");
  assert.match(text, /allow: infusion pump → pump server/);
  assert.deepEqual(groups.filter(({ governs }) => governs).map((it) => it.name), ["infusion pump"]); // prettier-ignore
  assert.ok(notLearned.some(({ who }) => who.includes("laptop → ICU-01 pump")));
});

test("how far a worm could come is told from each group of own devices, with what cuts", async () => {
  const { ask } = await opened("reach");
  const { code, body } = await ask("POST", "/policies/reach", { text: POLICY, file: "ward.yaml" });
  assert.equal(code, 200);
  const { from, lifeSupporting, pairs, cuts } = body as unknown as ReachReport;
  assert.deepEqual(from.map((it) => [it.from, it.began, it.heard.devices, it.kept.devices, it.allowed.devices]), [
    ["pumps", 4, 1, 1, 1],
    ["ventilators", 2, 1, 1, 1],
    ["server", 1, 0, 0, 0],
  ]); // prettier-ignore
  assert.deepEqual([lifeSupporting, pairs, cuts], [2, 0, []]);
});

test("one is written for equipment, with what takes it back and a page; what stands in the way is told", async () => {
  const { ask } = await opened("export");
  const targets = (await ask("GET", "/policy-targets")).body as unknown as { name: string }[];
  assert.ok(targets.some(({ name }) => name === "nftables-bridge"));
  const asked = { text: POLICY, file: "ward.yaml", to: "nftables-bridge", denied: "drop" };
  const { code, body } = await ask("POST", "/policies/export", asked);
  assert.equal(code, 200);
  assert.match(body!["text"] as string, /^table bridge auscult \{$/m);
  assert.match(body!["rollback"] as string, /^delete table bridge auscult$/m);
  assert.match(body!["change"] as string, /would block/);
  const draft = await ask("POST", "/policies/export", { ...asked, denied: "as-it-says" });
  assert.deepEqual([draft.code, draft.body!["message"]], [400, "expected a group that governs and has members with addresses, got none in Ward"]);
}); // prettier-ignore

test("counters that were saved where the wall stands are kept beside the policy, and answer whether it is us", async () => {
  const { data, ask } = await opened("us");
  const { to: at, machines } = new Ward(data).replay;
  const addressOf = (name: string) => machines.find(({ device }) => device.name === name)!.worn[0]!.ip!;
  const counts = {
    schema: "auscult.counters/1", on: "bridge", policy: "Ward", mark: "m", at, since: at - 3_600e6, waits: false, full: false,
    rules: [{ from: "pumps", to: "server", service: "tcp 443", packets: 9, bytes: 900, answers: 4 }],
    denied: [{ group: "pumps", from: 3, to: 0 }], totals: { stopped: 3, watched: 0, spared: 0, opened: 0 },
    stopped: [{ client: "10.20.4.11", server: "10.9.9.9", transport: "tcp", port: 80, packets: 3, last: at - 60e6 }],
    watched: [], openings: [],
  };
  assert.deepEqual((await ask("GET", "/policies/ward/counters")).body, { counts: null });
  assert.equal((await ask("PUT", "/policies/ward/counters", counts)).code, 404);
  await ask("PUT", "/policies/ward", { text: POLICY });
  assert.equal((await ask("PUT", "/policies/ward/counters", { ...counts, schema: "another" })).code, 400);
  const asked = { name: "ward", text: POLICY, device: "ICU-01 pump", minutes: 15 };
  const pump = (await ask("POST", "/policies/why", asked)).body as unknown as WhyReport;
  assert.equal(pump.device.name, "ICU-01 pump");
  const own = { ...counts, stopped: [{ ...counts.stopped[0]!, client: addressOf("ICU-01 pump") }] };
  assert.equal((await ask("PUT", "/policies/ward/counters", own)).code, 204);
  assert.deepEqual((await ask("GET", "/policies/ward/counters")).body, { counts: own });
  assert.deepEqual(readdirSync(join(data, "policies")), ["ward.counters.json", "ward.yaml"]);
  assert.deepEqual(((await ask("GET", "/policies")).body as unknown as { name: string }[]).map(({ name }) => name), ["ward"]);
  const yes = (await ask("POST", "/policies/why", asked)).body as unknown as WhyReport;
  assert.match(yes.sentence, /^Yes: our wall stopped ICU-01 pump → 10\.9\.9\.9 tcp 80, last at /);
  const log = `${new Date(at / 1000 - 1_000).toISOString()} %SEC-6-IPACCESSLOGP: list PUMPS denied tcp ${addressOf("ICU-01 pump")}(1234) -> 10.8.8.8(22), 2 packets`;
  const both = (await ask("POST", "/policies/why", { ...asked, log })).body as unknown as WhyReport;
  assert.deepEqual(both.stopped.map((it) => [it.from, it.service, it.rule]), [["counters", "tcp 80", ""], ["log", "tcp 22", "PUMPS"]]);
  for (const wrong of [{ ...asked, device: "nobody" }, { ...asked, log: "hello" }, { ...asked, minutes: 0 }]) assert.equal((await ask("POST", "/policies/why", wrong)).code, 400);
}); // prettier-ignore
