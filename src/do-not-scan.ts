/**
 * The do-not-scan list on one page: the fleet with what is wrong, whom hazards reached, where devices were heard, and what people said of
 * scanning, joined for `do-not-scan/`, which knows neither SQL nor watches.
 */
import { doNotScanOf, reasonsOf } from "./do-not-scan/index.ts";
import { askedDevices } from "./findings/asked.ts";
import type { Found } from "./findings/shown.ts";
import type { DoNotScan } from "./model/do-not-scan.ts";
import type { Fleet } from "./model/weakness.ts";
import { wordsOfScanning } from "./store/do-not-scan-words.ts";
import { wornBy } from "./store/queries/worn.ts";
import type { Store } from "./store/reader.ts";

/** Of one moment of the store; `days` as the settings have them. */
export function doNotScanIn(store: Store, fleet: Fleet, found: () => Found, days: number): DoNotScan {
  return store.snapshot(() => {
    const reasons = reasonsOf(fleet, askedDevices(found()));
    const words = wordsOfScanning(store.database);
    const worn = wornBy(store, [...reasons.keys(), ...words.devices.keys()]);
    return doNotScanOf({ fleet, reasons, worn, words, days });
  });
}
