/** What people say of weaknesses: found again by the device's keys or its model, chained, and taken back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { SaidOfWeakness } from "../model/weakness-report.ts";
import { openForWriting } from "./database.ts";
import { chainTrouble, undo, words } from "./said.ts";
import { sayOfWeakness, wordsOfWeaknesses } from "./weakness-words.ts";
import type { Held } from "./writing.ts";

let directory: string;
let held: Held;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "auscult-weakness-words-"));
  held = openForWriting(join(directory, "ward.db"), "main");
  held.database.exec(`
    INSERT INTO endpoint VALUES (1, 0, '00:09:fb:12:34:56', '10.0.0.7', NULL, 1, 60, 1, 1, 0, 1, 0), (2, 0, '00:09:fb:12:34:57', '10.0.0.8', NULL, 1, 60, 1, 1, 0, 1, 0);
    INSERT INTO device_endpoint VALUES (1, 1), (2, 2);
    INSERT INTO device (id, name, name_key, maker, model, said, against, names, life_critical, standing, macs, ips, first, last, frames, bytes, days_low, days_high, services, peers, words)
      SELECT id, 'pump', 'pump', 'Corvane', iif(id = 1, 'M50', NULL), '{}', '{}', '[]', 'therapy', 'device', '[]', '[]', 1, 1, 1, 1, 1, 0, 0, 0, '' FROM (SELECT 1 AS id UNION SELECT 2)`);
});
afterEach(() => {
  held.release();
  rmSync(directory, { recursive: true });
});

const KEYS = { serials: [], macs: ["00:09:fb:12:34:56"], ips: ["10.0.0.7"], children: [] };
const say = (it: Partial<SaidOfWeakness> = {}, keys = KEYS) =>
  sayOfWeakness(
    held.database,
    { who: "Kim", reason: "looked", device: "d1", name: "telnet-answers", word: "dismissed", scope: "device", ...it },
    keys,
    5,
  );

test("a word of a device is its device's, also under another number; the last one counts, and taken back the one before", () => {
  say();
  const second = say({ word: "confirmed", reason: "it is so" });
  const own = () => wordsOfWeaknesses(held.database).devices.get("d1")?.get("telnet-answers");
  assert.deepEqual(own(), { word: "confirmed", scope: "device", who: "Kim", reason: "it is so", at: 5, change: second });
  undo(held.database, second, { who: "Kim", reason: "wrong", at: 6 });
  assert.equal(own()?.word, "dismissed");
  held.database.exec("UPDATE device_endpoint SET device = 9 WHERE endpoint = 1");
  assert.equal(wordsOfWeaknesses(held.database).devices.get("d9")?.get("telnet-answers")?.word, "dismissed");
  assert.equal(chainTrouble(held.database), null);
  assert.deepEqual(words(held.database), [], "expected none of it to be a word of what a device is");
});

test("a word of a model is of its maker and model; of a device whose model is not known it cannot be said", () => {
  say({ scope: "model" });
  assert.equal(wordsOfWeaknesses(held.database).models.get("Corvane\nM50")?.get("telnet-answers")?.scope, "model");
  assert.throws(() => say({ scope: "model", device: "d2" }), /expected a device whose model is known, got d2/);
  assert.throws(() => say({ scope: "model", device: "d77" }), /expected a device whose model is known, got d77/);
});

test("what fits no device now is nobody's", () => {
  say({}, { ...KEYS, macs: ["00:00:00:00:00:99"], ips: ["10.9.9.9"] });
  assert.equal(wordsOfWeaknesses(held.database).devices.size, 0);
});
