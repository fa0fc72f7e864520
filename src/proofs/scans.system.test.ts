/**
 * Real scanners against real servers on one switch: each is one finding, of whom it is, about whom it asked, and soon enough to act on it.
 * Needs root and Debian's nmap, hping3, arp-scan, socat and tcpdump; what is not installed is left out, and named.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import { framesOf } from "../testing/captures.ts";
import { run } from "../testing/command.ts";
import { Lab, type LabHost } from "../testing/lab.ts";

const missing = ["ip", "tcpdump", "nmap", "socat"].filter((program) => findProgram(program) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root: NO SCANS" : missing.length > 0 ? `needs ${missing.join(", ")}: NO SCANS` : false;

const SECOND_US = 1_000_000;
const TARGET = "10.77.3.2";
const TARGET6 = "fd77:3::2";
const FLOODED = "10.77.3.3";
/** nmap -T1 waits 15 s between two probes: so long its first six take, and the look whether the target is there. */
const SLOW_SECONDS = 110;
const WITHIN_US = 2 * SECOND_US;

interface Scan {
  readonly line: readonly string[];
  readonly needs?: string;
  /** Whom it is about: the one it asked, or who did it. */
  readonly about: "target" | "target6" | "scanner";
  /** After so many different ones asked it must be found. */
  readonly probes: number;
}

const NMAP = ["nmap", "-n", "-Pn"];
const SCANS: Readonly<Record<string, Scan>> = {
  "SYN": { line: [...NMAP, "-sS", "-p", "1-1000", TARGET], about: "target", probes: 10 },
  "connect": { line: [...NMAP, "-sT", "-p", "1-1000", TARGET], about: "target", probes: 10 },
  "Xmas": { line: [...NMAP, "-sX", "-p", "1-300", TARGET], about: "target", probes: 10 },
  "FIN": { line: [...NMAP, "-sF", "-p", "1-300", TARGET], about: "target", probes: 10 },
  "NULL": { line: [...NMAP, "-sN", "-p", "1-300", TARGET], about: "target", probes: 10 },
  "ACK": { line: [...NMAP, "-sA", "-p", "1-300", TARGET], about: "target", probes: 10 },
  "UDP": { line: [...NMAP, "-sU", "-p", "1-15", "--max-retries", "1", TARGET], about: "target", probes: 10 },
  "services": { line: [...NMAP, "-sV", "-p", "70-100", TARGET], about: "target", probes: 10 },
  "system": { line: [...NMAP, "-O", "-p", "70-100", TARGET], about: "target", probes: 10 },
  "ARP sweep": { line: ["nmap", "-n", "-sn", "10.77.3.0/24"], about: "scanner", probes: 10 },
  "ARP sweep by another": { line: ["arp-scan", "-I", "eth0", "10.77.3.0/24"], needs: "arp-scan", about: "scanner", probes: 10 },
  "SYN over IPv6": { line: [...NMAP, "-6", "-sS", "-p", "1-300", TARGET6], about: "target6", probes: 10 },
  "SYN by hping3": { line: ["hping3", "-q", "-S", "-p", "++1", "-i", "u2000", "-c", "300", TARGET], needs: "hping3", about: "target", probes: 10 },
}; // prettier-ignore
const SLOW: Scan = { line: [...NMAP, "-sS", "-T1", "-p", "201-206", "--max-retries", "0", TARGET], about: "target", probes: 5 };

interface Found {
  readonly detector: string;
  readonly family: string;
  readonly about: { readonly ip: string | null } | null;
  readonly others: readonly { readonly ip: string | null }[];
  readonly because: readonly { readonly at: number }[];
  readonly summary: string;
}

suite("scans of real programs", { skip, timeout: 400_000 }, () => {
  const folder = skip === false ? mkdtempSync(join(tmpdir(), "auscult-scans-")) : "";
  const scanners = new Map<string, LabHost>();
  const used = Object.entries(SCANS).filter(([, { needs }]) => needs === undefined || findProgram(needs) !== undefined);
  let findings: readonly Found[] = [];
  let probes: ReadonlyMap<string, readonly number[]> = new Map();

  before(async () => {
    const lab = new Lab(folder);
    try {
      const target = lab.host("target", "00:09:fb:00:00:02", TARGET);
      const flooded = lab.host("flooded", "00:09:fb:00:00:03", FLOODED);
      target.space.type("sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0", `ip -6 address add ${TARGET6}/64 dev eth0 nodad`);
      for (const port of [80, 443]) lab.serve(target, "socat", `TCP6-LISTEN:${port},fork,reuseaddr`, "PIPE");
      let number = 10;
      for (const name of [...used.map(([it]) => it), "slow", "flood"]) {
        const host = lab.host(`scanner${number}`, `02:00:00:00:03:${number}`, `10.77.3.${number}`);
        if (name === "SYN over IPv6")
          host.space.type("sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0", `ip -6 address add fd77:3::${number}/64 dev eth0 nodad`);
        scanners.set(name, host);
        number++;
      }
      await lab.listen();
      await sleep(1_000);
      lab.serve(scanners.get("slow")!, ...SLOW.line);
      const begun = performance.now();
      for (const [name, { line }] of used) await lab.ask(scanners.get(name)!, line);
      if (findProgram("hping3") !== undefined)
        await lab.ask(scanners.get("flood")!, ["hping3", "-q", "--icmp", "-i", "u4000", "-c", "1000", flooded.ip]);
      await sleep(Math.max(1_000, SLOW_SECONDS * 1_000 - (performance.now() - begun)));
    } finally {
      await lab.close();
    }
    probes = probesOf(lab.capture);
    const data = join(folder, "data");
    await run("open", lab.capture, "--exit", "--data", data);
    const { stdout } = await run("findings", "--json", "--data", data);
    findings = (JSON.parse(stdout) as { readonly findings: readonly Found[] }).findings;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Of an address: a scan over IPv6 is of the scanner's other one. */
  const addressOf = (name: string) =>
    name === "SYN over IPv6" ? scanners.get(name)!.ip.replace(/^.*\./, "fd77:3::") : scanners.get(name)!.ip;
  const of = (ip: string) => findings.filter(({ about, others }) => [about, ...others].some((it) => it?.ip === ip));

  for (const [name, scan] of [...used, ["slow", SLOW] as const])
    test(`${name}: one finding, of the right source and target, within 2 s of the ${scan.probes}th probe`, (t) => {
      const ip = addressOf(name);
      const own = of(ip).filter(({ detector }) => detector === "scan");
      assert.equal(own.length, 1, `${ip}: ${JSON.stringify(findings.map(({ summary, about }) => [about?.ip, summary]))}`);
      const [it] = own as [Found];
      assert.equal(it.family, "hazard");
      const target = { target: TARGET, target6: TARGET6, scanner: ip }[scan.about];
      assert.equal(it.about?.ip, target);
      if (scan.about !== "scanner") assert.deepEqual(it.others.map((other) => other.ip), [ip]); // prettier-ignore
      const asked = probes.get(scan.about === "scanner" ? `${ip} arp` : ip)![scan.probes - 1]!;
      const after = it.because[0]!.at - asked;
      t.diagnostic(`${name}: ${(after / SECOND_US).toFixed(1)} s after probe ${scan.probes}: ${it.summary}`);
      assert.ok(after <= WITHIN_US, `found ${after / SECOND_US} s after it`);
    });

  test("a flood of echoes is load of its receiver, and nobody who was only asked is said to scan", () => {
    if (findProgram("hping3") !== undefined) assert.deepEqual(of(FLOODED).filter(({ detector }) => detector === "device-load").length, 1);
    const innocent = [TARGET, TARGET6, FLOODED];
    const scans = findings.filter(({ detector }) => detector === "scan");
    assert.equal(scans.length, used.length + 1, scans.map(({ summary }) => summary).join("\n"));
    for (const { about, others } of scans) assert.ok([about, ...others].some((it) => !innocent.includes(it?.ip ?? "")));
  });

  for (const [name, { needs }] of Object.entries(SCANS))
    if (needs !== undefined && findProgram(needs) === undefined) test(`${name}: NOT DONE, ${needs} is not installed`, { skip: true });
});

/** When an address asked each different endpoint first; neighbors it looked for apart, as whoever scans looks for one first. */
function probesOf(capture: string): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  const known = new Set<string>();
  for (const { bytes, at } of framesOf(readFileSync(capture))) {
    const frame = Buffer.from(bytes);
    const type = frame.readUInt16BE(12);
    let source: string | undefined;
    let thing = "";
    if (type === 0x0806 && frame.readUInt16BE(20) === 1) [source, thing] = [`${dotted(frame, 28)} arp`, dotted(frame, 38)];
    else if (type === 0x0800 && (frame[23] === 6 || frame[23] === 17))
      [source, thing] = [dotted(frame, 26), `${frame[23]} ${dotted(frame, 30)} ${frame.readUInt16BE(36)}`];
    else if (type === 0x86dd && frame[20] === 6)
      [source, thing] = [`fd77:3::${frame.readUInt16BE(36).toString(16)}`, `6 ${frame.readUInt16BE(56)}`];
    if (source === undefined || known.has(`${source} ${thing}`)) continue;
    known.add(`${source} ${thing}`);
    const all = times.get(source) ?? [];
    all.push(at!);
    times.set(source, all);
  }
  return times;
}

function dotted(frame: Buffer, at: number): string {
  return [...frame.subarray(at, at + 4)].join(".");
}
