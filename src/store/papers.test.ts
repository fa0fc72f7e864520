/** Makers' papers, attached to models: chained, the last of each kind counts, taken back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Mds2, Paper, Sbom } from "../model/paper.ts";
import { fleetDevice, known } from "../testing/fleet.ts";
import { openForWriting } from "./database.ts";
import { attachPaper, disclosedIn, withPapers } from "./papers.ts";
import { chainTrouble, undo, words } from "./said.ts";
import { changesFrom } from "./queries/changes.ts";
import { Store } from "./reader.ts";
import type { Held } from "./writing.ts";

let directory: string;
let held: Held;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "auscult-papers-store-"));
  held = openForWriting(join(directory, "ward.db"), "main");
  held.database.exec(`
    INSERT INTO device (id, name, name_key, maker, model, said, against, names, life_critical, standing, macs, ips, first, last, frames, bytes, days_low, days_high, services, peers, words)
      SELECT id, 'pump', 'pump', 'Corvane', iif(id = 1, 'M50', NULL), '{}', '{}', '[]', 'therapy', 'device', '[]', '[]', 1, 1, 1, 1, 1, 0, 0, 0, '' FROM (SELECT 1 AS id UNION SELECT 2)`);
});
afterEach(() => {
  held.release();
  rmSync(directory, { recursive: true });
});

const sbom = (day: string): Sbom => ({ kind: "sbom", day, version: null, components: [{ name: "openssl", version: "3", told: [] }] });
const MDS2: Mds2 = { kind: "mds2", day: "2021-07-01", answers: [{ id: "MPII-1", question: "PII?", answer: "yes", words: "" }] };
const attach = (paper: Paper, device = "d1") => attachPaper(held.database, { who: "Kim", reason: "from the maker", device, paper }, 5);
const papersOf = (model: string, maker = "Corvane") => {
  const [device] = withPapers([fleetDevice({ maker: known(maker), model: known(model) })], held.database);
  return [device?.sbom?.day ?? null, device?.mds2?.day ?? null];
};

test("a paper is its model's; the last of a kind counts, and taken back the one before; the chain holds", () => {
  attach(sbom("2025-01-01"));
  const second = attach(sbom("2026-01-01"));
  attach(MDS2);
  assert.deepEqual(papersOf("M50"), ["2026-01-01", "2021-07-01"]);
  assert.deepEqual(papersOf("M51"), [null, null]);
  assert.deepEqual(papersOf("M50", "Another"), [null, null]);
  undo(held.database, second, { who: "Kim", reason: "wrong", at: 6 });
  assert.deepEqual(papersOf("M50"), ["2025-01-01", "2021-07-01"]);
  assert.equal(chainTrouble(held.database), null);
  assert.deepEqual(words(held.database), [], "expected none of it to be a word of what a device is");
});

test("what a maker says of the network is its model's, with the form beside it, and is taken back", () => {
  const table = (day: string): Paper => ({ kind: "disclosure", day, whole: "all", flows: [] });
  attach(sbom("2025-01-01"));
  assert.deepEqual(disclosedIn(held.database), [], "an SBOM says nothing of the network");
  attach(table("2025"));
  const second = attach(table("2026"));
  attach(MDS2);
  const now = () => disclosedIn(held.database).map(({ maker, model, disclosure, mds2 }) => [maker, model, disclosure?.day, mds2?.day]);
  assert.deepEqual(now(), [["Corvane", "M50", "2026", "2021-07-01"]]);
  undo(held.database, second, { who: "Kim", reason: "wrong", at: 6 });
  assert.deepEqual(now(), [["Corvane", "M50", "2025", "2021-07-01"]]);
  assert.equal(chainTrouble(held.database), null);
  const [device] = withPapers([fleetDevice({ maker: known("Corvane"), model: known("M50") })], held.database);
  assert.ok(device !== undefined && !("disclosure" in device), "no device carries it about");
});

test("to a device whose model is not known nothing is attached", () => {
  assert.throws(() => attach(MDS2, "d2"), /expected a device whose model is known, got d2/);
  assert.deepEqual(papersOf("M50"), [null, null]);
});

test("the list of changes says which paper it was, and of what", () => {
  attach(sbom("2025-01-01"));
  held.release();
  const store = new Store(join(directory, "ward.db"));
  const [row] = changesFrom(store, 0, 10);
  store.close();
  assert.deepEqual([row?.what, row?.value, row?.about], ["paper", "SBOM of 2025-01-01, 1 component", "all Corvane M50"]);
  held = openForWriting(join(directory, "ward.db"), "main");
});
