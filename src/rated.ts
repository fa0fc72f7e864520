/** The risk of a recording's devices, kept while nobody writes; and Today, which is made of it. */
import { setImmediate } from "node:timers/promises";
import { guardsOf } from "./guarding.ts";
import { CLINICAL, FindingList, type Found } from "./findings/shown.ts";
import { feedsKeptOut, feedTurns } from "./knowledge/feeds.ts";
import type { AskRules } from "./model/asking.ts";
import { isWaiting } from "./model/asking-words.ts";
import type { Finding, FindingPage } from "./model/finding.ts";
import type { DeviceRisk, RiskPage, RiskQuery, WallsAsked } from "./model/risk.ts";
import type { Coverage } from "./model/store.ts";
import type { Today, TodayQuestion } from "./model/today.ts";
import type { Trend } from "./model/trend.ts";
import type { Fleet } from "./model/weakness.ts";
import { rate, reachBehind, reachOver, riskPage, wallsThatStand, type Ratings } from "./rating.ts";
import { Kept } from "./reader.ts";
import { dailySums, HeardWays, todayOf } from "./risk/index.ts";
import { dailyBefore } from "./store/daily.ts";
import { replayOf } from "./store/queries/replay.ts";
import { waysOf } from "./store/queries/ways.ts";
import type { Store } from "./store/reader.ts";

/** What else is worked out of the recording, and kept. */
interface Beside {
  fleet(): Promise<Fleet>;
  coverage(): Promise<Coverage>;
  /** Findings, as of the moment they are asked for in; those of these detectors however many others there are. */
  found(first: readonly string[]): Found;
}

export class Rating {
  readonly #store: Store;
  readonly #recording: string;
  readonly #beside: Beside;
  /** For the walls it was asked with last: those of a site stand for months. */
  #rated: { readonly asked: string; readonly kept: Kept<Ratings> } | null = null;

  constructor(store: Store, recording: string, beside: Beside) {
    this.#store = store;
    this.#recording = recording;
    this.#beside = beside;
  }

  async risks(query: RiskQuery): Promise<RiskPage> {
    return riskPage((await this.#all(query)).devices, query);
  }

  async risk(id: string, walls: WallsAsked): Promise<DeviceRisk | null> {
    return (await this.#all(walls)).of(id);
  }

  async today(question: TodayQuestion): Promise<Today> {
    const [fleet, rated, coverage, trend] = await Promise.all([this.#beside.fleet(), this.#all(question), this.#beside.coverage(), this.trend(question)]); // prettier-ignore
    const guards = this.#store.snapshot(() => guardsOf(this.#store));
    const { rows, asked } = this.#open(question.asking);
    const findings = rows.filter((it) => !isWaiting(it, asked));
    const steps = todayOf(
      { fleet, rated: rated.devices, findings, asked, guards, coverage, trend, keptOut: feedsKeptOut() },
      question.hours,
    );
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await setImmediate();
    return step.value;
  }

  #all({ walls, ownRanges }: WallsAsked): Promise<Ratings> {
    // With other knowledge nobody is told what was so with the last.
    const asked = JSON.stringify([walls, ownRanges, feedTurns()]);
    if (this.#rated?.asked !== asked) this.#rated = { asked, kept: new Kept(this.#store, () => this.#work({ walls, ownRanges })) };
    return this.#rated.kept.latest();
  }

  /** Of the same walls as the risk beside it. */
  async trend(walls: WallsAsked): Promise<Trend | null> {
    const [fleet, { devices }] = await Promise.all([this.#beside.fleet(), this.#all(walls)]);
    if (fleet.to === null) return null;
    const at = fleet.to;
    return { now: { at, sums: dailySums(fleet, devices) }, ...this.#store.snapshot(() => dailyBefore(this.#store, at)) };
  }

  async *#work(asked: WallsAsked): AsyncGenerator<undefined, Ratings> {
    const fleet = await this.#beside.fleet();
    return yield* ratingsIn(this.#store, this.#recording, { fleet, findings: this.#openFindings(), asked });
  }

  /** All that nobody is done with; what was announced asks for nobody. */
  #openFindings(): readonly Finding[] {
    return this.#open().rows;
  }

  #open(asking?: AskRules): Pick<FindingPage, "rows" | "asked"> {
    const all = { states: ["new", "acknowledged"], offset: 0, limit: Number.MAX_SAFE_INTEGER } as const;
    const { rows, asked } = this.#store.snapshot(() => new FindingList(this.#beside.found(CLINICAL), asking).page(all));
    return { rows: rows.filter(({ planned }) => planned === null), asked };
  }
}

/** Of a recording with what is wrong in it: the fleet rated, behind the walls that stand. */
export function* ratingsIn(
  store: Store,
  recording: string,
  { fleet, findings, asked }: { readonly fleet: Fleet; readonly findings: readonly Finding[]; readonly asked: WallsAsked },
): Generator<undefined, Ratings> {
  const stands = wallsThatStand(asked.walls).length > 0;
  const reaching = stands ? reachBehind(replayOf(store, recording), asked) : reachOver(yield* heardWays(store));
  return yield* rate(fleet, { findings, reaching });
}

function* heardWays(store: Store): Generator<undefined, HeardWays> {
  const heard = new HeardWays();
  for (const ways of waysOf(store)) {
    heard.add(ways);
    yield;
  }
  return heard;
}
