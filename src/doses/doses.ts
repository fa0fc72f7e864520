/**
 * The one place where rates and volumes are compared: with the hard limits of the site, with what is usual, with the order before. It
 * answers in ratios. What it knows of a pump is in memory only; what it learned of a drug may be sealed and handed back at the next start.
 */
import { SLIPS, type ClinicalLimit, type Dose, type OrderKind, type Program, type ProgramJudge, type Slip } from "../model/program.ts";
import { rateOf, type Rate } from "./rate.ts";
import { unitOf } from "./units.ts";
import { learn, learned, usualOf, type Learned, type Usual } from "./usual.ts";

/** Drugs of a hospital times kinds of order and of pump: a few thousand. The longest unused goes first. */
const USUALS_MAX = 8_192;
/** Pumps that are running something, and orders that wait for an answer. The longest unused goes first. */
const PUMPS_MAX = 65_536;
const PENDING_MAX = 4_096;
/** A ratio with a known usual would give the rate away. */
const RATIO_MAX = 1_000;
const AT_ONCE_MINUTES = 10;
const AT_ONCE_ML = 20;
/** A pump rounds what it is told to what its motor can do. */
const DIFFERS = 0.05;
/** One report may be of the moment in which a program changes. */
const DIFFERS_TIMES = 2;
const NEAR_PREVIOUS = 0.02;
const NEAR_USUAL = 0.05;

interface Running {
  readonly order: string;
  readonly drug: string;
  readonly mLPerHour: number;
  /** The pump said that it begins; then that somebody put a hand on it, after which it is set to what nobody ordered. */
  begun: boolean;
  touched: boolean;
  differed: number;
}

interface Pending {
  readonly usual: string | null;
  readonly mLPerHour: number;
  readonly serial: string;
  readonly before: Running | undefined;
}

/** `usuals`: as `learned` gave them at the end of an earlier sensor. */
export class Doses implements ProgramJudge {
  readonly #limits = new Map<string, ClinicalLimit>();
  readonly #usuals: Map<string, Learned>;
  readonly #running = new Map<string, Running>();
  readonly #pending = new Map<number, Pending>();

  constructor(limits: readonly ClinicalLimit[] = [], usuals: readonly (readonly [key: string, it: Learned])[] = []) {
    for (const it of limits) this.#limits.set(limitKey(it.drug, it.kind), it);
    this.#usuals = new Map(usuals);
  }

  get usuals(): readonly (readonly [key: string, it: Learned])[] {
    return [...this.#usuals];
  }

  heard(program: Program, flow: number): Dose | null {
    return program.said === "report" ? this.#reported(program) : this.#ordered(program, flow);
  }

  answered(flow: number, accepted: boolean, at: number): void {
    const it = this.#pending.get(flow);
    if (it === undefined) return;
    this.#pending.delete(flow);
    if (!accepted) this.#run(it.serial, it.before);
    if (!accepted || it.usual === null) return;
    let usual = this.#usuals.get(it.usual);
    if (usual === undefined) usual = learned(at);
    put(this.#usuals, it.usual, usual, USUALS_MAX);
    learn(usual, it.mLPerHour, at);
  }

  touched(serial: string, begins: boolean): void {
    const it = this.#running.get(serial);
    if (it === undefined) return;
    if (begins && !it.begun) it.begun = true;
    else it.touched = true;
  }

  #ordered(program: Program, flow: number): Dose {
    this.#pending.delete(flow);
    const { serial } = program.pump;
    const before = this.#running.get(serial);
    const rate = rateOf(program);
    if (typeof rate === "string") {
      // What it runs from now on nobody here knows.
      if (program.kind === "continuous") this.#run(serial, undefined);
      return { ...nothing(program), uncompared: rate };
    }
    const key = program.drug === "" ? null : [program.family, program.drug, program.kind].join("\0");
    const usual = key === null ? null : usualOf(this.#usuals.get(key) ?? NOTHING_LEARNED);
    const limit = this.#limitOf(program, rate);
    const isSame =
      before !== undefined && before.drug === program.drug && (program.change === "titration" || before.order === program.order);
    const dose = compared(program, rate, { limit, usual, before: isSame && program.kind === "continuous" ? before.mLPerHour : null });

    if (program.kind === "continuous")
      this.#run(serial, { order: program.order, drug: program.drug, mLPerHour: rate.mLPerHour, begun: false, touched: false, differed: 0 });
    const isBeyond = (dose.ofLimit ?? 0) > 1 || (usual !== null && rate.mLPerHour > 2 * usual.largest);
    put(this.#pending, flow, { usual: isBeyond ? null : key, mLPerHour: rate.mLPerHour, serial, before }, PENDING_MAX);
    return dose;
  }

  /** Told once, when a pump says for the second time in a row that it is set to something else than it was told. */
  #reported(program: Program): Dose | null {
    const running = this.#running.get(program.pump.serial);
    if (running === undefined || !running.begun || running.touched || program.kind !== "continuous") return null;
    const rate = rateOf(program);
    if (typeof rate === "string") return null;
    const ratio = rate.mLPerHour / running.mLPerHour;
    if (Math.abs(ratio - 1) <= DIFFERS) {
      running.differed = 0;
      return null;
    }
    return ++running.differed === DIFFERS_TIMES ? { ...nothing(program), ofOrdered: rounded(ratio) } : null;
  }

  #run(serial: string, running: Running | undefined): void {
    if (running === undefined) this.#running.delete(serial);
    else put(this.#running, serial, running, PUMPS_MAX);
  }

  /** In mL/h for this very order: a limit by weight is another rate for each patient. */
  #limitOf(program: Program, rate: Rate): number | null {
    const limit = this.#limits.get(limitKey(program.drug, program.kind));
    if (limit === undefined || program.drug === "") return null;
    const asRate = rateOf({ ...program, rate: { value: String(limit.most), units: [{ text: limit.unit, system: "UCUM" }] } });
    return typeof asRate === "string" || rate.mLPerHour <= 0 ? null : asRate.mLPerHour;
  }
}

/** Whether a limit can be compared with an order at all: for whoever imports it. */
export function isComparable({ unit }: Pick<ClinicalLimit, "unit">): boolean {
  const it = unitOf([{ text: unit, system: "UCUM" }]);
  return it !== null && it.minutes > 0;
}

interface Against {
  readonly limit: number | null;
  readonly usual: Usual | null;
  /** Of the same order. */
  readonly before: number | null;
}

function compared(program: Program, { mLPerHour, mL, kg }: Rate, { limit, usual, before }: Against): Dose {
  const log = Math.log(mLPerHour);
  const typical = usual === null ? null : Math.exp(usual.mean);
  const ratio = (of: number | null) => (of === null ? null : rounded(mLPerHour / of));
  return {
    ...nothing(program),
    limit: limit !== null,
    tells: limit !== null || before !== null || (usual !== null && isNarrow(usual)),
    usual: usual === null ? "learning" : "known",
    // Two digits of a little more than 1 are 1: that it is more is what counts.
    ofLimit:
      limit === null
        ? null
        : mLPerHour > limit
          ? Math.max(rounded(mLPerHour / limit), JUST_BEYOND)
          : Math.min(rounded(mLPerHour / limit), 1),
    ofUsual: ratio(typical),
    ofLargest: ratio(usual?.largest ?? null),
    ofHigh: ratio(usual?.high ?? null),
    spreads: usual === null ? null : rounded(Math.max(0, (log - usual.mean) / usual.spread)),
    ofPrevious: ratio(before),
    atOnce: mL !== null && mL >= AT_ONCE_ML && (60 * mL) / mLPerHour < AT_ONCE_MINUTES,
    slip:
      slipOf(before === null ? null : mLPerHour / before, NEAR_PREVIOUS, kg) ??
      slipOf(typical === null ? null : mLPerHour / typical, NEAR_USUAL, kg),
  };
}
const JUST_BEYOND = 1.1;

/** Ten times the mean lies beyond all that was accepted, by far or by many spreads: as `findings/dose-beyond.ts` has it. */
function isNarrow({ mean, spread, largest }: Usual): boolean {
  const ten = 10 * Math.exp(mean);
  return ten > 2 * largest || (ten > largest && Math.log(10) > 4 * spread);
}

function nothing({ said, change }: Program): Dose {
  return {
    said,
    change,
    uncompared: null,
    limit: false,
    tells: false,
    usual: "learning",
    ofLimit: null,
    ofUsual: null,
    ofLargest: null,
    ofHigh: null,
    spreads: null,
    ofPrevious: null,
    atOnce: false,
    slip: null,
    ofOrdered: null,
  };
}

/** Only names what comes about in known ways: a thousand for micro and milli, 60 for minutes and hours, the weight where it was left out. */
function slipOf(ratio: number | null, near: number, kg: number | null): Slip | null {
  if (ratio === null) return null;
  return (
    SLIPS.find((slip) => {
      const factor = slip === "weight" ? (kg ?? 0) : Number(slip.replace(",", ""));
      return factor > 0 && Math.abs(ratio / factor - 1) <= near;
    }) ?? null
  );
}

function rounded(ratio: number): number {
  return Math.min(RATIO_MAX, Number(ratio.toPrecision(2)));
}

function limitKey(drug: string, kind: OrderKind): string {
  return `${drug}\0${kind}`;
}

/** The latest stands last; beyond the limit the first goes. */
function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  if (map.size >= most) map.delete(map.keys().next().value as Key);
  map.set(key, value);
}

const NOTHING_LEARNED: Learned = { logs: [], since: 0 };
