/**
 * Events of an iCalendar file (RFC 5545): when each of them is, with the rules of repetition that calendars write for plain work (daily,
 * weekly). What else a rule may say is refused, since an event that is at another time than somebody meant would hide what it should not.
 */
export interface CalendarEvent {
  readonly summary: string;
  readonly location: string;
  readonly description: string;
  readonly organizer: string;
  /** Microseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A file with more is nobody's calendar of work. */
const EVENTS_MAX = 2_000;
/** Of one event: two years of every day. */
const TIMES_MAX = 731;
const LINES_MAX = 200_000;

/** Throws an Error for people where it is no calendar, or an event cannot be told exactly. What was cancelled is left out. */
export function icsEvents(text: string): readonly CalendarEvent[] {
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/, LINES_MAX);
  if (!/^BEGIN:VCALENDAR$/i.test(lines[0]?.trim() ?? "")) throw new Error("expected a calendar that begins with BEGIN:VCALENDAR");
  const events: CalendarEvent[] = [];
  let open: Map<string, Property> | null = null;
  let inside = 0;
  for (const [index, line] of lines.entries()) {
    const property = propertyOf(line);
    const value = property?.value.toUpperCase();
    if (property?.name === "BEGIN" && value === "VEVENT") open = new Map();
    else if (property?.name === "END" && value === "VEVENT" && open !== null) {
      events.push(...eventsOf(open, index + 1));
      open = null;
      if (events.length > EVENTS_MAX) throw new Error(`expected at most ${EVENTS_MAX} events, got more`);
    } else if (property?.name === "BEGIN" && open !== null) inside++;
    else if (property?.name === "END" && open !== null) inside--;
    // An alarm within an event has a description of its own.
    else if (property !== null && open !== null && inside === 0 && !open.has(property.name)) open.set(property.name, property);
  }
  return events;
}

interface Property {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

function propertyOf(line: string): Property | null {
  // A parameter in quotes may have a colon.
  const [, name, parameters = "", value] =
    /^([A-Za-z-]{1,40})((?:;[^":;]{1,400}(?:"[^"]{0,400}"[^":;]{0,400}){0,8}){0,20}):(.*)$/.exec(line) ?? [];
  return name === undefined ? null : { name: name.toUpperCase(), parameters, value: value! };
}

function eventsOf(event: ReadonlyMap<string, Property>, line: number): readonly CalendarEvent[] {
  if (event.get("STATUS")?.value.toUpperCase() === "CANCELLED") return [];
  const of = (name: string) => plain(event.get(name)?.value ?? "");
  const named = of("SUMMARY").slice(0, 60) || `the event that ends in line ${line}`;
  const start = momentOf(event.get("DTSTART"), named, "DTSTART");
  const end = endOf(event, start, named);
  const length = start.until(end);
  const except = event.get("EXDATE");
  const without = new Set(
    except === undefined ? [] : except.value.split(",").map((value) => momentOf({ ...except, value }, named, "EXDATE").epochMilliseconds),
  );
  return timesOf(start, event.get("RRULE")?.value ?? "", named)
    .filter((it) => !without.has(it.epochMilliseconds))
    .map((it) => ({
      summary: of("SUMMARY"),
      location: of("LOCATION"),
      description: of("DESCRIPTION"),
      organizer: /CN="?([^";:]+)/i.exec(event.get("ORGANIZER")?.parameters ?? "")?.[1] ?? "",
      from: it.epochMilliseconds * 1_000,
      to: it.add(length).epochMilliseconds * 1_000,
    }));
}

function endOf(event: ReadonlyMap<string, Property>, start: Temporal.ZonedDateTime, named: string): Temporal.ZonedDateTime {
  const end = event.get("DTEND");
  if (end !== undefined) return momentOf(end, named, "DTEND");
  const duration = event.get("DURATION")?.value ?? "";
  if (!/^P(?:\d{1,3}W|(?:\d{1,3}D)?(?:T(?:\d{1,4}H)?(?:\d{1,4}M)?(?:\d{1,4}S)?)?)$/.test(duration) || !/\d/.test(duration))
    throw new Error(`${named}: expected DTEND, or a DURATION such as PT4H, got "${duration.slice(0, 40)}"`);
  return start.add(Temporal.Duration.from(duration));
}

/** `20261128T220000Z`, `TZID=Europe/Berlin:20261128T220000`, `20261128`; without a zone it is this computer's. */
function momentOf(property: Property | undefined, named: string, what: string): Temporal.ZonedDateTime {
  const text = property?.value.trim() ?? "";
  const [, year, month, day, hour = "00", minute = "00", second = "00", universal] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(text) ?? [];
  const zone = /TZID="?([^";:]+)/i.exec(property?.parameters ?? "")?.[1];
  try {
    const plainTime = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
    return plainTime.toZonedDateTime(universal === undefined ? (zone ?? Temporal.Now.timeZoneId()) : "UTC");
  } catch {
    const of = zone === undefined ? "" : ` in a zone such as Europe/Berlin`;
    throw new Error(
      `${named}: expected a ${what} such as 20261128T220000Z${of}, got "${text.slice(0, 40)}"${zone === undefined ? "" : ` in "${zone.slice(0, 60)}"`}`,
    );
  }
}

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

function timesOf(start: Temporal.ZonedDateTime, rule: string, named: string): readonly Temporal.ZonedDateTime[] {
  if (rule === "") return [start];
  const parts = new Map(rule.toUpperCase().split(";").map((it) => it.split("=", 2) as [string, string])); // prettier-ignore
  const refuse = () =>
    new Error(`${named}: expected a repetition of FREQ=DAILY or WEEKLY with INTERVAL, COUNT, UNTIL and BYDAY, got ${rule.slice(0, 80)}`);
  const days = parts.get("BYDAY")?.split(",") ?? [];
  const [every, count] = [Number(parts.get("INTERVAL") ?? 1), Number(parts.get("COUNT") ?? TIMES_MAX)];
  const isKnown = [...parts.keys()].every((it) => ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"].includes(it));
  const frequency = parts.get("FREQ");
  if (!isKnown || !(frequency === "WEEKLY" || (frequency === "DAILY" && days.length === 0))) throw refuse();
  // In which week the second of two weeks begins depends on it.
  if ((parts.get("WKST") ?? "MO") !== "MO" && every > 1) throw refuse();
  if (!days.every((it) => DAYS.includes(it)) || !Number.isInteger(every) || every < 1 || !Number.isInteger(count) || count < 1)
    throw refuse();
  const until = parts.get("UNTIL");
  const last = until === undefined ? null : momentOf({ name: "UNTIL", parameters: "", value: until }, named, "UNTIL");
  const end = last === null || until!.includes("T") ? last : last.add({ days: 1 }).subtract({ seconds: 1 });
  const times: Temporal.ZonedDateTime[] = [];
  const monday = start.subtract({ days: start.dayOfWeek - 1 });
  const on = days.length === 0 ? [start.dayOfWeek - 1] : days.map((it) => DAYS.indexOf(it)).toSorted((a, b) => a - b);
  for (let round = 0; times.length < Math.min(count, TIMES_MAX); round++) {
    const candidates =
      frequency === "DAILY" ? [start.add({ days: round * every })] : on.map((day) => monday.add({ weeks: round * every, days: day }));
    for (const it of candidates) {
      if (end !== null && Temporal.ZonedDateTime.compare(it, end) > 0) return times;
      if (Temporal.ZonedDateTime.compare(it, start) >= 0 && times.length < Math.min(count, TIMES_MAX)) times.push(it);
    }
  }
  return times;
}

/** RFC 5545 section 3.3.11. */
function plain(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, letter: string) => (letter.toLowerCase() === "n" ? "\n" : letter)).trim();
}
