import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf } from "./table.ts";
import { decoded } from "./text.ts";

const cells = (text: string, ...more: Parameters<typeof tableOf> extends [string, ...infer Rest] ? Rest : never) =>
  tableOf(text, ...more).rows.map((it) => it.cells);

test("UTF-8 with and without a mark, UTF-16 either way round and Windows-1252 are read", () => {
  const text = "Hersteller;Ort\r\nDräger;Köln\r\n";
  const wide = Buffer.from(text, "utf16le");
  const swapped = Buffer.from(wide).swap16();
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["UTF-8", Buffer.from(text)],
    ["UTF-8", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16", Buffer.concat([Buffer.from([0xff, 0xfe]), wide])],
    ["UTF-16", Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])],
    ["UTF-16", wide],
    ["UTF-16", swapped],
    ["Windows-1252", Buffer.from(text, "latin1")],
  ];
  for (const [encoding, bytes] of cases) {
    assert.deepEqual([decoded(bytes).encoding, decoded(bytes).text], [encoding, text]);
  }
  assert.equal(decoded(Buffer.from([0x80, 0x20, 0x96])).text, "€ –");
});

test("commas, semicolons, tabs; quotes hold separators and lines; sep= is believed", () => {
  const wanted = [{ serial: "A;1,2", maker: 'Two\nlines "so"'.replace("\n", " ") }];
  for (const [separator, name] of [[",", "comma"], [";", "semicolon"], ["\t", "tab"]] as const) {
    const text = `Serial${separator}Maker\n"A;1,2"${separator}"Two\nlines ""so"""\n`;
    assert.deepEqual([cells(text), tableOf(text).separator], [wanted, name]);
  } // prettier-ignore
  assert.deepEqual(cells("sep=;\r\nSerial;Maker;a,b,c,d,e\r\n1;2;\r\n"), [{ serial: "1", maker: "2" }]);
});

test("titles are known by what people call them, stand below a heading, and rows are counted as a spreadsheet does", () => {
  const text =
    "Assets of St. Anna\n\nAsset Tag,Mfr Serial,Seriennummer,Ethernet MAC,WLAN MAC,Colour\n1,A1,B1,00:09:fb:00:00:01,00:09:fb:00:00:02,red\n\n2,,,,,\n";
  const table = tableOf(text);
  assert.equal(table.titleRow, 3);
  assert.deepEqual(table.columns.map(({ field }) => field), ["controlNumber", "serial", null, "mac", "mac", null]); // prettier-ignore
  assert.deepEqual(table.rows.map(({ row, cells: its }) => [row, its]), [
    [4, { controlNumber: "1", serial: "A1", mac: "00:09:fb:00:00:01 00:09:fb:00:00:02" }],
    [6, { controlNumber: "2" }],
  ]); // prettier-ignore
});

test("columns are named by hand where nobody could know them, and where we are wrong", () => {
  const text = "Ding,Nr,Serial\nx,77,old\n";
  assert.deepEqual(cells(text, { controlNumber: "Ding", serial: "Nr" }), [{ controlNumber: "x", serial: "77" }]);
  assert.deepEqual(cells(text, { controlNumber: "Ding", serial: null }), [{ controlNumber: "x" }]);
  assert.throws(
    () => tableOf(text, { controlNumber: "Dings", serial: "Nr" }),
    /expected a column for controlNumber, one of Ding, Nr, Serial, got "Dings"/,
  );
});

test("what is no list is told with what came", () => {
  assert.throws(() => tableOf("Ding,Nr\nx,77\n"), /expected a row of titles with at least two of ours, .* got "Ding \| Nr"/);
  assert.throws(() => tableOf(""), /expected a row of titles/);
  assert.throws(
    () => tableOf('Serial,Maker\n"A,B\n'),
    /expected a table with commas, semicolons or tabs between its cells: expected a quote .* line 2/,
  );
});

test("zeros kept by a formula of text are kept, our own apostrophe is no part of a value, and the rest is text", () => {
  const table = tableOf("Serial,Owner,Maker\n=\"00123\",'=1+1,'O Neill\n-,-,+49 30\n\"=cmd|' /C calc'!A0\",＝1,@x\n");
  assert.deepEqual(table.rows.map((it) => it.cells), [
    { serial: "00123", owner: "=1+1", maker: "'O Neill" },
    { serial: "-", owner: "-", maker: "+49 30" },
    { serial: "=cmd|' /C calc'!A0", owner: "＝1", maker: "@x" },
  ]); // prettier-ignore
  assert.deepEqual(table.rows.map((it) => it.formulas), [[], [], ["Serial", "Owner", "Maker"]]); // prettier-ignore
});
