import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { momentInWords } from "../model/finding-words.ts";
import { checkPlanned, keepPlanned, plannedBeside, plannedIn } from "./planned.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-planned-"));
after(() => rmSync(folder, { recursive: true }));

const HEAD = "what,by,where,kind,from,to,who";
const troublesOf = (text: string) => checkPlanned(text, "work.csv").troubles;
const lines = (text: string) => {
  const { works, troubles } = checkPlanned(text, "work");
  assert.deepEqual(troubles, []);
  return works.map(({ what, by, where, kind, from, to, who }) =>
    [what, by, where, kind, momentInWords(from), momentInWords(to), who].join("|"),
  );
};

test("a table, in universal time unless it says another, is kept and read again as it was", () => {
  const text = `${HEAD}\r\n"scan, yearly",10.9.9.9,10.20.0.0/16; ICU 3,Scan; device load,2026-11-28 22:00,2026-11-29T06:00:00+01:00,Network team\n\nnew switch,,ICU 4,,2026-12-01,2026-12-01,Building\n`;
  const said = [
    "scan, yearly|10.9.9.9|10.20.0.0/16; ICU 3|scan; device-load|2026-11-28 22:00|2026-11-29 05:00|Network team",
    "new switch||ICU 4||2026-12-01 00:00|2026-12-01 23:59|Building",
  ];
  assert.deepEqual(lines(text), said);
  assert.deepEqual(plannedIn(folder), { works: [], troubles: [] });
  keepPlanned(folder, checkPlanned(text, "work.csv").works);
  assert.deepEqual(plannedIn(folder).troubles, []);
  assert.deepEqual(plannedIn(folder).works.map(({ what }) => what), ["scan, yearly", "new switch"]); // prettier-ignore
  mkdirSync(join(folder, "recordings"));
  assert.equal(plannedBeside(join(folder, "recordings", "main.db")).length, 2);
  assert.equal(plannedBeside(join(folder, "main.db")).length, 0);
  writeFileSync(join(folder, "planned.csv"), "nonsense");
  assert.equal(plannedBeside(join(folder, "recordings", "main.db")).length, 0, "a file that is wrong covers nothing");
});

test("what is wrong is said with its line, and nothing of the file serves", () => {
  const row = (text: string) => troublesOf(`${HEAD}\nok,10.0.0.1,,,2026-11-28,2026-11-29,Kim\n${text}\n`);
  const at = "work.csv: record 3: expected";
  assert.deepEqual(row("x,,,,2026-11-28,2026-11-29,Kim"), [`${at} by whom or where, got neither: it would cover the whole house`]);
  assert.deepEqual(row("x,10.0.0.1,,,2026-11-28,2026-11-29,"), [`${at} who, got nothing`]);
  assert.deepEqual(row("x,10.0.0.1,,,28.11.2026,2026-11-29,Kim"), [`${at} from as 2026-11-28 22:00, got "28.11.2026"`]);
  assert.deepEqual(row("x,10.0.0.1,,,2026-11-29 10:00,2026-11-29 09:00,Kim"), [
    `${at} an end after its beginning, got 2026-11-29 10:00 to 2026-11-29 09:00`,
  ]);
  assert.deepEqual(row("x,10.0.0.1,,,2026-01-01,2026-12-31,Kim"), [`${at} at most 31 days, got 365`]);
  assert.deepEqual(row("x,10.0.0.1,,dose-beyond,2026-11-28,2026-11-29,Kim"), [
    `${at} no clinical kind, got "dose-beyond": no planned work covers a command that may harm a patient`,
  ]);
  assert.deepEqual(row("x,10.0.0.1,,party,2026-11-28,2026-11-29,Kim"), [
    `${at} kinds of finding such as scan or exposure, hazard, threat (docs/detectors.md), got "party"`,
  ]);
  assert.equal(row("x\u001b[31m,10.0.0.1,,,2026-11-28,2026-11-29,Kim").length, 1);
  assert.equal(row(`${"x".repeat(500)},10.0.0.1,,,2026-11-28,2026-11-29,Kim`).length, 1);
  assert.equal(checkPlanned(`${HEAD}\nok,10.0.0.1,,,2026-11-28,2026-11-29,Kim\nx,,,,,,\n`, "w").works.length, 0);
  assert.match(troublesOf("what,whom\n")[0]!, /expected the columns what, by, where, kind, from, to, who, .* got what, whom/);
});

const event = (...more: readonly string[]) => ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "SUMMARY:Scan\\, monthly", "LOCATION:10.20.0.0/16", 'ORGANIZER;CN="Network team":mailto:n@hospital.example', ...more, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"); // prettier-ignore
const SAYS = "DESCRIPTION:by: 10.9.9.9\\nkind: scan\\nbring\r\n  coffee";
const times = (text: string) => lines(text).map((it) => it.split("|").slice(4, 6).join(" to "));

test("an event of a calendar: zones, folded lines, an alarm's own words, what was cancelled", () => {
  const alarm = ["BEGIN:VALARM", "DESCRIPTION:by: 10.66.6.6", "END:VALARM"];
  const zoned = event(...alarm, SAYS, "DTSTART;TZID=Europe/Berlin:20261128T220000", "DTEND;TZID=Europe/Berlin:20261129T060000");
  assert.deepEqual(lines(zoned), ["Scan, monthly|10.9.9.9|10.20.0.0/16|scan|2026-11-28 21:00|2026-11-29 05:00|Network team"]);
  assert.deepEqual(times(event("DTSTART:20261128T220000Z", "DURATION:PT4H30M")), ["2026-11-28 22:00 to 2026-11-29 02:30"]);
  assert.deepEqual(lines(event("DTSTART:20261128T220000Z", "DTEND:20261128T230000Z", "STATUS:CANCELLED")), []);
});

test("what is repeated daily or weekly is each of its times, across the change of the clock, without those left out", () => {
  const weekly = event(
    "DTSTART;TZID=Europe/Berlin:20261023T020000",
    "DTEND;TZID=Europe/Berlin:20261023T030000",
    "RRULE:FREQ=WEEKLY;COUNT=2",
  );
  assert.deepEqual(times(weekly), ["2026-10-23 00:00 to 2026-10-23 01:00", "2026-10-30 01:00 to 2026-10-30 02:00"]);
  const days = event(
    "DTSTART:20261125T220000Z",
    "DTEND:20261125T230000Z",
    "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261212T000000Z",
    "EXDATE:20261209T220000Z",
  );
  assert.deepEqual(times(days).map((it) => it.slice(0, 10)), ["2026-11-25", "2026-12-07"]); // prettier-ignore
  assert.equal(times(event("DTSTART:20261125T220000Z", "DTEND:20261125T230000Z", "RRULE:FREQ=DAILY;UNTIL=20261127")).length, 3);
});

test("what no one can tell exactly is refused", () => {
  const start = ["DTSTART:20261125T220000Z", "DTEND:20261125T230000Z"];
  assert.match(
    troublesOf(event(...start, "RRULE:FREQ=MONTHLY;BYDAY=1SU"))[0]!,
    /Scan, monthly: expected a repetition of FREQ=DAILY or WEEKLY .* got FREQ=MONTHLY/,
  );
  assert.match(
    troublesOf(event("DTSTART;TZID=W. Europe Standard Time:20261125T220000", start[1]!))[0]!,
    /expected a DTSTART such as .* in a zone such as Europe\/Berlin, got "20261125T220000" in "W\. Europe/,
  );
  assert.match(troublesOf(event("DTSTART:20261125T220000Z"))[0]!, /expected DTEND, or a DURATION/);
  assert.match(troublesOf(event("DTSTART:99999999", start[1]!))[0]!, /expected a DTSTART/);
  assert.match(
    troublesOf(`BEGIN:VCALENDAR\r\n${`BEGIN:VEVENT\r\nSUMMARY:x\r\n${start.join("\r\n")}\r\nEND:VEVENT\r\n`.repeat(3_000)}`)[0]!,
    /at most 2000 events/,
  );
  const began = process.threadCpuUsage();
  checkPlanned(
    event(`X-${"A".repeat(30)};P="${";".repeat(50_000)}`, ";".repeat(100_000), `DTSTART;${'A="b";'.repeat(20_000)}:20261125T220000Z`),
    "x",
  );
  checkPlanned(event(`DTSTART${`;${"a".repeat(80)}`.repeat(20)}`), "parameters that no value follows");
  assert.ok(process.threadCpuUsage(began).user < 1_000_000);
});
