import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadFamilies } from "./families.ts";
import { loadKnowledge } from "./index.ts";
import { checkFamilies } from "./site-families.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const HEAD = "maker\tmodels\tfamily\tkind\tsource";
const knowledge = loadKnowledge();

const checkedBytes = (bytes: Uint8Array) => checkFamilies(bytes, "own.tsv", knowledge);
const checked = (...lines: readonly string[]) => checkedBytes(Buffer.from(lines.join("\n")));
const troubles = (...lines: readonly string[]) => checked(...lines).troubles;
/** Of one line under the head. */
const trouble = (line: string) => troubles(HEAD, line);

test("the example of the documents serves, whole", () => {
  const { families, troubles: wrong, refused } = checkedBytes(readFileSync(join(DOCS, "families-example.tsv")));
  assert.deepEqual([wrong, refused], [[], 0]);
  assert.deepEqual(
    families.map(({ line, maker, models, kind }) => `${line} ${maker}: ${models.join(", ")}: ${kind}`),
    [
      "3 Acme: Monitor 7, Monitor 8: patient monitor",
      "4 Acme: Dripmaster 9000, Dripmaster 9000 XL: infusion pump",
      "5 Acme: LaserPrint*: printer",
    ],
  );
});

test("the documents list every kind there is", () => {
  const page = readFileSync(join(DOCS, "families.md"), "utf8");
  const listed = /^## Kinds$(?<kinds>[^#]*)/m.exec(page)!.groups!["kinds"]!.trim().split("\n").at(-1)!;
  assert.deepEqual(listed.replace(/\.$/, "").split(", "), knowledge.kinds.names);
});

test("as a spreadsheet leaves it: a mark at its front, ends of lines, quotes, cells without anything, columns in another order", () => {
  const file =
    '\ufeffkind\tNote\tmaker\tModels\tsource\tfamily\t\r\nVentilator \t\tDraeger Medical Systems, Inc.\t"Breath 1; ""Breath"" 2"\t"label, ward 4"\tBreath\t\r\n\t\t\t\t\t\t\r\n';
  assert.deepEqual(checked(file).troubles, []);
  assert.deepEqual(checked(file).families, [
    { maker: "Dräger", models: ["Breath 1", '"Breath" 2'], name: "Breath", kind: "ventilator", source: "label, ward 4", line: 2 },
  ]);
});

test("a broken line is refused with its place, and the rest serves", () => {
  const {
    families,
    troubles: wrong,
    refused,
  } = checked(
    "# ours",
    HEAD,
    "Acme\tDrip 1\tDrip\tinfusion pump\tlabel",
    "Acme\tDrip 2; Drip*3\tDrip\tinfusion pmp\tlabel",
    "Acme\tDrip 4\tDrip",
    "Acme\tDrip 5\tDrip\tinfusion pump\tlabel",
    `${"a ".repeat(400_000)}\tDrip 6\tDrip\tinfusion pump\tlabel\t\tmore`,
  );
  assert.deepEqual(wrong, [
    'own.tsv:4:14: models: expected * only at the end of a model, got "Drip*3"',
    'own.tsv:4:26: kind: expected a kind of device that is in docs/families.md, got "infusion pmp" (did you mean infusion pump?)',
    "own.tsv:5:17: kind: expected a kind of device, got nothing",
    "own.tsv:5:17: source: expected where this is known from, got nothing",
    "own.tsv:7:800035: expected 5 columns, as many as are named, got 7",
    "own.tsv:7:1: maker: expected at most 200 letters, got 799999",
  ]);
  assert.deepEqual([refused, families.map(({ line }) => line)], [3, [3, 6]]);
});

test("a model is no pattern that could run for ever", () => {
  for (const model of ["(a+)+$", "(a*)*b", "MX.*", "^MX", "MX[0-9]", "MX\\d", "MX|NX", "M{1,9}", "MX?", "(MX|NX)+"])
    assert.deepEqual(trouble(`Acme\t${model}\tM\tprinter\tlabel`), [
      `own.tsv:2:6: models: expected a model as the device says it, with * at its end for any rest, got "${model}", a pattern of another kind`,
    ]);
  assert.deepEqual(trouble("Acme\t*\tM\tprinter\tlabel"), ['own.tsv:2:6: models: expected at least 2 letters or digits before *, got "*"']);
  assert.deepEqual(trouble("Acme\t; ;\tM\tprinter\tlabel"), ['own.tsv:2:6: models: expected a model as the device says it, got "; ;"']);
  assert.deepEqual(trouble(`Acme\t${"a".repeat(900)}\tM\tprinter\tlabel`), ["own.tsv:2:6: models: expected at most 200 letters, got 900"]);
  assert.deepEqual(trouble("Acme\tPlum A+; Vivid (new)\tM\tprinter\tlabel"), []);
});

test("a model stands in one line", () => {
  assert.deepEqual(troubles(HEAD, "Acme\tMX 8; MX-8\tM\tprinter\tU", "Other\tMX 8\tM\tprinter\tU", "acme\tmx8\tM\tventilator\tU"), []);
  assert.deepEqual(troubles(HEAD, "Acme\tMX 8\tM\tprinter\tU", "Acme Inc.\tNX; mx8\tM\tventilator\tU"), [
    'own.tsv:3:15: models: expected a model that no line before has, got "mx8", which line 2 has',
  ]);
});

test("a line that is no text is refused, the others are read", () => {
  const latin = (line: string) => Buffer.from(`${line}\n`, "latin1");
  const good = "Acme\tDrip 1\tDrip\tinfusion pump\tlabel";
  const { families, troubles: wrong } = checkedBytes(
    Buffer.concat([latin("# f\xfcr die Station"), latin(HEAD), latin("Dr\xe4ger\tBreath\tB\tventilator\tlabel"), latin(good)]),
  );
  assert.deepEqual(wrong, ["own.tsv:3:3: expected text in UTF-8, got bytes that are none: save the file as UTF-8"]);
  assert.deepEqual(families.map(({ line }) => line), [4]); // prettier-ignore
  assert.deepEqual(trouble("Acme\tDrip\u001b[31m\tDrip\tinfusion pump\tlabel"), [
    "own.tsv:2:10: expected letters one can see, got the character U+001B",
  ]);
});

test("without a line that names the columns nobody knows what is meant", () => {
  const expected = "expected a line that names the columns maker, models, family, kind, source, with tabs between";
  assert.deepEqual(troubles(""), [`own.tsv:1:1: ${expected}, got none`]);
  assert.deepEqual(troubles("# only a remark"), [`own.tsv:1:1: ${expected}, got none`]);
  assert.deepEqual(troubles("", "maker\tmodles\tfamily\tkind", "Acme\tDrip"), [
    `own.tsv:2:1: ${expected}, got "maker modles family kind": without models, source (did you mean models by "modles"?)`,
  ]);
  assert.deepEqual(troubles(`${HEAD}\tkind`), [
    `own.tsv:1:1: ${expected}, got "maker models family kind source kind": one of them stands there twice`,
  ]);
  assert.deepEqual(checkedBytes(Buffer.from(`\ufeff${HEAD}\n`, "utf16le")).troubles, [
    "own.tsv:1:1: expected text in UTF-8, got bytes that are none: save the file as UTF-8",
  ]);
  // As it stands in our own table, behind a remark.
  assert.deepEqual(troubles("# remark", `# ${HEAD}`, "Acme\tDrip\tDrip\tinfusion pump\tlabel"), []);
});

test("of a file that is wrong all over so many are told, and all are counted", () => {
  const { troubles: wrong, refused } = checked(HEAD, ...Array.from({ length: 5_000 }, () => "x"));
  assert.deepEqual([wrong.length, refused], [1_000, 5_000]);
});

test("what the site says goes before what we say of the same models, and takes nothing from the others", () => {
  const { families } = checked(
    HEAD,
    "Philips\tIntelliVue MX800\tWard\tworkstation\tlabel",
    "Acme\tTurbo 9000; LaserJet*\tTurbo\tventilator\tlabel",
    "Acme\tTurbo 90*\tTurbo\tprinter\tlabel",
  );
  const both = loadFamilies(families);
  const of = (model: string, maker: string | null) => both.of(model, maker);
  assert.deepEqual(of("intellivue mx-800", "Philips"), { maker: "Philips", name: "Ward", kind: "workstation", exact: true, line: 2 });
  assert.equal(of("IntelliVue MX800", null)?.line, 2);
  assert.equal(of("IntelliVue MX700", null)?.kind, "patient monitor");
  assert.equal(of("HP LaserJet 400", "HP")?.kind, "printer");
  assert.deepEqual([of("Turbo 9000", "Acme")?.line, of("Turbo 9001", "Acme")?.line], [3, 4]);
  // Acme's and HP's begin alike: a site that has listed only the one has only the one.
  assert.equal(of("LaserJet 400", null)?.maker, "Acme");
  assert.equal(of("LaserJet 400", "HP")?.maker, "HP");
});
