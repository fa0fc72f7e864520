import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { duration, number, size, table, time, type Column } from "./terminal.ts";

const columns: readonly Column<readonly [string, string]>[] = [
  { title: "Device", text: (row) => row[0] },
  { title: "Address", text: (row) => row[1], whole: true, drop: 1 },
];
const piped = Object.assign(new Writable(), { isTTY: false }) as unknown as NodeJS.WriteStream;

test("behind a pipe a table is tabs, and a device's name brings no control character, tab or line with it", () => {
  assert.equal(table(columns, [["pump\u001b[31m\t7\n", "10.0.0.7"]], { stream: piped }), "Device\tAddress\npump·[31m·7·\t10.0.0.7\n");
});

test("on a narrow terminal cells are cut first, whole ones never; then the column that may go, goes", () => {
  const at = (width: number) => {
    const narrow = Object.assign(new Writable(), { isTTY: true, columns: width }) as unknown as NodeJS.WriteStream;
    return table(columns, [["infusion pump 7", "10.0.0.7"]], { head: false, stream: narrow });
  };
  assert.equal(at(25), "infusion pump 7  10.0.0.7\n");
  assert.equal(at(22), "infusion pu…  10.0.0.7\n");
  assert.equal(at(21), "infusion pump 7\n");
  assert.equal(at(10), "infusion …\n");
});

test("figures are said in the units people use", () => {
  assert.deepEqual([size(999), size(3_100_000_000), number(15_200_000), number(1204)], ["999 B", "3.1 GB", "15.2 million", "1,204"]);
  assert.deepEqual([duration(0.0042), duration(7.61), duration(600)], ["4 ms", "7.6 s", "10 min"]);
  assert.equal(time(1_462_356_672_000_001, true), "2016-05-04T10:11:12.000001Z");
});
