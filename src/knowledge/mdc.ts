/** Codes of medical device communication, IEEE 11073-10101: what a device is, and what it measures or infuses. `mdc.tsv`. */
import { table } from "./table.ts";

/** The reference id of a device's code, as `MDC_DEV_PUMP_INFUS_LVP_MDS`; "" for codes that name no device, or none we know. */
export function deviceCode(code: number): string {
  return load().devices.get(code) ?? "";
}

/** "measures oxygen saturation", "infuses fluid"; "" for what tells nothing of the device. */
export function doing(code: number): string {
  return load().doings.find(({ first, last }) => code >= first && code <= last)?.words ?? "";
}

interface Codes {
  readonly devices: ReadonlyMap<number, string>;
  readonly doings: readonly { readonly first: number; readonly last: number; readonly words: string }[];
}
let loaded: Codes | null = null;

function load(): Codes {
  if (loaded !== null) return loaded;
  const rows = table("mdc.tsv", 5).map(([first, last, is = "", value = ""]) => ({ first: Number(first), last: Number(last), is, value }));
  loaded = {
    devices: new Map(rows.filter(({ is }) => is === "device").map(({ first, value }) => [first, value])),
    doings: rows.filter(({ is }) => is !== "device").map(({ first, last, is, value }) => ({ first, last, words: `${is} ${value}` })),
  };
  return loaded;
}
