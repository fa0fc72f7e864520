/** Recalls at the terminal: kept, ticked by name, taken back, printed; what is asked wrongly is one line. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { run } from "../testing/command.ts";

/** In it a monitor of Acme says "Monitor 7" as its model. */
const CAPTURE = join(import.meta.dirname, "..", "..", "fixtures", "lldp", "neighbors.pcap");
const data = mkdtempSync(join(tmpdir(), "auscult-recalls-"));
after(() => rmSync(data, { recursive: true }));

const ran = (...args: string[]) => run("--data", data, ...args);

test("a recall is kept as a list, ticked off, taken back and printed", async () => {
  assert.equal((await ran("open", CAPTURE, "--exit")).code, 0);
  assert.match((await ran("recalls")).stderr, /No recall is searched for/u);
  const none = await ran("recall", "--model", "Monitor 9", "--keep", "Nine");
  assert.equal(none.code, 2);
  assert.match(none.stderr, /^auscult: --keep: expected a recall that means somebody/mu);
  const kept = await ran("recall", "--model", "Monitor 7", "--keep", "Seven", "--who", "lind", "--json");
  const { kept: number, entries } = JSON.parse(kept.stdout) as { kept: number; entries: { id: string }[] };
  const { id } = entries[0]!;
  assert.deepEqual([number, entries.length], [1, 1]);
  assert.match(
    (await ran("recalls", "1", "--found", id, "--who", "berg", "--note", "hose changed")).stdout,
    /1 of 1 found, none left: closed/u,
  );
  assert.match((await ran("recalls", "1", "--print")).stdout, /<td>found<\/td>.*<td>berg.*<td>hose changed<\/td>/u);
  assert.match((await ran("recalls", "1", "--take-back", id)).stdout, /0 of 1 found, 1 left/u);
  assert.match((await ran("recalls", "1", "--csv")).stdout, /☐/u);
  const wrong = await ran("recalls", "1", "--found", "d99");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /expected an entry of recall 1, such as d\d+, got "d99"/u);
  assert.match((await ran("recalls", "7")).stderr, /expected the number of a recall, got 7/u);
});
