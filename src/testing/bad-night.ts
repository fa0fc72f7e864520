/**
 * A made-up ward: two weeks of orders by which a usual is learned, and then a bad night in which nothing is meant ill, or one thing is. Drugs,
 * rates and rhythm are judged, none of them is of a hospital: the order of what is found counts, and not its digits.
 */
import { Random } from "../simulation/random.ts";
import { FIRST_AT } from "./frames.ts";
import type { Machine } from "./lan.ts";
import { PumpWard, type Told } from "./pumps.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const PUMPS = 60;
/** All others have a story of their own. */
const ORDINARY_PUMPS = 30;
/** Orders of each drug before the night. */
const LEARNED = 150;
const LIBRARY = "12.1";
const NEXT_LIBRARY = "12.2";

interface Drug {
  readonly code: string;
  /** mL/h, and the spread of its logarithm. */
  readonly median: number;
  readonly spread: number;
  readonly kind?: Told["kind"];
  readonly route?: string;
}

/** Of a narrow usual, of wide ones as in resuscitation, and lines that are what they are. */
export const DRUGS = {
  antibiotic: { code: "ANTIBIOTIC", median: 100, spread: 0.25 },
  heparin: { code: "HEPARIN", median: 12, spread: 0.3 },
  insulin: { code: "INSULIN", median: 3, spread: 0.45 },
  pressor: { code: "PRESSOR", median: 6, spread: 0.9 },
  sedation: { code: "SEDATION", median: 8, spread: 0.5 },
  maintenance: { code: "FLUID", median: 90, spread: 0.5 },
  flush: { code: "FLUSH", median: 900, spread: 0.1 },
  blood: { code: "BLOOD", median: 150, spread: 0.5 },
  pca: { code: "OPIOID", median: 1.5, spread: 0.4, kind: "pca" },
  epidural: { code: "LOCAL", median: 8, spread: 0.25, route: "EP" },
  load: { code: "SEDATION", median: 60, spread: 0.5, kind: "loading-dose" },
} as const satisfies Record<string, Drug>;
/** Hard limits of the pharmacy, in mL/h: nobody who means well goes beyond. */
export const MOST = { pressor: 60 } as const;
const ORDINARY = [DRUGS.antibiotic, DRUGS.heparin, DRUGS.insulin, DRUGS.pressor, DRUGS.sedation, DRUGS.maintenance] as const;

export const STRANGER: Machine = { mac: "02:00:5e:20:00:66", ip: "10.20.0.66" };
const SECOND_RECORD: Machine = { mac: "02:00:5e:20:00:07", ip: "10.20.0.7" };

export class BadNight {
  readonly ward: PumpWard;
  /** Ordinary orders of the night. */
  ordinary = 0;
  readonly #random: Random;
  #at = FIRST_AT;
  #record: Machine;

  constructor(seed: number, hears?: { readonly orders: boolean; readonly answers: boolean }) {
    this.#random = new Random(seed);
    this.ward = new PumpWard(hears);
    this.#record = this.ward.record;
    for (let pump = 0; pump < PUMPS; pump++) this.#library(pump, LIBRARY);
    for (let i = 0; i < LEARNED; i++) for (const drug of Object.values(DRUGS)) this.#order(this.#any(drug), 3 * MINUTE);
  }

  /** Everything that happens to innocent people in one night. */
  innocent(ordinary: number): this {
    for (let i = 0; i < ordinary; i++) this.#order(this.#any(ORDINARY[i % ORDINARY.length]!), MINUTE);
    this.ordinary += ordinary;
    this.#resuscitation();
    this.#order({ pump: "P31", drug: DRUGS.load.code, rate: 180, volume: 15, kind: "loading-dose" });
    this.#order({ pump: "P31", drug: DRUGS.load.code, rate: 240, volume: 5, kind: "clinician-dose", change: "CH" });
    this.#order({ pump: "P32", drug: DRUGS.flush.code, rate: 999, volume: 50 });
    this.#order({ pump: "P33", drug: DRUGS.blood.code, rate: 300, volume: 300 });
    this.#order({ pump: "P34", drug: DRUGS.pca.code, rate: 2, kind: "pca" });
    this.#order({ pump: "P35", drug: DRUGS.epidural.code, rate: 10, route: "EP" });
    this.#swap();
    this.#move();
    for (let pump = 0; pump < PUMPS / 2; pump++) this.#library(pump, NEXT_LIBRARY);
    this.#failOver();
    return this;
  }

  /** One order more, by whoever it is, a minute later. */
  last(told: Told, from: Machine = this.#record): this {
    this.ward.order((this.#at += MINUTE), told, from);
    return this;
  }

  /** A pump of the first half goes back to the library it left. */
  forgedLibrary(): this {
    this.#library(3, LIBRARY);
    return this;
  }

  /** Forty changes in twenty minutes, each up to four times the one before or down again, and never beyond what the pharmacy allows. */
  #resuscitation(): void {
    const order = "RESUS";
    let rate = 4;
    this.#order({ pump: "P30", drug: DRUGS.pressor.code, rate, order }, MINUTE);
    for (let i = 0; i < 40; i++) {
      const step = rate > 40 ? 0.3 : [1.5, 2, 3, 4, 0.5][this.#random.below(5)]!;
      rate = Math.min(MOST.pressor, Math.max(1, Math.round(rate * step * 10) / 10));
      this.#order({ pump: "P30", drug: DRUGS.pressor.code, rate, order, change: "XO" }, 30 * SECOND);
    }
  }

  /** Two pumps change places: each is told what the other ran. */
  #swap(): void {
    this.#order({ pump: "P40", drug: DRUGS.insulin.code, rate: 2 });
    this.#order({ pump: "P41", drug: DRUGS.antibiotic.code, rate: 100 });
    this.#order({ pump: "P41", drug: DRUGS.insulin.code, rate: 2 });
    this.#order({ pump: "P40", drug: DRUGS.antibiotic.code, rate: 100 });
  }

  /** A patient is moved with six pumps: all are told again what they run, within seconds. */
  #move(): void {
    for (let i = 0; i < 6; i++) this.#order({ ...this.#any(ORDINARY[i]!), pump: `P${50 + i}` }, 2 * SECOND);
  }

  /** The record system is another machine from now on. The gateway is told so by its people, and reports to it. */
  #failOver(): void {
    this.#record = SECOND_RECORD;
    for (let pump = 0; pump < 5; pump++) this.ward.report((this.#at += 20 * SECOND), `P${pump}`, 5, { to: this.#record });
    for (const drug of ORDINARY) this.#order(this.#any(drug), MINUTE);
  }

  #library(pump: number, library: string): void {
    this.ward.report((this.#at += 5 * SECOND), `P${pump}`, 5, { library, to: this.#record });
  }

  #order(told: Told, after = MINUTE): void {
    this.ward.order((this.#at += after), told, this.#record);
  }

  #any({ code, median, spread, kind, route }: Drug): Told {
    const rate = Math.max(0.1, Math.round(median * Math.exp(spread * this.#normal()) * 10) / 10);
    const volume = kind === undefined ? 50 : 10;
    return {
      pump: `P${this.#random.below(ORDINARY_PUMPS)}`,
      drug: code,
      rate,
      volume,
      ...(kind === undefined ? {} : { kind }),
      ...(route === undefined ? {} : { route }),
    };
  }

  /** Twelve even numbers added up are nearly normal, and never far out as no pump is set. */
  #normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.#random.below(1_000_000) / 1_000_000;
    return sum;
  }
}
