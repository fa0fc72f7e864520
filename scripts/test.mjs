// `npm test`: what needs no network, no root, no browser, and no minutes. `npm test -- system` and `npm test -- ui` run the rest; the former
// has what starts the whole program again and again as well.
// Paths as further arguments run only those files. AUSCULT_TEST_TRIES=2, which `.ci/run` sets, runs files once more in which something failed,
// and names it.
// AUSCULT_TEST_SEED=7 puts the files that share a process in another order, in which they must pass as well.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The system tests, which take longest, need some half an hour of it. */
const ALL_MS_MAX = 60 * 60_000;
/** Where `bin/auscult.mjs` keeps it too: each file is a process of its own, and half its time went into taking types off. */
const COMPILE_CACHE = fileURLToPath(new URL("../node_modules/.cache/auscult", import.meta.url));
/** A file that makes flow tables of 200 MB again and again is given fresh zeros by the kernel, not old memory that glibc has to clear. */
const FRESH_BYTES_MIN = "1000000";
/** Where hundreds of recordings are written without waiting for a disk, if there is so much room; system tests stay on the disk, whose faults they try. */
const MEMORY = "/dev/shm";
const MEMORY_BYTES_MIN = 2 << 30;
/** MB. What a batch was made of lives longer than the runner's young generation is large, and would be copied again and again. */
const YOUNG_MB = 32;

/**
 * Files share a few processes, since starting one takes longer than most of them. Alone are those that start the program itself again and
 * again, which run beside one another, and those that change what a process has but once: its environment, its signals, the registry it read.
 */
const ALONE = /^src\/(commands\/(?!evidence|terminal)|link\/(recordings|sandbox|sensor-source|site-registry|tcpdump)|toy)\b/;
const TOGETHER_PROCESSES = 20;

const [first, ...rest] = process.argv.slice(2);
const kind = first === "system" || first === "ui" ? first : "plain";
const wanted = kind === "plain" ? process.argv.slice(2) : rest;

const belongs = (file) => {
  if (!file.endsWith(".test.ts") || file.includes("node_modules")) return false;
  const own = file.endsWith(".system.test.ts") ? "system" : file.endsWith(".ui.test.ts") ? "ui" : "plain";
  return own === kind;
};
const files =
  wanted.length > 0
    ? wanted
    : ["src", "web", "fuzz", "bench", "scripts", "docs"]
        .flatMap((folder) => under(folder))
        .filter(belongs)
        .toSorted();

// Without a file to run, the runner would look for some of its own.
if (files.length === 0) {
  process.stderr.write(`no ${kind} tests\n`);
  process.exit(0);
}

const began = performance.now();
const folder = mkdtempSync(join(kind === "plain" && hasRoomIn(MEMORY) ? MEMORY : tmpdir(), "auscult-tests-"));
// Who interrupts it interrupts the tests; what they wrote goes all the same.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
const failures = join(folder, "failures.jsonl");
const started = kind === "plain" && wanted.length === 0 ? grouped(files) : files;
const tries = Number(process.env["AUSCULT_TEST_TRIES"] ?? 1);
// Made of the source once, before many processes start it in the same moment.
spawnSync(process.execPath, [fileURLToPath(new URL("../bin/auscult.mjs", import.meta.url)), "--version"], { stdio: "ignore" });
let status = run(started);
const failed = status === 0 ? [] : failedTests();
// The whole file: a test may stand on what those before it in its file have done.
for (let more = 1; more < tries && status !== 0; more++) {
  process.stderr.write("── what failed is tried once more\n");
  status = run([...new Set(failedTests().map((test) => test.file))]);
}
if (status === 0 && failed.length > 0) {
  process.stderr.write(`passed only when tried again, which is a defect of theirs:\n  ${failed.map((test) => test.name).join("\n  ")}\n`);
}
rmSync(folder, { recursive: true });
process.stderr.write(`${files.length} test files in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
process.exit(status);

/** Runs these files; answers the exit code. */
function run(paths) {
  const concurrency = `--test-concurrency=${kind === "plain" ? 2 : 1}`;
  return (
    spawnSync(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        `--max-semi-space-size=${YOUNG_MB}`,
        "--test",
        concurrency,
        "--test-timeout=600000",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        `--test-reporter=${new URL("failed-tests.mjs", import.meta.url)}`,
        `--test-reporter-destination=${failures}`,
        ...paths,
      ],
      // A failed test may leave something running that keeps its file from ending; forcing files to end would lose results of others.
      {
        stdio: "inherit",
        timeout: ALL_MS_MAX,
        killSignal: "SIGINT",
        env: {
          NODE_COMPILE_CACHE: COMPILE_CACHE,
          // System tests measure memory, as it is without this.
          ...(kind === "plain" ? { MALLOC_MMAP_THRESHOLD_: FRESH_BYTES_MIN, TMPDIR: folder } : {}),
          ...process.env,
        },
      },
    ).status ?? 1
  );
}

/** What the runner starts for them: files, and files made to import many. */
function grouped(all) {
  const together = shuffled(all.filter((file) => !ALONE.test(file)));
  const groups = Array.from({ length: Math.min(TOGETHER_PROCESSES, together.length) }, () => []);
  together.forEach((file, place) => groups[place % groups.length].push(file));
  const made = groups.map((group, place) => {
    const path = join(folder, `together-${place + 1}.test.mjs`);
    writeFileSync(path, group.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`).join(""));
    return path;
  });
  return [...made, ...all.filter((file) => ALONE.test(file))];
}

function hasRoomIn(path) {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= MEMORY_BYTES_MIN;
  } catch {
    return false; // No such place here.
  }
}

/** By AUSCULT_TEST_SEED; without it as they are. */
function shuffled(files) {
  const seed = process.env["AUSCULT_TEST_SEED"];
  const key = (file) => createHash("sha256").update(`${seed} ${file}`).digest("hex");
  return seed === undefined ? files : files.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What did not pass when files were last run, each with its name and file. Where the runner itself was ended, nothing is known: all failed. */
function failedTests() {
  const lines = readFileSync(failures, "utf8").split("\n").filter(Boolean);
  return lines.length > 0 ? lines.map((line) => JSON.parse(line)) : started.map((file) => ({ name: file, file }));
}

function under(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
