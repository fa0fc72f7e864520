import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { workbook, zipOf } from "../../testing/workbook.ts";
import { paperIn } from "./index.ts";
import { readMds2 } from "./mds2.ts";
import { readSbom } from "./sbom.ts";
import { workbookRows } from "./xlsx.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-papers-"));
after(() => rmSync(folder, { recursive: true }));
const paper = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return paperIn(join(folder, name)).paper;
};

const BOM = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: { timestamp: "2026-05-01T10:00:00Z", component: { type: "device", name: "SpaceCom", version: "L81" } },
  components: [
    { name: "openssl", version: "1.0.1f", "bom-ref": "a", components: [{ name: "zlib", "bom-ref": "b" }] },
    { name: "openssl", version: "1.0.1f", "bom-ref": "c" },
  ],
  vulnerabilities: [
    { id: "CVE-2014-0160", analysis: { state: "exploitable" }, affects: [{ ref: "a" }] },
    { id: "CVE-2018-25032", analysis: { state: "not_affected" }, affects: [{ ref: "b" }] },
    { id: "CVE-2022-37434", affects: [{ ref: "b" }, { ref: "nowhere" }] },
    { id: "GHSA-1", affects: [{ ref: "b" }] },
  ],
};

test("an SBOM is its parts, each once, with what the maker says of vulnerabilities in them", () => {
  for (const specVersion of ["1.4", "1.5", "1.6", "1.7"])
    assert.deepEqual(paper("bom.json", JSON.stringify({ ...BOM, specVersion })), {
      kind: "sbom",
      day: "2026-05-01",
      version: "L81",
      components: [
        { name: "openssl", version: "1.0.1f", told: [{ cve: "CVE-2014-0160", state: "affected" }] },
        { name: "zlib", version: null, told: [{ cve: "CVE-2018-25032", state: "free" }, { cve: "CVE-2022-37434", state: "possible" }] },
      ],
    }); // prettier-ignore
});

test("dependencies in a circle are said and harm nothing; those that only meet again are no circle", () => {
  const circle = { ...BOM, dependencies: [{ ref: "a", dependsOn: ["b"] }, { ref: "b", dependsOn: ["c"] }, { ref: "c", dependsOn: ["b"] }] }; // prettier-ignore
  assert.match(readSbom(circle).notes.join(), /^its dependencies go in a circle through "[abc]": no component is left out for it$/);
  assert.equal(readSbom(circle).sbom.components.length, 2);
  const meeting = { ...BOM, dependencies: [{ ref: "a", dependsOn: ["b", "c"] }, { ref: "b", dependsOn: ["c"] }, { ref: "c", dependsOn: ["out"] }] }; // prettier-ignore
  assert.deepEqual(readSbom(meeting).notes, []);
  const long = { ...BOM, dependencies: Array.from({ length: 100_000 }, (_, at) => ({ ref: `r${at}`, dependsOn: [`r${at + 1}`] })) };
  assert.deepEqual(readSbom(long).notes, []);
});

test("what is no SBOM, or is broken, is refused with its place", () => {
  let deep: object = { name: "x" };
  for (let at = 0; at < 2_000; at++) deep = { name: "x", components: [deep] };
  for (const [value, why] of [
    [{ ...BOM, specVersion: "1.3" }, /^specVersion: expected CycloneDX 1\.4 to 1\.7$/],
    [{ ...BOM, metadata: {} }, /^metadata\.timestamp: expected string, got undefined$/],
    [{ ...BOM, components: [] }, /^components: expected at least one, got none$/],
    [{ ...BOM, components: [{ name: "a" }, { version: "1" }] }, /^components\[1\]: name: expected string, got undefined$/],
    [{ ...BOM, components: [{ name: "a", "bom-ref": "a" }, { name: "b", "bom-ref": "a" }] }, /^components\[1\]\.bom-ref: expected one that nothing else has, got "a" again$/],
    [{ ...BOM, components: [deep] }, /expected at most 20 components within each other, got more$/],
    [{ ...BOM, components: Array.from({ length: 5_001 }, () => ({ name: "a" })) }, /^components: expected at most 5000, got more$/],
  ] as const) assert.throws(() => readSbom(value), (error: Error) => why.test(error.message) || assert.fail(`${error.message} is not ${why}`));
  assert.throws(() => paper("half.json", JSON.stringify(BOM).slice(0, 99)), /half\.json: expected JSON, got a text that stops half-way$/);
  assert.throws(() => paper("other.json", "{}"), /other\.json: expected an SBOM \(CycloneDX\) or an MDS2 form, got other JSON$/);
  assert.throws(() => paperIn(join(folder, "none.json")), /none\.json: expected a file, got no such file or folder$/);
}); // prettier-ignore

const FORM = [
  ["", "MDS2 Worksheet"],
  ["Question ID", "Question", "", "See note"],
  ["DOC-1", "Manufacturer Name", "B. Braun & Co"],
  ["DOC-7", "Document Release Date", "46143"],
  ["MPII-1", "Can this device display, transmit, store, or modify PII?", "Yes", "Note 1"],
  ["MLDP-2.1", "Does it include anti-malware?", "N/A"],
  ["TXCF-1", "Can PII be transmitted only by a dedicated cable?", "No"],
  ["RMOT-1", "Is it serviced remotely?", "See Notes", "only with < 2 keys"],
  ["ALOF-1", "Logs off by itself?", ""],
  ["MPII-1", "again", "No"],
];
const ANSWERS = {
  kind: "mds2",
  day: "2026-05-01",
  answers: [
    { id: "DOC-1", question: "Manufacturer Name", answer: "words", words: "B. Braun & Co" },
    { id: "DOC-7", question: "Document Release Date", answer: "words", words: "46143" },
    { id: "MPII-1", question: "Can this device display, transmit, store, or modify PII?", answer: "yes", words: "Note 1" },
    { id: "MLDP-2.1", question: "Does it include anti-malware?", answer: "not applicable", words: "" },
    { id: "TXCF-1", question: "Can PII be transmitted only by a dedicated cable?", answer: "no", words: "" },
    { id: "RMOT-1", question: "Is it serviced remotely?", answer: "see note", words: "only with < 2 keys" },
  ],
};

test("an MDS2 form is its answers, of a workbook as of a table saved from it", () => {
  assert.deepEqual(paper("form.xlsx", workbook(FORM)), ANSWERS);
  for (const [name, separator] of [["form.csv", ","], ["form-de.csv", ";"]] as const) {
    const text = FORM.map((row) => row.map((it) => `"${it}"`).join(separator)).join("\r\n");
    assert.deepEqual(paper(name, `\ufeff${text}`), ANSWERS, name);
  }
  assert.equal(readMds2([["DOC-7", "Document Release Date", "July 2021"]]).day, "July 2021");
  assert.equal(readMds2([["MPII-1", "q", "Yes"]]).day, "no day");
}); // prettier-ignore

test("entities that a form defines stay as they are written, however they multiply; one long text in all its cells stays one", () => {
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at};`.repeat(10)}">`).join("");
  const cell = (column: string, text: string) => `<c r="${column}1" t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = `<row>${cell("A", "MPII-1")}${cell("B", "&lol9; &#38;#60;")}${cell("C", "Yes")}</row>`;
  const form = zipOf({ "xl/worksheets/sheet1.xml": `<!DOCTYPE lolz [<!ENTITY lol0 "lol">${laughs}]><worksheet>${row}</worksheet>` });
  assert.deepEqual(paper("laughs.xlsx", form), {
    kind: "mds2",
    day: "no day",
    answers: [{ id: "MPII-1", question: "&lol9; &#38;#60;", answer: "yes", words: "" }],
  });
  const long = `<sst><si><t>${"x".repeat(1_000_000)}</t></si><si><t>MPII-1</t></si><si><t>Yes</t></si></sst>`;
  const shared = (column: string, at: number) => `<c r="${column}1" t="s"><v>${at}</v></c>`;
  const rows = `<row>${shared("A", 1)}${shared("B", 0)}${shared("C", 2)}${shared("D", 0).repeat(30)}</row>`.repeat(2_000);
  const before = process.memoryUsage().rss;
  const { answers } = readMds2(workbookRows(zipOf({ "xl/sharedStrings.xml": long, "xl/worksheets/sheet1.xml": rows })));
  assert.deepEqual(answers.map(({ id, question }) => [id, question.length]), [["MPII-1", 300]]); // prettier-ignore
  assert.ok(process.memoryUsage().rss - before < 200_000_000, "60,000 cells of it were kept once");
});

test("a spreadsheet that is a bomb, is damaged or is none is refused before it is unpacked", () => {
  const sheet = (xml: string | Buffer) => zipOf({ "xl/worksheets/sheet1.xml": xml });
  const bomb = sheet(Buffer.alloc(200_000_000, "<row>"));
  assert.ok(bomb.length < 1_000_000);
  const before = process.memoryUsage().rss;
  assert.throws(() => paper("bomb.xlsx", bomb), /bomb\.xlsx: expected a form of at most 16 MB once it is unpacked, got more$/);
  assert.ok(process.memoryUsage().rss - before < 100_000_000, "it was not unpacked");
  const many = zipOf(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`xl/worksheets/sheet${at}.xml`, " ".repeat(2_000_000)])));
  assert.throws(() => paper("many.xlsx", many), /expected a form of at most 16 MB once it is unpacked, got more$/);
  const whole = workbook(FORM);
  assert.throws(() => paper("half.xlsx", whole.subarray(0, whole.length / 2)), /expected a whole workbook, got one that stops half-way$/);
  for (let at = 0; at < whole.length; at += 7) {
    const damaged = Buffer.from(whole);
    damaged[at] = damaged[at]! ^ 0xff;
    try {
      paper("damaged.xlsx", damaged);
    } catch (error) {
      assert.match((error as Error).message, /damaged\.xlsx: expected /);
    }
  }
  const string = (text: string) => `<si><t>${text}</t></si>`;
  const shared = zipOf({ "xl/sharedStrings.xml": `<sst>${string("x").repeat(100_001)}</sst>`, "xl/worksheets/sheet1.xml": "<row/>" });
  assert.throws(() => paper("shared.xlsx", shared), /shared\.xlsx: expected a form of at most 100000 texts, got more$/);
  const rows = sheet(`<sheetData>${'<row r="1"></row>'.repeat(20_001)}</sheetData>`);
  assert.throws(() => paper("rows.xlsx", rows), /rows\.xlsx: expected sheets of at most 20000 rows, got more$/);
  assert.throws(() => paper("empty.xlsx", zipOf({ "a.txt": "a" })), /expected a workbook with a sheet, got another zip file$/);
  assert.throws(() => paper("words.csv", "a,b\n1,2\n"), /words\.csv: expected an MDS2 form with answers behind question ids such as MPII-1, got none$/);
  // Looked at once, however often something opens and never ends.
  const began = performance.now();
  assert.throws(() => paper("open.xlsx", sheet(`<row>${'<c r="A1">'.repeat(1_000_000)}</row>`)));
  assert.ok(performance.now() - began < 5_000);
}); // prettier-ignore
