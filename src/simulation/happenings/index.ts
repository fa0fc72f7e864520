/**
 * What is no every day's work in a hospital of several days: jobs that come weekly or once a month, people who do something once, and
 * those who mean harm. The day they begin on is counted from 0, Monday 5 January 2026.
 */
import type { Day, Placed } from "../day.ts";
import type { Random } from "../random.ts";
import { attacks } from "./attacks.ts";
import { jobs } from "./jobs.ts";
import { strays } from "./strays.ts";

export interface Happening {
  readonly name: string;
  /** Work that comes seldom; something somebody did once; something that means harm. */
  readonly sort: "job" | "stray" | "attack";
  /** One sentence. */
  readonly doc: string;
  /** Asked on each day. */
  happens(day: Day): void;
}

export const happenings: readonly Happening[] = [...jobs, ...strays, ...attacks];

/** Who is carried about, or belongs to who is on leave. */
const ABSENT: Readonly<Partial<Record<Placed["does"], number>>> = { pump: 0.1, monitor: 0.05, workstation: 0.05 };
const AT_HOME_ON_WEEKENDS = 0.7;
/** There is at least one of each: these are always there. */
const NEVER_ABSENT = 40;

export function isThere({ does, number }: Placed, day: number, random: Random): boolean {
  const chance = random.next();
  if (number <= NEVER_ABSENT) return true;
  return chance >= (does === "workstation" && isWeekend(day) ? AT_HOME_ON_WEEKENDS : (ABSENT[does] ?? 0));
}

export function isWeekend(day: number): boolean {
  return day % 7 >= 5;
}
