/** What came, went quiet, moved, or stands idle, of late. "Late" ends with the recording, never with a clock. */
import { CARE_CLASSES } from "../model/device.ts";
import type { EventList, Life, LifeEvent, LifeEvents, Lives } from "../model/lifecycle.ts";

const DAY_US = 86_400_000_000;
export const LATELY_DAYS = 30;
const IDLE_DAYS = 14;
/** Who was not heard for longer may be gone, and is not called idle. */
const HEARD_DAYS = 3;
/** Of one list; all are counted. */
const ROWS_MAX = 200;

export function eventsOf({ devices, from, to }: Lives): LifeEvents {
  const end = to ?? 0;
  const since = end - LATELY_DAYS * DAY_US;
  // In the first days everything is new.
  const listened = from !== null && from < since;
  const list = (found: readonly (LifeEvent | null)[]) => listOf(found.filter((it) => it !== null));
  return {
    days: LATELY_DAYS,
    came: list(devices.map((it) => (listened && it.first >= since ? eventOf(it, it.first, null) : null))),
    silent: list(devices.map((it) => (it.last < since && it.status !== "retired" ? eventOf(it, it.last, it.status) : null))),
    moved: list(devices.map((it) => moveOf(it, since))),
    retiredHeard: list(devices.map((it) => (it.status === "retired" ? eventOf(it, it.last, "retired in the hospital's list") : null))),
    idle: list(devices.map((it) => (isIdle(it, end) ? eventOf(it, it.last, `not at its work for ${IDLE_DAYS} days or more`) : null))),
  };
}

/** Heard in the last days, once at its work, and not in the last two weeks. Who was never heard at any work may have one we do not hear. */
export function isIdle({ last, worked, status, first }: Life, end: number): boolean {
  const lately = 2 ** IDLE_DAYS - 1;
  return (
    end - last < HEARD_DAYS * DAY_US && end - first >= IDLE_DAYS * DAY_US && worked !== 0 && (worked & lately) === 0 && status !== "retired"
  );
}

/** The latest place it came to, where it had another before. */
function moveOf(it: Life, since: number): LifeEvent | null {
  const latest = it.places.reduce<Life["places"][number] | null>(
    (best, place) => (best === null || place.first > best.first ? place : best),
    null,
  );
  if (latest === null || latest.first < since) return null;
  const before = it.places.filter(({ first, last, value }) => value !== latest.value && first < latest.first && last <= latest.first);
  const from = before.reduce<Life["places"][number] | null>(
    (best, place) => (best === null || place.last > best.last ? place : best),
    null,
  );
  return from === null ? null : eventOf(it, latest.first, `${from.value}, now ${latest.value}`);
}

export function eventOf({ id, name, kind, lifeCritical, location }: Life, at: number, note: string | null): LifeEvent {
  return { id, name, kind, lifeCritical, location, at, note };
}

/** Those on whom a life hangs first, then the latest. */
export function listOf(events: readonly LifeEvent[]): EventList {
  const rows = events.toSorted(
    (a, b) => CARE_CLASSES.indexOf(a.lifeCritical) - CARE_CLASSES.indexOf(b.lifeCritical) || b.at - a.at || (a.id < b.id ? -1 : 1),
  );
  return { total: rows.length, rows: rows.slice(0, ROWS_MAX) };
}
