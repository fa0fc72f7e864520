/** The pharmacy's hard limits: `knowledge/limits.csv` in the data directory, as `auscult limits` wrote it. Sensors are told at their start. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LIMIT_COLUMNS, limitRows } from "../doses/index.ts";
import type { ClinicalLimit } from "../model/program.ts";
import { writeWhole } from "./folders.ts";

let serving: readonly ClinicalLimit[] = [];

/** What sensors that start from here on are told. Throws an Error for people where the file cannot be read. */
export function startWithSiteLimits(data: string): readonly ClinicalLimit[] {
  return (serving = siteLimitsIn(data));
}

export function siteLimits(): readonly ClinicalLimit[] {
  return serving;
}

/** Empty where there is no such file. */
export function siteLimitsIn(data: string): readonly ClinicalLimit[] {
  let text: string;
  try {
    text = readFileSync(fileOf(data), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return limitRows(text).flatMap(({ limit }) => limit ?? []);
}

/** The whole list, in place of the one before. Answers the file. */
export function writeSiteLimits(data: string, limits: readonly ClinicalLimit[]): string {
  const file = fileOf(data);
  const cell = (it: string | number) => (/[",\n]/.test(String(it)) ? `"${String(it).replaceAll('"', '""')}"` : String(it));
  const lines = [LIMIT_COLUMNS.join(","), ...limits.map((it) => LIMIT_COLUMNS.map((column) => cell(it[column])).join(","))];
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, `${lines.join("\n")}\n`);
  return file;
}

function fileOf(data: string): string {
  return join(data, "knowledge", "limits.csv");
}
