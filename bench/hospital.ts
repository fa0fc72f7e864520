/**
 * The sample hospital as a laboratory: its machines are made by us, so what is right of them shows that the rules do what they say, and
 * nothing of a real hospital. It has what no capture has: bedside devices in numbers, whose truth is known.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadKnowledge } from "../src/knowledge/index.ts";
import { CONFIDENCE_MAX } from "../src/model/device.ts";
import { simulate } from "../src/simulation/index.ts";
import type { Truth } from "../src/simulation/truth.ts";
import type { Device, Inventory } from "./inventory.ts";
import { speaksClinically } from "./judged.ts";
import type { CaptureReader } from "./reading.ts";
import { percent } from "./tally.ts";

const SEEDS = [1, 2, 3];
const { kinds } = loadKnowledge();

export async function* hospitalLines(reader: CaptureReader): AsyncIterable<string> {
  const pairs = [];
  for (const seed of SEEDS) {
    const { truth, inventory } = await readHospital(seed, reader);
    pairs.push(...matched(truth, inventory));
  }
  yield* pairLines(pairs);
}

/** One machine of the truth, and what is said of it. */
export interface Pair {
  readonly kind: string;
  readonly device: Device | undefined;
  /** It was heard in a clinical protocol. */
  readonly speaks: boolean;
}

export function* pairLines(pairs: readonly Pair[]): Iterable<string> {
  const clinical = pairs.filter(({ kind, speaks }) => speaks && kinds.lineOf(kind).includes("medical device"));
  const sure = clinical.filter(({ device }) => isSure(device));
  const wrong = pairs.filter(({ kind, device }) => isSure(device) && !isOn(kind, device!.kind!.value));
  const among = wrong.filter((it) => clinical.includes(it)).length;
  yield `  clinical devices heard in a clinical protocol: ${clinical.length}; kind asserted of ${sure.length} (${percent(sure.length, clinical.length)}), ${among} of them wrong`;
  const treats = (kind: string) => ["therapy", "life-supporting"].includes(kinds.careOf(kind) ?? "");
  const taken = wrong.filter(({ device }) => treats(device!.kind!.value)).length;
  const mistaken = wrong.filter(({ kind }) => treats(kind)).length;
  yield `  others asserted to treat a patient or keep one alive: ${taken}; such devices asserted to be something else: ${mistaken}`;
  for (const { kind, device } of wrong) yield `    wrong: ${device!.ips[0]} is ${kind}, asserted to be ${device!.kind!.value}`;
  const open = clinical.filter(({ device }) => !isSure(device));
  for (const [told, of] of Map.groupBy(open, ({ kind, device }) => `${kind}, ${saidOf(device)}`))
    yield `    not asserted: ${of.length} × ${told}`;
}

async function readHospital(seed: number, reader: CaptureReader): Promise<{ truth: Truth; inventory: Inventory }> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-score-"));
  try {
    const { capture, truth } = simulate({ seed });
    const file = join(folder, "hospital.pcap");
    await writeFile(file, capture);
    const { inventory, trouble } = await reader.read(file);
    if (inventory === null) throw new Error(`expected to read the sample hospital, got: ${trouble}`);
    return { truth, inventory };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function matched({ devices }: Truth, inventory: Inventory): Pair[] {
  const speaking = new Set(speaksClinically(inventory));
  return devices.map(({ kind, macs }) => {
    const device = inventory.devices.find((it) => macs.some((mac) => it.macs.includes(mac)));
    return { kind, device, speaks: device !== undefined && speaking.has(device) };
  });
}

function isSure(device: Device | undefined): boolean {
  return (device?.kind?.confidence ?? 0) >= CONFIDENCE_MAX;
}

/** What is said may be less exact than the truth. */
function isOn(truth: string, said: string): boolean {
  return kinds.lineOf(truth).includes(said);
}

function saidOf(device: Device | undefined): string {
  return device?.kind ? `probably ${device.kind.value} (${device.kind.confidence})` : "not known";
}
