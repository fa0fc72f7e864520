/** Which reports were made last, by the digest of their inputs: `reports.json` in the data directory. A report itself is made again, not kept. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { REPORTS_FOR } from "../model/report.ts";
import { writeWhole } from "./folders.ts";

/** Whoever needs an older one has its digest printed on it. */
const KEPT_MAX = 20;

export const MadeReport = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/u),
  audience: z.enum(REPORTS_FOR),
  days: z.number().int().nullable(),
  sample: z.object({ count: z.number().int(), seed: z.number().int() }).nullable(),
  recording: z.string(),
  who: z.string(),
  at: z.number().int().describe("Microseconds since 1970, by this computer's clock."),
});
export type MadeReport = z.infer<typeof MadeReport>;
const Kept = z.array(MadeReport);

/** The latest first. Throws an Error for people where the file is no list of them. */
export function reportsMadeIn(data: string): readonly MadeReport[] {
  let text: string;
  try {
    text = readFileSync(fileIn(data), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`expected the reports made last in ${fileIn(data)}: move it away, they can be made again`, { cause: error });
  }
}

/** Whole or not at all. Made again of the same inputs it moves to the front. */
export function keepReportMade(data: string, made: MadeReport): void {
  const kept = [made, ...reportsMadeIn(data).filter(({ digest }) => digest !== made.digest)].slice(0, KEPT_MAX);
  mkdirSync(data, { recursive: true });
  writeWhole(fileIn(data), `${JSON.stringify(kept)}\n`);
}

function fileIn(data: string): string {
  return join(data, "reports.json");
}
