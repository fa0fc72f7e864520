/** Work that comes once a week, or once a month: what a short recording does not hold. */
import { areOn, noise, one, outside, SECOND, serves, talk } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import type { Task } from "../hospital.ts";
import { Port } from "../tasks/habits.ts";
import { session } from "../talk/smb.ts";
import { asksTime } from "../talk/time.ts";
import { secured } from "../talk/tls.ts";
import { page } from "../talk/web.ts";
import type { Happening } from "./index.ts";

const WINDOWS_SERVER = [10, 0, 17763] as const;
const SAMBA = [6, 1, 0] as const;
const LIBRARY = { path: "/library", agent: "SpaceCom/012U", server: "Microsoft-IIS/10.0", body: "drug library" };
const SERVICE_IP = "198.51.100.77";
const DOMAIN = "CLINIC";

const weekly = (weekday: number) => (day: Day) => day.number % 7 === weekday;
const once =
  (...days: readonly number[]) =>
  (day: Day) =>
    days.includes(day.number);

export const jobs: readonly Happening[] = [
  {
    name: "backup",
    sort: "job",
    doc: "On Sundays the servers write their backups to the storage.",
    happens: when(weekly(6), ["records", "engine", "pumpServer", "archive", "worklist", "directory"], (day, at, it) => {
      const storage = one(day, "storage");
      const party = ({ name }: Placed, version: readonly [number, number, number]) => ({ name, domain: DOMAIN, version });
      talk(
        day,
        at,
        it,
        storage,
        Port.smb,
        "smb",
        session(party(it, WINDOWS_SERVER), party(storage, SAMBA), noise(day, 16), noise(day, 32)),
      );
    }),
  },
  {
    name: "pump logs",
    sort: "job",
    doc: "On Fridays the pumps bring their logs to their server.",
    happens: when(weekly(4), ["pump"], (day, at, it) => {
      talk(day, at, it, one(day, "pumpServer"), Port.tls, "tls", secured("pumpsrv01.clinic.example", noise(day, 64)));
    }),
  },
  {
    name: "telephone clocks",
    sort: "job",
    doc: "On Tuesdays the telephones ask what time it is.",
    happens: when(weekly(1), ["telephone"], (day, at, it) => {
      if (!areOn(at, it, one(day, "timeServer"))) return;
      serves(one(day, "timeServer"), "udp", 123, "ntp");
      asksTime(day.wire, at, it, one(day, "timeServer"));
    }),
  },
  {
    name: "library release",
    sort: "job",
    doc: "Once a month the pumps fetch a new drug library.",
    happens: when(once(20, 48), ["pump"], (day, at, it) => {
      talk(day, at, it, one(day, "pumpServer"), Port.web, "http", page({ ...LIBRARY, host: one(day, "pumpServer").ip }));
    }),
  },
  {
    name: "month-end",
    sort: "job",
    doc: "At the end of the month some offices close the accounts in the record system.",
    happens: when(once(25, 53), ["workstation"], (day, at, it) => {
      if (it.number % 3 === 0) talk(day, at, it, one(day, "records"), Port.tls, "tls", secured("ehr01.clinic.example", noise(day, 64)));
    }),
  },
  {
    name: "calibration",
    sort: "job",
    doc: "Once a month the scanners fetch their calibration from their maker.",
    happens: when(once(18, 46), ["modality"], (day, at, it) => {
      day.wire.dialogue(at, it, outside(day, SERVICE_IP), Port.tls, secured("service.maker.example", noise(day, 64)));
    }),
  },
];

const AFTER_US = 40 * SECOND;
const WITHIN_US = 60 * SECOND;

/** Some time after each of them is switched on. */
function when(isDay: (day: Day) => boolean, who: readonly Task[], work: (day: Day, at: number, it: Placed) => void): Happening["happens"] {
  return (day) => {
    if (!isDay(day)) return;
    for (const task of who) for (const it of day.all(task) ?? []) work(day, it.on + AFTER_US + day.random.below(WITHIN_US), it);
  };
} // prettier-ignore
