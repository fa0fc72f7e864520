/** The same ward heard in full, with the order leg cut from the mirror, and one-sided: what the guard says of itself, with the pumps counted. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openReader } from "../reader.ts";
import { FIRST_AT, pcapFile } from "../testing/frames.ts";
import { opened } from "../testing/opened.ts";
import { PumpWard } from "../testing/pumps.ts";

const MINUTE = 60_000_000;
const folder = mkdtempSync(join(tmpdir(), "auscult-guards-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Seven pumps report; six of them are told something, so often. */
async function guard(name: string, orders: number, hears: { readonly orders: boolean; readonly answers: boolean }) {
  const ward = new PumpWard(hears);
  for (let pump = 0; pump < 7; pump++) ward.report(FIRST_AT + pump * 1_000_000, `P${pump}`, 5);
  for (let i = 0; i < orders; i++) ward.order(FIRST_AT + (i + 1) * MINUTE, { pump: `P${i % 6}`, rate: 5 + (i % 3) });
  const capture = join(folder, `${name}.pcap`);
  writeFileSync(capture, pcapFile(ward.frames));
  const { path } = await opened(join(folder, name), capture);
  const reader = await openReader(path);
  try {
    const [it] = await reader.guards();
    const { total } = await reader.findings({ states: [], offset: 0, limit: 10 });
    return { ...it!, total };
  } finally {
    await reader.close();
  }
}

test("heard in full, with the order leg cut, one-sided, and while it learns", async () => {
  const full = await guard("full", 40, { orders: true, answers: true });
  assert.deepEqual([full.state, full.devices, full.heard, full.answered, full.compared, full.total], ["hearing", 7, 6, 6, 6, 0]);
  const cut = await guard("cut", 40, { orders: false, answers: false });
  assert.deepEqual([cut.state, cut.devices, cut.heard, cut.total], ["blind", 7, 0, 0]);
  assert.match(cut.says, /^programming heard for 0 of 7 pumps: this guard is blind here; a mirror at the pump server would open it/);
  const oneSided = await guard("one-sided", 40, { orders: true, answers: false });
  assert.deepEqual([oneSided.state, oneSided.devices, oneSided.heard, oneSided.answered, oneSided.total], ["half-blind", 7, 6, 0, 0]);
  const learning = await guard("learning", 12, { orders: true, answers: true });
  assert.deepEqual([learning.state, learning.heard, learning.compared], ["learning", 6, 0]);
  assert.match(learning.says, /in 12 orders ten times the rate would not stand out$/);
});
