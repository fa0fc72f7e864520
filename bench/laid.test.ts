import assert from "node:assert/strict";
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputClock, readFrames } from "../src/capture/index.ts";
import { FIRST_AT, pcapFile, udpFrame } from "../src/testing/frames.ts";
import { layEndToEnd } from "./laid.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-laid-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;

test("captures come one after the other an hour apart whatever their own times, and what is no capture is left out", async () => {
  const frame = (at: number) => ({ bytes: udpFrame({ from: 1, to: 2 }), at: FIRST_AT + at });
  const files = { "a.pcap": pcapFile([frame(0), frame(5 * SECOND)]), "b.pcap": pcapFile([frame(-HOUR), frame(-HOUR / 2)]) };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "c.pcap"), "no capture");
  const to = join(folder, "laid.pcapng");
  const laid = await layEndToEnd(["a.pcap", "c.pcap", "b.pcap"].map((it) => join(folder, it)), 0, to); // prettier-ignore
  assert.deepEqual(laid, { captures: 2, frames: 4, us: (5 + 3_600 + 1_800) * SECOND });

  const times: number[] = [];
  const fd = openSync(to, "r");
  const sink = { frame: (_bytes: Uint8Array, _from: number, _to: number, _wire: number, at: number) => void times.push(at / SECOND), drops: () => undefined, tick: () => undefined, pause: () => undefined, progress: () => undefined }; // prettier-ignore
  await readFrames(fd, sink, { live: false, clock: new InputClock() });
  closeSync(fd);
  assert.deepEqual(times, [3_600, 3_605, 7_205, 9_005]);
});
