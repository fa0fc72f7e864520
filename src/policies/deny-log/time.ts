/** When a line of a log was written: RFC 5424 and 3339, what Palo Alto and FortiGate write, and what syslog wrote before there was a standard. */

const DAY_US = 86_400_000_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Microseconds since 1970; null where the line names no time. The first that stands in it counts. */
export function timeIn(line: string, written: number, offsetMinutes: number): number | null {
  const zone = offsetMinutes * 60e6;
  const iso = /\b(\d{4})[-/](\d\d)[-/](\d\d)(?:T| (?:time=)?)(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?/.exec(line);
  const old = /\b([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(\.\d+)?/.exec(line);
  if (iso !== null && (old === null || iso.index < old.index)) {
    const [, year, month, day, hour, minute, second, fraction = "", named] = iso;
    const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) * 1_000 + Math.round(Number(`0${fraction}`) * 1e6);
    return at - (named === undefined ? zone : offsetOf(named));
  }
  const month = MONTHS.indexOf(old?.[1] ?? "");
  if (old === null || month < 0) return null;
  const [, , day, year, hour, minute, second, fraction = ""] = old;
  const of = (which: number) => Date.UTC(which, month, Number(day), Number(hour), Number(minute), Number(second)) * 1_000 + Math.round(Number(`0${fraction}`) * 1e6) - zone;
  if (year !== undefined) return of(Number(year));
  // The year in which the log was written, or the one before where that would be later than the log; clocks may be a day apart.
  const own = new Date(written / 1_000).getUTCFullYear();
  return of(own) <= written + DAY_US ? of(own) : of(own - 1);
} // prettier-ignore

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60e6;
}
