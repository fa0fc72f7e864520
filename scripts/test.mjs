// `npm test`: everything that needs no network, no root, no browser. `npm test -- system` and `npm test -- ui` run what does.
// Paths as further arguments run only those files.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

/** The system tests, which take longest, need a quarter of it. */
const ALL_MS_MAX = 40 * 60_000;

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
const { status } = spawnSync(
  process.execPath,
  ["--disable-warning=ExperimentalWarning", "--test", `--test-concurrency=${kind === "plain" ? 2 : 1}`, "--test-timeout=600000", ...files],
  // A failed test may leave something running that keeps its file from ending; forcing files to end would lose results of others.
  { stdio: "inherit", timeout: ALL_MS_MAX, killSignal: "SIGINT" },
);
process.stderr.write(`${files.length} test files in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
process.exit(status ?? 1);

function under(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
