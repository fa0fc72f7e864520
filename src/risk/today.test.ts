/** Today: each sentence with its silent twin, their order, the work list by hand, and that a second reading gives the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindingParty } from "../model/finding.ts";
import type { GuardView } from "../model/guard.ts";
import type { Coverage } from "../model/store.ts";
import { SENTENCES_MAX, type Today } from "../model/today.ts";
import type { FleetDevice, Weakness } from "../model/weakness.ts";
import { fleetDevice, HEARD_US, known } from "../testing/fleet.ts";
import { DAY_US, finding, fleetOf, weakness } from "../testing/risky.ts";
import { rate, reachOver } from "../rating.ts";
import { HeardWays } from "./reach.ts";
import { plainly, type Heard } from "./sentences.ts";
import { todayOf } from "./today.ts";

const COVERAGE: Coverage = {
  recording: "main", frames: 1, bytes: 1, malformed: 0, gaps: 0, duplicates: 0, drops: 0, from: 0, to: HEARD_US, devices: 1, conversations: 1,
  inputs: [], limits: {}, unheard: {}, notes: [],
}; // prettier-ignore
const GUARD: GuardView = { name: "programming", title: "Programming of pumps", care: "therapy", isUrgent: true, state: "blind", devices: 3, heard: 0, answered: 0, compared: 0, uncompared: 0, cannotTell: 0, encrypted: 0, unnoticed: "of 3 pumps, a wrong order would not be noticed", cure: "Ask for a mirror", says: "heard for 0 of 3 pumps" }; // prettier-ignore

function today(it: Partial<Omit<Heard, "rated">>, hours: number | null = null): Today {
  const { fleet = fleetOf([]), findings = [], asked = [], guards = [], coverage = COVERAGE, keptOut = [] } = it;
  const rated = finished(rate(fleet, { findings, reaching: reachOver(new HeardWays()) }));
  return finished(todayOf({ fleet, rated: rated.devices, findings, asked, guards, coverage, trend: null, keptOut }, hours));
}

function finished<Value>(steps: Generator<undefined, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** "high ICU: Pump 1: Telnet answers." */
function lines({ sentences }: Today): readonly string[] {
  return sentences.map((it) => `${it.severity} ${it.where ?? "site"}: ${plainly(it)}`);
}

const pump = (number: number, it: Partial<FleetDevice> = {}) =>
  fleetDevice({ id: `d${number}`, name: `pump ${number}`, kind: known("Infusion pump"), location: known("ICU · bed 7"), lifeCritical: "therapy", ...it }); // prettier-ignore
const party = ({ id, name, lifeCritical }: FleetDevice): FindingParty => ({ device: id, name, ip: null, mac: null, kind: "Infusion pump", maker: null, location: "ICU · bed 7", lifeCritical }); // prettier-ignore
const of = (device: FleetDevice, it: Partial<Weakness> = {}) => weakness({ device: device.id, ...it });
const CRITICAL: Partial<Weakness> = { name: "smb1", title: "SMB 1 answers", severity: "critical", danger: { cvss: 9.8, vector: null, knownExploited: true, epss: null, worm: true } }; // prettier-ignore

test("a quiet hospital has no sentence and no work; one without devices says so", () => {
  const quiet = today({ fleet: fleetOf([pump(1)]) });
  assert.deepEqual([quiet.title, lines(quiet), quiet.work.items, quiet.beyond], ["Nothing that was heard needs someone today", [], [], 0]);
  assert.equal(today({}).title, "No device was heard yet");
});

test("the most severe first, then what a patient hangs on; alike ones are one sentence", () => {
  const [one, two, three] = [pump(1), pump(2), pump(3)];
  const workstation = fleetDevice({ id: "d9", name: "office-3", kind: known("Workstation") });
  const it = today({
    fleet: fleetOf([one, two, three, workstation], [of(one, CRITICAL), of(two, CRITICAL), of(workstation, CRITICAL), of(three, { severity: "medium" })]),
    findings: [finding({ about: party(three), severity: "critical", title: "Passwords are tried" })],
    guards: [GUARD],
  }); // prettier-ignore
  assert.deepEqual(lines(it), [
    "critical ICU: Passwords are tried at pump 3.",
    "critical ICU: 2 infusion pumps: SMB 1 answers.",
    "high site: The guard over programming of pumps is blind: of 3 pumps, a wrong order would not be noticed.",
    "high site: office-3: SMB 1 answers.",
  ]);
  assert.equal(it.title, "Four things need someone today");
});

test("a guard that learns, and one without pumps, ask for nobody; that it learns stands beside", () => {
  const learning = today({ fleet: fleetOf([pump(1)]), guards: [{ ...GUARD, state: "learning" }] });
  const without = today({ fleet: fleetOf([pump(1)]), guards: [{ ...GUARD, devices: 0 }] });
  assert.deepEqual([lines(learning), lines(without)], [[], []]);
  assert.deepEqual(
    [learning, without, today({ fleet: fleetOf([pump(1)]), guards: [{ ...GUARD, state: "hearing" }] })].map(({ unheard }) => unheard),
    [[{ words: `Programming of pumps: ${GUARD.says}.`, cure: "" }], [], []],
  );
  assert.match(lines(today({ fleet: fleetOf([pump(1)]), guards: [{ ...GUARD, state: "half-blind" }] }))[0]!, /^medium .* is half-blind/);
  const beside = { ...GUARD, title: "Imaging", isUrgent: false, says: "heard for 0 of 2", cure: "Ask there" };
  const both = today({ fleet: fleetOf([pump(1)]), guards: [GUARD, beside] });
  assert.deepEqual(both.sentences.map((it) => it.do), ["Ask for a mirror"]); // prettier-ignore
  assert.deepEqual(both.unheard, [{ words: "Imaging: heard for 0 of 2. Ask there.", cure: "" }], "on which no life hangs at once");
});

test("a guard that is blind is said of beside the sentences where seven others are more urgent, and else once", () => {
  const wards = Array.from({ length: SENTENCES_MAX }, (_, at) => ({ ...pump(at), location: known(`Ward ${at}`) }));
  const findings = wards.map((it, at) => finding({ about: { ...party(it), location: `Ward ${at}` }, severity: "critical" }));
  const crowded = today({ fleet: fleetOf(wards), findings, guards: [GUARD] });
  assert.ok(crowded.sentences.every(({ kind }) => kind === "finding"));
  assert.deepEqual(crowded.unheard.map((it) => it.words), [`Programming of pumps: ${GUARD.says}.`]); // prettier-ignore
  assert.deepEqual(today({ fleet: fleetOf(wards), findings: findings.slice(1), guards: [GUARD] }).unheard, []);
});

test("our own deafness is a sentence while we listen; of a file that was read it stands beside", () => {
  const input = { name: "eth1", frames: 1, bytes: 1, drops: 0, duplicates: 0, from: 1, to: 2, state: "listening" as const };
  const verdict = { kind: "oneDirection" as const, words: "Only one direction is copied.", cure: "both" };
  const heard = (live: boolean) => today({ fleet: fleetOf([pump(1)]), coverage: { ...COVERAGE, inputs: [{ ...input, live, verdict }] } });
  assert.deepEqual(lines(heard(true)), ["high site: We do not hear all at eth1: only one direction is copied."]);
  assert.deepEqual([lines(heard(false)), heard(false).unheard], [[], [{ words: "eth1: Only one direction is copied.", cure: "both" }]]);
  const good = { ...input, live: true, verdict: { ...verdict, kind: "good" as const } };
  assert.deepEqual(lines(today({ fleet: fleetOf([pump(1)]), coverage: { ...COVERAGE, inputs: [good] } })), []);
});

test("newcomers are told of where there is a usual to be new in, and what fell silent where it is in use", () => {
  const stranger = pump(1, { first: HEARD_US - DAY_US / 2, kind: null, location: null });
  assert.deepEqual(lines(today({ fleet: fleetOf([stranger]) })), ["medium site: pump 1 was first heard in the last 24 hours, and nobody knows what it is."]); // prettier-ignore
  assert.deepEqual(lines(today({ fleet: { ...fleetOf([stranger]), from: HEARD_US - 2 * DAY_US } })), []);
  const silent = pump(2, { last: HEARD_US - 4 * DAY_US });
  assert.deepEqual(lines(today({ fleet: fleetOf([silent]) })), ["medium ICU: pump 2 has not been heard for 3 days and more."]);
  for (const it of [{ status: known("workshop") }, { last: HEARD_US - 2 * DAY_US }, { lifeCritical: "other" as const }])
    assert.deepEqual(lines(today({ fleet: fleetOf([{ ...silent, ...it }]) })), []);
});

test("systems past their support are one sentence, unless each has one of its own", () => {
  const past = { kind: "end of support", name: "windows-xp", severity: "medium", harms: ["network"], cured: null } as const;
  const [one, two] = [pump(1), fleetDevice({ id: "d2", name: "pc" })];
  assert.deepEqual(lines(today({ fleet: fleetOf([one, two], [of(one, past), of(two, past)]) })), [
    "medium site: Two devices are past support, by system or by model; 1 of them treat or watch patients.",
  ]);
  const perhaps = { ...past, answer: "possible" } as const;
  assert.deepEqual(lines(today({ fleet: fleetOf([two], [of(two, perhaps)]) })), [
    "medium site: One device may be past support, by system or by model.",
  ]);
  const word = { word: "dismissed", scope: "device", who: "lind", reason: "off", at: 1, change: 1 } as const;
  assert.deepEqual(lines(today({ fleet: fleetOf([one], [of(one, { ...past, word })]) })), []);
});

test("at most seven sentences; those beyond are counted", () => {
  const devices = Array.from({ length: 9 }, (_, at) => pump(at, { location: known(`Ward ${at}`) }));
  const it = today({ fleet: fleetOf(devices, devices.map((device) => of(device, CRITICAL))) }); // prettier-ignore
  assert.deepEqual([it.sentences.length, it.beyond, it.title], [7, 2, "Nine things need someone today"]);
});

test("the same step at pumps of one ward is one item; without hours the first ten are shown and no more is planned", () => {
  const devices = Array.from({ length: 12 }, (_, at) => pump(at, { location: known(`ICU · bed ${at}`) }));
  const { work } = today({ fleet: fleetOf(devices, devices.map((device) => of(device))) }); // prettier-ignore
  assert.deepEqual(
    work.items.map(({ name, all, thisWeek, takesAway, minutes, where, care }) => [name, all, thisWeek, takesAway, minutes, where, care]),
    [["telnet-answers", 12, 12, 12 * 54, 12 * 20, "ICU", "therapy"]],
  );
  assert.deepEqual([work.minutes, work.beyond], [null, { items: 0, devices: 0 }]);
  const wards = Array.from({ length: 11 }, (_, at) => pump(at, { location: known(`Ward ${at}`) }));
  const many = today({ fleet: fleetOf(wards, wards.map((device) => of(device))) }).work; // prettier-ignore
  assert.deepEqual([many.items.length, many.beyond], [10, { items: 1, devices: 1 }]);
});

test("of the hours at most 80 % are filled, an item in part where it does not fit whole, and a short one after a long one", () => {
  const devices = Array.from({ length: 12 }, (_, at) => pump(at));
  const other = fleetDevice({ id: "d40", name: "pc", kind: known("Workstation") });
  const fleet = fleetOf([...devices, other], [...devices.map((device) => of(device)), of(other, { severity: "low", minutes: 5 })]);
  const planned = (hours: number) => {
    const { work } = today({ fleet }, hours);
    return [work.minutes!.planned, work.minutes!.most, work.items.map(({ thisWeek, all, takesAway }) => [thisWeek, all, takesAway]), work.beyond]; // prettier-ignore
  };
  assert.deepEqual(planned(1), [45, 48, [[2, 12, 108], [1, 1, 6]], { items: 0, devices: 10 }]); // prettier-ignore
  assert.deepEqual(planned(0.25), [5, 12, [[1, 1, 6]], { items: 1, devices: 12 }]);
  assert.deepEqual(planned(100), [245, 4800, [[12, 12, 648], [1, 1, 6]], { items: 0, devices: 0 }]); // prettier-ignore
});

test("one advisory's weaknesses are one item, which says what is lost while the device rests and what the network can do", () => {
  const advisory = { id: "ICSMA-1", title: "Advisory 1", cves: [], vendor: "", product: "", theirVersion: "", ourVersion: null, level: "model", updated: "" } as const; // prettier-ignore
  const device = pump(1, { kind: known("infusion pump") });
  const { work } = today({ fleet: fleetOf([device], [of(device, { name: "a", advisory }), of(device, { name: "b", advisory })]) });
  assert.deepEqual(
    work.items.map(({ name, title, control }) => [name, title, control]),
    [["ICSMA-1", "Advisory 1", "Let only the service computer open TCP 23"]],
  );
  assert.match(work.items[0]!.danger, /^While it rests: .*doses.* The ward says when$/);
  const unknown = pump(2, { kind: null });
  assert.match(today({ fleet: fleetOf([unknown], [of(unknown)]) }).work.items[0]!.danger, /is not known: ask the ward first$/);
});

test("what is not heard for 14 days while its device is counts as done, is no work, and is told", () => {
  const device = pump(1);
  const it = today({ fleet: fleetOf([device], [of(device, { last: HEARD_US - 15.5 * DAY_US })]) });
  assert.deepEqual(it.done, [
    { title: "Telnet answers", words: "Telnet has not answered", days: 15, devices: [{ id: "d1", name: "pump 1" }], all: 1 },
  ]);
  assert.deepEqual([it.work.items, it.sentences], [[], []]);
  assert.deepEqual(today({ fleet: fleetOf([device], [of(device)]) }).done, []);
});

test("newer knowledge that was kept out is told until it is brought whole", () => {
  const it = { day: "2026-11-20", place: "CISA KEV", source: "CISA KEV", why: "expected at least 1334 records, got 700" };
  assert.deepEqual(today({ keptOut: [it] }).keptOut, ["CISA KEV was kept out on 2026-11-20: expected at least 1334 records, got 700. What served until then serves on"]); // prettier-ignore
  assert.deepEqual(today({}).keptOut, []);
});

test("a second reading gives the same, whatever the order of what was read", () => {
  const devices = Array.from({ length: 6 }, (_, at) => pump(at));
  const weaknesses = devices.flatMap((device) => [of(device, CRITICAL), of(device)]);
  const findings = devices.map((device, at) => finding({ about: party(device), id: `00000000000000a${at}` }));
  const once = today({ fleet: fleetOf(devices, weaknesses), findings }, 3);
  assert.deepEqual(today({ fleet: fleetOf(devices, weaknesses.toReversed()), findings }, 3), once);
});
