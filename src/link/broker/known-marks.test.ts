import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { KnownMarks } from "./known-marks.ts";

let data = "";
beforeEach(() => (data = mkdtempSync(join(tmpdir(), "auscult-marks-"))));
afterEach(() => rmSync(data, { recursive: true }));

const opened = (site = "north") => new KnownMarks({ data, site, log: assert.fail });
function noted(...marks: readonly [run: string, sequence: number][]): void {
  const known = opened();
  known.know(marks.map(([run, sequence]) => ({ run, sequence, sensor: "er-1" })));
  known.close();
}
const holding = (runs: Readonly<Record<string, number>>) => (run: string) => Promise.resolve(runs[run] ?? 0);

test("a store that went on lost nothing, and neither did that of another site", async () => {
  noted(["live-1", 7], ["live-2", 2]);
  assert.deepEqual(await opened().gone(holding({ "live-1": 9, "live-2": 2 })), []);
  assert.deepEqual(await opened("south/2").gone(holding({})), []);
});

test("one that was set back is told with the batches that are gone, once", async () => {
  noted(["live-1", 9], ["live-2", 3]);
  const yesterday = holding({ "live-1": 7 });
  assert.deepEqual(await opened().gone(yesterday), [
    "The store was set back to an older copy: batches 8 to 9 of live-1 were in it and are gone. The sensor is asked for them again.",
    "The store was set back to an older copy: batches 1 to 3 of live-2 were in it and are gone. The sensor is asked for them again.",
  ]);
  assert.deepEqual(await opened().gone(yesterday), []);
});

test("a damaged note is said in one line, and what comes is noted anew", async () => {
  noted(["live-1", 9]);
  const [file] = readdirSync(join(data, "marks"));
  for (const damaged of ["[[", '{"live-1":9}', ""]) {
    writeFileSync(join(data, "marks", file!), damaged);
    const said: string[] = [];
    const known = new KnownMarks({ data, site: "north", log: (words) => said.push(words) });
    assert.match(said.join("\n"), /^expected how far the site had come in .*, got something else: [^\n]*$/u);
    assert.deepEqual(await known.gone(holding({})), []);
    known.know([{ run: "live-1", sequence: 10, sensor: "er-1" }]);
    known.close();
    assert.equal((await opened().gone(holding({ "live-1": 9 }))).length, 1);
  }
});
