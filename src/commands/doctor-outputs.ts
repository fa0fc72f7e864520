/** What `auscult doctor` says of whoever is told of findings: nobody is asked anything; `auscult findings test` does that. */
import { WrongSettings, type Settings } from "../config.ts";
import { outputStandings } from "../link/outputs/standing.ts";
import type { OutputStanding } from "../model/output.ts";
import type { Finding } from "./doctor.ts";
import { plural, time } from "./terminal.ts";

/** What waits for so long is no short rest of its receiver any more. */
const WAITS_MS_MAX = 15 * 60_000;

/** Nothing is said where the settings name nobody. */
export function outputs(data: string, settings: Settings, now = Date.now()): readonly Finding[] {
  try {
    return outputStandings(data, settings).map((it) => standing(it, now));
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    return [{ about: "Outputs", state: "wrong", words: error.message }];
  }
}

function standing({ name, where, waiting, since, lastSent, sent, dead, lastRefusal }: OutputStanding, now: number): Finding {
  const stands = since !== null && now - since > WAITS_MS_MAX;
  const at = (ms: number) => `${time(ms * 1_000)} UTC`;
  const words = [
    where,
    lastSent !== null ? `last sent ${at(lastSent)}` : sent > 0 ? `${plural(sent, "finding")} sent` : "nothing was sent yet",
    since === null ? "nothing waits" : `${plural(waiting, "finding waits", "findings wait")}, the first since ${at(since)}`,
    ...(dead > 0 ? [`${plural(dead, "finding")} given up`] : []),
    ...(lastRefusal === null ? [] : [`last refused ${at(lastRefusal.at)}: ${lastRefusal.why}`]),
  ];
  const about = `Told by ${name}`;
  if (stands) return { about, state: "wrong", words: words.join("; "), cure: [`auscult findings test --to ${name}`] };
  return { about, state: dead > 0 ? "note" : "ok", words: words.join("; ") };
}
