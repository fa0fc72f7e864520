/**
 * `npm run bench`: Auscult against the programs people use, on the same bytes, in turn (A B A B), whole processes, the store on.
 *
 * Prints medians of pair-by-pair ratios, since machines differ and seconds do not carry over; the seconds beside them are examples.
 */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readSettings } from "../src/config.ts";
import { startLine } from "../src/link/reading.ts";
import { asked, wholeNumber, wrongUse } from "../scripts/asked.ts";
import { RUNTIME_FLAGS } from "../src/link/sandbox.ts";
import { makeCaptures, QUICK, WHOLE } from "./captures.ts";

const AUSCULT = join(import.meta.dirname, "..", "bin", "auscult.mjs");
const SENSOR = join(import.meta.dirname, "..", "src", "sensor.ts");
const SAMPLE_MS = 10;

interface Run {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly output: string;
}

const USAGE = `Auscult against the programs people use, on the same bytes.

  npm run bench                                 everything, on captures it makes itself: an hour
  npm run bench -- --quick                      the same on captures of a tenth: ten minutes
  npm run bench -- --runs 5 mix.pcap bulk.pcap  on these
  npm run bench -- --slope n.pcap 2n.pcap       bytes per device and per flow, from two captures of N and 2N devices`;

const { values: options, positionals: files } = asked("bench", USAGE, {
  runs: { type: "string", default: "3" },
  slope: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
});
const runs = wholeNumber("bench", "--runs", options.runs, 1);
const missing = files.find((file) => !existsSync(file));
if (missing !== undefined) wrongUse("bench", `expected captures that exist, got ${missing}`);
if (options.slope && files.length !== 2) wrongUse("bench", `--slope: expected two captures, of N and of 2N devices, got ${files.length}`);

const rivals: Readonly<Record<string, (file: string) => readonly string[]>> = {
  ndpiReader: (file) => ["ndpiReader", "-i", file, "-q"],
  p0f: (file) => ["p0f", "-r", file],
  cat: (file) => ["cat", file],
};
const installed = Object.entries(rivals).filter(([name]) => spawnSync("which", [name]).status === 0);

if (options.slope) await slope(files[0]!, files[1]!);
else if (files.length > 0) for (const file of files) await compare(file);
else await everything();

async function everything(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-captures-"));
  try {
    const captures = makeCaptures(folder, options.quick ? QUICK : WHOLE);
    if (captures === undefined) wrongUse("bench", "expected ../shared/bench/gencap.ts to make captures with, or captures as arguments");
    for (const file of captures.compared) await compare(file);
    await slope(...captures.slope);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(file: string): Promise<void> {
  await measure(["cat", file]); // Into the page cache first, so that no run pays for the disk.
  const own: Run[] = [];
  const others = new Map<string, Run[]>(installed.map(([name]) => [name, []]));
  for (let run = 0; run < runs; run++) {
    own.push(await auscult(file));
    for (const [name, line] of installed) others.get(name)!.push(await measure(line(file)));
  }
  // Runs of their own: asking the kernel for the pages of many processes slows those processes.
  const { peakBytes } = await auscult(file, { sampled: true });
  const summary = summaryOf(own[0]!.output);
  print(
    `\n${basename(file)}: ${(statSync(file).size / 1e6).toFixed(0)} MB, ${summary.frames.toLocaleString("en-US")} frames, ${summary.devices.toLocaleString("en-US")} devices; ${runs} runs in turn`,
  );
  print(
    `  auscult      ${median(own.map((it) => it.seconds)).toFixed(2)} s   ${(summary.frames / median(own.map((it) => it.seconds)) / 1e6).toFixed(2)} million frames/s   peak ${mb(peakBytes)} all processes`,
  );
  for (const [name, line] of installed) {
    const of = others.get(name)!;
    const peak = (await measure(line(file), { sampled: true })).peakBytes;
    const ratio = median(of.map((it, at) => own[at]!.seconds / it.seconds));
    // Gone before it was looked at: it needs next to none.
    const memory = peak === 0 ? "" : `, ${(peakBytes / peak).toFixed(2)} of its memory`;
    print(
      `  ${name.padEnd(12)} ${median(of.map((it) => it.seconds)).toFixed(2)} s   peak ${mb(peak)}   auscult takes ${ratio.toFixed(2)} of its time${memory}`,
    );
  }
  await pauses(file);
}

/** How long listening, storing and answering were held up at worst by the garbage collector: what a live sensor loses packets by. */
async function pauses(file: string): Promise<void> {
  const preload = ["--import", join(import.meta.dirname, "gc-pauses.ts")];
  const folder = mkdtempSync(join(tmpdir(), "auscult-bench-"));
  try {
    const part = { fd: 4, name: "bench", run: "bench", skipTo: 0, firstAt: null };
    const start = startLine(readSettings(folder, {}), "00".repeat(32), [{ live: false, name: "bench", parts: [part] }]);
    writeFileSync(join(folder, "start.json"), JSON.stringify(start));
    const fds = [openSync(join(folder, "start.json"), "r"), openSync(file, "r")];
    // Without the permission model, which would keep it from loading what measures it.
    const flags = RUNTIME_FLAGS.filter((it) => !it.startsWith("--permission") && !it.startsWith("--allow"));
    const sensor = await measure([process.execPath, ...flags, ...preload, SENSOR], { keepError: true, fds });
    for (const fd of fds) closeSync(fd);
    const core = await measure([process.execPath, ...preload, AUSCULT, "--data", folder, "open", file, "--exit"], { keepError: true });
    print(`  longest pause of the garbage collector: sensor ${longestOf(sensor, "main")} ms, core ${longestOf(core, "worker")} ms`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function longestOf({ output }: Run, thread: string): string {
  const told = [...output.matchAll(/auscult-gc (\{.*\})/g)].map((it) => JSON.parse(it[1]!) as { thread: string; longestMs: number });
  return Math.max(...told.filter((it) => it.thread === thread).map((it) => it.longestMs)).toFixed(1);
}

/** Two captures of N and 2N devices: what each further device and flow costs, in memory of all our processes and on disk. */
async function slope(small: string, large: string): Promise<void> {
  const measured = [];
  for (const file of [small, large]) {
    await measure(["cat", file]);
    const run = await auscult(file, { sampled: true });
    measured.push({ ...summaryOf(run.output), memory: run.peakBytes, disk: run.disk });
  }
  const [a, b] = measured as [(typeof measured)[0], (typeof measured)[0]];
  print(`\n${a.devices} to ${b.devices} devices, ${a.conversations} to ${b.conversations} conversations`);
  print(
    `  memory, all processes: ${((b.memory - a.memory) / (b.devices - a.devices)).toFixed(0)} bytes a device, ${((b.memory - a.memory) / (b.conversations - a.conversations)).toFixed(0)} bytes a conversation`,
  );
  print(`  disk: ${((b.disk - a.disk) / (b.devices - a.devices)).toFixed(0)} bytes a device`);
}

/** With what the recording takes on disk. */
async function auscult(file: string, options: MeasureOptions = {}): Promise<Run & { readonly disk: number }> {
  const data = mkdtempSync(join(tmpdir(), "auscult-bench-"));
  const run = await measure([process.execPath, AUSCULT, "--data", data, "open", file, "--exit"], { ...options, keepError: true });
  const folder = join(data, "recordings");
  const disk = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  rmSync(data, { recursive: true });
  return { ...run, disk };
}

interface MeasureOptions {
  /** All it said on stderr instead of the last of it. */
  readonly keepError?: boolean;
  /** What it finds open, from descriptor 3 on. */
  readonly fds?: readonly number[];
  /** Its memory is looked at while it runs. */
  readonly sampled?: boolean;
}

/** Runs a command to its end. Memory is the peak of the sum over its whole tree of processes, shared pages counted once (PSS); 0 if not sampled. */
async function measure(line: readonly string[], { keepError = false, fds = [], sampled = false }: MeasureOptions = {}): Promise<Run> {
  const began = performance.now();
  const child = spawn(line[0]!, line.slice(1), {
    stdio: ["ignore", "ignore", "pipe", ...fds],
    env: { ...process.env, AUSCULT_SUMMARY: "1" },
  });
  let output = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    output = keepError ? output + text : text;
  });
  let peakBytes = 0;
  const look = () => {
    peakBytes = Math.max(
      peakBytes,
      treeOf(child.pid!).reduce((sum, pid) => sum + memoryOf(pid), 0),
    );
  };
  const sample = sampled ? setInterval(look, SAMPLE_MS) : undefined;
  const code = await new Promise((done) => child.on("close", done));
  clearInterval(sample);
  const seconds = (performance.now() - began) / 1000;
  // A rival that did not do its work is no measure of anything.
  if (code !== 0) throw new Error(`${line.join(" ")} ended with ${String(code)}: ${output.slice(-500)}`);
  return { seconds, peakBytes, output };
}

function treeOf(pid: number): readonly number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" "),
    );
    return [pid, ...children.filter((it) => it !== "").flatMap((it) => treeOf(Number(it)))];
  } catch {
    return []; // It ended between two looks.
  }
}

function memoryOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // As above.
  }
}

/** What the command said when it ended. */
function summaryOf(text: string): { frames: number; devices: number; conversations: number } {
  const found = /auscult-summary (\{.*\})/.exec(text);
  if (found === null) throw new Error(`expected a summary on stderr, got: ${text.slice(-300)}`);
  return JSON.parse(found[1]!) as { frames: number; devices: number; conversations: number };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
