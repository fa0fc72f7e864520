/** The sample hospital, made once from its seed and kept: a capture like any other. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "./link/folders.ts";

/** What its recording is called. */
export const SAMPLE = "sample-hospital";
const SEED = 1;

/** Whoever asks while it is made waits for the same one. */
const making = new Map<string, Promise<void>>();

export async function sampleCapture(dataDirectory: string): Promise<string> {
  const folder = join(dataDirectory, "samples");
  const file = join(folder, `${SAMPLE}.pcap`);
  if (existsSync(file)) return file;
  const made = making.get(file) ?? make(folder, file);
  making.set(file, made);
  try {
    await made;
  } finally {
    making.delete(file);
  }
  return file;
}

async function make(folder: string, file: string): Promise<void> {
  makeFolder(folder);
  // Loaded only where it is asked for.
  const { simulate } = await import("./simulation/index.ts");
  const { capture, truth } = simulate({ seed: SEED });
  await whole(join(folder, `${SAMPLE}.json`), JSON.stringify(truth));
  await whole(file, capture);
}

/** Under its name only when it is whole; another process may make it at the same time. */
async function whole(file: string, content: string | Iterable<Uint8Array>): Promise<void> {
  const part = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(part, content);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
