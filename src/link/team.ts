/** How many hours a week a team has for the work list: asked for once, kept with who said it in `team.json` in the data directory. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HOURS_MAX } from "../model/today.ts";
import { writeWhole } from "./folders.ts";

/** Above none, in steps of a quarter. */
export const Hours = z
  .number()
  .min(0.25, "expected hours above zero")
  .max(HOURS_MAX, `expected at most ${HOURS_MAX} hours a week`)
  .multipleOf(0.25, "expected hours in steps of a quarter");
const Kept = z.object({ hours: Hours, who: z.string(), at: z.number().int() });
export type Team = z.infer<typeof Kept>;

/** Null where nobody said. Throws an Error for people where the file is no answer. */
export function teamIn(data: string): Team | null {
  let text: string;
  try {
    text = readFileSync(fileIn(data), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`expected the team's hours in ${fileIn(data)}: move it away and say them anew`, { cause: error });
  }
}

/** Whole or not at all. `at`: the wall clock, microseconds since 1970. */
export function keepTeam(data: string, team: Team): void {
  mkdirSync(data, { recursive: true });
  writeWhole(fileIn(data), `${JSON.stringify(team)}\n`);
}

function fileIn(data: string): string {
  return join(data, "team.json");
}
