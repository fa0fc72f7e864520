/** The fleet month by month, and how it goes on. A month ends with the recording, and so does each before it: the last is as long as the others. */
import { counted } from "../bytes/thousands.ts";
import { MONTH_DAYS, type Grown, type GrowthBy, type GrowthReport, type Life, type Lives, type MonthCount } from "../model/lifecycle.ts";
import { isIdle } from "./events.ts";
import { CHANCE, forecast, MONTHS_MIN } from "./forecast.ts";

const DAY_US = 86_400_000_000;
const MONTH_US = MONTH_DAYS * DAY_US;
/** What is told of months that were, and of those ahead. */
const MONTHS_MAX = 120;
export const MONTHS_AHEAD = 18;
const YEAR = 12;
/** Of an input that began so close to the recording's own beginning nobody would say it came later. */
const TOGETHER_US = 7 * 86_400_000_000;

export function growthOf(lives: Lives, by: GrowthBy): GrowthReport {
  const groups = new Map<string, Life[]>();
  for (const it of lives.devices) {
    const of = it[by] ?? "";
    const known = groups.get(of);
    if (known === undefined) groups.set(of, [it]);
    else known.push(it);
  }
  const grown = (of: string | null, devices: readonly Life[]) => grownOf(of, devices, lives);
  return {
    by,
    chance: CHANCE,
    all: grown(null, lives.devices),
    groups: [...groups].map(([of, devices]) => grown(of, devices)).sort(byCount),
    notes: notesOf(lives),
  };
}

function grownOf(of: string | null, devices: readonly Life[], { from, to }: Lives): Grown {
  const months = countsOf(devices, from, to);
  const now = months.at(-1)?.count ?? 0;
  const yearAgo = months.at(-1 - YEAR)?.count ?? null;
  const ahead = forecast(
    months.map(({ count }) => count),
    MONTHS_AHEAD,
  );
  return {
    of,
    now,
    yearAgo,
    growth: yearAgo === null || yearAgo === 0 ? null : now / yearAgo - 1,
    months,
    ahead: ahead?.map(({ ahead: month, ...it }) => ({ until: to! + month * MONTH_US, ...it })) ?? null,
    idle: devices.filter((it) => isIdle(it, to ?? 0)).length,
  };
}

/**
 * Devices heard in each month: between when it was first and last heard a device counts in each. The month one began to listen in is
 * left out, since in it whoever speaks seldom comes as if new.
 */
function countsOf(devices: readonly Life[], from: number | null, to: number | null): MonthCount[] {
  if (from === null || to === null) return [];
  const months = Math.min(Math.max(Math.floor((to - from) / MONTH_US) - 1, 1), MONTHS_MAX);
  const counts = new Uint32Array(months + 1);
  // A device adds one from its first month, and takes it back after its last: one pass, however many months.
  for (const { first, last } of devices) {
    const [oldest, newest] = [monthsAgo(first), monthsAgo(last)];
    if (newest >= months) continue;
    counts[newest]! += 1;
    if (oldest + 1 < months) counts[oldest + 1]! -= 1;
  }
  let count = 0;
  const found: MonthCount[] = [];
  for (let ago = 0; ago < months; ago++) {
    count += counts[ago]! | 0;
    found.push({ until: to - ago * MONTH_US, count });
  }
  return found.toReversed();

  function monthsAgo(at: number): number {
    return Math.max(0, Math.floor((to! - at) / MONTH_US));
  }
}

function notesOf({ from, to, inputsSince }: Lives): string[] {
  if (from === null || to === null) return ["Nothing was heard yet: growth is told of devices that are."];
  const heard = Math.floor((to - from) / MONTH_US);
  const notes: string[] = [];
  const late = inputsSince.filter((since) => since - from > TOGETHER_US).length;
  const days = Math.max(1, Math.round((to - from) / DAY_US));
  const so = heard < 2 ? counted(days, "day") : counted(heard, "month");
  if (heard - 1 < MONTHS_MIN) notes.push(`Heard for ${so}: a forecast needs ${MONTHS_MIN + 1} months of listening into one recording.`);
  if (late > 0)
    notes.push(
      `${late} of ${inputsSince.length + 1} inputs ${late === 1 ? "was" : "were"} added later: what came with ${late === 1 ? "it" : "them"} may be our hearing and no growth.`,
    );
  return notes;
}

function byCount(a: Grown, b: Grown): number {
  return b.now - a.now || (a.of! < b.of! ? -1 : 1);
}
