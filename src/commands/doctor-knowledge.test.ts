import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { feedText, ourFeeds, recordsOf } from "../knowledge/feeds.ts";
import { feedsFolder } from "../link/site-feeds.ts";
import { siteKnowledge } from "./doctor-knowledge.ts";

test("of what a site brought it is named what serves, what is damaged and what ours has overtaken; of nothing nothing is said", (t) => {
  const data = mkdtempSync(join(tmpdir(), "auscult-doctor-"));
  t.after(() => rmSync(data, { recursive: true }));
  const said = () => siteKnowledge(data).map(({ about, state, words }) => `${state} ${about}: ${words.replaceAll(`${data}/`, "")}`);
  assert.deepEqual(said(), []);

  const folder = feedsFolder(data);
  mkdirSync(folder, { recursive: true });
  const kev = ourFeeds().find(({ name }) => name === "exploited")!;
  const records = recordsOf(readFileSync(kev.file, "utf8"));
  const put = (file: string, source: string, day: string) => writeFileSync(join(folder, file), feedText({ source, day, records: records.length }, records)); // prettier-ignore
  put("exploited.txt", kev.head.source, "2030-01-01");
  put("exploited.txt.before", kev.head.source, "2029-01-01");
  assert.deepEqual(said(), [`ok Feeds: CISA KEV of 2030-01-01, ${records.length} records`]);

  put("exploited.txt", kev.head.source, "2020-01-01");
  put("recalls-openfda-recall.txt", "openFDA recall", "2026-09-01");
  writeFileSync(join(folder, "recalls-openfda-recall.txt"), readFileSync(join(folder, "recalls-openfda-recall.txt")).subarray(0, 500));
  mkdirSync(join(data, "recalls"));
  writeFileSync(join(data, "recalls", "1.jsonl"), "nonsense\n");
  writeFileSync(join(data, "team.json"), "{}");
  writeFileSync(join(folder, "kept-out.tsv"), "2026-11-20\tkev.json\t\texpected JSON, got a text that stops half-way\nnonsense\n");
  assert.deepEqual(said(), [
    `note Feeds: CISA KEV of 2020-01-01 is older than that of ${kev.head.day}, which Auscult brought along and which serves`,
    "wrong Feeds: knowledge/feeds/recalls-openfda-recall.txt is damaged: nothing serves in its place",
    "wrong Feeds: kev.json was kept out on 2026-11-20: expected JSON, got a text that stops half-way. What served until then serves on",
    "wrong Feeds: kept-out.tsv: line 2 of it is damaged: remove knowledge/feeds/kept-out.tsv",
    "wrong Recalls: expected a recall as it was written, got something else in line 1 of recalls/1.jsonl",
    "wrong Team: expected the team's hours in team.json: move it away and say them anew",
  ]);
});
