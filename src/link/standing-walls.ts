/** Policies that the hospital keeps, and when the counters beside them were read: what may stand, for who judges what it keeps away. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../config.ts";
import type { StandingWall, WallsAsked } from "../model/risk.ts";
import { WrongPolicy } from "../policies/file.ts";
import { wallsThatStand } from "../rating.ts";
import { countersFileOf, wallCountsIn } from "./counters-file.ts";

const END = ".yaml";

export interface StandingWalls {
  /** Only those that say they are enforced somewhere, as a recording is asked about them. */
  readonly asked: WallsAsked;
  /** A sentence for each that cannot be read: what it would keep away is not counted. */
  readonly troubles: readonly string[];
}

export function standingWallsIn(data: string): StandingWalls {
  const folder = join(data, "policies");
  const { ownRanges } = readSettings(data);
  if (!existsSync(folder)) return { asked: { walls: [], ownRanges }, troubles: [] };
  const walls: StandingWall[] = [];
  const troubles: string[] = [];
  for (const file of readdirSync(folder)
    .filter((it) => it.endsWith(END))
    .toSorted()) {
    const path = join(folder, file);
    const wall = { name: file.slice(0, -END.length), text: readFileSync(path, "utf8"), counted: countedAt(path) };
    try {
      if (wallsThatStand([wall]).length > 0) walls.push(wall);
    } catch (error) {
      if (!(error instanceof WrongPolicy)) throw error;
      troubles.push(`Policy ${wall.name} cannot be read, so what it keeps away is not counted: ${error.message}`);
    }
  }
  return { asked: { walls, ownRanges }, troubles };
}

/** Microseconds since 1970; null where no counters were saved, or they are waiting to be confirmed. */
function countedAt(path: string): number | null {
  const file = countersFileOf(path);
  const counts = existsSync(file) ? wallCountsIn(readFileSync(file, "utf8")) : null;
  return counts === null || counts.waits ? null : counts.at;
}
