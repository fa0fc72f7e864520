/**
 * How far the core of a site had come, kept in its data directory: a store that was set back to an older copy is found by it, and what that
 * lost is said. Nothing in the store itself could tell.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { RunMark } from "../../model/store.ts";
import { makeFolder, writeWhole } from "../folders.ts";
import { inWords } from "../refusals.ts";
import { RUNS_TOLD_MAX } from "./said.ts";

/** Noted so often at most, of each site: what a kill takes from it is a loss that is not told, not one more batch. */
const NOTED_MS = 10_000;

const Noted = z.array(z.tuple([z.string(), z.number().int().nonnegative()]));

export interface KnownMarksOptions {
  readonly data: string;
  readonly site: string;
  readonly log: (text: string) => void;
}

export class KnownMarks {
  readonly #options: KnownMarksOptions;
  readonly #file: string;
  /** The latest last. */
  #marks: Map<string, number>;
  #timer: NodeJS.Timeout | undefined;
  #trouble = "";

  constructor(options: KnownMarksOptions) {
    this.#options = options;
    const folder = join(options.data, "marks");
    makeFolder(folder);
    // A site may be called as no file may.
    this.#file = join(folder, `${createHash("sha256").update(options.site).digest("hex").slice(0, 32)}.json`);
    this.#marks = new Map(this.#noted());
  }

  /** What is gone since it was noted, a sentence each. `stored`: the highest batch of a run that is there without a gap below it. */
  async gone(stored: (run: string) => Promise<number>): Promise<readonly string[]> {
    const gone: string[] = [];
    for (const [run, sequence] of this.#marks) {
      const left = await stored(run);
      if (left >= sequence) continue;
      gone.push(`The store was set back to an older copy: batches ${left + 1} to ${sequence} of ${run} were in it and are gone. The sensor is asked for them again.`); // prettier-ignore
      this.#marks.set(run, left);
    }
    if (gone.length > 0) this.#write();
    return gone;
  }

  know(marks: readonly RunMark[]): void {
    for (const { run, sequence } of marks) {
      this.#marks.delete(run);
      this.#marks.set(run, sequence);
      const [oldest] = this.#marks.keys();
      if (this.#marks.size > RUNS_TOLD_MAX) this.#marks.delete(oldest!);
    }
    this.#timer ??= setTimeout(() => this.#write(), NOTED_MS);
  }

  close(): void {
    if (this.#timer !== undefined) this.#write();
  }

  /** What is damaged tells of no loss, and keeps nobody from taking batches either. */
  #noted(): [run: string, sequence: number][] {
    if (!existsSync(this.#file)) return [];
    try {
      return Noted.parse(JSON.parse(readFileSync(this.#file, "utf8")));
    } catch {
      this.#options.log(`expected how far the site had come in ${this.#file}, got something else: a store that was set back is not found this time`); // prettier-ignore
      return [];
    }
  }

  /** A disk that takes nothing keeps nobody from taking batches. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      writeWhole(this.#file, JSON.stringify([...this.#marks]));
      this.#trouble = "";
    } catch (error) {
      const why = inWords(error);
      if (why !== this.#trouble) this.#options.log(`how far the site has come is not noted, got ${why}`);
      this.#trouble = why;
    }
  }
}
