/**
 * `npm run score`: how often Auscult is right on captures nobody here wrote.
 *
 * Every capture of ../shared/captures is read, and its inventory is held against what is true of it: said by the machines themselves
 * and read by tshark, or named in the capture's label. p0f and ndpiReader state what they think of the same captures: shown beside
 * ours, never truth. Half of the captures, chosen by the hash of their names, are never opened while rules are made; they are scored
 * apart, and their misses are counted, not shown. The sample hospital stands apart at the end.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { asked, wholeNumber, wrongUse } from "../scripts/asked.ts";
import { findingLines } from "./findings.ts";
import { foundLines, type Listed } from "./found.ts";
import { hospitalLines } from "./hospital.ts";
import { judgedLines } from "./judged.ts";
import { CaptureReader, type Reading } from "./reading.ts";
import { rivalsHere, statedBy } from "./rivals.ts";
import { hasStatements, statementsIn, tsharkVersion, type Statement } from "./tshark.ts";
import { truthsOf, type Label } from "./truth.ts";
import { versionLines } from "./version-sample.ts";
import { weaknessLines } from "./weaknesses.ts";

const CAPTURES = resolve(import.meta.dirname, "..", "..", "shared", "captures");
const AT_ONCE = 2;
const HALVES = ["open", "held out"] as const;

interface Capture extends Listed {
  readonly truth: Listed["truth"] & Label & { readonly protocols?: Readonly<Record<string, number>> };
}

const USAGE = `How often Auscult is right on captures nobody here wrote.

  npm run score              everything, with each miss
  npm run score -- medical/  only captures whose name begins so
  npm run score -- findings  what watches find, and what they call a threat that is none (needs tshark)
  npm run score -- weaknesses  old systems and advisories, and who is falsely said to be affected
  npm run score -- versions  how advisories' words on versions are read, and 60 of them to be checked by hand
                             (--seed N draws others)`;

const { positionals, values: options } = asked("score", USAGE, { seed: { type: "string", default: "1" } });
const [beginning = "", ...more] = positionals;
if (more.length > 0) wrongUse("score", `expected at most one beginning of a name, got ${more.length + 1}`);
if (beginning === "versions") {
  for (const line of versionLines(wholeNumber("score", "--seed", options.seed, 0))) print(line);
  process.exit(0);
}
if (!existsSync(join(CAPTURES, "index.json"))) {
  process.stderr.write("score: skipped: ../shared/captures is not here\n");
  process.exit(0);
}
const ofFindings = beginning === "findings";
const ofWeaknesses = beginning === "weaknesses";
const prefix = ofFindings || ofWeaknesses ? "" : beginning;
const captures = (JSON.parse(readFileSync(join(CAPTURES, "index.json"), "utf8")) as { captures: Capture[] }).captures.filter((it) =>
  it.file.startsWith(prefix),
);
if (captures.length === 0)
  wrongUse("score", `expected findings, weaknesses, versions, or the beginning of a capture's name, got "${prefix}"`);
const tshark = tsharkVersion();
if (ofWeaknesses) {
  for (const line of weaknessLines(await allRead())) print(line);
  process.exit(0);
}
if (ofFindings) {
  if (tshark === undefined)
    throw new Error("expected tshark, which tells the addresses of the frames in which an attack shows: apt install tshark");
  for (const line of findingLines(await allRead(), CAPTURES)) print(line);
  process.exit(0);
}
const rivals = rivalsHere();
print(`Truth: labels, and ${tshark === undefined ? "nothing else: tshark is not installed" : tshark}`);
print(`Beside us: ${rivals.length === 0 ? "nobody: neither p0f nor ndpiReader is installed" : rivals.map(({ name }) => name).join(", ")}`);

const readers = Array.from({ length: AT_ONCE }, () => new CaptureReader());
const outcomes = await all(captures, readers, outcomeOf);
const hospital: string[] = [];
if (prefix === "") for await (const line of hospitalLines(readers[0]!)) hospital.push(line);
for (const reader of readers) await reader.close();

for (const half of HALVES) {
  const of = outcomes.filter((it) => it.half === half);
  print(`\n== ${half}: ${of.length} captures`);
  for await (const line of foundLines(of, CAPTURES, half === "open")) print(line);
  for (const line of judgedLines(of, rivals.map(({ name }) => name), half === "open")) print(line); // prettier-ignore
}
print(`\n== all: ${outcomes.length} captures`);
for (const line of judgedLines(outcomes, rivals.map(({ name }) => name), false)) print(line); // prettier-ignore
if (hospital.length > 0) print("\n== sample hospital: made by us, it shows that rules do what they say, and nothing of a real hospital");
for (const line of hospital) print(line);
process.exitCode = outcomes.some((it) => it.inventory === null) ? 1 : 0;

async function allRead() {
  const reading = Array.from({ length: AT_ONCE }, () => new CaptureReader());
  const read = await all(captures, reading, async (capture, reader) => ({ ...(await reader.read(join(CAPTURES, capture.file))), capture }));
  for (const reader of reading) await reader.close();
  return read;
}

async function outcomeOf(capture: Capture, reader: CaptureReader) {
  const path = join(CAPTURES, capture.file);
  const reading: Reading = await reader.read(path);
  const isSound = capture.category !== "malformed" && reading.inventory !== null;
  const says = isSound && tshark !== undefined && hasStatements(Object.keys(capture.truth.protocols ?? {}));
  const statements: readonly Statement[] = says ? await statementsIn(path) : [];
  const stated = new Map<string, readonly Statement[]>();
  for (const rival of isSound ? rivals : []) stated.set(rival.name, await statedBy(rival, path));
  const truths = isSound ? truthsOf(statements, capture.truth, reading.inventory) : [];
  return { ...reading, capture, half: halfOf(capture.file), truths, stated };
}

function halfOf(file: string): (typeof HALVES)[number] {
  return Number.parseInt(createHash("sha256").update(file).digest("hex")[0]!, 16) < 8 ? "open" : "held out";
}

/** Each worker takes the next item when it is done with one. */
async function all<Item, Result, Hand>(
  items: readonly Item[],
  hands: readonly Hand[],
  work: (item: Item, hand: Hand) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const take = async (hand: Hand) => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!, hand);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${next} of ${items.length}`);
    }
  };
  await Promise.all(hands.map(take));
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return results;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
