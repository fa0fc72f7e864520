/**
 * `npm run quiet`: how often watches call somebody in weeks in which nobody means harm, and what they say of those who do in the same
 * weeks with attacks. Everything in it is made by us, traffic and attacks alike: a rule that is loud here is loud anywhere, and one that is
 * quiet here is not yet quiet in a hospital. What is found in captures nobody here wrote, `npm run score -- findings` says.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../src/model/finding.ts";
import { simulate } from "../src/simulation/index.ts";
import type { Truth } from "../src/simulation/truth.ts";
import { asked, wholeNumber } from "../scripts/asked.ts";
import { CaptureReader } from "./reading.ts";

const DAYS = 14;
const SIZE = 1_000;
const DAY_US = 86_400_000_000;
/** The Monday on which each made-up hospital begins. */
const BEGIN_US = Date.UTC(2026, 0, 5) * 1_000;
const EXAMPLES = 5;

const USAGE = `How often watches call somebody in a made-up fortnight, with and without attacks.

  npm run quiet           1,000 machines, 14 days, seed 1
  npm run quiet -- 3 500  seed 3, 500 machines`;

const [seed = 1, size = SIZE] = asked("quiet", USAGE, {}).positionals.map((it, at) =>
  wholeNumber("quiet", at === 0 ? "seed" : "machines", it, at),
);
const reader = new CaptureReader({ hangSeconds: 1_800 });
const folder = mkdtempSync(join(tmpdir(), "auscult-quiet-"));
try {
  for (const quiet of [true, false]) await fortnight(quiet);
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
  const calling = findings.filter(callsSomebody);
  print(`findings: ${findings.length}; that ask somebody to act: ${calling.length}, ${(calling.length / DAYS).toFixed(2)} a day`);
  for (const [detector, of] of Map.groupBy(findings, (it) => it.detector)) {
    print(`  ${of.length} ${detector}: ${of.slice(0, EXAMPLES).map(line).join("; ")}${of.length > EXAMPLES ? " …" : ""}`);
  }
  if (!quiet) for (const it of told(truth, findings)) print(`  ${it}`);
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
  return `day ${dayOf(first)}, ${about?.name ?? "a segment"}: ${summary}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
