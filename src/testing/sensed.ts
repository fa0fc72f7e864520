/** What the real sensor says of a capture: its batches, as they reach a core. */
import assert from "node:assert/strict";
import { closeSync } from "node:fs";
import { readSettings } from "../config.ts";
import { checkBatch } from "../link/check-batch.ts";
import { findCaptures } from "../link/files.ts";
import { startLine } from "../link/reading.ts";
import { descriptorsOf, startSensor, type SensorInput } from "../link/sensor.ts";
import type { Batch } from "../model/batch.ts";

/** `hashKey`: that of the recording they go to, or any. */
export async function sensed(file: string, hashKey = "00".repeat(32)): Promise<readonly Batch[]> {
  const [capture] = (await findCaptures([file])).files;
  assert.ok(capture !== undefined, `expected a capture at ${file}`);
  const { fd, name, run, firstAt } = capture;
  const inputs: readonly SensorInput[] = [{ kind: "file", fd }];
  const parts = [{ fd: descriptorsOf(inputs)[0]!, name, run, skipTo: 0, firstAt }];
  const chunks: Uint8Array[] = [];
  await new Promise<void>((resolve, reject) => {
    startSensor(startLine(readSettings("", {}), hashKey, [{ live: false, name, parts }]), inputs, {
      output: (chunk) => chunks.push(chunk),
      log: (text) => reject(new Error(text)),
      ended: () => resolve(),
    }).catch(reject);
  });
  closeSync(fd);
  const lines = Buffer.concat(chunks).toString("utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as object); // prettier-ignore
  return lines
    .filter((line) => !("say" in line))
    .map((line) => {
      const batch = checkBatch(line);
      if (typeof batch === "string") throw new Error(batch);
      return batch;
    });
}
