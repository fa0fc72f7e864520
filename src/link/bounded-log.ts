/** What another process complains of: a flood of it must fill no disk. */
import { clean } from "../bytes/text.ts";

/** A complaint is a line or two. */
const HOURLY_MAX = 64_000;
const HOUR_MS = 3_600_000;

/** Line by line; of each hour so many letters, and that the rest is left out. `now`: milliseconds. */
export function boundedLog(log: (line: string) => void, now: () => number = () => performance.now()): (text: string) => void {
  let [hour, room] = [-1, 0];
  return (text) => {
    const current = Math.floor(now() / HOUR_MS);
    if (current !== hour) [hour, room] = [current, HOURLY_MAX];
    if (room <= 0) return;
    for (const line of text.slice(0, room).trimEnd().split("\n")) log(clean(line));
    room -= text.length;
    if (room <= 0) log("what it says more within this hour is left out");
  };
}
