import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { deviceLoad } from "../findings/device-load.ts";
import { segmentStorm } from "../findings/segment-storm.ts";
import { ourTolerances, tolerance } from "../knowledge/hazards.ts";
import { claims, machine, signal } from "../testing/watched.ts";
import { siteTolerancesIn, startWithSiteTolerances, tolerancesOf } from "./site-tolerances.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-tolerances-"));
after(() => rmSync(data, { recursive: true, force: true }));
const write = (text: string) => {
  mkdirSync(join(data, "knowledge"), { recursive: true });
  writeFileSync(join(data, "knowledge", "hazards.json"), text);
};
const troubles = (text: string) => tolerancesOf(text, "hazards.json").troubles;

test("what the site says serves in place of ours, and the rest of ours stays; without the file ours does again", () => {
  const echoes = () => claims(deviceLoad, [1, 2, 3].map((at) => signal(at, { kind: "load", what: "echo", receiver: machine(7), count: 15 }))); // prettier-ignore
  const storm = () => claims(segmentStorm, [1, 2].map((at) => signal(at, { kind: "broadcast", count: 200, distinct: 3 }))); // prettier-ignore
  assert.equal(startWithSiteTolerances(data), null);
  assert.deepEqual([echoes().length, storm().length], [1, 0]);
  write(
    '{\n  "echo": {"warn": 20, "seconds": 3, "alarm": 100, "why": "measured here"},\n  "broadcast": {"warn": 150, "seconds": 2, "alarm": null, "why": "old monitors"}\n}\n',
  );
  assert.deepEqual(startWithSiteTolerances(data)!.troubles, []);
  assert.deepEqual([echoes().length, storm().length], [0, 1]);
  assert.deepEqual(tolerance("syn"), ourTolerances().syn);
  rmSync(join(data, "knowledge", "hazards.json"));
  startWithSiteTolerances(data);
  assert.deepEqual([echoes().length, storm().length], [1, 0]);
});

test("what is wrong is told by line and column, with what was expected and what came; the rest serves", () => {
  const text = `{
  "echo": {"warn": 0, "seconds": 3, "alarm": 100, "why": "x"},
  "ping": {},
  "syn": {"warn": 50, "seconds": 1, "alarm": 20, "why": "x"},
  "stranger": {"warn": 50, "seconds": 1, "alarm": 500, "why": "measured", "note": 1},
  "multicast": {"warn": 2000, "seconds": 5, "alarm": null, "why": "cameras"}
}`;
  const { troubles: told, tolerances } = tolerancesOf(text, "hazards.json");
  assert.deepEqual(told, [
    "hazards.json:2:20: echo: warn: expected packets a second, a whole number above zero, got 0",
    'hazards.json:3:3: expected one of echo, syn, stranger, broadcast, multicast, got "ping"',
    "hazards.json:4:46: syn: alarm: expected at least 50, as warn has it, got 20",
    'hazards.json:5:75: stranger: expected one of warn, seconds, alarm, why, got "note"',
  ]);
  assert.deepEqual(Object.keys(tolerances), ["multicast"]);
});

test("hostile and broken files are one line each", () => {
  assert.match(troubles('{"echo": {"warn": 20,')[0]!, /^hazards\.json:1:\d+: expected JSON, got trouble: /);
  assert.match(troubles("[1, 2]")[0]!, /^hazards\.json:1:1: expected tolerances such as .*, got a list$/);
  assert.match(troubles("")[0]!, /^hazards\.json:1:1: expected tolerances such as .*, got null$/);
  assert.match(troubles('{"echo": 5}')[0]!, /^hazards\.json:1:10: echo: expected such as .*, got 5$/);
  assert.match(
    troubles('{"echo": {"warn": 20, "seconds": 3, "alarm": 100, "why": "a\\u001b[31m"}}')[0]!,
    /why: expected .* got "a·\[31m"$/,
  );
  assert.match(troubles(`{"a": "${"x".repeat(70_000)}"}`)[0]!, /^hazards\.json: expected at most 64 kB, got 71 kB$/);
  assert.equal(troubles('{"a": &x 1, "echo": *x}').length, 2, "an alias is no entry");
  mkdirSync(join(data, "knowledge", "hazards.json"));
  assert.match(siteTolerancesIn(data)!.troubles[0]!, /hazards\.json: expected a text file, got /);
});
