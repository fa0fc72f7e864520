/** A sensor whose output goes to a recording: it waits while the core is behind, and what sends batches that are none is ended. */
import type { StartLine } from "../model/batch.ts";
import type { RecordingSource, RecordingWriter } from "./recording.ts";
import { SensorAhead } from "./sensor-ahead.ts";
import type { RunningSensor, SensorInput } from "./sensor.ts";

/** Bytes the core may be behind before the sensor waits: a few batches, so that neither end idles and nothing piles up. */
const BEHIND_BYTES_MAX = 16 * 1024 * 1024;
const BEHIND_CHECK_MS = 5;

export interface Fed {
  readonly writer: Pick<RecordingWriter, "behind" | "subscribe">;
  readonly source: Pick<RecordingSource, "accept">;
  readonly log: (text: string) => void;
}

export interface Feeding {
  readonly sensor: RunningSensor;
  /** How it ended, in words: after all its output was given. */
  readonly ended: Promise<string>;
}

/** `ahead`: one that was started for these inputs already. Rejects as `startSensor` does. */
export async function feed(
  start: StartLine,
  inputs: readonly SensorInput[],
  { writer, source, log }: Fed,
  ahead = new SensorAhead(inputs),
): Promise<Feeding> {
  let running: RunningSensor | undefined;
  let throttle: NodeJS.Timeout | undefined;
  let unsubscribe = () => {};
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const sensor = await ahead.told(start, {
    output: (chunk) => {
      source.accept(chunk);
      if (running === undefined || throttle !== undefined || writer.behind() <= BEHIND_BYTES_MAX) return;
      running.pause();
      throttle = setInterval(() => {
        if (writer.behind() > BEHIND_BYTES_MAX / 2) return;
        clearInterval(throttle);
        throttle = undefined;
        running?.resume();
      }, BEHIND_CHECK_MS);
    },
    log,
    ended: ({ code, signal }) => {
      clearInterval(throttle);
      unsubscribe();
      resolve(signal ?? `exit ${code}`);
    },
  });
  running = sensor;
  unsubscribe = writer.subscribe(({ refused }) => {
    if (refused?.restart) sensor.stop();
  });
  return { sensor, ended };
}
