// The one gate: format, lint with types, types, the house, tests. `npm run check`.
import { spawnSync } from "node:child_process";

/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const steps = [
  ["format", "oxfmt", ["--check", "."]],
  ["lint", "oxlint", ["--type-aware", "src", "bench", "fuzz", "scripts", "web/src", "bin"]],
  ["types", "tsc", ["-p", "."]],
  ["types of the pages", "tsc", ["-p", "web"]],
  ["tests", process.execPath, ["scripts/test.mjs"]],
];

for (const [name, command, args] of steps) {
  const began = performance.now();
  process.stderr.write(`── ${name}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`── ${name}: failed\n`);
    process.exit(1);
  }
  process.stderr.write(`── ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
