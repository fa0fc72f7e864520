/** What is to be said of one sensor. */
import type { SensorAbout, SensorState } from "../../model/sensor.ts";
import { SILENT_MS, type SensorStatus } from "./said.ts";

/** A sensor whose oldest batch is older is behind: what is shown is as old. */
const BEHIND_MS = 60_000;

export interface Heard {
  /** Null: no word since the core began. */
  status: SensorStatus | null;
  /** When it said it, as `performance.now`. */
  at: number;
  /** The same by the wall clock, in milliseconds since 1970. */
  since: number;
  /** Who used its name of late, and when. */
  readonly instances: Map<string, number>;
}

/** `now` as `performance.now`. */
export function sensorWords(name: string, heard: Heard, now: number): SensorAbout {
  const { status, at, since, instances } = heard;
  const [state, words] = judged(heard, now - at, instances.size);
  return {
    name,
    state,
    words: `${name} ${words}`,
    lastAt: since,
    waiting: status?.spool.batches ?? 0,
    waitingBytes: status?.spool.bytes ?? 0,
    oldestAt: status?.spool.oldestAt ?? null,
    inputs: status?.inputs ?? [],
  };
}

function judged({ status }: Heard, quietMs: number, instances: number): readonly [SensorState, string] {
  if (status === null && quietMs <= SILENT_MS) return ["hears", "has not said a word yet since the core began."];
  if (status === null || quietMs > SILENT_MS)
    return [
      "silent",
      `has said nothing for ${lasting(quietMs)}: it is off, or its way to the broker is cut. If it runs, it keeps what it hears and sends it when the way is there again.`,
    ];
  const { hearing, spool, inputs } = status;
  if (!hearing) return ["deaf", `hears nothing: its capture does not run on ${namesOf(inputs)}. What happens there meanwhile is missing.`];
  if (instances > 1)
    return [
      "doubled",
      `is the name of ${instances} sensors at once: give each a name of its own, or what both hear counts as heard twice by one.`,
    ];
  if (spool.lostFrames > 0)
    return [
      "loses",
      `has let ${spool.lostFrames} frames go: its spool of ${spool.bytesMax} bytes was full. Coverage counts them as dropped.`,
    ];
  const age = spool.oldestAt === null ? 0 : status.at - spool.oldestAt;
  if (age > BEHIND_MS)
    return [
      "behind",
      `is ${lasting(age)} behind: ${spool.batches} batches wait there. They come in order, and what is shown is as old until then.`,
    ];
  return ["hears", inputs.length === 0 ? "is there." : `hears ${namesOf(inputs)}.`];
}

function namesOf(inputs: SensorStatus["inputs"]): string {
  return inputs.map(({ name }) => name).join(", ");
}

function lasting(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
