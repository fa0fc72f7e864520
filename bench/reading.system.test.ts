import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sampleFrames } from "../src/testing/captures.ts";
import { run } from "../src/testing/command.ts";
import { pcapFile } from "../src/testing/frames.ts";
import { CaptureReader } from "./reading.ts";

test("what is scored is what the program says, with its confined sensor: one inventory", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-scored-"));
  const reader = new CaptureReader();
  try {
    const file = join(folder, "ward.pcap");
    writeFileSync(file, pcapFile(sampleFrames(80, 5)));
    const { inventory, trouble } = await reader.read(file);
    assert.equal(trouble, "");
    const { stdout } = await run("--data", join(folder, "data"), "open", file, "--exit", "--json");
    assert.deepEqual(inventory, JSON.parse(stdout));
    assert.ok(inventory!.devices.length > 20);
  } finally {
    await reader.close();
    rmSync(folder, { recursive: true });
  }
});
