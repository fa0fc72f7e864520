/**
 * `npm run score`: how often Auscult is right on captures nobody here wrote.
 *
 * Every capture of ../shared/captures is read by the real program, and its inventory is held against the facts in index.json. Truth
 * counts only where it does not come from a rival: said in the traffic and read by tshark, or named in the capture's label. p0f's
 * opinion is printed as agreement, never as truth. Half of the captures, chosen by the hash of their names, are never opened while
 * rules are made; they are scored apart.
 *
 *   npm run score                 everything, with each miss
 *   npm run score -- medical/     only captures whose name begins so
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { answeringFrames } from "./answers.ts";

const CAPTURES = resolve(import.meta.dirname, "..", "..", "shared", "captures");
const AUSCULT = join(import.meta.dirname, "..", "bin", "auscult.mjs");
const HANG_SECONDS = 60;
const AT_ONCE = 2;
/** The index lists so many services of a capture and no more: what is said beyond them it can neither confirm nor deny. */
const LISTED_MAX = 150;
/** Below this many stated values no percentage is claimed. */
const STATED_MIN = 50;

interface Truth {
  readonly dissected: number;
  readonly macs?: readonly string[];
  readonly services?: readonly (readonly [string, string, number])[];
  readonly dhcp_clients?: readonly { mac: string; hostname: string }[];
  readonly ntlmssp_versions?: readonly string[];
  readonly p0f?: Readonly<Record<string, readonly string[]>>;
}
interface Capture {
  readonly file: string;
  readonly category: string;
  readonly packets: number;
  readonly truth: Truth;
}
interface Stated {
  readonly value: string;
  readonly confidence: number;
}
interface Inventory {
  readonly coverage: { readonly frames: number; readonly malformed: number };
  readonly devices: readonly {
    readonly id: string;
    readonly macs: readonly string[];
    readonly ips: readonly string[];
    readonly names: readonly Stated[];
    readonly os: Stated | null;
    readonly services: readonly { readonly ip: string; readonly transport: string; readonly port: number }[];
  }[];
}
interface Outcome {
  readonly capture: Capture;
  readonly half: "open" | "held out";
  readonly exit: number | null;
  readonly seconds: number;
  readonly stderr: string;
  readonly inventory: Inventory | null;
}

class Tally {
  right = 0;
  wrong = 0;
  possible = 0;
  readonly misses: string[] = [];

  line(name: string): string {
    const stated = this.right + this.wrong;
    const share = stated < STATED_MIN ? "no percentage below 50 stated" : interval(this.right, stated);
    return `  ${name.padEnd(26)} ${this.right} right of ${stated} stated, ${this.possible} possible; ${share}`;
  }
}

if (!existsSync(join(CAPTURES, "index.json"))) {
  process.stderr.write("score: skipped: ../shared/captures is not here\n");
  process.exit(0);
}
const prefix = process.argv[2] ?? "";
const captures = (JSON.parse(readFileSync(join(CAPTURES, "index.json"), "utf8")) as { captures: Capture[] }).captures.filter((it) =>
  it.file.startsWith(prefix),
);
const outcomes = await all(captures, AT_ONCE, read);

for (const half of ["open", "held out"] as const)
  await report(
    half,
    outcomes.filter((it) => it.half === half),
  );
await report("all", outcomes);
process.exitCode = outcomes.some((it) => it.inventory === null) ? 1 : 0;

async function report(title: string, of: readonly Outcome[]): Promise<void> {
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  print(`\n== ${title}: ${of.length} captures`);
  const broken = of.filter((it) => it.inventory === null);
  print(
    `  read                       ${of.length - broken.length} of ${of.length}; slowest ${Math.max(0, ...of.map((it) => it.seconds)).toFixed(1)} s`,
  );
  for (const it of broken) print(`    not read: ${it.capture.file} (exit ${it.exit}) ${it.stderr.trim().split("\n").at(-1)}`);

  const readable = of.filter((it) => it.inventory !== null);
  const sound = readable.filter((it) => it.capture.category !== "malformed");
  const frames = sound.filter((it) => it.inventory!.coverage.frames === it.capture.packets);
  print(`  frames right               ${frames.length} of ${sound.length} well-formed`);
  for (const it of sound) {
    if (it.inventory!.coverage.frames !== it.capture.packets)
      print(`    frames: ${it.capture.file}: ${it.inventory!.coverage.frames} of ${it.capture.packets}`);
  }

  const whole = { macs: 0, macFiles: 0, services: 0, serviceFiles: 0 };
  let [macsFound, macsTrue, servicesFound, servicesTrue, servicesExtra, servicesSaid, beyond] = [0, 0, 0, 0, 0, 0, 0];
  const names = new Tally();
  const systems = new Tally();
  const agreement = new Tally();
  const misses: string[] = [];
  for (const { capture, inventory } of sound as readonly (Outcome & { inventory: Inventory })[]) {
    const { truth } = capture;
    if (truth.macs !== undefined) {
      const found = new Set(inventory.devices.flatMap((it) => it.macs));
      const missing = truth.macs.filter((it) => !found.has(it));
      whole.macFiles++;
      macsTrue += truth.macs.length;
      macsFound += truth.macs.length - missing.length;
      if (missing.length === 0) whole.macs++;
      else
        misses.push(
          `MACs not found: ${capture.file}: ${missing.slice(0, 4).join(" ")}${missing.length > 4 ? ` and ${missing.length - 4} more` : ""}`,
        );
    }
    const said = new Set(
      inventory.devices.flatMap((it) => it.services.map((service) => `${service.ip} ${service.transport} ${service.port}`)),
    );
    const answered = new Set((truth.services ?? []).map(([ip, transport, port]) => `${ip} ${transport} ${port}`));
    const missing = [...answered].filter((it) => !said.has(it));
    const extra = [...said].filter((it) => !answered.has(it));
    whole.serviceFiles++;
    servicesTrue += answered.size;
    servicesFound += answered.size - missing.length;
    servicesSaid += said.size;
    const isCut = answered.size >= LISTED_MAX;
    if (isCut) beyond += extra.length;
    else servicesExtra += extra.length;
    if (missing.length === 0) whole.services++;
    else
      misses.push(
        `services not found: ${capture.file}: ${missing.slice(0, 4).join(", ")}${missing.length > 4 ? ` and ${missing.length - 4} more` : ""}`,
      );
    for (const it of title === "all" || isCut ? [] : extra) {
      const [ip = "", transport = "", port] = it.split(" ");
      const frames = await answeringFrames(join(CAPTURES, capture.file), ip, transport, Number(port));
      misses.push(`service extra: ${capture.file}: ${it}, answered in frame ${frames.join(", ") || "none"}`);
    }

    for (const client of truth.dhcp_clients ?? []) {
      if (client.hostname === "") continue;
      names.possible++;
      const device = inventory.devices.find((it) => it.macs.includes(client.mac));
      const stated = (device?.names ?? []).filter((it) => it.confidence >= 0.75);
      if (stated.length === 0) continue;
      if (stated.some((it) => alike(it.value, client.hostname))) names.right++;
      else {
        names.wrong++;
        misses.push(`name wrong: ${capture.file}: ${client.mac} is ${client.hostname}, got ${stated.map((it) => it.value).join(", ")}`);
      }
    }
    for (const line of truth.ntlmssp_versions ?? []) {
      const [ip = "", version = ""] = line.split(" ");
      const family = windowsOf(version);
      if (family === null || !answered.has(`${ip} tcp 445`)) continue; // Only a server's word is truth: clients of other makers send Windows versions too.
      systems.possible++;
      const os = inventory.devices.find((it) => it.ips.includes(ip))?.os ?? null;
      if (os === null || os.confidence < 0.99) continue;
      if (os.value.startsWith("Windows")) systems.right++;
      else {
        systems.wrong++;
        misses.push(`system wrong: ${capture.file}: ${ip} answered as ${version}, got ${os.value}`);
      }
    }
    for (const [ip, opinions] of Object.entries(truth.p0f ?? {})) {
      const os = inventory.devices.find((it) => it.ips.includes(ip))?.os ?? null;
      if (os === null || os.confidence < 0.75) continue;
      if (opinions.some((it) => familyOf(it) === familyOf(os.value))) agreement.right++;
      else agreement.wrong++;
    }
  }
  print(
    `  all MACs found             in ${whole.macs} of ${whole.macFiles} files (${percent(whole.macs, whole.macFiles)}); ${macsFound} of ${macsTrue} MACs`,
  );
  print(
    `  all services found         in ${whole.services} of ${whole.serviceFiles} files (${percent(whole.services, whole.serviceFiles)}); ${servicesFound} of ${servicesTrue} services`,
  );
  print(`  services extra             ${servicesExtra} of ${servicesSaid} said (${percent(servicesExtra, servicesSaid)})`);
  if (beyond > 0) print(`  services beyond the list   ${beyond} in captures of which the index lists the first ${LISTED_MAX} alone`);
  print(names.line("names (DHCP, by tshark)"));
  print(systems.line("systems (NTLM servers)"));
  print(`  agreement with p0f         ${agreement.right} of ${agreement.right + agreement.wrong} (an opinion, no truth)`);
  if (title !== "all") for (const it of misses) print(`    ${title === "held out" ? it.replace(/: [^:]*$/, "") : it}`);
}

async function read(capture: Capture): Promise<Outcome> {
  const data = mkdtempSync(join(tmpdir(), "auscult-score-"));
  const began = performance.now();
  const child = spawn(process.execPath, [AUSCULT, "--data", data, "open", join(CAPTURES, capture.file), "--exit", "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), HANG_SECONDS * 1000);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2_000)));
  const exit = await new Promise<number | null>((done) => child.on("close", done));
  clearTimeout(timer);
  rmSync(data, { recursive: true, force: true });
  // A malformed capture may be half-read: exit code 3, and the document holds what was read.
  const inventory = exit === 0 || exit === 3 ? parsed(stdout) : null;
  return { capture, half: halfOf(capture.file), exit, seconds: (performance.now() - began) / 1000, stderr, inventory };
}

function parsed(text: string): Inventory | null {
  try {
    return JSON.parse(text) as Inventory;
  } catch {
    return null; // Reported as not read, with the program's last words.
  }
}

function halfOf(file: string): Outcome["half"] {
  return Number.parseInt(createHash("sha256").update(file).digest("hex")[0]!, 16) < 8 ? "open" : "held out";
}

async function all<Item, Result>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${next} of ${items.length}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return results;
}

/** Names repeat each other with other suffixes, cases and dashes: compared as letters and digits, 15 of them, as NetBIOS cuts. */
function alike(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .split(".")[0]!
      .toLowerCase()
      .replace(/[^a-z0-9]/g, "")
      .slice(0, 15);
  return plain(a) === plain(b);
}

function windowsOf(version: string): string | null {
  const [major = 0, , build = 0] = version.split(".").map(Number);
  return build > 0 && major >= 4 ? "Windows" : null;
}

function familyOf(system: string): string {
  return (
    ["Windows", "Linux", "Mac OS", "iOS", "Android", "FreeBSD", "OpenBSD", "Solaris"].find((it) => system.startsWith(it)) ??
    (system.startsWith("macOS") ? "Mac OS" : system)
  );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Wilson's 95 % interval. */
function interval(right: number, of: number): string {
  const z = 1.96;
  const p = right / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return `${percent(right, of)} [${(100 * (middle - half)).toFixed(0)} to ${(100 * (middle + half)).toFixed(0)}]`;
}
