/** `npm run score -- versions`: how often the grammar reads what advisories say of versions, what it does not read, and a sample to be checked by hand. */
import { createHash } from "node:crypto";
import { loadAdvisories } from "../src/knowledge/advisories.ts";
import { isOpaque, readVersionText, type Constraint } from "../src/weaknesses/version-text.ts";
import { percent } from "./tally.ts";

const SAMPLE = 60;

export function* versionLines(): Iterable<string> {
  const rows = loadAdvisories().flatMap(({ id, products }) => products.map(({ product, version }) => ({ id, product, version })));
  const opaque = rows.filter(({ version }) => isOpaque(readVersionText(version).constraint));
  yield `version texts         ${rows.length}, ${opaque.length} of them opaque (${percent(opaque.length, rows.length)}), which leaves it open whether a device is meant:`;
  for (const { id, product, version } of opaque) yield `  ${id} ${product}: "${version}"`;
  yield `read, a sample of ${SAMPLE}:`;
  // Drawn by the hash of the words, each words once: the same sample for everyone.
  const distinct = [...new Map(rows.map((row) => [row.version, row])).values()];
  const drawn = distinct.toSorted((a, b) => (hashOf(a.version) < hashOf(b.version) ? -1 : 1)).slice(0, SAMPLE);
  for (const { id, product, version } of drawn) {
    const { constraint, hedged } = readVersionText(version);
    yield `  ${id} ${product}: "${version}" is ${inWords(constraint)}${hedged ? ", possible at best" : ""}`;
  }
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
