import assert from "node:assert/strict";
import { test } from "node:test";
import { FLOW_STRIDE, FlowFlag, FlowTable, LastAt, NO_FLOW, Word } from "./table.ts";

test("where there is no room one of the long silent goes, wherever the sweep stands", () => {
  const table = new FlowTable(64);
  const gone: number[] = [];
  const add = (hash: number, at: number) => {
    const flow = table.add(hash, (leaving) => gone.push(leaving));
    table.words[flow * FLOW_STRIDE + Word.flags]! &= ~FlowFlag.unanswered;
    table.floats[flow * (FLOW_STRIDE / 2) + LastAt] = at;
    return flow;
  };
  const flows = Array.from({ length: 64 }, (_, at) => add(at, at));
  table.sweep(
    40,
    () => undefined,
    () => assert.fail("not all of 64 were visited"),
  );
  // Those that came first speak again: they are the youngest now.
  for (const flow of flows.slice(0, 4)) table.floats[flow * (FLOW_STRIDE / 2) + LastAt] = 1_000;
  for (let i = 0; i < 8; i++) add(100 + i, 2_000 + i);
  assert.equal(gone.length, 8);
  for (const flow of flows.slice(0, 4)) assert.ok(!gone.includes(flow), `${flow} of ${gone.join()}`);
  assert.equal(table.takeEvicted(), 8);
});

test("flows are found again however many came after them", () => {
  const table = new FlowTable(400_000);
  const hashOf = (at: number) => Math.imul(at, 0x9e3779b1) >>> 0;
  const stays = () => assert.fail("there is room");
  const flows = Array.from({ length: 50_000 }, (_, at) => table.add(hashOf(at), stays));
  for (const flow of flows.filter((_, at) => at % 3 === 0)) table.remove(flow);
  for (let at = 50_000; at < 80_000; at++) flows[at] = table.add(hashOf(at), stays);
  for (const [at, flow] of flows.entries()) assert.equal(isFound(table, hashOf(at), flow), at % 3 !== 0 || at >= 50_000, `flow ${at}`);
});

function isFound(table: FlowTable, hash: number, wanted: number): boolean {
  for (let flow = table.first(hash); flow !== NO_FLOW; flow = table.next(flow))
    if (flow === wanted && table.words[flow * FLOW_STRIDE + Word.hash] === hash) return true;
  return false;
}
