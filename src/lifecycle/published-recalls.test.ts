import assert from "node:assert/strict";
import { test } from "node:test";
import { loadMakers } from "../knowledge/makers.ts";
import type { PublishedRecall } from "../model/recall.ts";
import { life, livesOf } from "../testing/lives.ts";
import { namedRecalls } from "./published-recalls.ts";

const lives = livesOf([
  life("d1", { maker: "B. Braun", model: "SpaceCom", serial: "SN0120" }),
  life("d2", { maker: "B. Braun", model: "SpaceCom", serial: "SN0200" }),
  life("d3", { maker: "B. Braun", model: "SpaceCom" }),
  life("d4", { maker: "B. Braun", model: "Infusomat Space" }),
  life("d5", { maker: "Philips", model: "M2" }),
  life("d6", { model: "SpaceCom" }),
]);
const recall = (number: string, said: Partial<PublishedRecall> = {}): PublishedRecall => ({
  number, day: "2026-09-01", firm: "B. BRAUN MEDICAL, INC.", class: "II", product: "SpaceCom, model 8713142", codes: "All serial numbers", reason: "Battery", ...said,
}); // prettier-ignore
const named = (...recalls: PublishedRecall[]) =>
  namedRecalls(lives, recalls, loadMakers()).map(({ number, question, heard, cannotTell }) => [number, question, heard, cannotTell]);

test("a recall names devices of its firm whose model its words have, the twin of another maker or model not", () => {
  const asked = { maker: "B. Braun", model: "SpaceCom" };
  assert.deepEqual(named(recall("Z-0001-2026")), [["Z-0001-2026", asked, 3, 1]]);
  assert.deepEqual(named(recall("Z-0002-2026", { firm: "Halden Devices" })), []);
  assert.deepEqual(named(recall("Z-0003-2026", { product: "Space pump" })), []);
  assert.deepEqual(named(recall("Z-0004-2026", { product: "Infusion pump Infusomat(R) Space" })), [["Z-0004-2026", { maker: "B. Braun", model: "Infusomat Space" }, 1, 0]]); // prettier-ignore
  assert.deepEqual(
    named(recall("Z-0005-2026", { firm: "Philips Medical Systems", product: "M2 monitor" })),
    [],
    "two letters name nothing",
  );
});

test("serial numbers and a lot narrow it where they can be read, prose does not", () => {
  const serials = (codes: string) => named(recall("Z-0001-2026", { codes })).map(([, question, heard, cannotTell]) => [(question as { serials?: string; lot?: string }).serials ?? (question as { lot?: string }).lot, heard, cannotTell]); // prettier-ignore
  assert.deepEqual(serials("Serial numbers: SN0100 to SN0150, SN0160"), [["SN0100..SN0150, SN0160", 1, 2]]);
  assert.deepEqual(serials("Serial Number SN0200"), [["SN0200", 1, 2]]);
  assert.deepEqual(serials("Lot: 47-11"), [["47-11", 0, 4]]);
  for (const prose of ["All serial numbers", "Serial numbers below SN0150", "Serial numbers: SN0150 to SN0100", "Lots made in 2024", "UDI 00844588003288", ""])
    assert.deepEqual(serials(prose), [[undefined, 3, 1]], prose);
  assert.deepEqual(serials("Serial numbers: SN0900..SN0950"), [["SN0900..SN0950", 0, 2]]);
}); // prettier-ignore

test("what may kill stands first, then the latest", () => {
  const order = named(
    recall("Z-0001-2026"),
    recall("Z-0002-2026", { day: "2026-09-02" }),
    recall("Z-0003-2026", { class: "I", day: "2025-01-01" }),
    recall("Z-0004-2026", { class: "" }),
  );
  assert.deepEqual(order.map(([number]) => number), ["Z-0003-2026", "Z-0002-2026", "Z-0001-2026", "Z-0004-2026"]); // prettier-ignore
});

test("ten thousand recalls of a maker are held against a fleet at once", () => {
  const many = Array.from({ length: 10_000 }, (_, at) =>
    recall(`Z-${at}-2026`, { product: "Another thing of theirs ".repeat(10), codes: "1 ".repeat(2_000) }),
  );
  const began = performance.now();
  assert.deepEqual(named(...many), []);
  assert.ok(performance.now() - began < 5_000);
});

test("codes of blanks, however many, are read at once", () => {
  const blanks = " ".repeat(100_000);
  const began = performance.now();
  for (const codes of [`batch${blanks}`, `serial${blanks}?`, `Serial numbers: SN1${blanks}SN2${blanks}`]) named(recall("Z-0001-2026", { codes }));
  assert(performance.now() - began < 20_000);
}); // prettier-ignore
