/** What advisories say of versions as a person read it: `fixtures/advisories/versions.tsv`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadKnowledge } from "../knowledge/index.ts";
import { versionsOf } from "../weaknesses/advisory.ts";
import type { VersionText } from "../weaknesses/version-text.ts";

export interface VersionRow {
  readonly advisory: string;
  readonly product: string;
  /** The advisory's words. */
  readonly text: string;
  /** As our grammar reads them, of the vendor they are written by. */
  readonly read: VersionText;
  readonly reading: "all" | "versions" | "date" | "opaque";
  /** Below, at and above what the words say; fewer where there is no such version. */
  readonly answers: readonly { readonly version: string; readonly answer: string }[];
}

export function versionRows(): readonly VersionRow[] {
  const knowledge = loadKnowledge();
  const reads = new Map(
    knowledge.advisories.flatMap(({ id, products }) =>
      products.map((it) => [[id, it.product, it.version].join("\t"), versionsOf(it, knowledge)] as const),
    ),
  );
  const lines = readFileSync(join(import.meta.dirname, "../../fixtures/advisories/versions.tsv"), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => rowOf(line, reads));
}

function rowOf(line: string, reads: ReadonlyMap<string, VersionText>): VersionRow {
  const [advisory = "", product = "", text = "", reading = "", ...cells] = line.split("\t");
  const answers = cells.flatMap((cell) => {
    const [, version = "", answer = ""] = /^(.+?) (affected|possible|not affected)$/.exec(cell) ?? [];
    return cell === "" ? [] : [{ version, answer }];
  });
  const read = reads.get([advisory, product, text].join("\t"));
  assert.ok(read !== undefined, `${advisory} ${product} "${text}" stands in no advisory`);
  return { advisory, product, text, read, reading: reading as VersionRow["reading"], answers };
}
