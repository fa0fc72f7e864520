/**
 * The do-not-scan list on one page: the fleet with what is wrong, whom hazards reached, where devices were heard, and what people said of
 * scanning, joined for `do-not-scan/`, which knows neither SQL nor watches.
 */
import { doNotScanOf, reasonsOf } from "./do-not-scan/index.ts";
import { askedDevices, ASKING } from "./findings/asked.ts";
import type { Found } from "./findings/shown.ts";
import type { DoNotScan } from "./model/do-not-scan.ts";
import type { Fleet } from "./model/weakness.ts";
import { wordsOfScanning } from "./store/do-not-scan-words.ts";
import { wornBy } from "./store/queries/worn.ts";
import type { Store } from "./store/reader.ts";

interface Asked {
  readonly fleet: Fleet;
  /** Of the moment it is asked in; those of the detectors named are there however many others are later. */
  readonly found: (first: readonly string[]) => Found;
  /** As the settings have them. */
  readonly days: number;
}

/** Of one moment of the store; of a part of the fleet the lines of that part. */
export function doNotScanIn(store: Store, { fleet, found, days }: Asked): DoNotScan {
  return store.snapshot(() => {
    const reasons = reasonsOf(fleet, askedDevices(found(ASKING)));
    const words = wordsOfScanning(store.database);
    const worn = wornBy(store, [...reasons.keys(), ...words.devices.keys()]);
    return doNotScanOf({ fleet, reasons, worn, words, days });
  });
}
