/**
 * The sums of a day on one page: the fleet with what is wrong and its risk, as the pages show them at that moment, added up to be kept.
 * It is done at once, in the thread that writes: the next batch belongs to another day.
 */
import { basename, dirname } from "node:path";
import { FindingList } from "./findings/shown.ts";
import { foundAt } from "./found.ts";
import { feedDays, useSiteFeeds } from "./knowledge/feeds.ts";
import { feedsBeside } from "./link/site-feeds.ts";
import { standingWallsIn } from "./link/standing-walls.ts";
import type { WallsAsked } from "./model/risk.ts";
import type { DailySum } from "./model/trend.ts";
import { ratingsIn } from "./rated.ts";
import { finished } from "./reader.ts";
import { dailySums } from "./risk/index.ts";
import { spanOf } from "./store/queries/days.ts";
import { fleetDevices } from "./store/queries/fleet.ts";
import { withPapers } from "./store/papers.ts";
import { Store } from "./store/reader.ts";
import { wordsOfWeaknesses } from "./store/weakness-words.ts";
import { conditions, weaknessesOf } from "./weaknesses/index.ts";
import { withWords } from "./weaknesses/words.ts";

/** Of the recording as it is stored now. */
export function sumsOfDay(path: string): readonly DailySum[] {
  useSiteFeeds(feedsBeside(path));
  const store = new Store(path);
  try {
    return store.snapshot(() => {
      const devices = withPapers(finished(fleetDevices(store)), store.database);
      const heard = { devices, weaknesses: finished(weaknessesOf(devices, conditions)), ...spanOf(store), knowledge: feedDays() };
      const fleet = withWords(heard, wordsOfWeaknesses(store.database));
      const { rows } = new FindingList(foundAt(path, store)).page({ states: ["new", "acknowledged"], offset: 0, limit: Number.MAX_SAFE_INTEGER }); // prettier-ignore
      const findings = rows.filter(({ planned }) => planned === null);
      const ratings = finished(ratingsIn(store, basename(path, ".db"), { fleet, findings, asked: wallsBeside(path) }));
      return dailySums(fleet, ratings.devices);
    });
  } finally {
    store.close();
  }
}

/** Of the data directory a recording lies in. */
function wallsBeside(recording: string): WallsAsked {
  const folder = dirname(recording);
  return basename(folder) === "recordings" ? standingWallsIn(dirname(folder)).asked : { walls: [], ownRanges: [] };
}
