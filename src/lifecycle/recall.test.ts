import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecallQuestion } from "../model/lifecycle.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { recallOf } from "./recall.ts";

const devices = [
  life("d1", { maker: "Halden", model: "VT-4", serial: "SN-0120", software: [{ value: "library 2.8", first: day(0), last: day(9) }] }),
  life("d2", { maker: "Halden", model: "VT-4", serial: "SN0200", udi: "(01)00844588003288(10)AB12(21)SN0200" }),
  life("d3", { maker: "Halden", model: "VT-4" }),
  life("d4", { maker: "Halden", model: "VT-5", serial: "SN0130" }),
  life("d5", { maker: "Corvane", model: "M", serial: "SN0140", udi: "00844588003288" }),
  life("d6"),
];
function ids(question: RecallQuestion) {
  const { heard, cannotTell } = recallOf(livesOf(devices), question);
  return { heard: heard.rows.map(({ id }) => id), cannotTell: cannotTell.rows.map(({ id, note }) => [id, note]) };
}

test("by maker, model and serial numbers: heard, not meant, and cannot tell", () => {
  assert.deepEqual(ids({ maker: "halden", model: "VT4", serials: "SN0100..SN0150, SN0200" }), {
    heard: ["d1", "d2"],
    cannotTell: [["d3", "serial number not heard"]],
  });
  assert.deepEqual(ids({ maker: "Halden", model: "VT-4", serials: "SN0121..SN0199" }).heard, []);
});

test("a device of which nothing that is asked for is known is in no list", () => {
  assert.deepEqual(ids({ model: "VT-4" }).cannotTell, []);
  assert.deepEqual(ids({ serials: "SN0130" }).heard, ["d4"]);
});

test("by version, UDI and lot", () => {
  assert.deepEqual(ids({ model: "VT-4", version: "2.8" }).heard, ["d1"]);
  assert.deepEqual(ids({ model: "VT-4", version: "2" }).heard, [], "a part of a version is another version");
  assert.deepEqual(ids({ udi: "00844588003288" }).heard, ["d2", "d5"]);
  assert.deepEqual(ids({ udi: "(01)00844588003288", lot: "ab12" }), { heard: ["d2"], cannotTell: [["d5", "lot not heard"]] });
});

test("rows of the hospital's list that nobody heard, to search for by hand", () => {
  const listed = [
    { row: 2, cells: { maker: "Halden", model: "VT-4", serial: "SN0149", controlNumber: "B-77" } },
    { row: 3, cells: { maker: "Halden", model: "VT-4", serial: "SN0151" } },
    { row: 4, cells: { maker: "Halden", model: "VT-4" } },
    { row: 5, cells: { location: "ICU 3" } },
  ];
  const { listedOnly } = recallOf(livesOf(devices), { model: "VT-4", serials: "SN0100..SN0150" }, listed);
  assert.deepEqual(listedOnly, [
    { row: 2, says: "B-77, Halden, VT-4, SN0149" },
    { row: 4, says: "Halden, VT-4" },
  ]);
});

test("what asks nothing, or is no range, is refused in a line", () => {
  assert.throws(() => recallOf(livesOf(devices), {}), /expected a maker, a model, serial numbers/u);
  for (const serials of ["B9..A1", "A5..A1", "A1..A2..A3", "..A1"])
    assert.throws(() => recallOf(livesOf(devices), { serials }), /expected a serial number or a range like B200\.\.B299, got/u);
  assert.throws(() => recallOf(livesOf(devices), { serials: "1 ".repeat(1_001) }), /at most 1000 serial numbers/u);
});
