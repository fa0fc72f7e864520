/**
 * `npm run fuzz`: every parser against bytes nobody sent, from a printed seed.
 *
 * First a toy with two planted bugs: what does not find those proves nothing. Then, for each protocol: nothing thrown, the same bytes
 * twice give the same observations, what is reported stays within its limits, a neighbor's bytes never show, no message takes 50 ms.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { asked, wholeNumber, wrongUse } from "../scripts/asked.ts";

const USAGE = `Every parser against bytes nobody sent, from a printed seed.

  npm run fuzz                          all protocols, 2 minutes
  npm run fuzz -- dhcp --cases 1000000  one of them
  npm run fuzz -- --seed 7 --seconds 600`;

const { values, positionals } = asked("fuzz", USAGE, {
  seed: { type: "string" },
  cases: { type: "string", default: "1000000000" },
  seconds: { type: "string", default: "120" },
});
const number = (name: "seed" | "cases" | "seconds", least: number) => wholeNumber("fuzz", `--${name}`, values[name] ?? "", least);
const [casesMax, seconds] = [number("cases", 1), number("seconds", 1)];
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : number("seed", 0);

if (globalThis.fuzzCounters === undefined) {
  // The counters must be there before the parsers are loaded.
  const { status } = spawnSync(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "--import",
      join(import.meta.dirname, "counters.ts"),
      import.meta.filename,
      ...process.argv.slice(2),
    ],
    { stdio: "inherit" },
  );
  process.exit(status ?? 1);
}

const { protocols } = await import("../src/protocols/index.ts");
const { toy } = await import("./toy.ts");
const { fuzz } = await import("./fuzzer.ts");
const { targetOf } = await import("./target.ts");
const { messagesOf } = await import("./corpus.ts");

const wanted = protocols.filter((it) => positionals.length === 0 || positionals.includes(it.name));
const unknown = positionals.filter((name) => !protocols.some((it) => it.name === name));
if (unknown.length > 0)
  wrongUse("fuzz", `expected protocols among ${protocols.map((it) => it.name).join(", ")}, got ${unknown.join(", ")}`);
process.stdout.write(`seed ${seed}\n`);

for (let control = 1; control <= 3; control++) {
  const { cases, findings } = fuzz(targetOf(toy), [new TextEncoder().encode("TOY toy")], {
    seed: seed + control,
    cases: 20_000_000,
    seconds: 60,
    stopAtFindings: 2,
  });
  const planted = findings.filter((it) => it.why.includes("planted")).length;
  process.stdout.write(`control ${control}: ${planted} of 2 planted bugs after ${cases.toLocaleString("en-US")} cases\n`);
  if (planted < 2) {
    process.stderr.write("fuzz: the fuzzer did not find what was planted; its silence would mean nothing\n");
    process.exit(1);
  }
}

let total = 0;
let found = 0;
const corpus = await messagesOf(
  [join(import.meta.dirname, "..", "fixtures"), join(import.meta.dirname, "..", "..", "shared", "captures")].filter(existsSync),
);
for (const protocol of wanted) {
  const seeds = corpus.get(protocol.name) ?? [];
  const { cases, corpus: kept, findings } = fuzz(targetOf(protocol), seeds, { seed, cases: casesMax, seconds: seconds / wanted.length });
  total += cases;
  found += findings.length;
  process.stdout.write(
    `${protocol.name.padEnd(16)} ${cases.toLocaleString("en-US").padStart(12)} cases from ${seeds.length} messages, ${kept} ways, ${findings.length} found\n`,
  );
  for (const { input, why } of findings) process.stdout.write(`  ${why}\n    ${Buffer.from(input).toString("hex")}\n`);
}
process.stdout.write(`${total.toLocaleString("en-US")} cases, ${found} found, seed ${seed}\n`);
process.exit(found === 0 ? 0 : 1);
