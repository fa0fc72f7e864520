/** The house stays in order: who may import whom, which names are not used, and that nothing in a stage reads the clock. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const SRC = import.meta.dirname;
const GROUND = ["bytes", "model", "knowledge"];
const STAGES = [
  "capture",
  "decode",
  "flows",
  "doses",
  "protocols",
  "evidence",
  "devices",
  "findings",
  "weaknesses",
  "do-not-scan",
  "lifecycle",
  "reports",
  "policies",
  "risk",
  "list",
  "store",
];

/** Packages that a stage may import: a policy is written in YAML, with line and column in its errors; PostgreSQL is spoken with by its client. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { policies: ["yaml"], store: ["postgres"] };

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const folderOf = (path: string) => (path.includes("/") ? path.split("/")[0]! : "");

test("a stage imports the ground and itself, never another stage; ground imports ground", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const from = folderOf(file);
    if (file.endsWith(".test.ts")) continue;
    for (const target of importsOf(file)) {
      if (target.startsWith("node:") || PACKAGES[from]?.includes(target)) continue;
      const to = target.startsWith(".") ? folderOf(relative(SRC, resolve(SRC, dirname(file), target))) : "";
      if (GROUND.includes(from) && !GROUND.includes(to)) wrong.push(`${file} imports ${target}`);
      if (STAGES.includes(from) && to !== from && !GROUND.includes(to)) wrong.push(`${file} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("no protocol imports another protocol's file, except within its own folder", () => {
  const wrong: string[] = [];
  for (const file of files.filter(
    (name) => folderOf(name) === "protocols" && !name.endsWith(".test.ts") && name !== "protocols/index.ts",
  )) {
    const own = file.split("/").length > 2 ? file.split("/").slice(0, 2).join("/") : file;
    for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
      const to = relative(SRC, resolve(SRC, dirname(file), target));
      if (to.startsWith("protocols/") && !to.startsWith(`${own}/`)) wrong.push(`${file} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("no stage reads the clock, and nothing before the store does any input or output", () => {
  const wrong: string[] = [];
  for (const file of files.filter((name) => STAGES.includes(folderOf(name)) && !name.endsWith(".test.ts"))) {
    const text = readFileSync(join(SRC, file), "utf8");
    if (/Date\.now\(|new Date\(\)|performance\.now\(/.test(text)) wrong.push(`${file} reads the clock`);
    if (!["store", "capture"].includes(folderOf(file)) && /from "node:(fs|net|dgram|child_process|worker_threads|sqlite)/.test(text))
      wrong.push(`${file} does input or output`);
  }
  assert.deepEqual(wrong, []);
});

test("names say what is inside, and every protocol has its test", () => {
  const wrong = files.filter((name) => /(^|\/)(utils?|helpers?|common|types)(\.ts|\/)/.test(name));
  for (const file of files.filter((name) => /^protocols\/[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name) && name !== "protocols/index.ts"))
    if (!files.includes(file.replace(".ts", ".test.ts"))) wrong.push(`${file} has no test`);
  assert.deepEqual(wrong, []);
});

test("a page that the source sends its reader to is there", () => {
  const named = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsv)$/.test(name))
    .flatMap((name) => [...readFileSync(join(SRC, name), "utf8").matchAll(/\b(?:[A-Z]{4,}|docs\/[a-z-]+)\.md\b/g)].map(([page]) => ({ name, page }))); // prettier-ignore
  const missing = named.filter(({ name, page }) => ![join(SRC, ".."), join(SRC, dirname(name))].some((it) => existsSync(join(it, page))));
  assert.deepEqual(missing, []);
});

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/^(?:import|export)[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map((match) => match[1] ?? match[2]!);
}
