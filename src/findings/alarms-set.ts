/** One machine changes the alarms of several beds within a minute: nobody who stands at a bedside does that. */
import type { Claimed, FindingWitness, News, Party, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const WINDOW_US = 60 * SECOND_US;
const BEDS_MIN = 3;
const BEDS_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  /** Those it changed within the window, and when, the oldest first. */
  beds: [bed: Party, at: number][];
  told: boolean;
  witnesses: FindingWitness[];
}

export const alarmsSet: Watch<Memory> = {
  name: "alarms-set",
  title: "Alarms of several beds are changed at once",
  family: "clinical",
  severity: "critical",
  harms: ["patient"],
  othersAreHit: true,
  remedy:
    "Have nurses look at the beds named first: whether alarms are on, and whether their limits are those of the ward. Then ask clinical engineering whether it sets up monitors from the machine named; the monitors go on without it.",
  technique: ["T0838 Modify Alarm Settings", "T0878 Alarm Suppression"],
  sees: "Within a minute, 3 or more monitors or ventilators told by one machine to change their alarms (SDC: SetAlertState) or settings among which alarms are (IntelliVue data export: set).",
  misses:
    "What somebody sets at the bed, and what central stations say in protocols that are not public or are encrypted; one or two beds; which alarm, and whether it was taken.",
  mistaken: "Monitors set up for a new ward, and a default restored after a test: at beds without patients.",
  tune: "Announce the set-up of monitors as planned work.",
  hears: { notables: ["alarmsSet"] },
  subject: "sender",
  subjectsMax: 4_096,
  remember: () => ({ beds: [], told: false, witnesses: [] }),
  worth: ({ beds }) => beds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, sender, receiver, witnesses } = news;
  const current = memory.beds.filter(([bed, when]) => bed.key !== receiver.key && at - when < WINDOW_US);
  if (current.length === 0) [memory.told, memory.witnesses] = [false, []];
  memory.beds = [...current, [receiver, at] as [Party, number]].slice(-BEDS_MAX);
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  if (memory.beds.length < BEDS_MIN) return;
  const first = memory.beds[0]![1] - SECOND_US;
  const summary = `alarms or settings of ${memory.beds.length} beds changed within ${Math.max(1, Math.round((at - first) / SECOND_US))} s`;
  yield {
    story: "",
    about: sender,
    others: memory.beds.map(([bed]) => bed),
    first,
    at,
    count: memory.told ? count : memory.beds.length,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
