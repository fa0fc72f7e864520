/** Numbers and times as a person reads them. Times are UTC, as the recording has them, and ages count from the recording's last moment. */
export const words = {
  count: (value: number) => NUMBER.format(value),

  /** 9.4 million, 12,300: as many digits as one takes in at a glance. */
  many: (value: number) =>
    value < 1e6 ? NUMBER.format(Math.round(value)) : value < 1e9 ? `${short(value / 1e6)} million` : `${short(value / 1e9)} billion`,

  bytes: (value: number) => {
    const step = SIZES.findLast(([size]) => value >= size) ?? SIZES[0];
    return `${step[0] === 1 ? Math.round(value) : short(value / step[0])} ${step[1]}`;
  },

  seconds: (value: number) =>
    value < 1
      ? "under 1 s"
      : value < 90
        ? `${Math.round(value)} s`
        : value < 5400
          ? `${Math.round(value / 60)} min`
          : `${short(value / 3600)} h`,

  percent: (share: number) => {
    const value = share * 100;
    if (value > 0 && value < 0.01) return "under 0.01 %";
    return `${value < 1 ? trimmed(value.toFixed(2)) : value < 10 ? trimmed(value.toFixed(1)) : String(Math.floor(value))} %`;
  },

  time: (micros: number) => (micros === 0 ? "never" : `${TIME.format(micros / 1000)} UTC`),
  clock: (micros: number) => `${CLOCK.format(micros / 1000)} UTC`,
  day: (micros: number) => DAY.format(micros / 1000),
  month: (micros: number) => MONTH.format(micros / 1000),

  duration: (micros: number) => {
    const seconds = micros / 1e6;
    if (seconds < 5400) return words.seconds(seconds);
    if (seconds < 172_800) return `${short(seconds / 3600)} hours`;
    return days(seconds);
  },

  /** How long before the recording's end; "now" only while we listen, and "never" of what was only written down. */
  age: (micros: number, end: number, listening: boolean) => {
    if (micros === 0) return "never";
    const seconds = (end - micros) / 1e6;
    if (seconds < 60) return listening ? "now" : "at the end";
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
    return days(seconds);
  },

  plural: (count: number, one: string, more = `${one}s`) => `${NUMBER.format(count)} ${count === 1 ? one : more}`,
  capital: (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
};

const SIZES = [
  [1, "bytes"],
  [1e3, "kB"],
  [1e6, "MB"],
  [1e9, "GB"],
  [1e12, "TB"],
] as const;

const YEAR_DAYS = 365.25;

/** Beyond two years nobody counts days. */
function days(seconds: number): string {
  const count = Math.round(seconds / 86_400);
  return count < 2 * YEAR_DAYS ? `${count} days` : `${short(count / YEAR_DAYS)} years`;
}

const NUMBER = new Intl.NumberFormat("en");
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

function short(value: number): string {
  return value < 10 ? trimmed(value.toFixed(1)) : NUMBER.format(Math.round(value));
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
