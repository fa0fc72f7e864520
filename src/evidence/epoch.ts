/** Seconds since 1970, as most programs write a time, in microseconds; 0 where it is none. */
export function epoch(text: string): number {
  return /^\d{1,11}$/.test(text) ? Number(text) * 1e6 : 0;
}
