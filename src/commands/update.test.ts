/** `auscult update` as a person runs it: what is taken is used at once, what is kept out is said and its exit code tells, a preview changes nothing. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadExploited } from "../knowledge/exploited.ts";
import { useSiteFeeds } from "../knowledge/feeds.ts";
import { ourRegistry } from "../knowledge/prefixes.ts";
import { rowsOf, useSiteRegistry } from "../knowledge/registry.ts";
import { openReader } from "../reader.ts";
import { advisoryDocument, catalogue, endsOfSupport, enforcement, nvdPage, publishInto, recallActs, scores } from "../testing/published.ts";
import { Recording } from "../testing/recording.ts";
import { siteKnowledge } from "./doctor-knowledge.ts";
import { CommandError, Exit } from "./terminal.ts";
import { update, type Sources, type UpdateOptions } from "./update.ts";

const CVE = "CVE-2026-1000";
const ADVISORY = advisoryDocument({ id: "ICSMA-26-300-01", updated: "2026-09-27", version: "vers:all/*" });
const KEV = catalogue("2026-09-30", [...loadExploited().keys(), CVE]);

test("what is taken is used by the next question, also of who reads already", async (t) => {
  const data = recorded(t);
  const from = join(data, "brought");
  publishInto(from, "2026/icsma-26-300-01.json", ADVISORY);
  const reader = await openReader(join(data, "recordings", "ward.db"));
  t.after(() => reader.close());
  const answers = async () => (await reader.weaknessesOf("d1")).map(({ name, answer, danger }) => `${name} ${answer}${danger.knownExploited ? " exploited" : ""}`); // prettier-ignore
  const risk = async () => (await reader.risk("d1", { walls: [], ownRanges: [] }))!.total;
  assert.equal((await answers()).includes("ICSMA-26-300-01 affected"), false);
  const before = await risk();

  assert.match(await told(t, data, { from }), /^CISA ICSMA of 2026-09-27, used from the next question on: 184 records, 1 new, 0 changed, 0 gone\.\n$/);
  assert.ok((await answers()).includes("ICSMA-26-300-01 affected"));
  const affected = await risk();
  assert.ok(affected > before, `${affected} is more than ${before}`);

  publishInto(from, "kev.json", KEV);
  await told(t, data, { from });
  assert.ok((await answers()).includes("ICSMA-26-300-01 affected exploited"));
  assert.equal((await reader.fleet()).knowledge["CISA KEV"], "2026-09-30");

  assert.match(await told(t, data, { back: true }), /CISA ICSMA is ours again/);
  assert.equal((await answers()).includes("ICSMA-26-300-01 affected exploited"), false);
  assert.equal(await risk(), before);
}); // prettier-ignore

test("a preview lists the answers and risks that would be another, and takes nothing", async (t) => {
  const data = recorded(t);
  const from = join(data, "brought");
  publishInto(from, "2026/icsma-26-300-01.json", ADVISORY);
  const words = await told(t, data, { from, preview: true });
  assert.match(words, /^Recording ward\. Nothing is taken\.\nCISA ICSMA of 2026-09-27, now of 2026-08-11: 1 new/);
  assert.match(words, /d1\tspace1\tICSMA-26-300-01\tAn advisory on B\. Braun SpaceCom\tnone\taffected/);
  assert.match(
    words,
    /1 answer on weaknesses and 1 risk would be another, 0 recalls .* 0 cards .*\. No finding and no policy's verdict rests on these/,
  );
  assert.equal(existsSync(join(data, "knowledge")), false);

  const lines = (await told(t, data, { from, preview: true, json: true })).split("\n");
  const { weaknesses, risks, findings, verdicts, troubles } = JSON.parse(lines.find((it) => it.startsWith("{"))!) as Record<string, readonly { device?: string }[]>; // prettier-ignore
  assert.deepEqual(weaknesses, [{ device: "d1", name: "space1", weakness: "ICSMA-26-300-01", title: "An advisory on B. Braun SpaceCom", from: "none", to: "affected" }]); // prettier-ignore
  assert.deepEqual([risks?.map(({ device }) => device), findings, verdicts, troubles], [["d1"], 0, 0, []]);

  await told(t, data, { from });
  assert.match(await told(t, data, { from, preview: true }), /0 answers on weaknesses and 0 risks would be another,/);
});

test("what is kept out is said in a line, by its exit code too; what is good beside it is taken", async (t) => {
  const data = recorded(t);
  const from = join(data, "brought");
  publishInto(from, "2026/icsma-26-300-01.json", ADVISORY);
  publishInto(from, "kev.json", JSON.stringify(KEV).slice(0, 5_000));
  const refused = await refusal(told(t, data, { from }));
  assert.deepEqual([refused.exit, refused.message], [Exit.usage, "1 file or feed kept out."]);
  assert.ok(existsSync(join(data, "knowledge", "feeds", "advisories-cisa-icsma.txt")));
  for (const [options, exit, words] of [
    [{ from: join(data, "nowhere") }, Exit.usage, /nowhere: expected a folder, got no such file or folder$/],
    [{ from: join(data, "recordings", "..", "empty") }, Exit.usage, /empty: expected files as they are published .*, got none$/],
    [{ from, back: true }, Exit.usage, /^expected --back alone, got it with --from$/],
  ] as const) {
    mkdirSync(join(data, "empty"), { recursive: true });
    const it = await refusal(told(t, data, options));
    assert.equal(it.exit, exit);
    assert.match(it.message, words);
  }
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("1999-12-31") });
  const { exit, message } = await refusal(told(t, data, { from }));
  t.mock.timers.reset();
  assert.deepEqual([exit, message], [Exit.configuration, "expected a clock at 2026-08-22 or later, of which Auscult's own knowledge is, got 1999-12-31: set this machine's clock"]); // prettier-ignore
});

test("what was kept out is remembered, by its publication or its file, until that is brought whole; doctor and Today name it", async (t) => {
  const data = recorded(t);
  const from = join(data, "brought");
  const reader = await openReader(join(data, "recordings", "ward.db"));
  t.after(() => reader.close());
  const today = async () => (await reader.today({ walls: [], ownRanges: [], hours: null })).keptOut.map((it) => it.replace(/ on \d{4}-\d\d-\d\d:/, ":"));
  const bring = async (name: string, content: string | object) => {
    publishInto(from, name, content);
    return refusal(told(t, data, { from }));
  };
  assert.deepEqual(await today(), []);

  const half = { ...KEV, vulnerabilities: KEV.vulnerabilities.slice(0, KEV.vulnerabilities.length / 2), count: Math.floor(KEV.vulnerabilities.length / 2) };
  await bring("kev.json", half);
  await bring("kev.json", JSON.stringify(half).slice(0, 5_000));
  await bring("epss.csv", "#model_version:v2025,score_date:2026-09-30\ncve,epss");
  const [shrunk, scored, cut, ...more] = await today();
  assert.match(shrunk!, /^CISA KEV was kept out: expected at least \d+ records of CISA KEV, since there are \d+ now, got \d+\. What served until then serves on$/);
  assert.match(cut!, /^kev\.json was kept out: .*stops half-way/);
  assert.match(scored!, /^epss\.csv was kept out: /);
  assert.deepEqual(more, []);
  assert.deepEqual(siteKnowledge(data).filter(({ state }) => state === "wrong").map(({ about, cure }) => [about, cure]), Array.from({ length: 3 }, () => ["Feeds", ["auscult update"]]));

  // Another file that is whole says nothing of the one that is broken; the same publication does, whatever its file is called.
  rmSync(from, { recursive: true });
  publishInto(from, "new/known.json", KEV);
  publishInto(from, "epss.csv", "#model_version:v2025,score_date:2026-09-30\ncve,epss");
  await refusal(told(t, data, { from }));
  assert.deepEqual((await today()).map((it) => it.split(" ")[0]), ["kev.json", "epss.csv"]);
  rmSync(join(from, "epss.csv"));
  await told(t, data, { from });
  assert.deepEqual([await today(), siteKnowledge(data).filter(({ state }) => state === "wrong")], [[], []]);
}); // prettier-ignore

test("from where they are published: newer advisories with their digests; what does not answer is said", async (t) => {
  const data = recorded(t);
  const site = join(data, "publishers");
  publishInto(site, "kev.json", KEV);
  publishInto(site, "epss.csv", scores("2026-09-30", 100_000));
  publishInto(site, "ends.json", endsOfSupport("2026-09-30", 40));
  publishInto(site, "csaf/2026/icsma-26-300-01.json", ADVISORY, { digest: true });
  publishInto(site, "csaf/changes.csv", '"2026/icsma-26-300-01.json","2026-09-27T00:00:00Z"\n"2019/icsma-19-001-01.json","2019-01-01T00:00:00Z"\n"../../etc/passwd","2026-09-27T00:00:00Z"\n'); // prettier-ignore
  publishInto(site, "fda/enforcement.json", enforcement("2026-09-30", [{ number: "Z-0100-2026", day: "2026-09-01" }]));
  publishInto(site, "fda/recall.json", recallActs("2026-09-30", [{ number: "Z-0101-2026", day: "2026-09-02" }]));
  publishInto(site, "nvd", nvdPage("2026-09-30", [["CVE-2026-1001", 9.8]]));
  const own = join(data, "own");
  publishInto(own, "2026/icsma-26-301-01.json", NO_SCORE);
  await told(t, data, { from: own });
  const { base, asked } = await serve(t, site);
  const sources = { registry: `${base}/none/`, exploited: `${base}/kev.json`, likelihood: `${base}/epss.csv`, support: `${base}/ends.json`, advisories: `${base}/csaf/`, severities: `${base}/nvd`, recalls: `${base}/fda/`, restMs: 0 }; // prettier-ignore
  const { exit, message } = await refusal(told(t, data, {}, sources));
  assert.deepEqual([exit, message.startsWith("1 source not read. Where there is no way to it")], [Exit.input, true], message);
  assert.deepEqual(asked.filter((it) => it.startsWith("/csaf/")), ["/csaf/changes.csv", "/csaf/2026/icsma-26-300-01.json", "/csaf/2026/icsma-26-300-01.json.sha512"]); // prettier-ignore
  const reader = await openReader(join(data, "recordings", "ward.db"));
  t.after(() => reader.close());
  assert.deepEqual((await reader.fleet()).knowledge, {
    "CISA ICSMA": "2026-09-27",
    "CISA KEV": "2026-09-30",
    "endoflife.date": "2026-09-30",
    "FIRST EPSS": "2026-09-30",
    NVD: "2026-09-30",
    "openFDA enforcement": "2026-09-30",
    "openFDA recall": "2026-09-30",
  });
  // Only what no advisory scores is asked for, and recalls since those that serve.
  assert.deepEqual(asked.filter((it) => it.startsWith("/nvd")), ["/nvd?cveId=CVE-2026-1001"]); // prettier-ignore
  assert.match(asked.findLast((it) => it.startsWith("/fda/enforcement")) ?? "", /report_date:\[\d{4}-\d\d-\d\d\+TO\+/);
  const unscored = (await reader.weaknessesOf("d1")).find(({ name }) => name === "ICSMA-26-301-01");
  assert.deepEqual([unscored?.danger.cvss, unscored?.severity], [9.8, "critical"]);
  assert.deepEqual((await reader.publishedRecalls()).map(({ number, class: level, heard }) => [number, level, heard]), [["Z-0100-2026", "II", 1], ["Z-0101-2026", "", 1]]); // prettier-ignore
  const again = asked.length;
  await refusal(told(t, data, {}, sources));
  assert.ok(asked.slice(again).some((it) => it.includes("report_date:[2026-09-30+TO+")));
  assert.equal(asked.slice(again).some((it) => it.startsWith("/nvd")), false); // prettier-ignore
});

test("a preview names recalls that would be new, and cards that would be another maker's", async (t) => {
  const data = recorded(t);
  const from = join(data, "brought");
  publishInto(from, "device-enforcement.json", enforcement("2026-09-30", [{ number: "Z-0100-2026", day: "2026-09-01", level: "Class I" }, { number: "Z-0102-2026", day: "2026-09-01", product: "Another pump" }])); // prettier-ignore
  const rows = rowsOf(ourRegistry()).map(([prefix, name]) => [prefix, prefix === "0009fb" ? "Halden Devices" : name] as const);
  for (const [file, digits] of [["oui.csv", 6], ["mam.csv", 7], ["oui36.csv", 9]] as const) // prettier-ignore
    publishInto(from, file, ["Registry,Assignment,Organization Name,Organization Address", ...rows.filter(([prefix]) => prefix.length === digits).map(([prefix, name]) => `MA,${prefix.toUpperCase()},"${name.replaceAll('"', '""')}",`)].join("\r\n")); // prettier-ignore
  const words = await told(t, data, { from, preview: true });
  assert.match(words, /Z-0100-2026\tI\tB\. Braun\tSpaceCom\t1\t0/);
  assert.doesNotMatch(words, /Z-0102/);
  assert.match(words, /d1\tspace1\t00:09:fb:00:00:01\t[^\t]+\tHalden Devices/);
  assert.match(words, /0 risks would be another, 1 recall would name a model heard here, and 1 card would be another maker's\./);
  assert.equal(existsSync(join(data, "knowledge")), false);
  await told(t, data, { from });
  t.after(() => useSiteRegistry(null));
  assert.match(await told(t, data, { from, preview: true }), /0 recalls would name a model heard here, and 0 cards would/);
});

const NO_SCORE = advisoryDocument({ id: "ICSMA-26-301-01", updated: "2026-09-26", cve: "CVE-2026-1001", score: null });

/** A data directory with the recording "ward", of a device that an advisory may name. */
function recorded(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), "auscult-update-test-"));
  t.after(() => {
    useSiteFeeds(null);
    rmSync(data, { recursive: true });
  });
  mkdirSync(join(data, "recordings"));
  const recording = new Recording(t);
  recording.sql("PRAGMA journal_mode = DELETE");
  recording.run("ward.pcap");
  recording.device([recording.endpoint("00:09:fb:00:00:01", "10.0.0.1")], {
    name: "space1",
    lifeCritical: "therapy",
    maker: "B. Braun",
    model: "SpaceCom",
  });
  copyFileSync(recording.path, join(data, "recordings", "ward.db"));
  return data;
}

async function serve(t: TestContext, folder: string) {
  const { readFileSync } = await import("node:fs");
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const file = join(folder, (request.url ?? "").replace(/\?.*/, ""));
    const isThere = existsSync(file);
    response.writeHead(isThere ? 200 : 404).end(isThere ? readFileSync(file) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function refusal(running: Promise<unknown>): Promise<CommandError> {
  try {
    await running;
  } catch (error) {
    assert.ok(error instanceof CommandError, String(error));
    return error;
  }
  assert.fail("it was refused");
}

async function told(t: TestContext, data: string, options: Partial<UpdateOptions>, sources?: Sources): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    // The test runner's own lines are bytes.
    return t.mock.method(stream, "write", (text: string | Uint8Array) => (typeof text === "string" ? lines.push(text) > 0 : write(text)));
  });
  try {
    await update({ data, ...options }, sources);
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
  return lines.join("");
}
