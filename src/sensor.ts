/**
 * The sandboxed process on one page: capture → decode → flows → protocols, batches out.
 *
 * It is told one line at its start and never again. What it hears is hostile: it has no network, writes no file, starts no process
 * (`link/sandbox.ts`), and everything it says goes down two pipes.
 */
import { createReadStream, write } from "node:fs";
import { InputClock, readFrames, type FrameSink } from "./capture/index.ts";
import { Decoder } from "./decode/index.ts";
import { Doses } from "./doses/index.ts";
import { Flows } from "./flows/index.ts";
import { isDeviceMaker } from "./knowledge/device-maker.ts";
import { deviceCode } from "./knowledge/mdc.ts";
import type { Batch, InputLine, PartLine, SensorLine, StartLine } from "./model/batch.ts";
import { protocols } from "./protocols/index.ts";

const START_FD = 3;
const OUT_FD = 1;
/** Lines that wait to be taken. A file is read on when there is room; a live input keeps its batch open. */
const WAITING_BYTES_MAX = 4_000_000;
/** Of a file; a live input tells after each read. */
const PROGRESS_MS = 100;
const AGAIN_MS = 2;
/** Of what went wrong within us so many are told, so that one defect does not fill a disk with itself. */
const DEFECTS_TOLD_MAX = 20;
const APART_US = 3_600_000_000;

const out = new (class Out {
  readonly #lines: Buffer[] = [];
  #waiting = 0;
  #writing = false;
  #room: (() => void)[] = [];

  get isFull(): boolean {
    return this.#waiting > WAITING_BYTES_MAX;
  }

  line(line: Batch | SensorLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#lines.push(bytes);
    this.#waiting += bytes.length;
    if (!this.#writing) this.#next();
  }

  /** Resolves when no more than `bytes` wait. */
  async room(bytes: number): Promise<void> {
    while (this.#waiting > bytes) await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  #next(): void {
    const bytes = this.#lines.shift();
    if (bytes === undefined) return;
    this.#writing = true;
    this.#write(bytes, 0);
  }

  #write(bytes: Buffer, from: number): void {
    write(OUT_FD, bytes, from, bytes.length - from, null, (error, count) => {
      if (error !== null && error.code !== "EAGAIN") return process.exit(1); // Nobody listens to us any more.
      this.#waiting -= count ?? 0;
      const next = from + (count ?? 0);
      if (error !== null) setTimeout(() => this.#write(bytes, next), AGAIN_MS);
      else if (next < bytes.length) this.#write(bytes, next);
      else {
        this.#writing = false;
        for (const resolve of this.#room.splice(0)) resolve();
        this.#next();
      }
    });
  }
})();

let defectsTold = 0;
function defect(error: unknown): void {
  if (defectsTold++ < DEFECTS_TOLD_MAX)
    process.stderr.write(`a defect of ours, the flow that hit it is read no further: ${whereIn(error)}\n`);
}

/** Where, and of what kind: never the message, which may quote what was being read. */
function whereIn(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return `${error.name} ${frames
    .slice(0, 3)
    .map((line) => line.trim().replace(/file:\/\/\S*\/src\//, "src/"))
    .join(" ")}`;
}

async function listen(start: StartLine, input: InputLine): Promise<void> {
  let hearing: Hearing | undefined;
  for (const [index, part] of input.parts.entries()) {
    hearing ??= hearingOf(start, input);
    const goesOn = await hear(start, input, part, input.parts[index + 1], hearing);
    if (!goesOn) hearing = undefined;
  }
}

/** What goes on from one part to the next, where they are one after the other. */
interface Hearing {
  readonly decoder: Decoder;
  readonly flows: Flows;
  readonly clock: InputClock;
}

function hearingOf(start: StartLine, input: InputLine): Hearing {
  const decoder = new Decoder();
  const flows = new Flows({
    protocols,
    hashKey: start.hashKey,
    flowsMax: start.flowsMax,
    flowIdleMinutes: start.flowIdleMinutes,
    leftOut: start.leftOut,
    counts: decoder,
    deviceMaker: isDeviceMaker,
    programs: new Doses(start.limits),
    send: (batch) => out.line(batch),
    live: input.live,
    held: () => input.live && out.isFull,
    defect,
  });
  return { decoder, flows, clock: new InputClock() };
}

/** A part that begins before this one ended is an input of its own; so is one so much later that no flow can have gone on. */
function follows(next: PartLine | undefined, { clock }: Hearing): boolean {
  if (next === undefined) return false;
  return next.firstAt === null || (next.firstAt >= clock.latest && next.firstAt - clock.latest < APART_US);
}

/** True when the next part goes on where this one ended. */
async function hear(start: StartLine, input: InputLine, part: PartLine, next: PartLine | undefined, hearing: Hearing): Promise<boolean> {
  const { decoder, flows, clock } = hearing;
  const { packet } = decoder;
  packet.frameNumber = 0;
  flows.begin({ site: start.site, sensor: start.sensor, run: part.run, input: part.name, skipTo: part.skipTo });
  let told = Number.NEGATIVE_INFINITY;
  const sink: FrameSink = {
    frame: (bytes, from, to, wireLength, at, linkType) => {
      decoder.decode(bytes, from, to, wireLength, at, linkType);
      flows.packet(packet);
    },
    drops: (count) => flows.drops(count),
    tick: (at) => flows.tick(at),
    pause: () => flows.pause(),
    progress: (bytesRead) => {
      const now = performance.now();
      if (!input.live && now - told < PROGRESS_MS) return;
      told = now;
      out.line({ say: "progress", input: part.name, bytesRead, frames: packet.frameNumber });
    },
  };
  const result = await readFrames(part.fd, sink, {
    live: input.live,
    clock,
    now: () => Date.now() * 1000,
    room: () => (input.live || !out.isFull ? undefined : out.room(WAITING_BYTES_MAX / 2)),
  });
  flows.timeBackwards(result.timeBackwards);
  const goesOn = follows(next, hearing);
  flows.end(!goesOn);
  out.line({
    say: "part",
    input: input.name,
    name: part.name,
    frames: result.frames,
    ...(result.trouble === undefined ? {} : { trouble: result.trouble }),
  });
  return goesOn;
}

// The tables it reads are read before it says so: a start without them is told at once, and nothing that happens to their files later matters.
isDeviceMaker(0, 0);
deviceCode(0);
out.line({ say: "ready", pid: process.pid });
let text = "";
for await (const chunk of createReadStream("", { fd: START_FD, encoding: "utf8", autoClose: false })) text += chunk as string;
const start = JSON.parse(text) as StartLine;
// Live inputs side by side; files one after the other, so that the same files give the same batches in the same order.
const live = start.inputs.filter((it) => it.live);
const files = start.inputs.filter((it) => !it.live);
await Promise.all(live.map((input) => listen(start, input)));
for (const input of files) await listen(start, input);
out.line({ say: "done" });
await out.room(0);
