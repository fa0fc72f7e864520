/** What people say of scanning: found again by the device's keys or the network, chained, and taken back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { SaidOfScanning } from "../model/do-not-scan.ts";
import { openForWriting } from "./database.ts";
import { networkSaid, sayOfScanning, wordsOfScanning } from "./do-not-scan-words.ts";
import { chainTrouble, undo, words } from "./said.ts";
import type { SaidAbout } from "./said.ts";
import type { Held } from "./writing.ts";

let directory: string;
let held: Held;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "auscult-do-not-scan-words-"));
  held = openForWriting(join(directory, "ward.db"), "main");
  held.database.exec(`
    INSERT INTO endpoint VALUES (1, 0, '00:09:fb:12:34:56', '10.0.0.7', NULL, 1, 60, 1, 1, 0, 1, 0), (2, 0, '00:09:fb:12:34:57', '10.0.0.8', NULL, 1, 60, 1, 1, 0, 1, 0);
    INSERT INTO device_endpoint VALUES (1, 1), (2, 2)`);
});
afterEach(() => {
  held.release();
  rmSync(directory, { recursive: true });
});

const KEYS = { serials: [], macs: ["00:09:fb:12:34:56"], ips: ["10.0.0.7"], children: [] };
const say = (it: Partial<SaidOfScanning> = {}, keys: SaidAbout | null = KEYS) =>
  sayOfScanning(held.database, { who: "Kim", reason: "it rebooted", about: "d1", word: "list", until: null, ...it }, keys, 5);

test("a word of a device is its device's, also under another number; the last one counts, and taken back the one before", () => {
  say({ until: 99 });
  const second = say({ word: "take off", reason: "sold" });
  const own = () => wordsOfScanning(held.database).devices.get("d1");
  assert.deepEqual(own(), { word: "take off", until: null, who: "Kim", reason: "sold", at: 5, change: second });
  undo(held.database, second, { who: "Kim", reason: "wrong", at: 6 });
  assert.deepEqual([own()?.word, own()?.until], ["list", 99]);
  held.database.exec("UPDATE device_endpoint SET device = 9 WHERE endpoint = 1");
  assert.equal(wordsOfScanning(held.database).devices.get("d9")?.word, "list");
  assert.equal(chainTrouble(held.database), null);
  assert.deepEqual(words(held.database), [], "expected none of it to be a word of what a device is");
});

test("a word of an address or a network is found by its one spelling", () => {
  say({ about: "10.20.30.0/24" }, null);
  say({ about: "FD00:0::7" }, null);
  assert.deepEqual([...wordsOfScanning(held.database).networks.keys()], ["10.20.30.0/24", "fd00::7"]);
  for (const [text, expected] of [
    [
      "10.20.30.1/24",
      /expected a device, an address, or a network by its first address such as 10\.20\.30\.0\/24, got "10\.20\.30\.1\/24"/,
    ],
    ["pump 7", /expected a device, an address/],
    ["10.0.0.0/8", /expected a network of \/16 or smaller, got \/8/],
    ["fd00::/32", /expected a network of \/48 or smaller, got \/32/],
  ] as const)
    assert.throws(() => networkSaid(text), expected);
  assert.throws(() => say({ about: "0.0.0.0/0" }, null), /expected a network of \/16/);
  assert.equal(wordsOfScanning(held.database).networks.size, 2);
});

test("what fits no device now is nobody's", () => {
  say({}, { ...KEYS, macs: ["00:00:00:00:00:99"], ips: ["10.9.9.9"] });
  assert.equal(wordsOfScanning(held.database).devices.size, 0);
});
