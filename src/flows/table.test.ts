import assert from "node:assert/strict";
import { test } from "node:test";
import { FLOW_STRIDE, FlowFlag, FlowTable, LastAt, Word } from "./table.ts";

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
