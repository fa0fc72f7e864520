/** What is planted in the orders of a made-up ward is looked for in everything the whole program writes and says. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { watches } from "../findings/index.ts";
import { BadNight, DRUGS } from "../testing/bad-night.ts";
import { run } from "../testing/command.ts";
import { pcapFile } from "../testing/frames.ts";
import { heardAt } from "../testing/hear.ts";
import { Search } from "../testing/search.ts";
import { found } from "../testing/watched.ts";

const clinical = watches.filter(({ family }) => family === "clinical");
const folder = mkdtempSync(join(tmpdir(), "auscult-night-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("planted rates, volumes, drugs and orders are in no batch, no file and on no terminal", async () => {
  // Eight characters and more, so that none stands anywhere by chance.
  const planted = { rate: "7351.8264", volume: 9184.6273, drug: "ZZPLANTEDDRUG", order: "ZZPLANTEDORDER" };
  const night = new BadNight(2).innocent(20);
  night.last({ pump: "P47", drug: DRUGS.heparin.code, rate: planted.rate, volume: planted.volume, order: planted.order });
  night.last({ pump: "P48", drug: planted.drug, rate: planted.rate, volume: planted.volume, order: planted.order });
  const search = new Search([planted.rate, String(planted.volume), planted.drug, planted.order]);
  const { frames } = night.ward;
  const capture = join(folder, "night.pcap");
  writeFileSync(capture, pcapFile(frames));
  assert.equal(new Set(search.in(readFileSync(capture)).map((it) => it.split(" ")[0])).size, 4, "the search finds them in the capture");
  const batches = heardAt(frames);
  assert.ok(
    found(batches, clinical).some(({ detector }) => detector === "dose-beyond"),
    "the order was read",
  );
  assert.deepEqual(search.in(Buffer.from(JSON.stringify(batches))), []);

  const data = join(folder, "data");
  for (const args of [["open", capture, "--exit", "--json"], ["findings", "--json"], ["findings"], ["device", "P47"]]) {
    const { code, stdout, stderr } = await run("--data", data, ...args);
    assert.equal(code, 0, stderr);
    assert.deepEqual(search.in(Buffer.from(`${stdout}\n${stderr}`)), [], args.join(" "));
  }
  for (const name of readdirSync(data, { recursive: true, encoding: "utf8" }))
    if (statSync(join(data, name)).isFile()) assert.deepEqual(search.in(readFileSync(join(data, name))), [], name);
});
