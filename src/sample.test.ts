import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SAMPLE, sampleCapture } from "./sample.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-sample-"));
after(() => rmSync(data, { recursive: true }));

test("the sample is made once however many ask at once, and leaves no part behind", async () => {
  const files = await Promise.all([sampleCapture(data), sampleCapture(data), sampleCapture(data)]);
  assert.deepEqual([...new Set(files)], [join(data, "samples", `${SAMPLE}.pcap`)]);
  assert.deepEqual(readdirSync(join(data, "samples")).toSorted(), [`${SAMPLE}.json`, `${SAMPLE}.pcap`]);
});
