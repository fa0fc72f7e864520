/**
 * What was sent, what the interface had, what tcpdump took or lost, and what the recording says it heard or missed are one sum: with no
 * loss, with loss that is forced, and, asked for by AUSCULT_MEASURE=1, at 200,000 frames a second of the hosts mix for a minute.
 *
 *   AUSCULT_MEASURE=1 npm test -- system src/proofs/rate.system.test.ts        makes the capture by ../shared/bench/gencap.ts
 *   AUSCULT_MEASURE=1 AUSCULT_CAPTURE=hosts.pcap npm test -- system ...        takes that one; it is repeated until the minute is over
 *
 * Needs root, and ip, tcpdump and tcpreplay from Debian.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, afterEach, before, beforeEach, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import { countersIn, type CaptureCounters } from "../link/tcpdump.ts";
import { brokenCopy } from "../testing/broken.ts";
import { sampleFrames, writeCapture } from "../testing/captures.ts";
import { start } from "../testing/command.ts";
import { Namespace } from "../testing/namespace.ts";
import { familyOf } from "../testing/processes.ts";

const GENERATOR = join(import.meta.dirname, "..", "..", "..", "shared", "bench", "gencap.ts");
const MINUTE = { framesPerSecond: 200_000, seconds: 60, devices: 350_000 };
/** Faster than a stopped sensor's buffers (64 MB in the kernel) last. */
const FLOOD = { framesPerSecond: 150_000, seconds: 6 };
const CALM = { framesPerSecond: 10_000, seconds: 3 };
/** A burst as often as the timer of tcpreplay can wake it, instead of waiting in a loop that takes a core. */
const BURSTS_A_SECOND = 1_000;
/** After the last frame the sensor works off what lies in the buffers. */
const QUIET_MS = 1_000;
const DRAIN_SECONDS = 60;

const missing = ["ip", "tcpdump", "tcpreplay", "bash"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOTHING WAS COUNTED"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOTHING WAS COUNTED`
      : false;
const unmeasured =
  process.env["AUSCULT_MEASURE"] !== "1"
    ? "AUSCULT_MEASURE=1 asks for it: NOTHING WAS MEASURED"
    : process.env["AUSCULT_CAPTURE"] === undefined && !existsSync(GENERATOR)
      ? "expected AUSCULT_CAPTURE or ../shared/bench/gencap.ts: NOTHING WAS MEASURED"
      : false;

interface Rate {
  readonly framesPerSecond: number;
  readonly seconds: number;
}

interface Counted {
  /** By tcpreplay. */
  readonly sent: number;
  /** By the kernel, on the sender's end and on the mirror's. */
  readonly port: { readonly out: number; readonly dropped: number };
  readonly mirror: { readonly in: number; readonly dropped: number; readonly out: number };
  readonly tcpdump: CaptureCounters;
  readonly recording: { readonly frames: number; readonly drops: number; readonly devices: number; readonly conversations: number };
  readonly seconds: number;
  /** Seconds of a core that each of its processes took. */
  readonly work: string;
}

suite("counters", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-rate-"));
  chmodSync(folder, 0o755);
  const programs = join(folder, "programs");
  const words = join(folder, "tcpdump.txt");
  const hospital = join(folder, "hospital.pcap");
  let frames = 0;
  let network: Namespace;

  before(() => {
    const all = sampleFrames(60, 5, 3);
    frames = all.length;
    writeCapture(hospital, all);
    // The words of tcpdump go to the core; here they are also kept.
    mkdirSync(programs);
    writeFileSync(join(programs, "tcpdump"), `#!/bin/bash\nexec ${findProgram("tcpdump")} "$@" 2> >(exec tee -a ${words} >&2)\n`, {
      mode: 0o755,
    });
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    rmSync(words, { force: true });
    network = new Namespace("rate");
    network.type("ip link add port type veth peer name mirror");
    for (const name of ["port", "mirror"])
      network.type(`sysctl -qw net.ipv6.conf.${name}.disable_ipv6=1`, `ip link set dev ${name} arp off up`);
  });
  afterEach(() => network.delete());

  /** Listens while so many frames come; `meanwhile` is told the program's process. */
  async function count(
    capture: string,
    rate: Rate,
    { meanwhile = () => Promise.resolve(), main }: { meanwhile?: (pid: number) => Promise<void>; main?: string } = {},
  ): Promise<Counted> {
    const data = mkdtempSync(join(folder, "data-"));
    const where = { through: network.through, ...(main === undefined ? {} : { main }) };
    const environment = { PATH: `${programs}${delimiter}${process.env["PATH"]}`, AUSCULT_SUMMARY: "1" };
    const { child, said, ended } = start(["--data", data, "listen", "mirror", "--exit"], environment, where);
    await said(/^Listening on mirror\. Nothing is sent there\./m);

    const [{ sent, seconds }] = await Promise.all([replay(capture, rate), meanwhile(child.pid!)]);
    const work = await idle(child.pid!);
    child.kill("SIGINT");
    const summary = JSON.parse(/^auscult-summary (.+)$/m.exec(await said(/^auscult-summary .+$/m))![1]!) as Counted["recording"];
    // All is counted; listing that many devices would take longer than hearing them.
    child.kill("SIGKILL");
    await ended;
    return {
      sent,
      port: { out: network.counter("port", "tx_packets"), dropped: network.counter("port", "tx_dropped") },
      mirror: {
        in: network.counter("mirror", "rx_packets"),
        dropped: network.counter("mirror", "rx_dropped"),
        out: network.counter("mirror", "tx_packets"),
      },
      tcpdump: countersIn(readFileSync(words, "utf8"))!,
      recording: summary,
      seconds,
      work,
    };
  }

  /** By tcpreplay, no more and no longer than that, before everybody else: a switch does not wait for who listens. */
  async function replay(capture: string, { framesPerSecond, seconds }: Rate): Promise<{ readonly sent: number; readonly seconds: number }> {
    const bursts = Math.ceil(framesPerSecond / BURSTS_A_SECOND);
    const pace = [`--pps=${framesPerSecond}`, `--pps-multi=${bursts}`, `--limit=${framesPerSecond * seconds}`, `--duration=${seconds + 1}`];
    const from = ["--preload-pcap", "--loop=0", capture];
    const child = spawn("nice", ["-n", "-15", ...network.through, "tcpreplay", "-i", "port", ...pace, ...from], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    await new Promise((resolve) => child.on("close", resolve));
    const actual = /Actual: (\d+) packets \(\d+ bytes\) sent in ([\d.]+) seconds/.exec(output);
    assert.ok(actual !== null, output);
    return { sent: Number(actual[1]), seconds: Number(actual[2]) };
  }

  /** Until none of its processes has worked for a while: then the buffers are empty. Answers what each took until then. */
  async function idle(pid: number): Promise<string> {
    const works = () => familyOf(pid).map(workOf).filter(({ ticks }) => ticks > 0); // prettier-ignore
    const sum = () => works().reduce((total, { ticks }) => total + ticks, 0);
    for (let second = 0; second < DRAIN_SECONDS; second++) {
      const before = sum();
      await sleep(QUIET_MS);
      if (sum() - before < TICKS_IDLE) return works().map(({ name, ticks }) => `${name} ${ticks / TICKS_A_SECOND} s`).join(", "); // prettier-ignore
    }
    return assert.fail(`expected the buffers to be worked off within ${DRAIN_SECONDS} s`);
  }

  function agree(counted: Counted): void {
    const { sent, port, mirror, tcpdump, recording } = counted;
    const lost = recording.drops / sent;
    process.stderr.write(
      `${sent} sent in ${counted.seconds} s (${Math.round(sent / counted.seconds)}/s); interface ${mirror.in} in, ${mirror.out} out; ` +
        `tcpdump ${tcpdump.received} received, ${tcpdump.captured} captured, ${tcpdump.droppedByKernel} dropped; ` +
        `recording ${recording.frames} heard, ${recording.drops} lost: ${(100 * lost).toFixed(3)} %; ` +
        `${recording.devices} devices, ${recording.conversations} conversations; ${counted.work}\n`,
    );
    assert.deepEqual(port, { out: sent, dropped: 0 }, "what tcpreplay sent left its interface");
    assert.deepEqual(mirror, { in: sent, dropped: 0, out: 0 }, "what was sent came, and nothing went back");
    assert.equal(tcpdump.received, sent, "what came was received by tcpdump");
    assert.equal(recording.frames, tcpdump.captured, "what tcpdump captured was heard");
    assert.equal(recording.frames + recording.drops, sent, "what was not heard is known as lost");
  }

  test("agree when everything is heard", async () => {
    const counted = await count(hospital, CALM);
    agree(counted);
    assert.deepEqual([counted.sent, counted.recording.drops], [CALM.framesPerSecond * CALM.seconds, 0]);
    assert.ok(counted.sent > frames);
  });

  /** So long that the buffers run over. */
  async function standStill(pid: number): Promise<void> {
    // The innermost of those: what confines it has its command line as well.
    const sensor = familyOf(pid).findLast((it) => readFileSync(`/proc/${it}/cmdline`, "utf8").includes("/sensor."))!;
    process.kill(sensor, "SIGSTOP");
    await sleep(FLOOD.seconds * 1000);
    process.kill(sensor, "SIGCONT");
  }

  test("agree when the sensor stands still and frames are lost", async () => {
    const counted = await count(hospital, FLOOD, { meanwhile: standStill });
    agree(counted);
    assert.ok(counted.recording.drops > 1_000, `${counted.recording.drops} lost`);
  });

  test("a core that does not write down what was lost is found", async () => {
    const fault = { file: "src/link/listening.ts", of: "writer.drops(device, more);", instead: "" };
    const counted = await count(hospital, FLOOD, { meanwhile: standStill, main: brokenCopy(join(folder, "broken"), [fault]) });
    assert.throws(() => agree(counted), /what was not heard is known as lost/);
  });

  test("agree at 200,000 frames a second for a minute, all parsers and the store on", { skip: unmeasured }, async () => {
    const capture = process.env["AUSCULT_CAPTURE"] ?? generated();
    process.stderr.write(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)} at the start\n`);
    const counted = await count(capture, MINUTE);
    agree(counted);
    const rate = counted.sent / counted.seconds;
    assert.ok(rate > 0.98 * MINUTE.framesPerSecond, `${rate} frames a second were sent`);
  });

  function generated(): string {
    const file = join(folder, "hosts.pcap");
    const packets = MINUTE.framesPerSecond * MINUTE.seconds;
    const made = ["--kind", "hosts", "--out", file, "--devices", String(MINUTE.devices), "--packets", String(packets)];
    execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", GENERATOR, ...made]);
    return file;
  }
});

/** proc(5): after the name, which may have spaces in it, user and system time. */
function workOf(pid: number): { readonly name: string; readonly ticks: number } {
  const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
  const fields = rest!.split(" ");
  const sensor = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/sensor.");
  return { name: sensor ? "sensor" : name === "tcpdump" ? name : "core", ticks: Number(fields[11]) + Number(fields[12]) };
}

const TICKS_A_SECOND = 100;
/** A core that has nothing to do still looks at its clock. */
const TICKS_IDLE = 15;
