import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { take } from "../commands/update.ts";
import { loadAdvisories } from "../knowledge/advisories.ts";
import { loadExploited, loadLikelihood } from "../knowledge/exploited.ts";
import { feedDays, feedsIn, feedTurns, useSiteFeeds } from "../knowledge/feeds.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import { loadRecalls } from "../knowledge/recalls.ts";
import { loadSeverities } from "../knowledge/severities.ts";
import { advisoryDocument, catalogue, endsOfSupport, enforcement, nvdPage, publishInto, recallActs, scores } from "../testing/published.ts";
import { publishedFeeds } from "./published/index.ts";
import { feedsBeside, formerFeeds } from "./site-feeds.ts";

const root = mkdtempSync(join(tmpdir(), "auscult-feeds-"));
after(() => {
  useSiteFeeds(null);
  rmSync(root, { recursive: true });
});

const TODAY = "2026-11-01";
const OURS = [...loadExploited().keys()];
let made = 0;
let folder = "";
let site = "";
beforeEach(() => {
  folder = join(root, `published-${++made}`);
  site = join(root, `site-${made}`);
  publishInto(folder, ".keep", "");
  useSiteFeeds(site);
});

/** What is taken, and what is kept out, as people read it. */
function brought() {
  const { feeds, keptOut } = take(site, publishedFeeds(folder, TODAY));
  feedTurns();
  return {
    taken: feeds.map(({ source, day, added, changed, gone }) => `${source} ${day} +${added} ~${changed} -${gone}`),
    out: keptOut.map(({ place, why }) => `${place}: ${why}`),
  };
}

const NEW = "CVE-2026-0001";
const everything = () => {
  // Released in the evening, when it is the next day in universal time.
  publishInto(folder, "kev.json", { ...catalogue("2026-10-30", [...OURS, NEW]), catalogVersion: "2026.10.29" }, { digest: true });
  publishInto(folder, "csaf/2026/icsma-26-300-01.json", advisoryDocument({ id: "ICSMA-26-300-01", updated: "2026-10-27" }), {
    digest: true,
  });
  publishInto(folder, "epss.csv.gz", gzipSync(scores("2026-10-30", 100_000)));
};

test("good feeds are taken, and serve from the next question on", () => {
  const knowledge = loadKnowledge();
  assert.equal(knowledge.exploited.has(NEW), false);
  const advisories = knowledge.advisories.length;
  everything();
  assert.deepEqual(brought(), {
    taken: ["FIRST EPSS 2026-10-30 +100000 ~0 -0", "CISA KEV 2026-10-30 +1 ~1404 -0", "CISA ICSMA 2026-10-27 +1 ~0 -0"],
    out: [],
  });
  assert.equal(knowledge.exploited.get(NEW)?.product, "Gateway");
  assert.equal(knowledge.likelihood.size, 100_000);
  assert.equal(knowledge.advisories.length, advisories + 1);
  assert.deepEqual(feedDays(), {
    "CISA ICSMA": "2026-10-27",
    "CISA KEV": "2026-10-30",
    "FIRST EPSS": "2026-10-30",
    "endoflife.date": "2026-08-22",
  });
  assert.deepEqual(brought().taken.map((it) => it.replace(/ \d{4}-\S+/, "")).toSorted(), ["CISA ICSMA +0 ~0 -0", "CISA KEV +0 ~0 -0", "FIRST EPSS +0 ~0 -0"]); // prettier-ignore
});

test("cut short, shrunken, forged, of another year: each is kept out with its place, and the last good one stays", () => {
  everything();
  brought();
  const before = [...feedsIn(site)].map(({ file }) => readFileSync(file, "utf8"));
  const whole = JSON.stringify(catalogue("2026-10-31", [...OURS, NEW, "CVE-2026-0002"]));
  const attempts: readonly [name: string, content: object | string | Uint8Array, why: RegExp][] = [
    ["kev.json", whole.slice(0, whole.length / 2), /^kev\.json: expected JSON, got a text that stops half-way$/],
    ["kev.json", { ...catalogue("2026-10-31", OURS), count: 9_999 }, /^kev\.json: vulnerabilities: expected 9999, as count says, got 1404$/],
    ["kev.json", catalogue("2026-10-31", OURS.slice(0, 702)), /^CISA KEV: expected at least 1335 records of CISA KEV, since there are 1405 now, got 702$/],
    ["kev.json", catalogue("2025-01-01", [...OURS, NEW]), /^CISA KEV: expected CISA KEV of 2026-10-30 or later, which serves now, got that of 2025-01-01$/],
    ["kev.json", { ...catalogue("2026-10-31", OURS), catalogVersion: "2024.10.31" }, /^kev\.json: catalogVersion: expected that of 2026-10-31, on which it was released, got "2024\.10\.31"$/],
    ["kev.json", catalogue("2031-10-31", [...OURS, NEW]), /^kev\.json: expected a day up to 2026-11-01, which is today, got 2031-10-31$/],
    ["kev.json", catalogue("1999-10-31", [...OURS, NEW]), /^kev\.json: expected a day from 2000-01-01 on, got 1999-10-31$/],
    ["kev.json", catalogue("2026-10-31", [...OURS, "CVE-26-1"]), /^kev\.json: vulnerabilities\[1404\]\.cveID: expected a CVE such as CVE-2020-25165$/],
    ["kev.csv", `cveID,vendorProject,product,dateAdded,dueDate,knownRansomwareCampaignUse\n${NEW},Acme`, /^kev\.csv: record 2: expected 6 columns, got 2$/],
    ["epss.csv.gz", gzipSync(scores("2026-10-31", 100_000)).subarray(0, 9_000), /^epss\.csv\.gz: expected a whole gzip file, got one that stops half-way, or is damaged$/],
    ["epss.csv", scores("2026-10-31", 100_000).slice(0, -5), /^epss\.csv: 100002: expected a whole line, got one that stops half-way$/],
    ["epss.csv", scores("2026-10-31", 50_000), /^epss\.csv: expected the scores of at least 100000 vulnerabilities, got 50000$/],
    ["epss.csv", scores("2026-10-31", 100_000).replace(",0.0021,", ",2.5,"), /^epss\.csv: 5: expected a CVE and its probability, got "CVE-2026-10002,2\.5,0\.5"$/],
    ["endoflife.json", endsOfSupport("2026-10-31", 2), /^endoflife\.date: expected at least 390 records of endoflife\.date, since there are 487 now, got 36$/],
    ["endoflife.json", { ...endsOfSupport("2026-10-31", 40), total: 400 }, /^endoflife\.json: result: expected 400 products, as total says, got 18$/],
    ["cmms.csv", "Manufacturer,Model,End of support\nPhilips,MP70,03/04/2027\n", /^cmms\.csv: row 2: expected a day such as 2027-12-31 or 31\.12\.2027, got "03\/04\/2027"$/],
    ["cmms.csv", "Manufacturer;Model;EOS\nPhilips;MP70;2027-01-01\nPhilips;mp-70;2028-01-01\n", /^cmms\.csv: row 3: expected 2027-01-01 for mp-70, as row 2 says, got 2028-01-01$/],
    ["cmms.csv", "Maker,Model,End of life\nPhilips,,2027-01-01\n", /^cmms\.csv: row 2: expected a maker and a model, got no model$/],
    ["cmms.csv", "Maker,Model,End of life\nPhilips,MP70,\n", /^cmms\.csv: expected a model with its end of support, got none$/],
    ["notes.txt", "hello", /^notes\.txt: expected an advisory \(CSAF\), KEV, EPSS, endoflife\.date, NVD, recalls of openFDA, or a table of ends of support, got something else$/],
    ["\u001b[31m.json", "{}", /^[^\p{Cc}]*: expected an advisory \(CSAF\), KEV, EPSS, endoflife\.date, NVD, recalls of openFDA, or a table of ends of support, got other JSON$/u],
  ];
  for (const [name, content, why] of attempts) {
    rmSync(folder, { recursive: true });
    publishInto(folder, name, content);
    const { taken, out } = brought();
    assert.deepEqual(taken, [], name);
    assert.equal(out.length, 1);
    assert.match(out[0]!, why);
    assert.deepEqual([...feedsIn(site)].map(({ file }) => readFileSync(file, "utf8")), before, name);
  }
}); // prettier-ignore

test("one whose digest is another is forged; what is good beside it is taken", () => {
  everything();
  const forged = publishInto(folder, "kev.json", catalogue("2026-10-30", [...OURS, NEW]), { digest: true });
  writeFileSync(forged, readFileSync(forged, "utf8").replace(NEW, "CVE-2026-6666"));
  const { taken, out } = brought();
  assert.deepEqual(taken.length, 2);
  assert.match(out.join("\n"), /^kev\.json: expected the digest of kev\.json\.sha512, [0-9a-f]{12}…, got [0-9a-f]{12}…$/);
  assert.equal(loadExploited().has(NEW), false);
});

test("a catalogue as a table, and ends of support, are taken too", () => {
  const rows = [...OURS, NEW].map((cve) => `${cve},Acme,"Gateway, old",name,2026-10-30,text,action,2026-11-20,Known,,`);
  publishInto(folder, "kev.csv", ["cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes,cwes", ...rows, ""].join("\r\n")); // prettier-ignore
  publishInto(folder, "endoflife.json", endsOfSupport("2026-10-30", 40));
  const { taken, out } = brought();
  assert.deepEqual(out, []);
  assert.equal(taken.length, 2);
  assert.deepEqual(loadExploited().get(NEW), { due: "2026-11-20", ransomware: true, vendor: "Acme", product: "Gateway, old" });
  assert.equal(loadKnowledge().support.find(({ system }) => system === "Debian 40")?.ends, "2030-01-01");
});

test("a site's own table of ends of support is taken as a CMMS exports it, each model once; half of it is kept out", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => `B${at};"Philips";IntelliVue MP${at % 10};31.12.20${30 + (at % 10)};letter ${at % 10}`);
  const table = (count: number) => ["\ufeffControl number;Manufacturer;Model;End of support;Source", ...rows(count), ""].join("\r\n");
  publishInto(folder, "cmms.csv", table(25));
  assert.deepEqual(brought().taken.map((it) => it.replace(/ \d{4}-\S+/, "")), ["the site's table of support +10 ~0 -0"]);
  publishInto(folder, "cmms.csv", table(4));
  assert.match(brought().out.join(), /^the site's table of support: expected at least 5 records of the site's table of support, since there are 10 now, got 4$/);
  assert.equal(feedsIn(site).find(({ name }) => name === "models")!.head.records, 10);
}); // prettier-ignore

test("advisories come one by one: a newer one takes the place of the old, an older one does not; makers' stand beside CISA's", () => {
  const one = (id: string, updated: string, more: object = {}) => publishInto(folder, `2026/${id.toLowerCase()}.json`, advisoryDocument({ id, updated, ...more })); // prettier-ignore
  const serving = (id: string) => loadAdvisories().find((it) => it.id === id);
  one("ICSMA-26-300-01", "2026-10-27");
  one("SSA-100001", "2026-10-20", { publisher: { name: "Siemens ProductCERT", namespace: "https://www.siemens.com" } });
  assert.deepEqual(brought().taken, ["CISA ICSMA 2026-10-27 +1 ~0 -0", "Siemens ProductCERT 2026-10-20 +1 ~0 -0"]);
  assert.equal(serving("SSA-100001")?.products[0]?.version, "< L81");
  assert.deepEqual(serving("SSA-100001")?.fixedHints, ["2.0.1"]);
  assert.deepEqual(readdirSync(site), ["advisories-cisa-icsma.txt", "advisories-siemens-productcert.txt"]);

  one("ICSMA-26-300-01", "2026-10-28", { version: "< L82" });
  assert.deepEqual(brought().taken[0], "CISA ICSMA 2026-10-28 +0 ~1 -0");
  one("ICSMA-26-300-01", "2026-10-26", { version: "< L01" });
  assert.deepEqual(brought().taken[0], "CISA ICSMA 2026-10-28 +0 ~0 -0");
  assert.equal(serving("ICSMA-26-300-01")?.products[0]?.version, "< L82");
});

test("an index that lists what is not there, or much less than there was, keeps all of its publisher out", () => {
  const id = "ICSMA-26-300-01";
  publishInto(folder, "2026/icsma-26-300-01.json", advisoryDocument({ id, updated: "2026-10-27" }));
  publishInto(folder, "index.txt", "2026/icsma-26-300-01.json\n2026/icsma-26-299-01.json\n2026/icsa-26-298-01.json\n");
  assert.deepEqual(brought(), { taken: [], out: ["index.txt: expected each file it lists, got none of 2026/icsma-26-299-01.json: CISA ICSMA stops half-way"] }); // prettier-ignore
  publishInto(folder, "index.txt", "2026/icsma-26-300-01.json\n");
  assert.deepEqual(brought(), {
    taken: [],
    out: ["CISA ICSMA: expected at least 174 records of CISA ICSMA, since there are 183 now, got 1"],
  });
  rmSync(join(folder, "index.txt"));
  assert.deepEqual(brought().taken, ["CISA ICSMA 2026-10-27 +1 ~0 -0"]);
});

test("each goes back to the one before, then to ours, or to none", () => {
  everything();
  brought();
  publishInto(folder, "kev.json", catalogue("2026-10-31", [...OURS, NEW, "CVE-2026-0002"]), { digest: true });
  brought();
  assert.deepEqual(formerFeeds(site).map(({ source, to }) => `${source}: ${to}`), ["CISA ICSMA: ours", "CISA KEV: the one before", "FIRST EPSS: none"]); // prettier-ignore
  feedTurns();
  assert.equal(feedDays()["CISA KEV"], "2026-10-30");
  assert.equal(loadLikelihood().size, 0);
  assert.equal(feedDays()["CISA ICSMA"], "2026-08-11");
});

test("recalls and scores come in pieces: each changes what is in it, what is closed or rejected goes, older words change nothing", () => {
  const first = [{ number: "Z-0001-2026", day: "2026-09-01" }, { number: "Z-0002-2026", day: "2026-09-01", level: "Class I" }]; // prettier-ignore
  publishInto(folder, "a.json", enforcement("2026-10-01", first));
  publishInto(folder, "b.json", recallActs("2026-10-02", [{ number: "Z-0001-2026", day: "2026-08-01" }]));
  publishInto(folder, "nvd.json", nvdPage("2026-10-01", [["CVE-2026-1000", 9.8], ["CVE-2026-1001", 5]])); // prettier-ignore
  assert.deepEqual(brought(), { taken: ["openFDA enforcement 2026-10-01 +2 ~0 -0", "openFDA recall 2026-10-02 +1 ~0 -0", "NVD 2026-10-01 +2 ~0 -0"], out: [] }); // prettier-ignore
  const recalls = () => loadRecalls().map(({ number, class: level, firm }) => `${number} ${level} ${firm}`);
  assert.deepEqual(recalls(), ["Z-0001-2026 II B. Braun Medical, Inc.", "Z-0002-2026 I B. Braun Medical, Inc."]);
  assert.equal(loadSeverities().get("CVE-2026-1000")?.cvss, 9.8);

  publishInto(folder, "a.json", enforcement("2026-10-05", [{ number: "Z-0002-2026", day: "2026-10-04", status: "Terminated" }, { number: "Z-0003-2026", day: "2026-10-04" }])); // prettier-ignore
  rmSync(join(folder, "b.json"));
  publishInto(folder, "nvd.json", nvdPage("2026-10-05", [["CVE-2026-1001", null]]));
  assert.deepEqual(brought().taken, ["openFDA enforcement 2026-10-05 +1 ~0 -1", "NVD 2026-10-05 +0 ~0 -1"]);
  assert.deepEqual(recalls().map((it) => it.slice(0, 11)), ["Z-0001-2026", "Z-0003-2026"]); // prettier-ignore
  publishInto(folder, "a.json", enforcement("2026-09-05", [{ number: "Z-0003-2026", day: "2026-09-01", firm: "Older words" }]));
  assert.deepEqual(brought().taken[0], "openFDA enforcement 2026-10-05 +0 ~0 -0");
});

test("a piece that stops half-way, a file of two without the other, and half of all are kept out", () => {
  const many = Array.from({ length: 100 }, (_, at) => ({ number: `Z-${1000 + at}-2026`, day: "2026-09-01" }));
  const part = (name: string, recalls: typeof many, total: number) => publishInto(folder, `device-enforcement-${name}.json`, enforcement("2026-10-01", recalls, total)); // prettier-ignore
  part("0001-of-0002", many.slice(0, 60), 100);
  assert.deepEqual(brought().out, ["openFDA enforcement: expected all 2 files of it, got 1: it stops half-way"]);
  part("0002-of-0002", many.slice(60, 90), 100);
  assert.deepEqual(brought().out, ["openFDA enforcement: expected 100 records, as meta.results.total says, got 90: it stops half-way"]);
  part("0002-of-0002", many.slice(60), 100);
  assert.deepEqual(brought(), { taken: ["openFDA enforcement 2026-10-01 +100 ~0 -0"], out: [] });
  rmSync(join(folder, "device-enforcement-0002-of-0002.json"));
  part("0001-of-0001", many.slice(0, 50), 50);
  rmSync(join(folder, "device-enforcement-0001-of-0002.json"));
  assert.deepEqual(brought().out, ["openFDA enforcement: expected at least 80 records of openFDA enforcement, since there are 100 now, got 50"]);
  for (const [content, why] of [
    [enforcement("2026-10-01", many, 200), /^a\.json: results: expected 200, as meta\.results says, got 100$/],
    [enforcement("2026-10-01", [{ number: "F-1-2026", day: "2026-09-01" }]), /^a\.json: results\[0\]\.recall_number: expected a recall's number such as Z-0123-2026$/],
    [enforcement("1999-10-01", many), /^a\.json: expected a day from 2000-01-01 on, got 1999-10-01$/],
    [{ ...nvdPage("2026-10-01", [["CVE-2026-1000", 9.8]]), totalResults: 9, resultsPerPage: 9 }, /^a\.json: vulnerabilities: expected 9, as resultsPerPage and totalResults say, got 1$/],
    [nvdPage("2026-10-01", [["CVE-2026-1000", 99]]), /^a\.json: vulnerabilities\[0\]\.cve\.metrics\.cvssMetricV31\[0\]\.cvssData\.baseScore: /],
    ["PK\u0003\u0004", /^a\.json: expected what is in it, got a zip file: unpack it first$/],
  ] as const) {
    rmSync(folder, { recursive: true });
    publishInto(folder, "a.json", content);
    const { taken, out } = brought();
    assert.deepEqual(taken, []);
    assert.match(out.join("\n"), why);
  }
}); // prettier-ignore

test("one that was damaged since does not serve; what Auscult brought along does", () => {
  everything();
  brought();
  const file = join(site, "exploited.txt");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -9));
  feedTurns();
  assert.equal(feedDays()["CISA KEV"], "2025-08-25");
});

/** Stops the process as power does, at the n-th call that changes a file. */
const STOPPING = (call: number) => `
  import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
  let calls = 0;
  for (const name of ["writeFileSync", "linkSync", "renameSync", "rmSync", "fsyncSync"]) {
    const real = fs[name];
    fs[name] = (...values) => { if (++calls === ${call}) process.kill(process.pid, "SIGKILL"); return real(...values); };
  }
  syncBuiltinESMExports();`;

test("killed at any step, the old one is there or the new one, whole", () => {
  everything();
  brought();
  publishInto(folder, "kev.json", catalogue("2026-10-31", [...OURS, NEW, "CVE-2026-0002"]), { digest: true });
  rmSync(join(folder, "epss.csv.gz"));
  rmSync(join(folder, "csaf"), { recursive: true });
  const code = `const { take } = await import(${JSON.stringify(join(import.meta.dirname, "../commands/update.ts"))});
    const { publishedFeeds } = await import(${JSON.stringify(join(import.meta.dirname, "published/index.ts"))});
    take(${JSON.stringify(site)}, publishedFeeds(${JSON.stringify(folder)}, "${TODAY}"));`;
  let day = "2026-10-30";
  let call = 0;
  for (let ended = false; !ended;) {
    const preload = `data:text/javascript,${encodeURIComponent(STOPPING(++call))}`;
    const { signal, stderr } = spawnSync(process.execPath, ["--import", preload, "--input-type=module", "-e", code], { encoding: "utf8" });
    ended = signal === null;
    assert.ok(signal === "SIGKILL" || stderr === "", stderr);
    const serving = feedsIn(site).find(({ name }) => name === "exploited");
    assert.ok(serving !== undefined, `after call ${call} there is a whole one`);
    assert.ok(serving.head.day >= day, `after call ${call} nothing went back`);
    day = serving.head.day;
  }
  assert.ok(call > 4, `stopped at ${call - 1} steps`);
  assert.equal(day, "2026-10-31");
});

test("feeds lie in the data directory of the recording", () => {
  assert.equal(feedsBeside("/data/recordings/ward.db"), "/data/knowledge/feeds");
  assert.equal(feedsBeside("/elsewhere/ward.db"), null);
});
