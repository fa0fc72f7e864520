/** How findings are held against the captures: what counts as found, and what as false. Needs the captures and tshark. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { Finding } from "../src/model/finding.ts";
import { findingLines } from "./findings.ts";
import { tsharkVersion } from "./tshark.ts";

const CAPTURES = resolve(import.meta.dirname, "..", "..", "shared", "captures");
const missing = !existsSync(CAPTURES)
  ? "../shared/captures is not here"
  : tsharkVersion() === undefined
    ? "tshark is not installed"
    : false;
const FILE = "attacks/zeek__bruteforce.pcap";

const party = (ip: string) => ({ device: null, name: ip, ip, mac: null, kind: null, maker: null, location: null, lifeCritical: "other" });
const finding = (family: Finding["family"], about: string, by: string): Finding => ({
  id: "1", detector: "guessing", first: 1, last: 2, count: 10, summary: "10 log-ins", because: [], othersBeyond: 0, before: null, title: "",
  family, severity: "high", harms: [], remedy: "", technique: [], about: party(about), others: [party(by)], witnesses: 0,
  standing: { state: "new", said: null, lapsed: null }, planned: null, hides: null,
}); // prettier-ignore
const lines = (...findings: readonly Finding[]) => [
  ...findingLines(
    [{ seconds: 1, inventory: null, findings, weak: [], trouble: "", capture: { file: FILE, category: "attacks" } }],
    CAPTURES,
  ),
];

test("an attack is found by a finding of its family that names an address of its frames", { skip: missing }, () => {
  const told = lines(finding("threat", "192.168.56.1", "10.0.0.1"));
  assert.match(told[0]!, /attacks found +1 of 1/);
  assert.match(told[2]!, /found: zeek__bruteforce\.pcap: guessing/);
  assert.ok(told.some((it) => /false threats +0,/.test(it)));
});

test("one of another family, or of others, does not count; a threat about others is false", { skip: missing }, () => {
  assert.match(lines(finding("hazard", "192.168.56.1", "10.0.0.1"))[2]!, /not found: .*; instead guessing/);
  const told = lines(finding("threat", "10.0.0.2", "10.0.0.1"));
  assert.match(told[0]!, /attacks found +0 of 1/);
  assert.ok(told.some((it) => /false threats +1,/.test(it)));
  assert.ok(told.some((it) => it.includes(`false: ${FILE}: high guessing: 10.0.0.2 by 10.0.0.1`)));
});

test("every attack capture is listed, and no other", { skip: missing }, () => {
  const listed = readFileSync(join(import.meta.dirname, "attacks.tsv"), "utf8").split("\n").filter((it) => it !== "" && !it.startsWith("#")).map((it) => it.split("\t")[0]!); // prettier-ignore
  const [beside, attacks] = [listed.filter((it) => it.includes("/")), listed.filter((it) => !it.includes("/"))];
  assert.deepEqual(attacks.toSorted(), readdirSync(join(CAPTURES, "attacks")).toSorted());
  for (const it of beside) assert.ok(existsSync(join(CAPTURES, it)), it);
});
