import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { loadAdvisories } from "../knowledge/advisories.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import { versionRows } from "../testing/version-rows.ts";
import { versionsOf } from "./advisory.ts";
import { answerFor, isOpaque, readVersionText, type Constraint } from "./version-text.ts";

/** An advisory's words, versions that are affected, possible, and not. */
const SAID: readonly (readonly [words: string, affected: string, possible: string, not: string])[] = [
  ["vers:all/*", "1.0, anything, 99", "", ""],
  ["*", "1.0", "", ""],
  ["vers:all/<=3.0.11.5_BN9", "3.0.11.4, 3.0.11.5 BN9, 3.0.11.5_BN8", "3.0.11.5, 3.0.11.5_X1", "3.0.12, 3.0.11.5_BN10"],
  [">=v1.0.0|<v3.0.4", "1.0.0, v2.9, 3.0.3", "3.0", "0.9.9, 3.0.4, 3.1"],
  [">= 6.0.0 | <= 6.3.1", "6.0.0, 6.3.1, 6.1", "6.3.1.2", "5.9, 6.3.2, 7"],
  [">= 6.0 | <= 6.0", "6.0, 6.0.0", "6.0.1", "5.9, 6.1"],
  ["9.13 | 9.19 | 9.33 | 12.1", "9.33, v12.1.0", "12.1.3", "9.5, 12.2"],
  ["B.02 | C.02 | C.03", "B.02, C.03", "C.02.05, 7.1", "A.01, D.01"],
  ["<= U61 |<= L81", "U61, L80", "12", "U62, L82"],
  ["v8.x model 35700BAX2", "", "8.00.01, v8.1", "9.00"],
  ["v8.x (with Wireless Battery Modules v17 | v17D19 | >= v20D29 | <= v20D32 | >= v22D24 | <= v22D28)", "", "8.00.01", "6.05, 9.0"],
  ["2.3.6 and  below", "2.3.6, 1.0", "2.3.6.1", "2.3.7, 3.0"],
  ["<=N", "B.06.18, M.04.01, N, N.01.01", "4.0", "O.01, P"],
  ["Rev B-M", "B.00, M.01.02", "7", "A.03, N.00.01"],
  ["Rev J-M | (X3/MX100 for Rev M only)", "", "J.1, M.01", "B.06, N.0"],
  ["A.01 <= C.0x | 4.0", "A.01, B.02, C.09, 4.0, 4", "C", "D.00, C.10"],
  ["A10 < A11", "A10", "B10", "A11, A09"],
  ["distributed  < april 1, 2018", "", "1.0, 2018", ""],
  ["<8/30/2024", "", "8.0", ""],
  ["<=September_19_2025", "", "1", ""],
  ["* (end-of-life 2011)", "", "1.0", ""],
  ["<= 2.01 (end-of-life Nov 2017)", "", "2.00", "2.02"],
  ["MMT-512 / MMT-712 Paradigm x12", "", "2.4A", ""],
  ["3120", "", "1.0", ""],
  ["Accu-Chek Inform II", "", "04.00.00", ""],
  ["<=CMS7.820.075.08/0.740.75", "CMS7.820.075.08/0.740.75, CMS7.820.074.01/0.1", "7.820.075.08", "CMS7.820.120.01/0.930.95"],
  ["< 3.x", "2.9, 1.0", "", "3.0, 3.1, 4"],
  ["<= 12.2.x.x", "12.2.8.410, 11.9", "", "12.3"],
  ["5.x.x", "5.1.7, 5.0", "", "4.9, 6.0.0"],
  ["< 1.8.4 Service Pack 01", "1.8.3", "1.8.4", "1.8.4 SP1, 1.8.5"],
  ["4.20 | 4.20 SR1 | 4.30", "4.20, 4.20 SR1", "", "4.40"],
  ["(Release 1.3.2 1.4.0 1.4.1 1.4.3 1.4.5)", "", "1.4.0", "1.4.2"],
  ["<=11.2 on Windows 8.1 with IIS 7.5", "", "11.2, 10", "11.3"],
  ["053L000091 (global) / 054U000091 (U.S.) and 053L000092 (global) / 054U000092 (U.S.)", "", "053L000091, 054U000092", "055U000001"],
  ["prior to 4.5, 5.0 and later", "4.4, 5.1", "", "4.5, 4.9"],
  ["1.0 through 1.4", "1.0, 1.3", "1.4.1", "0.9, 1.5"],
];
const list = (versions: string) => versions.split(", ").filter((it) => it !== "");

test("what an advisory says of versions, and what that makes of ours", () => {
  for (const [words, ...answers] of SAID) {
    const said = readVersionText(words);
    assert.equal(said.text, words);
    for (const [place, answer] of (["affected", "possible", "not affected"] as const).entries())
      for (const version of list(answers[place]!)) assert.equal(answerFor(said, version), answer, `${version} by "${words}"`);
    // A version nobody heard is never said to be affected but by all, and never let off.
    assert.equal(answerFor(said, null), said.constraint.is === "all" && !said.hedged ? "affected" : "possible", `unheard by "${words}"`);
  }
});

const products = loadAdvisories().flatMap(({ id, products: named }) => named.map((it) => ({ id, ...it })));
const texts = products.map(({ version }) => version);
const rows = versionRows();

test("each of the 681 rows of the advisories we bring is answered as a person read it: below, at and above", () => {
  assert.equal(rows.length, 681);
  const said = ({ id, product, version }: (typeof products)[number]) => [id, product, version].join("\t");
  assert.deepEqual(rows.map(({ advisory, product, text }) => [advisory, product, text].join("\t")), products.map(said)); // prettier-ignore
  for (const { advisory, product, text, read, reading, answers } of rows) {
    const where = `${advisory} ${product} "${text}"`;
    assert.equal(readingOf(read.constraint), reading, where);
    assert.ok(answers.length === (reading === "versions" ? 3 : 1), `${where}: ${answers.length} versions`);
    for (const { version, answer } of answers) assert.equal(answerFor(read, version), answer, `${version} by ${where}`);
  }
});

function readingOf(constraint: Constraint): string {
  if (isOpaque(constraint)) return "opaque";
  const { is } = "of" in constraint ? constraint.of[0]! : constraint;
  return is === "bound" || is === "and" ? "versions" : is;
}

test("a model of the vendor that stands where versions should is no version; another vendor's word, and a revision, are", () => {
  const knowledge = loadKnowledge();
  const of = (vendor: string, version: string) => versionsOf({ vendor, product: "IntelliBridge Enterprise", version }, knowledge).constraint.is; // prettier-ignore
  assert.deepEqual(["VS4", "EarlyVue VS30", "<= VS4", "B.12 | VS4"].map((it) => of("Philips", it)), ["opaque", "opaque", "opaque", "or"]); // prettier-ignore
  assert.deepEqual(
    ["VM5.0", "<= VM5.0", "B.12"].map((it) => of("Philips", it)),
    ["bound", "bound", "bound"],
  );
  assert.equal(of("Medtronic", "VS4"), "bound");
});

test("at most a tenth of the rows is opaque, and whatever is ours falls into an answer", () => {
  const opaque = rows.filter(({ reading }) => reading === "opaque").length;
  assert.ok(opaque <= rows.length / 10, `${opaque} of ${rows.length} are opaque`);
  for (const it of texts.map((text) => readVersionText(text)))
    for (const ours of ["0", "1.0", "99999.0", "A.01.01", "nonsense", null])
      assert.ok(["affected", "possible", "not affected"].includes(answerFor(it, ours)));
});

test("a bound parts versions at itself: nothing above is affected where nothing below is let off", () => {
  const part = fc.nat(40);
  assertProperty(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(part, { minLength: 4, maxLength: 4 }), (at, ours) => {
      const [below, above] = [`<= ${at.join(".")}`, `> ${at.join(".")}`].map((it) => answerFor(readVersionText(it), ours.join(".")));
      return below === "possible" ? above === "possible" : (below === "affected") !== (above === "affected");
    }),
  );
});

test("whatever it says, hedged words never say more than possible", () => {
  assertProperty(
    fc.property(fc.constantFrom(...texts), fc.constantFrom("1.0", "2.3.6", "9.5", "A.01", "U61", "8.0.1"), (text, ours) => {
      const said = readVersionText(`${text} (with another part)`);
      return answerFor(said, ours) !== "affected";
    }),
  );
});

test("hostile text is opaque or read at once, and never throws", () => {
  assertProperty(
    fc.property(fc.string({ maxLength: 120, unit: "binary" }), fc.string({ maxLength: 60 }), (text, ours) =>
      ["affected", "possible", "not affected"].includes(answerFor(readVersionText(text), ours)),
    ),
  );
  const began = performance.now();
  for (const unit of ["sp ", "build ", "a 1 ", "|", "<=1|", "((", "x.", ".x", "1 ", "rev ", "- ", "\t", " on"])
    for (const end of ["", "!", "1", "\u0000"]) readVersionText(unit.repeat(400).slice(0, 399) + end);
  assert.ok(performance.now() - began < 5_000);
  assert.equal(readVersionText("1.0 ".repeat(1000)).constraint.is, "opaque");
});
