/**
 * Captures read by the stages, the core and the store the program runs, each into a recording of its own, in threads: to start two
 * hundred programs would take longer than to read what they read. `reading.system.test.ts` holds them against the program with its confined sensor.
 */
import { once } from "node:events";
import { closeSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { InputClock, readFrames } from "../src/capture/index.ts";
import { Core } from "../src/core.ts";
import { Decoder } from "../src/decode/index.ts";
import { Doses } from "../src/doses/index.ts";
import { Flows } from "../src/flows/index.ts";
import { isDeviceMaker } from "../src/knowledge/device-maker.ts";
import { checkBatch } from "../src/link/check-batch.ts";
import { findCaptures } from "../src/link/files.ts";
import { protocols } from "../src/protocols/index.ts";
import { openReader } from "../src/reader.ts";
import type { Finding } from "../src/model/finding.ts";
import type { FleetDevice, Weakness } from "../src/model/weakness.ts";
import type { Inventory } from "./inventory.ts";

export interface Reading {
  readonly seconds: number;
  /** Null where it could not be read, and `trouble` says why. */
  readonly inventory: Inventory | null;
  readonly findings: readonly Finding[];
  readonly weak: readonly WeakDevice[];
  readonly trouble: string;
}

/** A device with what is wrong with it. */
export interface WeakDevice extends Pick<FleetDevice, "ips"> {
  readonly weaknesses: readonly Pick<Weakness, "name" | "kind" | "answer" | "title" | "because">[];
}

const HANG_SECONDS = 60;
const HASH_KEY_ANY = "00".repeat(32);

/** One thread, which is asked for one capture after the other and begun anew when it hangs. */
export class CaptureReader {
  #worker: Worker | undefined;
  readonly #hangSeconds: number;

  constructor({ hangSeconds = HANG_SECONDS } = {}) {
    this.#hangSeconds = hangSeconds;
  }

  async read(file: string): Promise<Reading> {
    this.#worker ??= new Worker(new URL(import.meta.url));
    const worker = this.#worker;
    const began = performance.now();
    worker.postMessage(file);
    try {
      const [reading] = (await once(worker, "message", { signal: AbortSignal.timeout(this.#hangSeconds * 1000) })) as [Reading];
      return reading;
    } catch (error) {
      await this.close();
      return { seconds: (performance.now() - began) / 1000, inventory: null, findings: [], weak: [], trouble: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

if (!isMainThread)
  parentPort!.on("message", (file: string) => {
    void reading(file).then((it) => parentPort!.postMessage(it));
  });

async function reading(file: string): Promise<Reading> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "auscult-score-"));
  const ended = (read: Omit<Reading, "seconds">): Reading => ({ seconds: (performance.now() - began) / 1000, ...read });
  try {
    const path = join(folder, "capture.db");
    await record(file, path);
    return ended({ ...(await kept(path)), trouble: "" });
  } catch (error) {
    return ended({ inventory: null, findings: [], weak: [], trouble: (error as Error).message });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A malformed capture is half-read: what was read counts. */
async function record(file: string, path: string): Promise<void> {
  const found = await findCaptures([file]);
  const [capture] = found.files;
  if (capture === undefined) throw new Error(found.notRead[0]?.words ?? "nothing to read");
  const core = new Core({ path, site: "main", ownRanges: [] });
  try {
    const decoder = new Decoder();
    const flows = new Flows({
      protocols,
      hashKey: HASH_KEY_ANY,
      flowsMax: 100_000,
      flowIdleMinutes: 5,
      leftOut: [],
      counts: decoder,
      programs: new Doses(),
      deviceMaker: isDeviceMaker,
      send: (batch) => {
        const checked = checkBatch(JSON.parse(JSON.stringify(batch)));
        if (typeof checked === "string") throw new Error(checked);
        core.take(checked);
      },
      live: false,
      held: () => false,
      defect: (error) => {
        throw error;
      },
    });
    flows.begin({ site: "main", sensor: "local", run: capture.run, input: capture.name, skipTo: 0 });
    const { packet } = decoder;
    const sink = {
      frame: (bytes: Uint8Array, from: number, to: number, wireLength: number, at: number, linkType: number) => {
        decoder.decode(bytes, from, to, wireLength, at, linkType);
        flows.packet(packet);
      },
      drops: (count: number) => flows.drops(count),
      tick: (at: number) => flows.tick(at),
      pause: () => undefined,
      progress: () => undefined,
    };
    await readFrames(capture.fd, sink, { live: false, clock: new InputClock() });
    flows.end(true);
    core.settle();
  } finally {
    core.close();
    closeSync(capture.fd);
  }
}

/** What `auscult open --json` and `auscult findings --json` print. */
async function kept(path: string): Promise<Pick<Reading, "inventory" | "findings" | "weak">> {
  const reader = await openReader(path);
  try {
    let text = "";
    for await (const piece of reader.inventory()) text += piece;
    const { rows: findings } = await reader.findings({ states: [], offset: 0, limit: 10_000 });
    const { devices, weaknesses } = await reader.fleet();
    const weak = devices.flatMap(({ id, ips }): WeakDevice[] => {
      const own = weaknesses.get(id) ?? [];
      const told = own.map(({ name, kind, answer, title, because }) => ({ name, kind, answer, title, because }));
      return told.length === 0 ? [] : [{ ips, weaknesses: told }];
    });
    return { inventory: JSON.parse(text) as Inventory, findings, weak };
  } finally {
    await reader.close();
  }
}
