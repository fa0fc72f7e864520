import assert from "node:assert/strict";
import { test } from "node:test";
import { limitRows } from "./limits-file.ts";

const lines = (...args: Parameters<typeof limitRows>) =>
  limitRows(...args).map(
    ({ line, limit, refused }) => `${line}: ${limit === null ? refused : `${limit.drug} ${limit.kind} ${limit.most} ${limit.unit}`}`,
  );

test("an export is read by its titles, whatever parts them; local codes stay", () => {
  assert.deepEqual(
    lines("Drug code;Order type;Hard max;Dose unit;Note\n00-NOR;Infusion;2;ug/kg/min;x\r\nHEP 5;Loading dose;500;mL/h;\n\n"),
    ["2: 00-NOR continuous 2 ug/kg/min", "3: HEP 5 bolus 500 mL/h"],
  );
  assert.deepEqual(lines("Kode,Maks,U\nA,12.5,mL/h\n", { drug: "kode", most: "Maks", unit: "U" }), ["2: A continuous 12.5 mL/h"]);
});

test("what is unclear is refused line by line, with its reason", () => {
  assert.deepEqual(
    lines(
      'drug,kind,most,unit\nA,continuous,"2,5",mL/h\nB,slow,2,mL/h\nC,,2,mL\nD,,2,mEq/h\nE,,,mL/h\n,,2,mL/h\nF,,2,mL/h\nF,continuous,3,mL/h\n',
    ),
    [
      '2: expected a number above zero with a decimal point, got "2,5"',
      '3: expected a kind of order (continuous, bolus, pca, epidural), got "slow"',
      '4: expected a unit of a rate such as mL/h or ug/kg/min, got "mL"',
      '5: expected a unit of a rate such as mL/h or ug/kg/min, got "mEq/h"',
      "6: no hard limit",
      "7: no drug code",
      "8: F continuous 2 mL/h",
      "9: this drug and kind of order stand in a line before",
    ],
  );
});

test("a table without the columns says which it wants", () => {
  assert.throws(
    () => limitRows("name,max dose\nA,2\n"),
    /expected a column for drug \(drug, drug code, code, medication code\), got "name", "max dose"/,
  );
  assert.throws(() => limitRows(""), /got no titles/);
});
