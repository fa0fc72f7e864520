/** What advisories say of versions as a person read it: `fixtures/advisories/versions.tsv`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface VersionRow {
  readonly advisory: string;
  readonly product: string;
  /** The advisory's words. */
  readonly text: string;
  readonly reading: "all" | "versions" | "date" | "opaque";
  /** Below, at and above what the words say; fewer where there is no such version. */
  readonly answers: readonly { readonly version: string; readonly answer: string }[];
}

export function versionRows(): readonly VersionRow[] {
  const lines = readFileSync(join(import.meta.dirname, "../../fixtures/advisories/versions.tsv"), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map(rowOf);
}

function rowOf(line: string): VersionRow {
  const [advisory = "", product = "", text = "", reading = "", ...cells] = line.split("\t");
  const answers = cells.flatMap((cell) => {
    const [, version = "", answer = ""] = /^(.+?) (affected|possible|not affected)$/.exec(cell) ?? [];
    return cell === "" ? [] : [{ version, answer }];
  });
  return { advisory, product, text, reading: reading as VersionRow["reading"], answers };
}
