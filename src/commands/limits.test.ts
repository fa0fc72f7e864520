import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { run } from "../testing/command.ts";
import { FIRST_AT, pcapFile } from "../testing/frames.ts";
import { PumpWard } from "../testing/pumps.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-limits-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const exported = join(folder, "export.csv");
writeFileSync(exported, "Drug code;Order type;Hard max;Dose unit\nNOR;Infusion;20;mL/h\nHEP;Infusion;2,5;mL/h\n");

test("an export is listed and nothing written; applied, sensors compare with it", async () => {
  const data = join(folder, "data");
  const dry = await run("--data", data, "limits", exported);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /NOR\s+continuous\s+20 mL\/h/);
  assert.match(dry.stderr, /1 of 2 lines can be compared with orders\. Nothing was written/);
  assert.match((await run("--data", data, "limits")).stderr, /No limits yet/);
  assert.match((await run("--data", data, "limits", exported, "--apply")).stderr, /they serve from the next start on/);
  assert.deepEqual(readdirSync(join(data, "knowledge")), ["limits.csv"]);
  assert.match((await run("--data", data, "limits")).stdout, /NOR/);

  const ward = new PumpWard();
  ward.order(FIRST_AT, { pump: "P1", drug: "NOR", rate: 15 });
  ward.order(FIRST_AT + 60_000_000, { pump: "P2", drug: "NOR", rate: 45 });
  const capture = join(folder, "ward.pcap");
  writeFileSync(capture, pcapFile(ward.frames));
  assert.equal((await run("--data", data, "open", capture, "--exit")).code, 0);
  assert.match((await run("--data", data, "findings")).stdout, /critical\t.*P2.*2\.3 times the pharmacy's hard limit/);
});

test("what is no such export ends with one line and exit 2", async () => {
  const { code, stderr } = await run("--data", folder, "limits", join(folder, "none.csv"));
  assert.deepEqual([code, stderr.trim().split("\n").length], [2, 1]);
  assert.equal((await run("--data", folder, "limits", exported, "--column", "dose=Hard max")).code, 2);
});
