/** Many sites: how each stands, and what is asked of all of them. */
import type { DeviceSummary } from "./device.ts";

export const SITE_STATES = ["hears", "busy", "behind", "blind", "silent", "nobody"] as const;
export type SiteState = (typeof SITE_STATES)[number];

/** One of them, as its core last said it stands. */
export interface SiteAbout {
  readonly name: string;
  /** The worst that holds of it; `hears` where nothing does, `nobody` where no core has it. */
  readonly state: SiteState;
  /** What that is, and why. */
  readonly words: string;
  /** Where its core serves pages, as people open them; "" where it serves none or nobody has it. */
  readonly page: string;
  readonly devices: number;
  /** Batches at the broker that are not stored. */
  readonly pending: number;
  /** When its core last said so, by the core's clock, in milliseconds since 1970; null where none ever did. */
  readonly at: number | null;
}

/** Devices of many sites that fit a filter. */
export interface FoundAcross {
  readonly sites: readonly { readonly site: string; readonly total: number; readonly matching: number }[];
  readonly rows: readonly { readonly site: string; readonly device: DeviceSummary }[];
}
