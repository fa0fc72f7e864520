/** `npm run score -- versions`: how often the grammar reads what advisories say of versions, what it does not read, and a sample to be checked by hand. */
import { createHash } from "node:crypto";
import { versionRows, type VersionRow } from "../src/testing/version-rows.ts";
import { answerFor, isOpaque, type Constraint } from "../src/weaknesses/version-text.ts";
import { percent } from "./tally.ts";

const SAMPLE = 60;

/** The same seed draws the same rows, each words once. */
export function* versionLines(seed: number): Iterable<string> {
  const rows = versionRows();
  const opaque = rows.filter(({ read }) => isOpaque(read.constraint));
  yield `version texts         ${rows.length}, ${opaque.length} of them opaque (${percent(opaque.length, rows.length)}), which leaves it open whether a device is meant:`;
  for (const { advisory, product, text } of opaque) yield `  ${advisory} ${product}: "${text}"`;
  const otherwise = rows.filter((row) => row.answers.some((it) => answerFor(row.read, it.version) !== it.answer));
  yield `answered              ${rows.length - otherwise.length} of ${rows.length} as a person read them, below, at and above (fixtures/advisories/versions.tsv)`;
  for (const row of otherwise) yield sampleLine(row);
  yield `a sample of ${SAMPLE}, seed ${seed}, to be checked by hand:`;
  const distinct = [...new Map(rows.map((row) => [row.text, row])).values()];
  const drawn = distinct.toSorted((a, b) => (hashOf(`${seed} ${a.text}`) < hashOf(`${seed} ${b.text}`) ? -1 : 1)).slice(0, SAMPLE);
  for (const row of drawn) yield sampleLine(row);
}

function sampleLine({ advisory, product, text, read, answers }: VersionRow): string {
  const said = answers.map(({ version, answer }) => {
    const ours = answerFor(read, version);
    return `${version} ${ours}${ours === answer ? "" : ` (a person: ${answer})`}`;
  });
  return `  ${advisory} ${product}: "${text}" is ${inWords(read.constraint)}${read.hedged ? ", possible at best" : ""}: ${said.join(", ")}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function inWords(constraint: Constraint): string {
  switch (constraint.is) {
    case "bound":
      return `${constraint.sign} ${constraint.runs.map(({ text }) => text).join(" ")}${constraint.open ? " and what begins so" : ""}`;
    case "and":
    case "or":
      return constraint.of.map(inWords).join(` ${constraint.is} `);
    default:
      return constraint.is;
  }
}
