/**
 * Starts a sensor confined, hands it its start line and its inputs, and passes on what it prints.
 *
 * Descriptors: 0 is the first live input, 1 and 2 are pipes of ours, 3 brings the start line, 4 is the folder of its source where it
 * needs that, from 5 on come files and further live inputs. A sensor that never says "ready" failed to load, whatever its exit code
 * (it may exit 0 in silence): then the next weaker confinement is tried, and what was given up is reported.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Duplex, Readable, Writable } from "node:stream";
import type { StartLine } from "../model/batch.ts";
import { boundedLog } from "./bounded-log.ts";
import { confinements, SOURCE_FD, type Confinement } from "./sandbox.ts";
import { inSource } from "./in-source.ts";
import { forgetKept, keptSensor, SENSOR } from "./sensor-source.ts";

const READY_SECONDS = 15;
/** Of one that did not start: its last line is told. */
const COMPLAINTS_MAX = 64_000;
const START_FD = 3;
const FIRST_INPUT_FD = SOURCE_FD + 1;
/** Where the Node of a bundle finds what it is linked against (`deploy/auscult`). */
const { LD_LIBRARY_PATH } = process.env;
const LIBRARIES = LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH };
/** How its first line begins. */
const READY = Buffer.from('{"say":"ready"');

export interface SensorHandlers {
  /** Raw output: whole and half lines as they come. The bytes are the receiver's to keep. */
  output(chunk: Uint8Array<ArrayBuffer>): void;
  log(text: string): void;
  /** Ended, in order or not: after all its output was given. */
  ended(how: { code: number | null; signal: string | null; ready: boolean }): void;
}

export interface RunningSensor {
  readonly pid: number;
  readonly confinement: Confinement["name"];
  /** Our ends of live inputs, to be given to a capture program as its stdout and then closed here. In the order asked for. */
  readonly liveEnds: readonly Writable[];
  pause(): void;
  resume(): void;
  /** At once: what it has not sent is lost to it. A live sensor ends in order by itself when its inputs end. */
  stop(): void;
}

export type SensorInput = { readonly kind: "live" } | { readonly kind: "file"; readonly fd: number };

/**
 * `start` must name descriptors as `descriptorsOf(inputs)` gives them; a sensor is ready before it comes. Rejects when no confinement gets
 * a sensor to say "ready".
 */
export async function startSensor(
  start: StartLine | Promise<StartLine>,
  inputs: readonly SensorInput[],
  handlers: SensorHandlers,
): Promise<RunningSensor> {
  return startFrom(await keptSensor(), start, inputs, handlers);
}

/** What is kept may be damaged: no sensor is confined less for that, it starts from the source as it stands. */
export async function startFrom(
  kept: string,
  start: StartLine | Promise<StartLine>,
  inputs: readonly SensorInput[],
  handlers: SensorHandlers,
): Promise<RunningSensor> {
  const tried: string[] = [];
  const ways = confinements(kept);
  const fromSource = confinements(SENSOR);
  const logged = (text: string) => handlers.log(inSource(kept, text));
  for (const [index, confinement] of ways.entries()) {
    for (const way of kept === SENSOR ? [confinement] : [confinement, fromSource[index]!]) {
      const outcome = await attempt(way, start, inputs, way === confinement ? { ...handlers, log: logged } : handlers);
      if (typeof outcome === "string") {
        tried.push(`${way.name}: ${outcome}`);
        continue;
      }
      if (way !== confinement) {
        forgetKept(kept);
        handlers.log(`the sensor did not start and was started again: ${tried.at(-1)}`);
      }
      if (index > 0) handlers.log(`the sensor runs with less confinement (${way.name}): ${tried.join("; ")}`);
      return outcome;
    }
  }
  throw new Error(`the sensor did not start: ${tried.join("; ")}`);
}

/** Which descriptor each input will be inside the sensor. */
export function descriptorsOf(inputs: readonly SensorInput[]): readonly number[] {
  let next = FIRST_INPUT_FD;
  let stdinTaken = false;
  return inputs.map((input) => {
    if (input.kind === "live" && !stdinTaken) {
      stdinTaken = true;
      return 0;
    }
    return next++;
  });
}

function attempt(
  confinement: Confinement,
  start: StartLine | Promise<StartLine>,
  inputs: readonly SensorInput[],
  handlers: SensorHandlers,
): Promise<RunningSensor | string> {
  const fds = descriptorsOf(inputs);
  let source: number | undefined;
  try {
    if (confinement.source !== undefined) source = openSync(confinement.source, "r");
  } catch (error) {
    return Promise.resolve((error as Error).message);
  }
  const stdio: (number | "pipe" | "ignore")[] = [fds.includes(0) ? "pipe" : "ignore", "pipe", "pipe", "pipe", source ?? "ignore"];
  inputs.forEach((input, index) => {
    if (fds[index] !== 0) stdio[fds[index]!] = input.kind === "live" ? "pipe" : input.fd;
  });

  return new Promise((resolve) => {
    // Detached: Ctrl-C in a terminal goes to every process of its group, and when the sensor ends is ours to decide.
    const child: ChildProcess = spawn(confinement.command, confinement.args, {
      stdio,
      detached: true,
      env: { NODE_NO_WARNINGS: "1", TZ: "UTC", ...LIBRARIES },
    });
    if (source !== undefined) closeSync(source);
    const startPipe = child.stdio[START_FD] as Duplex;
    startPipe.on("error", () => undefined); // A sensor that died before reading its line: its exit says so.
    void Promise.resolve(start).then((line) => startPipe.end(`${JSON.stringify(line)}\n`));

    let ready = false;
    let complaints = "";
    const output = child.stdout as Readable;
    const timer = setTimeout(() => child.kill("SIGKILL"), READY_SECONDS * 1000);

    const complain = boundedLog((line) => handlers.log(`sensor: ${line}`));
    (child.stderr as Readable).setEncoding("utf8").on("data", (text: string) => {
      if (ready) complain(text);
      else if (complaints.length < COMPLAINTS_MAX) complaints += text;
    });
    output.on("data", (chunk: Buffer) => {
      if (!ready) {
        if (!chunk.subarray(0, READY.length).equals(READY)) return void child.kill("SIGKILL");
        ready = true;
        clearTimeout(timer);
        resolve({
          pid: child.pid!,
          confinement: confinement.name,
          liveEnds: inputs.flatMap((input, index) => (input.kind === "live" ? [child.stdio[fds[index]!] as Writable] : [])),
          pause: () => void output.pause(),
          resume: () => void output.resume(),
          // unshare blocks SIGTERM while it waits for the sensor; of this one it dies, and takes the sensor along.
          stop: () => void child.kill("SIGKILL"),
        });
      }
      handlers.output(ownCopy(chunk));
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      if (!ready) resolve(error.message);
    });
    // "close", not "exit": the pipe is read to its end first.
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (ready) handlers.ended({ code, signal, ready });
      else resolve(`no "ready" (${signal ?? `exit ${code}`}) ${lastLine(complaints)}`.trim());
    });
  });
}

/** Small chunks share one pooled buffer, which could not be handed to a worker; those are copied, large ones pass as they are. */
function ownCopy(chunk: Buffer): Uint8Array<ArrayBuffer> {
  if (chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength) return new Uint8Array(chunk.buffer as ArrayBuffer);
  return Uint8Array.from(chunk);
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
}
