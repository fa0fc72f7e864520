/** The power fails: of what was stored nothing is lost and nothing damaged, and reading goes on to the same inventory to the byte. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../simulation/random.ts";
import { brokenCopy } from "../testing/broken.ts";
import { sampleFrames, writeCapture } from "../testing/captures.ts";
import { run, start } from "../testing/command.ts";
import { isRunning, until } from "../testing/processes.ts";
import { hashKeyOf, killAt, Recovery } from "../testing/recovery.ts";
import { sensed } from "../testing/sensed.ts";
import { storedBatches } from "../testing/stored.ts";

const CUTS = 10;
const CONTROL_CUTS_MAX = 8;
const PYTHON = "/usr/bin/python3";
const LAZY = join(import.meta.dirname, "..", "testing", "lazyfs.py");
/** So long the kernel believes what it knew of files before the cut. */
const KERNEL_FORGETS_MS = 1_100;

const skip = missing();
if (skip !== false) process.stderr.write(`No power cut was made: ${skip}\n`);

const folder = mkdtempSync(join(tmpdir(), "auscult-power-"));
chmodSync(folder, 0o755);
const mounted: Disk[] = [];
after(() => {
  for (const disk of mounted) disk.unmount();
  rmSync(folder, { recursive: true, force: true });
});

const INPUT = "ward.pcap";
const file = join(folder, INPUT);
const READ = ["open", file, "--into", "main", "--exit", "--json"];
const recordingOf = (data: string) => join(data, "recordings", "main.db");
const begun = join(folder, "begun");
let whole = "";
let recovery: Recovery;
const random = new Random(23);

/** A folder that forgets what was not synced. */
class Disk {
  readonly data: string;
  readonly #process: ChildProcess;
  #output = "";

  private constructor(mount: string, process: ChildProcess) {
    this.data = mount;
    this.#process = process;
    process.stdout!.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
  }

  /** Holds a copy of `from`. */
  static async mount(name: string, from: string): Promise<Disk> {
    const [disk, mount] = [join(folder, name), join(folder, `${name}-mount`)];
    cpSync(from, disk, { recursive: true });
    mkdirSync(mount);
    const made = new Disk(mount, spawn(PYTHON, [LAZY, disk, mount], { stdio: ["ignore", "pipe", "inherit"] }));
    mounted.push(made);
    await until("the folder to be mounted", () => readFileSync("/proc/mounts", "utf8").includes(` ${mount} `));
    return made;
  }

  async cut(): Promise<void> {
    const before = this.#output.length;
    this.#process.kill("SIGUSR1");
    await until("the power to be cut", () => {
      readdirSync(this.data); // It hears the signal at the next request.
      return this.#output.includes("cut", before);
    });
    await sleep(KERNEL_FORGETS_MS);
  }

  unmount(): void {
    // It ends when nothing is mounted any more.
    if (this.#process.exitCode === null) spawnSync("fusermount3", ["-u", "-z", this.data], { stdio: "ignore" });
  }
}

interface Cut {
  readonly disk: Disk;
  readonly recording: string;
  /** Batches that were seen to be stored. */
  readonly seen: number;
}

/** Reads, and is cut off. */
async function cutOff(name: string, from: string, main?: string): Promise<Cut> {
  const disk = await Disk.mount(name, from);
  const recording = recordingOf(disk.data);
  const program = start(["--data", disk.data, ...READ], {}, main === undefined ? {} : { main });
  program.child.stdin.end();
  const moment = async () => {
    await until("something is stored", () => (storedBatches(recording).get(INPUT) ?? 0) > 0 || !isRunning(program.child.pid!));
    await sleep(random.below(1_500));
  };
  const { seen } = await killAt(program, recording, INPUT, moment());
  await disk.cut();
  return { disk, recording, seen };
}

suite("the power is cut", { skip }, () => {
  before(async () => {
    writeCapture(file, sampleFrames(600, 75, 5));
    const small = join(folder, "small.pcap");
    writeCapture(small, sampleFrames(40, 3, 9));
    assert.equal((await run("--data", begun, "open", small, "--into", "main", "--exit")).code, 0);
    const undisturbed = join(folder, "undisturbed");
    cpSync(begun, undisturbed, { recursive: true });
    const { code, stdout, stderr } = await run("--data", undisturbed, ...READ);
    assert.equal(code, 0, stderr);
    whole = stdout;
    recovery = new Recovery(recordingOf(begun), await sensed(file, hashKeyOf(recordingOf(begun))));
  });

  let cutWhileReading = 0;
  for (let time = 1; time <= CUTS; time++)
    test(`nothing is lost, ${time}`, async () => {
      const { disk, recording, seen } = await cutOff(`disk-${time}`, begun);
      const { stored } = recovery.check(recording);
      assert.ok(stored >= seen, `${seen} batches were stored and seen, ${stored} are left`);
      if (seen > 0) cutWhileReading++;
      const { code, stdout, stderr } = await run("--data", disk.data, ...READ);
      assert.equal(code, 0, stderr);
      assert.ok(stdout === whole, "the inventory is another one");
      disk.unmount();
    });

  test("nor of a recording that was just made", async () => {
    const { disk, recording, seen } = await cutOff("new", mkdtempSync(join(folder, "empty-")));
    const stored = storedBatches(recording).get(INPUT) ?? 0;
    assert.ok(seen > 0 && stored >= seen, `${seen} batches were stored and seen, ${stored} are left`);
    const { code, stderr } = await run("--data", disk.data, ...READ);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /stored by an earlier reading/);
    disk.unmount();
  });

  test("and most times something was stored by then", () => assert.ok(cutWhileReading >= CUTS / 2, `${cutWhileReading} of ${CUTS}`));

  test("a core that does not wait for the disk is found", async () => {
    const fault = { file: "src/store/database.ts", of: "PRAGMA synchronous = FULL", instead: "PRAGMA synchronous = OFF" };
    const main = brokenCopy(join(folder, "broken"), [fault]);
    const faults: string[] = [];
    for (let time = 1; time <= CONTROL_CUTS_MAX && faults.length === 0; time++)
      try {
        const { disk, recording, seen } = await cutOff(`broken-${time}`, begun, main);
        const { stored } = recovery.check(recording);
        if (stored < seen) faults.push(`${seen} batches were stored and seen, ${stored} are left`);
        disk.unmount();
      } catch (error) {
        faults.push((error as Error).message);
      }
    assert.notDeepEqual(faults, []);
    process.stderr.write(`Without syncs: ${faults.join()}\n`);
  });
});

function missing(): string | false {
  if (process.getuid?.() !== 0) return "expected root, to mount a folder";
  if (!existsSync("/dev/fuse")) return "expected /dev/fuse";
  if (spawnSync(PYTHON, ["-c", "import fusepy"]).status !== 0) return "expected Debian's python3-fusepy";
  return spawnSync("fusermount3", ["--version"]).status === 0 ? false : "expected Debian's fuse3";
}
