/** The worker in which a recording's core runs: what `recording.ts` asks of it comes as messages, and is done one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { Core, type CoreOptions } from "../core.ts";
import { sumsOfDay } from "../daily.ts";
import type { SensorLine } from "../model/batch.ts";
import { DiskRefused } from "../store/writing.ts";
import { COSTLY_REST_MS } from "../working-out.ts";
import { BatchLines } from "./batch-lines.ts";
import { Delivering, type Delivery } from "./broker/delivering.ts";
import { RUNS_TOLD_MAX } from "./broker/said.ts";
import type { Answer, Ask, Request, WorkerOptions } from "./recording.ts";
import { inWords } from "./refusals.ts";
import { Tallying } from "./tally.ts";

/** What is held is stored after this long, or when there is much of it: so much is lost of a live input by a kill. */
const FLUSH_MS = 1_000;
/** What is heard live is stored as soon as it comes, since a wall may wait for who wears an address now; unless that takes too large a share of the time. */
const LIVE_MS = 50;
/** Of it goes to who arrived live a moment ago. */
const ARRIVED_WORK_MS = 50;
/** Where somebody looks on: the first time, and then, unless that would take too large a share of the time. */
const FIRST_WATCHED_MS = 50;
const WATCHED_MS = 250;
const WATCHED_WORK_MS = 75;
const SHARE_MAX = 1 / 2;
/**
 * While batches come in, devices are worked out for so long after a flush, and then not for so many times as long: what they are is soon
 * out of date again, and all of it is worked out when batches pause. Only who looks on is shown each new device after each flush.
 */
const WORK_MS = 150;
const WORK_REST = 20;
/** With nothing else to do: short, so that whoever asks is answered soon. */
const IDLE_WORK_MS = 50;
const IDLE_AFTER_MS = 200;
/** What has outlived its time is let go every so often. */
const RETAIN_MS = 3_600_000;
/** Whether it is still ours to write is asked also while there is nothing to write. */
const CHECK_MS = 5_000;
/** A disk that took nothing is asked again. */
const AGAIN_MS = 1_000;

interface Source {
  readonly lines: BatchLines;
  /** Beside batches, since it was last told. */
  readonly said: SensorLine[];
}

const port = parentPort!;
const tell = (message: Answer) => port.postMessage(message);
const sources = new Map<number, Source>();
const tally = new Tallying();
/** While the disk takes nothing, requests wait in their order; null while it does. */
let waiting: Request[] | null = null;
let flushTimer: NodeJS.Timeout | undefined;
let idleTimer: NodeJS.Timeout | undefined;
let againTimer: NodeJS.Timeout | undefined;
/** 0: nothing is held. */
let flushAt = 0;
/** So long after the last flush another would take too large a share. */
let restUntil = 0;
let workAfter = 0;
const { watched = false, delivered = false, site } = workerData as WorkerOptions;
/** After which what comes in now is stored. */
let flushAfter = watched ? FIRST_WATCHED_MS : FLUSH_MS;

const core = open(workerData as CoreOptions);
const delivering = core !== undefined && delivered ? new Delivering(core, site, (batch) => tally.take(batch)) : null;
if (core !== undefined) {
  const { hashKey, interrupted, devices } = core;
  tell({ kind: "opened", hashKey, interrupted, devices, marks: delivering === null ? [] : core.latestMarks(RUNS_TOLD_MAX) });
  port.on("message", (request: Request) => {
    if (waiting === null) handle(core, request);
    else if (request.kind === "ask" && request.ask.what === "close") close(core, request.id);
    else if (request.kind === "ask" && isSaying(request.ask)) tell({ kind: "answer", id: request.id, error: NO_ROOM });
    else waiting.push(request);
  });
  idle(core);
  setInterval(() => waiting === null && trying(core, undefined, () => core.retain()), RETAIN_MS).unref();
  setInterval(() => core.check(), CHECK_MS).unref();
}

function open(options: CoreOptions): Core | undefined {
  try {
    return new Core({ ...options, sumsOfDay });
  } catch (error) {
    tell({ kind: "failed", message: inWords(error), name: (error as Error).constructor.name });
    return undefined;
  }
}

function handle(on: Core, request: Request): void {
  trying(on, request, () => {
    switch (request.kind) {
      case "chunk":
        return takeChunk(on, request.source, request.bytes);
      case "deliver":
        deliver(request.delivery);
        return flushWhenDue(on);
      case "ask":
        return request.ask.what === "close" ? close(on, request.id) : answer(on, request.id, request.ask);
      case "end":
        sources.delete(request.source);
        return;
      case "note":
        on.note(request.input, request.words);
        return flushSoon(on);
      case "drops":
        on.drops(request.input, request.frames);
        tally.drop(request.frames);
        return flushSoon(on);
      case "ended":
        on.ended(request.run, request.trouble, request.by);
        return flushSoon(on);
      case "address":
        return on.tellAddress(request.address);
      case "standing":
        return on.keepStanding(request.words);
    }
  });
}

function deliver(delivery: Delivery): void {
  const began = performance.now();
  if (delivering?.take(delivery)) tally.refuse();
  tally.spend(performance.now() - began);
}

/** Does it, or begins to wait for the disk; then `request` is tried again, unless what it brought is held already. */
function trying(on: Core, request: Request | undefined, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DiskRefused)) throw error;
    stopTimers();
    waiting = request === undefined || isHeld(request) ? [] : [request];
    tell({ kind: "disk", trouble: error.message });
    againTimer = setTimeout(() => tryAgain(on), AGAIN_MS);
  }
}

function isHeld({ kind }: Request): boolean {
  return kind === "chunk" || kind === "deliver";
}

/** Nothing is lost: what is held stays held, and what comes waits. Reads go on meanwhile. */
function tryAgain(on: Core): void {
  try {
    on.flush();
    stored();
  } catch (error) {
    if (!(error instanceof DiskRefused)) throw error;
    againTimer = setTimeout(() => tryAgain(on), AGAIN_MS);
    return;
  }
  tell({ kind: "disk", trouble: null });
  const requests = waiting ?? [];
  waiting = null;
  for (const [place, request] of requests.entries()) {
    handle(on, request);
    // Filled again at once.
    if (waiting !== null) return void (waiting as Request[]).push(...requests.slice(place + 1));
  }
  idle(on);
}

function takeChunk(on: Core, number: number, bytes: Uint8Array): void {
  let source = sources.get(number);
  if (source === undefined) sources.set(number, (source = sourceOf(on, number)));
  source.lines.take(bytes);
  tell({ kind: "taken", source: number, bytes: bytes.length, lines: source.said.splice(0) });
  flushWhenDue(on);
}

function sourceOf(on: Core, number: number): Source {
  const said: SensorLine[] = [];
  const lines = new BatchLines({
    batch: (batch) => {
      if (on.take(batch)) tally.take(batch);
    },
    line: (line) => void said.push(line),
    refused: (why, restart) => {
      on.note("", `A batch of a sensor was refused and is missing: ${why}.`);
      tally.refuse();
      tell({ kind: "refused", source: number, why, restart });
    },
  });
  return { lines, said };
}

function flushWhenDue(on: Core): void {
  if (on.isFull || (flushAt > 0 && performance.now() > flushAt)) flush(on);
  else flushSoon(on);
}

function flushSoon(on: Core): void {
  const now = performance.now();
  const at = on.isLive ? Math.max(now + LIVE_MS, restUntil) : now + flushAfter;
  if (flushTimer !== undefined && at >= flushAt) return;
  clearTimeout(flushTimer);
  flushAt = at;
  flushTimer = setTimeout(() => trying(on, undefined, () => flush(on)), at - now);
}

/** Until the next flush is due, or the disk is asked again. */
function stopTimers(): void {
  for (const it of [flushTimer, idleTimer, againTimer]) clearTimeout(it);
  flushTimer = undefined;
  flushAt = 0;
}

function flush(on: Core): void {
  stopTimers();
  const began = performance.now();
  on.flush();
  stored(performance.now() - began);
  on.workOutArrived(ARRIVED_WORK_MS);
  if (watched) on.workOutNew(WATCHED_WORK_MS);
  workSome(on, watched ? WATCHED_WORK_MS : WORK_MS);
  const now = performance.now();
  const rest = (now - began) / SHARE_MAX;
  if (watched) flushAfter = Math.min(FLUSH_MS, Math.max(WATCHED_MS, rest));
  restUntil = now + Math.min(FLUSH_MS, rest);
  tellNews(on);
  idle(on);
}

/** All that was taken is committed. `milliseconds`: what that took. */
function stored(milliseconds?: number): void {
  tally.store(milliseconds);
  const news = delivering?.committed();
  if (news != null) tell({ kind: "delivered", delivered: news });
}

function tellNews(on: Core): void {
  tell({ kind: "news", devices: on.devices, tally: tally.stored });
}

function workSome(on: Core, milliseconds: number): void {
  const began = performance.now();
  if (began < workAfter) return;
  on.work(milliseconds);
  const now = performance.now();
  workAfter = now + (now - began) * WORK_REST;
}

/** Works out what waits, when nothing came for a while. */
function idle(on: Core): void {
  clearTimeout(idleTimer);
  idleTimer = setTimeout(function again() {
    // What is held is not stored yet: its devices are worked out after that.
    if (waiting !== null || flushTimer !== undefined || !on.isBehind) return;
    trying(on, undefined, () => {
      const more = on.work(IDLE_WORK_MS);
      if (!more) tellNews(on);
      idleTimer = setTimeout(again, more ? 0 : COSTLY_REST_MS);
    });
  }, IDLE_AFTER_MS);
}

function answer(on: Core, id: number, ask: Exclude<Ask, { what: "close" }>): void {
  try {
    const value = answerTo(on, ask);
    // Whatever is asked for, what was held is stored first.
    stored();
    tell({ kind: "answer", id, value });
    tellNews(on);
  } catch (error) {
    const isRefused = error instanceof DiskRefused;
    if (isRefused && !isSaying(ask)) throw error;
    tell({ kind: "answer", id, error: isRefused ? NO_ROOM : (error as Error).message });
  }
}

/** A person who says something waits for the answer, not for a disk. */
function isSaying({ what }: Ask): boolean {
  return SAYING.has(what);
}
const SAYING: ReadonlySet<Ask["what"]> = new Set(["say", "list", "merge", "split", "finding", "weakness", "scanning", "attach", "undo"]);
const NO_ROOM = "expected room on the disk, it takes nothing just now: nothing was stored, say it again when there is room";

function answerTo(on: Core, ask: Exclude<Ask, { what: "close" }>): number {
  const now = Date.now() * 1_000;
  switch (ask.what) {
    case "stored":
      return on.stored(ask.run);
    case "flush":
      on.flush();
      break;
    case "settle":
      on.settle();
      break;
    case "say":
      on.say(ask.said, now);
      break;
    case "list":
      return on.sayList(ask.list, now);
    case "merge":
      on.merge(ask.merge, now);
      break;
    case "split":
      on.split(ask.split, now);
      break;
    case "finding":
      return on.sayOfFinding(ask.said, now);
    case "weakness":
      return on.sayOfWeakness(ask.said, now);
    case "scanning":
      return on.sayOfScanning(ask.said, now);
    case "attach":
      return on.attach(ask.paper, now);
    case "undo":
      on.undo(ask.change, ask.who, ask.reason, now);
      break;
  }
  return 0;
}

/** Also while the disk takes nothing: what is not stored then is told again when the files are read again; live it is lost, and that was said. */
function close(on: Core, id: number): void {
  stopTimers();
  try {
    on.flush();
    stored();
  } catch (error) {
    if (!(error instanceof DiskRefused)) throw error;
  }
  tellNews(on);
  on.close();
  tell({ kind: "answer", id });
  port.close();
}
