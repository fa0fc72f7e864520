/** Moments as logs have them, in microseconds since 1970. Null where it is none. */

/** `2026-11-23T08:00:00.123456+0100`; universal time where it says no other. */
export function isoMoment(text: string): number | null {
  const [, day, time, fraction = "", sign, hours, minutes] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/.exec(text) ?? [];
  const seconds = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(seconds)) return null;
  const offset = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60e6;
  return seconds * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6)) - offset;
}

/** `1258531221.486539`, of a time since there were such logs. */
export function secondsMoment(text: string): number | null {
  return /^\d{1,11}(?:\.\d{1,9})?$/.test(text) && Number(text) > 0 ? Math.round(Number(text) * 1e6) : null;
}
