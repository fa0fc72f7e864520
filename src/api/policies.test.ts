/** Policies by HTTP: written and read, learned, and replayed against what is open. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ChangedPart, PolicyChange } from "../model/policy-history.ts";
import type { GroupReport, PolicyReport, ReachReport, WhyReport } from "../model/policy-report.ts";
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

test("a policy is written, read, written over and taken away; all it said stays in its history", async () => {
  const { data, ask } = await opened("written");
  const reason = "first try";
  assert.deepEqual(await ask("GET", "/policies"), { code: 200, body: [] });
  assert.equal((await ask("GET", "/policies/ICU%20ward")).code, 404);
  assert.equal((await ask("PUT", "/policies/ICU%20ward", { text: POLICY })).code, 400, "without why");
  assert.deepEqual(await ask("PUT", "/policies/ICU%20ward", { text: POLICY, reason }), { code: 200, body: { change: 1 } });
  assert.deepEqual((await ask("GET", "/policies/ICU%20ward")).body, { text: POLICY });
  const written = (await ask("GET", "/policies")).body as unknown as { name: string; kinds: string[] }[];
  assert.deepEqual(written.map(({ kinds }) => kinds), [["infusion pump", "ventilator"]], "who is a peer only is not governed"); // prettier-ignore
  const names = written.map(({ name }) => name);
  assert.deepEqual(names, ["ICU ward"]);
  const reports = POLICY.replace("charting", "reports");
  assert.deepEqual((await ask("PUT", "/policies/ICU%20ward", { text: reports, reason: "other work" })).body, { change: 2 });
  assert.deepEqual((await ask("PUT", "/policies/ICU%20ward", { text: reports, reason })).body, { change: null }, "it says so already");
  assert.deepEqual((await ask("DELETE", "/policies/ICU%20ward")).body, { change: 3 });
  assert.equal((await ask("DELETE", "/policies/ICU%20ward")).code, 404);
  assert.deepEqual(readdirSync(join(data, "policies")), ["history.db"]);
  const gone = (await ask("GET", "/policies-taken-away")).body as unknown as { name: string; who: string; change: number }[];
  assert.deepEqual(gone.map(({ name, who, change }) => [name, who, change]), [["ICU ward", "alind (not verified)", 3]]); // prettier-ignore
});

test("the history says who, when and why with the lines that changed; one is taken back, and a text written as it was", async () => {
  const { data, ask } = await opened("history");
  const put = (text: string, reason: string) => ask("PUT", "/policies/ward", { text, reason });
  await put(POLICY, "first");
  const moved = POLICY.replace("tcp 443", "tcp 8443");
  await put(moved, "the server moved");
  await put(`${moved}  - no ventilators reaches pumps\n`, "one more test");
  const history = async () => (await ask("GET", "/policies/ward/history")).body as unknown as { changes: PolicyChange[]; trouble: null };
  const { changes, trouble } = await history();
  assert.equal(trouble, null);
  assert.deepEqual(changes.map((it) => [it.number, it.what, it.who, it.why]), [
    [3, "written", "alind (not verified)", "one more test"],
    [2, "written", "alind (not verified)", "the server moved"],
    [1, "written", "alind (not verified)", "first"],
  ]); // prettier-ignore
  const { parts } = (await ask("GET", "/policies/ward/history/2")).body as unknown as { parts: ChangedPart[] };
  const changed = parts.flatMap(({ lines }) => lines).filter(({ mark }) => mark !== "same");
  assert.deepEqual(changed.map(({ mark, text }) => `${mark} ${text}`), ["gone     service: tcp 443", "new     service: tcp 8443"]); // prettier-ignore

  assert.deepEqual((await ask("POST", "/policies/ward/history/2/undo", { reason: "it did not move" })).body, { change: 4 });
  const kept = (await ask("GET", "/policies/ward")).body!["text"];
  assert.equal(kept, `${POLICY}  - no ventilators reaches pumps\n`, "what came after it stays");
  const again = await ask("POST", "/policies/ward/history/2/undo", { reason: "twice" });
  assert.deepEqual([again.code, /was changed since, or is taken back/.test(again.body!["message"] as string)], [400, true]);
  assert.deepEqual((await ask("POST", "/policies/ward/history/1/restore", { reason: "from the start" })).body, { change: 5 });
  assert.equal(readFileSync(join(data, "policies", "ward.yaml"), "utf8"), POLICY);
  assert.equal((await ask("POST", "/policies/ward/history/1/restore", { reason: "twice" })).code, 400);
  for (const number of [0, 99, "x"]) assert.notEqual((await ask("GET", `/policies/ward/history/${number}`)).code, 200);
  assert.equal((await ask("POST", "/policies/ward/history/99/undo", { reason: "none" })).code, 400);

  await ask("DELETE", "/policies/ward");
  assert.deepEqual((await ask("POST", "/policies/ward/history/6/undo", { reason: "it is needed" })).body, { change: 7 });
  assert.equal(readFileSync(join(data, "policies", "ward.yaml"), "utf8"), POLICY);
});

test("many who write one policy at once write it whole, one after the other, and none is forgotten", async () => {
  const { data, ask } = await opened("at once");
  const texts = Array.from({ length: 20 }, (_, at) => POLICY.replace("policy: Ward", `policy: Ward ${at}`));
  const codes = await Promise.all(texts.map((text) => ask("PUT", "/policies/ward", { text, reason: "at once" })));
  assert.deepEqual([...new Set(codes.map(({ code }) => code))], [200]);
  assert.deepEqual(readdirSync(join(data, "policies")).toSorted(), ["history.db", "ward.yaml"]);
  assert.ok(texts.includes(readFileSync(join(data, "policies", "ward.yaml"), "utf8")));
  assert.equal(((await ask("GET", "/policies/ward/history")).body!["changes"] as unknown[]).length, 20);
});

test("what is no policy, and what is no name, is told with its place and not written", async () => {
  const { data, ask } = await opened("wrong");
  const wrong = await ask("PUT", "/policies/ward", { text: POLICY.replace("tcp 443", "tcp ninety"), reason: "x" });
  assert.equal(wrong.code, 400);
  assert.match(wrong.body!["message"] as string, /^ward\.yaml:12:14: expected /);
  for (const name of ["..%2Fsettings", "%2Fetc%2Fpasswd", ".hidden", "a%00b"]) assert.equal((await ask("PUT", `/policies/${name}`, { text: POLICY, reason: "x" })).code, 400, name);
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

test("a group is told with who is in it and how well its rules fit; one that is none is not", async () => {
  const { ask } = await opened("group");
  const of = async (group: string) => ask("POST", "/policies/group", { text: POLICY, file: "ward.yaml", group });
  const { members, membersTotal, waiting, fit, newcomers, disclosed } = (await of("pumps")).body as unknown as GroupReport;
  assert.deepEqual(members.map(({ name, kind }) => `${name}: ${kind}`), ["ICU-01 pump: infusion pump", "ICU-02 pump: infusion pump", "ICU-03 pump: infusion pump", "ICU-04 pump: infusion pump"]); // prettier-ignore
  assert.deepEqual([membersTotal, newcomers, disclosed], [4, "hold", []]);
  assert.deepEqual(fit, { heard: 4, kept: 4, allowed: 4 });
  assert.deepEqual(waiting.map(({ name }) => name), ["ICU-05 pump"]); // prettier-ignore
  const none = await of("nobody");
  assert.deepEqual([none.code, none.body!["message"]], [404, "The policy has no group nobody."]);
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
  await ask("PUT", "/policies/ward", { text: POLICY, reason: "x" });
  assert.equal((await ask("PUT", "/policies/ward/counters", { ...counts, schema: "another" })).code, 400);
  const asked = { name: "ward", text: POLICY, device: "ICU-01 pump", minutes: 15 };
  const pump = (await ask("POST", "/policies/why", asked)).body as unknown as WhyReport;
  assert.equal(pump.device.name, "ICU-01 pump");
  const own = { ...counts, stopped: [{ ...counts.stopped[0]!, client: addressOf("ICU-01 pump") }] };
  assert.equal((await ask("PUT", "/policies/ward/counters", own)).code, 204);
  assert.deepEqual((await ask("GET", "/policies/ward/counters")).body, { counts: own });
  assert.deepEqual(readdirSync(join(data, "policies")), ["history.db", "ward.counters.json", "ward.yaml"]);
  assert.deepEqual(((await ask("GET", "/policies")).body as unknown as { name: string }[]).map(({ name }) => name), ["ward"]);
  const yes = (await ask("POST", "/policies/why", asked)).body as unknown as WhyReport;
  assert.match(yes.sentence, /^Yes: our wall stopped ICU-01 pump → 10\.9\.9\.9 tcp 80, last at /);
  const log = `${new Date(at / 1000 - 1_000).toISOString()} %SEC-6-IPACCESSLOGP: list PUMPS denied tcp ${addressOf("ICU-01 pump")}(1234) -> 10.8.8.8(22), 2 packets`;
  const both = (await ask("POST", "/policies/why", { ...asked, log })).body as unknown as WhyReport;
  assert.deepEqual(both.stopped.map((it) => [it.from, it.service, it.rule]), [["counters", "tcp 80", ""], ["log", "tcp 22", "PUMPS"]]);
  for (const wrong of [{ ...asked, device: "nobody" }, { ...asked, log: "hello" }, { ...asked, minutes: 0 }]) assert.equal((await ask("POST", "/policies/why", wrong)).code, 400);
}); // prettier-ignore
