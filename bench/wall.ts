/**
 * `npm run wall`: how a policy fares that is learned on the first half of a made-up month and replayed against the rest.
 *
 * Everything in it is made by us, traffic and attacks alike: it shows that rules do what they say, and nothing of a real hospital.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asked, wholeNumber } from "../scripts/asked.ts";
import { DAYS, figuresOf, LEARNED_DAYS, month, WAYS, type Figures, type Story } from "./month.ts";

const SIZE = 300;
const EXAMPLES = 3;

const USAGE = `How a policy fares that is learned on the first half of a made-up month and replayed against the rest.

  npm run wall           seeds 1 to 3
  npm run wall -- 7 8 9  these seeds`;

const seeds = asked("wall", USAGE, {}).positionals.map((it) => wholeNumber("wall", "seed", it, 0));
for (const seed of seeds.length > 0 ? seeds : [1, 2, 3]) {
  const folder = mkdtempSync(join(tmpdir(), "auscult-wall-"));
  try {
    const it = await month(seed, SIZE, folder);
    print(`\n== seed ${seed}: ${it.machines} machines, ${DAYS} days, learned on ${LEARNED_DAYS}`);
    for (const way of WAYS) report(way, figuresOf(it, way));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(way: string, it: Figures): void {
  print(`\n-- ${way}: ${it.rules} rules, ${it.expected} of them expected`);
  const { kept, heard, keptDays, heardDays, allowed } = it.fit;
  const inTenThousand = (days: number) => ((days / it.days) * 10_000).toFixed(1);
  print(
    `coverage of legitimate conversations ${share(it.coverage)}, ${kept} of ${heard}; by days ${share(it.coverageByDays)}, ${keptDays} of ${heardDays}; ${it.apart} that findings hold are not among them`,
  );
  print(
    `over-permission ${it.overPermission}, ${allowed} allowed; of a wall by ports alone ${it.byPort.toFixed(1)}, over the same conversations; allowed and never heard ${it.neverHeard.toFixed(2)} and ${it.neverHeardByPort.toFixed(2)} for each heard, which is ${share(it.neverHeard / it.neverHeardByPort)}`,
  );
  print(`left to a person: ${it.lines} lines; those that are work and nothing else stand at ${it.workAt.join(", ")}`);
  const blocked = it.blocked.reduce((sum, { days }) => sum + days, 0);
  print(`held out: ${blocked} of ${it.days} legitimate conversation-days blocked, ${inTenThousand(blocked)} in 10,000`);
  for (const [announced, some] of Map.groupBy(it.blocked, (part) => part.announced)) {
    const days = some.reduce((sum, part) => sum + part.days, 0);
    print(`  ${days} of them, ${inTenThousand(days)} in 10,000, beforehand ${announced}`);
    for (const { what, care, days: on, examples } of some) print(`    ${on}: ${what}, ${care}: ${fewOf(examples)}`);
  }
  for (const when of ["while learning", "afterwards"] as const) {
    const stories = it.attacks.filter((story) => story.when === when && story.sort === "attack");
    const open = stories.filter((story) => story.open.length > 0);
    print(`attacks ${when}: ${stories.length - open.length} of ${stories.length} stories wholly blocked`);
    for (const story of open) print(`  ${passed(story)}`);
    for (const story of it.attacks) if (story.when === when && story.sort !== "attack") print(`  ${passed(story)}`);
  }
  for (const { target, blocked: stopped, passing } of it.targets)
    print(
      `at ${target}: ${stopped} attacking conversations blocked${[...passing].map(([why, count]) => `; ${count} pass by, since ${why}`).join("")}`,
    );
  print(`not heard yet, ${it.notHeard.length}: ${fewOf([...new Set(it.notHeard.map(({ purpose, server }) => `${purpose} (${server})`))])}`);
}

function passed({ name, open, unlike, conversations }: Story): string {
  return `${name}: ${open.length} of ${conversations} conversations pass${open.length === 0 ? "" : `, ${unlike} of them like no legitimate one: ${fewOf([...new Set(open)])}`}`;
}

function fewOf(texts: readonly string[]): string {
  return `${texts.slice(0, EXAMPLES).join("; ")}${texts.length > EXAMPLES ? ` and ${texts.length - EXAMPLES} more` : ""}`;
}

function share(value: number): string {
  return `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
