/** How a site stands: worked out by the core that has it, kept with the site as JSON, and told by any core. */
import { clean } from "../../bytes/text.ts";
import type { BrokerAbout, SensorAbout } from "../../model/sensor.ts";
import { SITE_STATES, type SiteAbout, type SiteState } from "../../model/site.ts";
import type { Load } from "./load.ts";

/** So often a core says how its sites stand. */
export const STANDING_MS = 5_000;
/** A core that said nothing for so long stands still, though it is there. */
const STILL_MS = 30_000;
/** From here on a site is too large for its core soon. */
const BUSY_SHARE = 0.7;
/** Fewer than this are under way, not waiting. */
const WAITING_MIN = 200;
/** Of more sensors than these the rest is counted. */
const NAMED_MAX = 3;
const WORDS_MAX = 2_000;

export type Standing = Omit<SiteAbout, "name">;

export interface Stands {
  readonly broker: BrokerAbout;
  readonly load: Pick<Load, "share" | "growth">;
  readonly diskRefuses: boolean;
  readonly devices: number;
  readonly page: string;
}

/** `now` in milliseconds since 1970. */
export function standingOf({ broker, load, diskRefuses, devices, page }: Stands, now: number): Standing {
  const [state, words] = judged(broker, load, diskRefuses);
  return { state, words, page, devices, pending: broker.pending, at: now };
}

function judged({ trouble, pending, sensors }: BrokerAbout, load: Stands["load"], diskRefuses: boolean): readonly [SiteState, string] {
  if (trouble !== "") return ["blind", `Nothing comes in: ${trouble}. What is heard waits in the sensors' spools.`];
  if (diskRefuses) return ["behind", "The database takes nothing: what is heard waits."];
  if (sensors.length === 0) return ["silent", "No sensor has said a word yet."];
  const deaf = sensors.filter(({ state }) => state === "deaf");
  if (deaf.length > 0) return ["blind", told(deaf)];
  const silent = sensors.filter(({ state }) => state === "silent");
  if (silent.length > 0) return ["silent", told(silent)];
  const share = load.share ?? 0;
  const percent = `${Math.round(share * 100)} %`;
  if (pending >= WAITING_MIN && (load.growth ?? 0) > 0 && share >= BUSY_SHARE)
    return ["behind", `${pending} batches wait and become more: storing them takes ${percent} of the time there is. ${TOO_LARGE}`];
  if (pending >= WAITING_MIN) return ["behind", `${pending} batches wait${pace(pending, load.growth)}`];
  const troubled = sensors.filter(({ state }) => state !== "hears");
  if (troubled.length > 0) return ["behind", told(troubled)];
  if (share >= BUSY_SHARE) return ["busy", `It keeps up, and storing takes ${percent} of the time there is: above that it falls behind. ${TOO_LARGE}`]; // prettier-ignore
  return ["hears", sensors.length === 1 ? "Its sensor hears." : `Its ${sensors.length} sensors hear.`];
}

const TOO_LARGE = "Give it a core of its own on a faster machine, or hear it as two sites.";

function pace(pending: number, growth: number | null): string {
  if (growth === null || growth >= 0) return "; they are being stored.";
  const minutes = Math.ceil(pending / -growth / 60);
  return `; at this pace they are stored in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
}

function told(sensors: readonly SensorAbout[]): string {
  const rest = sensors.length - NAMED_MAX;
  const named = sensors.slice(0, NAMED_MAX).map(({ words }) => words);
  return [...named, ...(rest > 0 ? [`So do ${rest} more.`] : [])].join(" ");
}

/** `holder`: the core that has it, undefined where none does. `now` in milliseconds since 1970. */
export function siteAbout(name: string, text: string | undefined, holder: number | undefined, now: number): SiteAbout {
  const said = text === undefined ? null : readStanding(text);
  const known = said ?? { devices: 0, pending: 0, at: null };
  if (holder === undefined)
    return { ...known, name, state: "nobody", page: "", words: "No core has it: what is heard waits at the broker and in the sensors' spools." }; // prettier-ignore
  if (said === null) return { ...known, name, state: "silent", page: "", words: "Its core has not said a word yet." };
  const quietMs = now - (said.at ?? now);
  if (quietMs < STILL_MS) return { ...said, name };
  const words = `Its core has said nothing for ${Math.round(quietMs / 1_000)} seconds, or the clocks of both machines differ. It said: ${said.words}`;
  return { ...said, name, state: "silent", words };
}

function fieldsOf(text: string): Partial<Record<keyof Standing, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<Record<keyof Standing, unknown>>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Null where it is none: another core wrote it, perhaps a newer one. */
function readStanding(text: string): Standing | null {
  const value = fieldsOf(text);
  const state = SITE_STATES.find((it) => it === value.state);
  const isCount = (it: unknown): it is number => Number.isSafeInteger(it) && (it as number) >= 0;
  const { words, page, devices, pending, at } = value;
  if (state === undefined || typeof words !== "string" || typeof page !== "string") return null;
  if (!isCount(devices) || !isCount(pending) || !isCount(at)) return null;
  return { state, words: clean(words.slice(0, WORDS_MAX)), page: /^https?:\/\//.test(page) ? page : "", devices, pending, at };
}
