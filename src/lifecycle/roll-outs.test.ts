import assert from "node:assert/strict";
import { test } from "node:test";
import { day, life, livesOf } from "../testing/lives.ts";
import { rollOutsOf } from "./roll-outs.ts";

const said = (value: string, first: number, last: number) => ({ value, first: day(first), last: day(last) });
const pump = (id: string, software: ReturnType<typeof said>[], last = 100) =>
  life(id, { maker: "Halden", model: "VT-4", software, last: day(last) });

test("who has the new version, who waits, and of whom nobody can tell", () => {
  const [found, ...more] = rollOutsOf(
    livesOf([
      pump("d1", [said("drug library 2026.2", 0, 50), said("drug library 2026.3", 51, 100)]),
      pump("d2", [said("drug library 2026.3", 70, 100)]),
      pump("d3", [said("drug library 2026.2", 0, 100)]),
      pump("d4", [said("drug library 2026.2", 0, 40)], 40),
    ]),
  );
  assert.deepEqual(more, []);
  assert.deepEqual([found?.product, found?.version, found?.since, found?.done], ["drug library", "2026.3", day(51), 2]);
  assert.deepEqual(
    found?.waiting.rows.map(({ id, note }) => [id, note]),
    [["d3", "2026.2"]],
  );
  assert.deepEqual(
    found?.notHeard.rows.map(({ id }) => id),
    ["d4"],
  );
  assert.deepEqual(found?.versions, [
    { version: "2026.3", devices: 2 },
    { version: "2026.2", devices: 2 },
  ]);
});

test("versions that differ from the start are no roll-out, nor are two devices, nor two kinds of software", () => {
  const steady = [
    pump("d1", [said("2.8", 0, 100)]),
    pump("d2", [said("2.9", 0, 100)]),
    pump("d3", [said("firmware 1.0", 0, 100), said("library 7", 0, 100)]),
  ];
  assert.deepEqual(rollOutsOf(livesOf(steady)), []);
  assert.deepEqual(rollOutsOf(livesOf([pump("d1", [said("2.8", 0, 50), said("2.9", 51, 100)]), pump("d2", [said("2.8", 0, 100)])])), []);
});
