/**
 * Reads captures into a recording: one confined sensor for the whole list, its batches handed to the core as they come.
 *
 * A sensor that dies is started again and works out anew, without sending, what is stored already. Dead again before the next batch,
 * the file that did it is half-read: its rest is left, and what was read is kept.
 */
import { siteLimits } from "./site-limits.ts";
import { closeSync, fstatSync, readSync } from "node:fs";
import type { Writable } from "node:stream";
import { BATCH_SCHEMA } from "../model/batch.ts";
import type { SensorLine, StartLine } from "../model/batch.ts";
import type { Settings } from "../config.ts";
import { feed } from "./feeding.ts";
import type { CaptureFile } from "./files.ts";
import type { Intake } from "./recording.ts";
import { SensorAhead } from "./sensor-ahead.ts";
import { descriptorsOf, type RunningSensor, type SensorInput } from "./sensor.ts";

/** A capture that is played back goes on in so many pieces a second. */
const PIECES_A_SECOND = 20;

export interface ReadingProgress {
  readonly file: string;
  readonly bytesRead: number;
  /** 0 where one of the inputs is a pipe, whose end nobody knows. */
  readonly bytesTotal: number;
  readonly frames: number;
}

export interface FileOutcome {
  readonly file: CaptureFile;
  readonly frames: number;
  /** Batches of it that an earlier reading had stored: they were worked out again and count once. */
  readonly storedBefore: number;
  /** Why its rest was not read; absent when it was read whole. */
  readonly trouble?: string;
  /** It grew while it was read: somebody writes it still. */
  readonly grew?: true;
}

export interface Reading {
  /** One for each file that was begun; resolves when all that will be read is with the core. Settle the recording to have it derived. */
  readonly outcomes: Promise<readonly FileOutcome[]>;
  /** Stops here; what was found stays. */
  stop(): void;
}

export interface ReadingOptions {
  /** Closed when they are read. */
  readonly files: readonly CaptureFile[];
  readonly writer: Intake;
  readonly settings: Settings;
  /** What it is called at the core; absent: the sensor of this machine. */
  readonly sensor?: string;
  /** One capture that is to be watched is played back over so long, unless some of it was read before; absent: as fast as it goes. */
  readonly seconds?: number;
  /** A sensor that loads already, as `sensorFor` these files; none where a capture is played back. */
  readonly ahead?: SensorAhead;
  readonly progress: (progress: ReadingProgress) => void;
  readonly log: (text: string) => void;
}

/** Begins to load a sensor that reads these, while a recording is opened for them. */
export function sensorFor(files: readonly CaptureFile[]): SensorAhead {
  return new SensorAhead(inputsOf(files));
}

export function readFiles(options: ReadingOptions): Reading {
  const reader = new FileReading(options);
  return { outcomes: reader.run(), stop: () => reader.stop() };
}

function inputsOf(files: readonly CaptureFile[]): readonly SensorInput[] {
  return files.map((file) => ({ kind: "file", fd: file.fd }));
}

interface Ended {
  /** The sensor came to the end of its list. */
  readonly done: boolean;
  readonly how: string;
  /** Of the file that was being read. */
  readonly frames: number;
}

class FileReading {
  readonly #options: ReadingOptions;
  readonly #outcomes = new Map<CaptureFile, FileOutcome>();
  readonly #storedBefore = new Map<CaptureFile, number>();
  readonly #bytesTotal: number;
  #sensor: RunningSensor | undefined;
  #ahead: SensorAhead | undefined;
  #stopped = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#ahead = options.ahead;
    this.#bytesTotal = options.files.every((file) => file.known) ? options.files.reduce((sum, file) => sum + file.size, 0) : 0;
  }

  async run(): Promise<readonly FileOutcome[]> {
    const { files, writer, log } = this.#options;
    try {
      for (const file of files) this.#storedBefore.set(file, await writer.stored(file.run));
      /** How far each file had come when the sensor last died in it. */
      const came = new Map<CaptureFile, number>();
      let left = files;
      while (left.length > 0 && !this.#stopped) {
        const ended = await this.#once(left);
        if (ended.done || this.#stopped) break;

        const at = left.findIndex((file) => !this.#outcomes.has(file));
        const file = left[at];
        if (file === undefined) break; // It died after the last file: nothing is missing.
        log(`the sensor ended while reading ${file.path} (${ended.how}) and is started again`);
        const stored = await writer.stored(file.run);
        if (stored > (came.get(file) ?? -1) && file.known) {
          came.set(file, stored); // It came further than the last time: worth another try from the same list.
          continue;
        }
        // What a pipe brought is gone: it cannot be read again.
        this.#outcome(file, ended.frames, `the sensor ended in it (${ended.how}) and again at its next start`);
        left = left.slice(at + 1);
      }
      const unfinished = files.find((file) => !this.#outcomes.has(file));
      if (unfinished !== undefined) writer.ended(unfinished.run, "reading was stopped before its end");
    } finally {
      await this.#ahead?.stop();
      for (const file of files) if (file.path !== "-") closeSync(file.fd);
    }
    return files.flatMap((file) => this.#outcomes.get(file) ?? []);
  }

  stop(): void {
    this.#stopped = true;
    this.#sensor?.stop();
  }

  /** The capture to be played back, and over how long. */
  #played(): Played | undefined {
    const { files, seconds } = this.#options;
    const [file] = files;
    if (seconds === undefined || files.length !== 1 || file === undefined || !file.known || this.#storedBefore.get(file)! > 0)
      return undefined;
    return { file, seconds };
  }

  #outcome(file: CaptureFile, frames: number, trouble?: string): void {
    const { writer } = this.#options;
    writer.ended(file.run, trouble === undefined ? "" : `after frame ${frames}, ${trouble}`);
    const grew = file.known && fstatSync(file.fd).size > file.size;
    if (grew) writer.note(file.name, `${file.name} was still being written: it was read as far as it was then`);
    this.#outcomes.set(file, {
      file,
      frames,
      storedBefore: this.#storedBefore.get(file)!,
      ...(trouble === undefined ? {} : { trouble }),
      ...(grew ? { grew } : {}),
    });
  }

  async #once(files: readonly CaptureFile[]): Promise<Ended> {
    const { writer, settings, sensor: called, log, progress } = this.#options;
    const played = this.#played();
    const inputs = played === undefined ? inputsOf(files) : files.map(() => ({ kind: "live" as const }));
    const fds = descriptorsOf(inputs);
    const parts = [];
    for (const [index, file] of files.entries()) {
      const { name, run, firstAt } = file;
      parts.push({ fd: fds[index]!, name, run, skipTo: await writer.stored(run), firstAt });
    }

    let done = false;
    let frames = 0;
    // The sensor takes its list in order and says when each part is done.
    let finished = this.#options.files.length - files.length;
    const bytesBefore = () => this.#options.files.slice(0, finished).reduce((sum, file) => sum + file.size, 0);
    const source = writer.source((line: SensorLine) => {
      if (line.say === "done") {
        done = true;
      } else if (line.say === "progress") {
        frames = line.frames;
        if (played !== undefined) return; // How far it came is told as it is handed on.
        const file = this.#options.files[finished]?.name ?? "";
        progress({ file, bytesRead: bytesBefore() + line.bytesRead, bytesTotal: this.#bytesTotal, frames });
      } else if (line.say === "part") {
        const file = this.#options.files[finished++];
        if (file !== undefined && !this.#outcomes.has(file)) this.#outcome(file, line.frames, line.trouble);
        frames = 0;
      }
    });

    const start = startLine(settings, writer.hashKey, [{ live: false, name: files[0]!.name, parts }], called);
    const ahead = this.#ahead;
    this.#ahead = undefined; // Whoever is started again is another.
    const { sensor, ended } = await feed(start, inputs, { writer, source, log }, ahead);
    this.#sensor = sensor;
    if (this.#stopped) sensor.stop();
    const playing =
      played === undefined
        ? undefined
        : playBack(played, sensor.liveEnds[0]!, (bytesRead) =>
            progress({ file: played.file.name, bytesRead, bytesTotal: this.#bytesTotal, frames }),
          );
    const how = await ended;
    clearInterval(playing);
    await source.taken();
    return { done, frames, how };
  }
}

interface Played {
  readonly file: CaptureFile;
  readonly seconds: number;
}

/** Hands a capture on evenly, and tells how far it came. The timer ends by itself, or with whoever reads it. */
function playBack({ file: { fd, size }, seconds }: Played, to: Writable, told: (bytes: number) => void): NodeJS.Timeout {
  const began = performance.now();
  let sent = 0;
  to.on("error", () => clearInterval(timer)); // Nobody reads on: how the sensor ended says why.
  const timer = setInterval(() => {
    const due = Math.min(size, Math.ceil((size * (performance.now() - began)) / (seconds * 1_000)));
    const piece = Buffer.alloc(due - sent);
    const count = readSync(fd, piece, 0, piece.length, sent);
    to.write(piece.subarray(0, count));
    sent += count;
    told(sent);
    if (sent < size && count > 0) return;
    clearInterval(timer);
    to.end();
  }, 1_000 / PIECES_A_SECOND);
  return timer;
}

export function startLine(settings: Settings, hashKey: string, inputs: StartLine["inputs"], sensor = "local"): StartLine {
  return {
    schema: BATCH_SCHEMA,
    site: settings.site,
    sensor,
    hashKey,
    ownRanges: settings.ownRanges,
    leftOut: settings.leftOut,
    flowIdleMinutes: settings.flowIdleMinutes,
    flowsMax: settings.flowsMax,
    limits: siteLimits(),
    inputs,
  };
}
