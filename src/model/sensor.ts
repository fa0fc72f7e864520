/** A sensor elsewhere, as the core of its site hears of it. */
export const SENSOR_STATES = ["hears", "behind", "loses", "doubled", "deaf", "silent"] as const;
export type SensorState = (typeof SENSOR_STATES)[number];

export interface SensorAbout {
  readonly name: string;
  /** The worst that holds of it; `hears` where nothing does. */
  readonly state: SensorState;
  /** What that is, why, and what it means for what is shown. */
  readonly words: string;
  /** When it last said a word, or when the core began where it said none since, by the core's clock, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Batches it keeps that are not committed. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** When the oldest of them was written, by its own clock, in milliseconds since 1970; null while there is none. */
  readonly oldestAt: number | null;
  readonly inputs: readonly { readonly name: string; readonly live: boolean; readonly frames: number; readonly drops: number }[];
}

/** The way from sensors to the core. */
export interface BrokerAbout {
  /** "" while batches come. */
  readonly trouble: string;
  /** Messages it holds that are not committed. */
  readonly pending: number;
  /** Nothing that is heard comes in: since when, by the core's clock, in microseconds since 1970; null while something may. */
  readonly deafSince: number | null;
  readonly sensors: readonly SensorAbout[];
}
