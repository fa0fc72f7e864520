/** A file of a maker's → the paper it is: an SBOM (CycloneDX as JSON) or an MDS2 form (workbook, or a table saved from it). */
import { readFileSync, statSync } from "node:fs";
import { csvRecords } from "../../bytes/csv.ts";
import type { Paper } from "../../model/paper.ts";
import { jsonOf } from "../published/wrong-feed.ts";
import { inWords } from "../refusals.ts";
import { readMds2 } from "./mds2.ts";
import { isSbom, readSbom } from "./sbom.ts";
import { isWorkbook, workbookRows } from "./xlsx.ts";

/** Ten times a large one. */
const FILE_BYTES_MAX = 32_000_000;

export interface ReadPaper {
  readonly paper: Paper;
  readonly notes: readonly string[];
}

/** Throws an Error for people that names the file, and the place in it. */
export function paperIn(file: string): ReadPaper {
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX / 1e6} MB, got ${Math.ceil(size / 1e6)} MB`);
    return paperOf(readFileSync(file));
  } catch (error) {
    const why = /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? "") ? `expected a file, got ${inWords(error)}` : (error as Error).message; // prettier-ignore
    throw new Error(`${file}: ${why}`, { cause: error });
  }
}

function paperOf(bytes: Buffer): ReadPaper {
  if (isWorkbook(bytes)) return { paper: readMds2(workbookRows(bytes)), notes: [] };
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (/^\s*\{/.test(text)) {
    const value = jsonOf(text) as object;
    if (!isSbom(value)) throw new Error("expected an SBOM (CycloneDX) or an MDS2 form, got other JSON");
    const { sbom, notes } = readSbom(value);
    return { paper: sbom, notes };
  }
  const [head = ""] = text.split("\n", 1);
  const separator = [";", "\t"].find((it) => head.includes(it)) ?? ",";
  return { paper: readMds2(csvRecords(text, separator)), notes: [] };
}
