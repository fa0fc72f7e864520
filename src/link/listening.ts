/**
 * Listens on interfaces into a recording: one confined sensor, one capture program for each interface, wired so that frames go from
 * one to the other without passing through us. If either end dies, both start again under a new run, and coverage says so.
 */
import { randomBytes } from "node:crypto";
import { LIVE_RUN, type SensorLine } from "../model/batch.ts";
import type { Settings } from "../config.ts";
import { feed } from "./feeding.ts";
import { startLine } from "./reading.ts";
import type { Intake } from "./recording.ts";
import { descriptorsOf, type RunningSensor, type SensorInput } from "./sensor.ts";
import { CaptureUnavailable, startCapture, type CaptureTrouble, type RunningCapture } from "./tcpdump.ts";

/** More deaths than this in a minute: wait a minute between starts, since something is wrong that starting again does not cure. */
const DEATHS_A_MINUTE_MAX = 5;
const RESTART_MS = 250;
const CALM_MS = 60_000;
/** What a stop may take until the last batch is out; then the sensor is ended. */
const DRAIN_MS = 5_000;

export interface ListeningOptions {
  readonly interfaces: readonly string[];
  readonly writer: Intake;
  readonly settings: Settings;
  /** What it is called at the core; absent: the sensor of this machine. */
  readonly sensor?: string;
  readonly log: (text: string) => void;
  /** Called once, when every capture program listens: before that it may still turn out that there is no right to. */
  readonly begun: () => void;
  /** Whether anything can be heard now: false from the moment a capture program or the sensor ends until all listen again. */
  readonly hearing: (is: boolean) => void;
  /** So many frames more were read from it. */
  readonly heard: (device: string, frames: number) => void;
  /** So many more were dropped before anybody could read them. */
  readonly dropped: (device: string, frames: number) => void;
}

export interface Listening {
  /** Rejects with CaptureUnavailable when the first start fails for want of a right, a program or the interface; resolves when stopped. */
  readonly ended: Promise<void>;
  stop(): void;
}

export function listen(options: ListeningOptions): Listening {
  const listener = new Listener(options);
  return { ended: listener.run(), stop: () => listener.stop() };
}

class Listener {
  readonly #options: ListeningOptions;
  #begun = false;
  #stopped = false;
  #sensor: RunningSensor | undefined;
  #captures: readonly RunningCapture[] = [];
  #drain: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { interfaces, writer, log } = this.#options;
    let deaths: number[] = [];
    while (!this.#stopped) {
      const trouble = await this.#once();
      this.#options.hearing(false);
      if (this.#stopped) break;
      // What a person must grant or install does not come by trying again; an interface that was heard and went away may come back.
      if (!this.#begun || trouble.kind === "permission" || trouble.kind === "missing") throw new CaptureUnavailable(trouble);

      for (const device of interfaces) writer.note(device, `listening on ${device} was interrupted and began again: ${trouble.words}`);
      const now = performance.now();
      deaths = [...deaths.filter((at) => now - at < CALM_MS), now];
      const calm = deaths.length > DEATHS_A_MINUTE_MAX;
      log(`${trouble.words}; listening begins again ${calm ? "in a minute" : "now"}`);
      await this.#sleep(calm ? CALM_MS : RESTART_MS);
    }
    clearTimeout(this.#drain);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    // Each capture program's end closes an input of the sensor; when all are closed it sends its last batch and ends by itself.
    this.#endCaptures();
    this.#drain = setTimeout(() => this.#sensor?.stop(), DRAIN_MS);
    this.#wake?.();
  }

  /** From the start of one sensor to its end, and what ended it. */
  async #once(): Promise<CaptureTrouble> {
    const { interfaces, writer, settings, sensor: called, log } = this.#options;
    const inputs: readonly SensorInput[] = interfaces.map(() => ({ kind: "live" }));
    const fds = descriptorsOf(inputs);
    const runs = interfaces.map(() => `${LIVE_RUN}${randomBytes(8).toString("hex")}`);
    const parts = interfaces.map((name, index) => [{ fd: fds[index]!, name, run: runs[index]!, skipTo: 0, firstAt: null }]);
    const start = startLine(
      settings,
      writer.hashKey,
      interfaces.map((name, index) => ({ live: true, name, parts: parts[index]! })),
      called,
    );
    const told = new Map<string, number>();
    const source = writer.source((line: SensorLine) => {
      if (line.say !== "progress" || !interfaces.includes(line.input)) return;
      this.#options.heard(line.input, line.frames - (told.get(line.input) ?? 0));
      told.set(line.input, line.frames);
    });

    // Live nothing is held back: when the core is slow the sensor keeps its batch open, and counts what it lets go as loss.
    const { sensor, ended } = await feed(start, inputs, { writer, source, log });
    this.#sensor = sensor;

    let trouble: CaptureTrouble | undefined;
    try {
      this.#captures = this.#startCaptures(sensor, (why) => {
        trouble ??= why;
        this.#endCaptures();
      });
    } catch (error) {
      sensor.stop();
      throw error;
    }
    if (this.#stopped) this.#endCaptures();
    const how = await ended;
    this.#endCaptures();
    await source.taken();
    for (const run of runs) writer.ended(run, "");
    return trouble ?? { kind: "other", words: `the sensor ended (${how})` };
  }

  #startCaptures(sensor: RunningSensor, ended: (why: CaptureTrouble) => void): readonly RunningCapture[] {
    const { interfaces, writer, dropped, begun } = this.#options;
    let waiting = interfaces.length;
    const started: RunningCapture[] = [];
    const start = (device: string, index: number) => {
      let told = 0;
      return startCapture(device, sensor.liveEnds[index]!, {
        listening: () => {
          waiting--;
          if (waiting > 0) return;
          this.#options.hearing(true);
          if (this.#begun) return;
          this.#begun = true;
          begun();
        },
        counters: ({ droppedByKernel, droppedByInterface }) => {
          const more = droppedByKernel + droppedByInterface - told;
          if (more <= 0) return;
          told += more;
          writer.drops(device, more);
          dropped(device, more);
        },
        ended: (why) => {
          if (why !== undefined) ended(why);
        },
      });
    };
    try {
      for (const [index, device] of interfaces.entries()) started.push(start(device, index));
    } catch (error) {
      for (const capture of started) capture.stop();
      throw error;
    }
    return started;
  }

  #endCaptures(): void {
    for (const capture of this.#captures) capture.stop();
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
