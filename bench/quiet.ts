/**
 * `npm run quiet`: how often watches call somebody in weeks in which nobody means harm, and what they say of those who do in the same
 * weeks with attacks. Everything in it is made by us, traffic and attacks alike: a rule that is loud here is loud anywhere, and one that is
 * quiet here is not yet quiet in a hospital. `npm run quiet -- captures` asks the same of captures nobody here wrote, laid end to end; what is
 * found in each of them, `npm run score -- findings` says.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Finding } from "../src/model/finding.ts";
import { simulate } from "../src/simulation/index.ts";
import type { Truth } from "../src/simulation/truth.ts";
import { asked, wholeNumber } from "../scripts/asked.ts";
import { layEndToEnd } from "./laid.ts";
import { CaptureReader } from "./reading.ts";

const DAYS = 14;
const SIZE = 1_000;
const DAY_US = 86_400_000_000;
/** The Monday on which each made-up hospital begins. */
const BEGIN_US = Date.UTC(2026, 0, 5) * 1_000;
const EXAMPLES = 5;
const CAPTURES = resolve(import.meta.dirname, "..", "..", "shared", "captures");

const USAGE = `How often watches call somebody in a made-up fortnight, with and without attacks.

  npm run quiet           1,000 machines, 14 days, seed 1
  npm run quiet -- 3 500  seed 3, 500 machines
  npm run quiet -- captures  the benign captures of ../shared/captures, one after the other as of one place, and each as of its own`;

const { positionals } = asked("quiet", USAGE, {});
const ofCaptures = positionals.length === 1 && positionals[0] === "captures";
const [seed = 1, size = SIZE] = (ofCaptures ? [] : positionals).map((it, at) =>
  wholeNumber("quiet", at === 0 ? "seed" : "machines", it, at),
);
const reader = new CaptureReader({ hangSeconds: 1_800 });
const folder = mkdtempSync(join(tmpdir(), "auscult-quiet-"));
try {
  if (ofCaptures) await captures();
  else for (const quiet of [true, false]) await fortnight(quiet);
} finally {
  await reader.close();
  rmSync(folder, { recursive: true });
}

async function fortnight(quiet: boolean): Promise<void> {
  const { capture, truth } = simulate({ seed, days: DAYS, size, quiet });
  const file = join(folder, "hospital.pcap");
  await writeFile(file, capture);
  const { findings, trouble, inventory } = await reader.read(file);
  if (inventory === null) throw new Error(`expected to read what was made up, got: ${trouble}`);
  const machines = truth.devices.length;
  print(`\n== seed ${seed}, ${machines} machines, ${DAYS} days of 10 minutes, ${quiet ? "nobody means harm" : "with attacks"}`);
  tell(findings, DAYS);
  if (!quiet) for (const it of told(truth, findings)) print(`  ${it}`);
}

async function captures(): Promise<void> {
  const index = join(CAPTURES, "index.json");
  if (!existsSync(index)) return print("skipped: ../shared/captures is not here");
  const { captures: all } = JSON.parse(readFileSync(index, "utf8")) as { captures: { file: string; category: string }[] };
  const benign = all.filter(({ category }) => category !== "attacks" && category !== "malformed").map(({ file }) => join(CAPTURES, file));
  const file = join(folder, "laid.pcapng");
  const laid = await layEndToEnd(benign, BEGIN_US, file);
  const { findings, trouble, inventory } = await reader.read(file);
  if (inventory === null) throw new Error(`expected to read what was laid end to end, got: ${trouble}`);
  const days = laid.us / DAY_US;
  print(`\n== ${laid.captures} benign captures laid end to end, ${laid.frames} frames in ${days.toFixed(1)} days`);
  tell(findings, days);

  // They are of many sites, each with servers and routers of its own, which are strangers at the next.
  const apart: Finding[] = [];
  for (const path of benign) apart.push(...(await reader.read(path)).findings);
  print(`\n== the same, each as of a place of its own, in as many days`);
  tell(apart, days);
}

function tell(findings: readonly Finding[], days: number): void {
  const calling = findings.filter(callsSomebody);
  print(`findings: ${findings.length}; that ask somebody to act: ${calling.length}, ${(calling.length / days).toFixed(2)} a day`);
  for (const [detector, of] of Map.groupBy(findings, (it) => it.detector)) {
    print(`  ${of.length} ${detector}: ${of.slice(0, EXAMPLES).map(line).join("; ")}${of.length > EXAMPLES ? " …" : ""}`);
  }
}

/** All that means harm, and what may stop a device. */
function callsSomebody({ family, severity }: Finding): boolean {
  return family === "threat" || family === "clinical" || severity === "high" || severity === "critical";
}

/** Each attack with what was found of those in it, on its days. */
function told({ happenings = [] }: Truth, findings: readonly Finding[]): readonly string[] {
  return happenings
    .filter(({ sort, conversations }) => sort === "attack" && conversations.length > 0)
    .map(({ name, conversations }) => {
      const clients = new Set(conversations.map(({ client }) => client));
      const servers = new Set(conversations.map(({ server }) => server));
      const days = new Set(conversations.flatMap((it) => it.days));
      const of = findings.filter(({ about, others, first }) => {
        const ips = [about, ...others].map((it) => it?.ip ?? "");
        return days.has(dayOf(first)) && ips.some((ip) => clients.has(ip)) && (ips.some((ip) => servers.has(ip)) || others.length === 0);
      });
      return `${of.length > 0 ? "told" : "not told"}: ${name}${of.length > 0 ? `: ${[...new Set(of.map((it) => it.detector))].join(", ")}` : ""}`;
    });
}

function dayOf(at: number): number {
  return Math.floor((at - BEGIN_US) / DAY_US);
}

function line({ about, summary, first }: Finding): string {
  return `${new Date(first / 1_000).toISOString().slice(0, 10)}, ${about?.name ?? "a segment"}: ${summary}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
