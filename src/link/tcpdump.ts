/**
 * The one process with the right to capture. tcpdump writes straight into the sensor's pipe; we hold only its error output, where it
 * prints its counters: SIGUSR1 makes it say what it received and what the kernel dropped.
 *
 * Each frame is flushed (-U). Its other way, a signal that flushes (SIGUSR2), runs the flush inside the signal's handler: where that meets
 * a write, bytes are written twice and the stream is no capture any more (seen within seconds at 100,000 frames a second).
 */
import { execFile, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { findProgram } from "./sandbox.ts";

const COUNT_MS = 5_000;
/** The first counters come soon, so that a page shows a number within a second or two. */
const FIRST_COUNT_MS = 1_000;
/** Characters kept of what it says. */
const SAID_MAX = 4_000;

export interface CaptureCounters {
  readonly captured: number;
  readonly received: number;
  /** By the kernel, because the capture program did not keep up. */
  readonly droppedByKernel: number;
  readonly droppedByInterface: number;
}

export interface CaptureHandlers {
  /** It has the interface: from here on frames come. */
  listening(): void;
  counters(counters: CaptureCounters): void;
  /** `trouble` is absent when it was told to stop. */
  ended(trouble?: CaptureTrouble): void;
}

export interface CaptureTrouble {
  readonly kind: "permission" | "missing" | "gone" | "other";
  readonly words: string;
  /** The one line that cures it, where there is one. */
  readonly cure?: string;
}

/** Whoever listens must first be able to. */
export class CaptureUnavailable extends Error {
  readonly trouble: CaptureTrouble;
  constructor(trouble: CaptureTrouble) {
    super(trouble.cure === undefined ? trouble.words : `${trouble.words}: ${trouble.cure}`);
    this.trouble = trouble;
  }
}

export interface RunningCapture {
  readonly program: "tcpdump" | "dumpcap";
  readonly pid: number;
  stop(): void;
}

/** Starts a capture program on `device` with `pipe` as its stdout; closes our copy of the pipe. Throws CaptureUnavailable when none is installed. */
export function startCapture(device: string, pipe: Writable, handlers: CaptureHandlers): RunningCapture {
  const found = captureProgram();
  if (found === undefined) throw new CaptureUnavailable(NO_PROGRAM);
  const { program, command } = found;
  const args =
    program === "tcpdump"
      ? ["-i", device, "-n", "-U", "-s", "65535", "-B", "65536", "-w", "-"]
      : ["-q", "-P", "-i", device, "-s", "65535", "-B", "64", "-w", "-"];

  // A stream with a descriptor is passed to the child as it is; ours is closed at once, so that the sensor sees the end when tcpdump ends.
  // Detached: Ctrl-C in a terminal goes to its whole group, and when listening ends is ours to decide.
  const child = spawn(command, args, { stdio: ["ignore", pipe as unknown as "pipe", "pipe"], detached: true });
  pipe.destroy();

  let listens = false;
  let stopped = false;
  /** Its last words: what went wrong may stand before its last counters. */
  let said = "";
  let uncounted = "";
  let latest: CaptureCounters | undefined;
  const timers: NodeJS.Timeout[] = [];
  const errors = child.stderr;
  errors.on("data", (bytes: Buffer) => {
    said = (said + bytes.toString("utf8")).slice(-SAID_MAX);
    uncounted = (uncounted + bytes.toString("utf8")).slice(-SAID_MAX);
    if (!listens && /listening on|^Capturing on|^File: -/m.test(said)) {
      listens = true;
      handlers.listening();
      // Before it listens it has no handlers, and the signal would end it. dumpcap has none ever.
      if (program === "dumpcap") return;
      const count = () => void child.kill("SIGUSR1");
      timers.push(setInterval(count, COUNT_MS), setTimeout(count, FIRST_COUNT_MS));
    }
    const counters = countersIn(uncounted);
    if (counters === null) return;
    latest = counters;
    handlers.counters(counters);
    uncounted = "";
  });
  // "close" comes also after "error", when it could not be started.
  let failure: Error | undefined;
  child.on("error", (error) => (failure = error));
  child.on("close", (code, signal) => {
    for (const timer of timers) clearTimeout(timer);
    if (latest !== undefined) handlers.counters(atItsEnd(latest, device));
    if (stopped) handlers.ended();
    else if (failure !== undefined) handlers.ended({ kind: "other", words: `${command} could not be started: ${failure.message}` });
    else handlers.ended(troubleOf(device, found, said, signal ?? `exit ${code}`));
  });

  return {
    program,
    pid: child.pid ?? 0,
    stop: () => {
      if (stopped) return;
      stopped = true;
      child.kill("SIGINT");
    },
  };
}

const LOOPBACK = "lo";

/** What the kernel had received for it and it never took is lost as well. The kernel counts what it dropped among what it received. */
function atItsEnd({ captured, received, droppedByKernel, droppedByInterface }: CaptureCounters, device: string): CaptureCounters {
  // On loopback each frame is received where it goes out and where it comes in, and captured once.
  const neverTaken = device === LOOPBACK ? 0 : received - captured;
  return { captured, received, droppedByKernel: Math.max(droppedByKernel, neverTaken), droppedByInterface };
}

/** `12 packets captured, 12 packets received by filter, 0 packets dropped by kernel`, on one line or several; null while incomplete. */
export function countersIn(text: string): CaptureCounters | null {
  const number = (pattern: RegExp) => {
    const found = [...text.matchAll(pattern)].at(-1);
    return found === undefined ? null : Number(found[1]);
  };
  const captured = number(/(\d+) packets? captured/g);
  const received = number(/(\d+) packets? received by filter/g);
  const dropped = number(/(\d+) packets? dropped by kernel/g);
  if (captured !== null && received !== null && dropped !== null) {
    return { captured, received, droppedByKernel: dropped, droppedByInterface: number(/(\d+) packets? dropped by interface/g) ?? 0 };
  }
  const dumpcap = /Packets received\/dropped on interface [^:]+: (\d+)\/(\d+)/.exec(text);
  return dumpcap === null
    ? null
    : { captured: Number(dumpcap[1]), received: Number(dumpcap[1]), droppedByKernel: Number(dumpcap[2]), droppedByInterface: 0 };
}

/** Why this account may not capture, asked of the program that would; undefined when it may. It opens loopback and closes it again. */
export function captureMissing(): Promise<CaptureTrouble | undefined> {
  const found = captureProgram();
  if (found === undefined) return Promise.resolve(NO_PROGRAM);
  return new Promise((resolve) =>
    execFile(found.command, ["-L", "-i", "lo"], (error, _stdout, stderr) => {
      const trouble = error === null ? undefined : troubleOf("any interface", found, stderr, String(error.code));
      // That loopback is down takes away no right.
      resolve(trouble?.kind === "permission" ? trouble : undefined);
    }),
  );
}

interface CaptureProgram {
  readonly program: "tcpdump" | "dumpcap";
  readonly command: string;
}

export function captureProgram(): CaptureProgram | undefined {
  for (const program of ["tcpdump", "dumpcap"] as const) {
    const command = findProgram(program);
    if (command !== undefined) return { program, command };
  }
  return undefined;
}

const NO_PROGRAM: CaptureTrouble = {
  kind: "missing",
  words: "expected tcpdump or dumpcap to be installed, found neither",
  cure: "sudo apt-get install tcpdump",
};

export function noInterface(device: string): CaptureTrouble {
  return { kind: "gone", words: `expected an interface named ${device}, found none`, cure: "auscult doctor lists those there are" };
}

/** What the program's last words mean for the person who started it. */
function troubleOf(device: string, { program, command }: CaptureProgram, said: string, how: string): CaptureTrouble {
  if (/permission|Operation not permitted/i.test(said)) {
    const cure =
      program === "tcpdump"
        ? `sudo setcap cap_net_raw,cap_net_admin+eip ${command}`
        : "sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark $USER";
    return { kind: "permission", words: `this account has no right to capture on ${device}; it is granted to ${program} alone by`, cure };
  }
  if (/No such device|SIOCGIFHWADDR|doesn't exist/i.test(said)) return noInterface(device);
  if (/went down|disappeared|is not up|Network is down/i.test(said))
    return { kind: "gone", words: `${device} went down or away`, cure: `sudo ip link set ${device} up` };
  return { kind: "other", words: `${program} on ${device} ended (${how}): ${said.trim().split("\n").at(-1) ?? ""}` };
}
