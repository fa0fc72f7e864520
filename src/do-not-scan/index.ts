/** The do-not-scan list: who is on it, why and until when, and how scanners are told. */
export { DO_NOT_SCAN_EXPORTERS, exportedList } from "./export.ts";
export { doNotScanOf, doNotScanPage } from "./lines.ts";
export { reasonsOf } from "./reasons.ts";
