/** A recording that frames and files of evidence are read into, as the command does, and the devices that come of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openEvidence } from "../link/evidence-file.ts";
import { readEvidence } from "../link/evidence.ts";
import type { EvidenceRead } from "../link/evidence-note.ts";
import { Core } from "../core.ts";
import { checkBatch } from "../link/check-batch.ts";
import type { Batch } from "../model/batch.ts";
import type { DeviceSummary } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";
import { openReader } from "../reader.ts";
import type { Frame } from "./frames.ts";
import { Ear } from "./hear.ts";

/** What a sensor makes of frames. */
export function batchesOf(frames: readonly Frame[]): readonly Batch[] {
  const ear = new Ear();
  for (const { bytes, at } of frames) ear.heard(bytes, 0, bytes.length, bytes.length, at!, 1);
  return ear.end();
}

export class WrittenRecording {
  readonly path: string;
  readonly #folder: string;
  readonly #core: Core;

  /** Gone when the test is over. */
  constructor(test: TestContext) {
    this.#folder = mkdtempSync(join(tmpdir(), "auscult-written-"));
    this.path = join(this.#folder, "ward.db");
    this.#core = new Core({ path: this.path, site: "main", ownRanges: [] });
    test.after(() => {
      this.#core.close();
      rmSync(this.#folder, { recursive: true });
    });
  }

  hear(batches: readonly Batch[], run: string): void {
    for (const batch of batches) this.#core.take({ ...batch, run });
    this.#core.ended(run, "");
    this.#core.settle();
  }

  /** Files by their names; `at`: when they were written, in microseconds since 1970. */
  async read(files: Readonly<Record<string, string>>, at: number, leftOut: readonly string[] = []): Promise<readonly EvidenceRead[]> {
    const opened = Object.entries(files).map(([name, text]) => {
      const path = join(this.#folder, name);
      writeFileSync(path, text);
      return openEvidence(path, at);
    });
    return readEvidence({ files: opened, site: "main", leftOut, writer: this.#writer(), reader: () => openReader(this.path) });
  }

  /** As `link/recording.ts` gives it, in this thread. */
  #writer(): Parameters<typeof readEvidence>[0]["writer"] {
    const core = this.#core;
    return {
      hashKey: core.hashKey,
      stored: (run) => Promise.resolve(core.stored(run)),
      source: () => ({
        accept: (chunk) => {
          const batch = checkBatch(JSON.parse(Buffer.from(chunk).toString()));
          if (typeof batch === "string") throw new Error(batch);
          core.take(batch);
        },
        taken: () => Promise.resolve(),
      }),
      behind: () => 0,
      note: (input, words) => core.note(input, words),
      ended: (run, trouble) => core.ended(run, trouble),
      settle: () => Promise.resolve(core.settle()),
    };
  }

  async ask<T>(work: (reader: RecordingReader) => Promise<T>): Promise<T> {
    const reader = await openReader(this.path);
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  }

  async devices(): Promise<readonly DeviceSummary[]> {
    const filter = "standing in (device, carrier, outside)";
    return this.ask(async (reader) => (await reader.devices({ filter, sort: "ip", descending: false, offset: 0, limit: 1_000 })).rows);
  }
}
