/** Sections where people would rather look than read: growth with its forecast, who was heard for how long, whose reach is the worst; and what is other than a month ago. */
import { CARE_CLASSES } from "../model/device.ts";
import { REACH_COUNTED } from "../model/risk.ts";
import type { Cell, ReportInputs, Section } from "../model/report.ts";
import { trendInWords, wholeOf, type DailySum, type Trend } from "../model/trend.ts";
import type { Weakness } from "../model/weakness.ts";

const DAY_US = 86_400e6;
const MONTH_DAYS = 30;
const YEAR_US = 365.25 * DAY_US;
/** More bars are a table. */
const REACHES_MAX = 12;
/** Oldest first; each from so long on. */
const AGES = [
  [10 * YEAR_US, "10 years and more"],
  [5 * YEAR_US, "5 to 10 years"],
  [3 * YEAR_US, "3 to 5 years"],
  [2 * YEAR_US, "2 to 3 years"],
  [YEAR_US, "1 to 2 years"],
  [YEAR_US / 2, "6 to 12 months"],
  [YEAR_US / 12, "1 to 6 months"],
  [0, "less than a month"],
] as const;

export function growth({ lifecycle: { growth: of } }: ReportInputs): Section {
  const { months, ahead } = of.all;
  const foretold = ahead ?? [];
  return {
    id: "growth",
    title: "Devices heard, month by month",
    lead: ahead === null ? of.notes : [`Dashed is foretold; its band holds ${Math.round(10 * of.chance)} of 10 such fleets.`, ...of.notes],
    ...(months.length < 2
      ? {}
      : {
          line: {
            counted: months.map(({ until, count }) => ({ label: month(until), value: count })),
            ahead: foretold.map(({ until, likely, low, high }) => ({
              label: month(until),
              value: Math.round(likely),
              low: Math.round(low),
              high: Math.round(high),
            })),
          },
        }),
    table: {
      columns: ["Month until", "Devices", "Between"],
      numbers: [1, 2],
      rows: [
        ...months.map(({ until, count }) => [text(day(until)), text(String(count)), text("heard")]),
        ...foretold.map(({ until, likely, low, high }) => [
          text(day(until)),
          text(String(Math.round(likely))),
          text(`${Math.round(low)} to ${Math.round(high)}`),
        ]),
      ],
      beyond: 0,
    },
    empty: "Nothing was heard yet.",
  };
}

/** When a device was made it does not say; how long it was heard is the least it can be. */
export function ages({ fleet: { devices, to } }: ReportInputs): Section {
  const of = Map.groupBy(devices, ({ first }) => AGES.findIndex(([from]) => (to ?? 0) - first >= from));
  const rows = AGES.map(([, label], at) => ({ label, members: of.get(at) ?? [] }));
  const having = (members: typeof devices, care: (typeof CARE_CLASSES)[number]) =>
    members.filter(({ lifeCritical }) => lifeCritical === care);
  return {
    id: "ages",
    title: "How long they have been heard",
    lead: ["When a device was made nobody said: it is as old as this at least, and no device can be heard longer than we listened."],
    bars: {
      parts: CARE_CLASSES,
      rows:
        devices.length === 0
          ? []
          : rows.map(({ label, members }) => ({ label, parts: CARE_CLASSES.map((care) => having(members, care).length) })),
    },
    table: {
      columns: ["Heard for", ...CARE_CLASSES, "All"],
      numbers: [1, 2, 3, 4, 5, 6],
      rows:
        devices.length === 0
          ? []
          : rows.map(({ label, members }) => [
              text(label),
              ...CARE_CLASSES.map((care) => ids(having(members, care).map(({ id }) => id))),
              ids(members.map(({ id }) => id)),
            ]),
      beyond: 0,
    },
    empty: "No device was heard yet.",
  };
}

/** Of devices with something wrong: of the others nobody's reach was looked at. */
export function reach({ risks }: ReportInputs): Section {
  const all = risks.rows
    .flatMap(({ reach: own, ...row }) => (own === null || own.from + own.to === 0 ? [] : [{ ...row, reach: own }]))
    .toSorted(
      (a, b) =>
        b.reach.from + b.reach.to - a.reach.from - a.reach.to || b.total - a.total || Number(a.device.slice(1)) - Number(b.device.slice(1)),
    );
  const worst = all.slice(0, REACHES_MAX);
  return {
    id: "reach",
    title: "The worst reach",
    lead: [
      `Over what was heard and stands open, in as many steps as it takes; counted up to ${REACH_COUNTED}. Only devices with something wrong are looked at.`,
    ],
    bars: {
      parts: ["come to it", "it comes to"],
      rows: worst.map(({ name, reach: { from, to } }) => ({ label: name, parts: [from, to] })),
    },
    table: {
      columns: ["Device", "Where", "Come to it", "It comes to", "Kept away by a wall", "Risk"],
      numbers: [2, 3, 4, 5],
      rows: worst.map(({ device, name, location, total, reach: { from, to, keptAway } }) => [
        { text: name, devices: [device] },
        text(location ?? "not known"),
        text(counted(from)),
        text(counted(to)),
        text(String(keptAway)),
        text(String(total)),
      ]),
      beyond: all.length - worst.length,
    },
    empty: "None: nothing wrong is known of a device that anybody comes to.",
  };
}

/**
 * What is derived of a recording as it stands: a weakness that was cured since, or a finding that somebody is done with, left it, so of a
 * month ago only what lasts is known. Risk of other days is not kept.
 */
export function trend({ fleet, findings, lifecycle, risks, trend: kept }: ReportInputs): Section {
  const { from, to } = fleet;
  const ago = (to ?? 0) - MONTH_DAYS * DAY_US;
  if (from === null || to === null || from > ago)
    return {
      id: "trend",
      title: "Against a month ago",
      lead: [],
      empty: from === null ? "Nothing was heard yet." : `No figures before ${day(from)}: nothing was heard until then.`,
    };
  const past = kept?.before == null ? null : wholeOf(kept.before);
  const standing = fleet.devices.map(({ id }) => ({
    id,
    own: (fleet.weaknesses.get(id) ?? []).filter(({ word }) => word?.word !== "dismissed"),
  }));
  const weak = (test: (it: Weakness) => boolean) => standing.filter(({ own }) => own.some(test)).map(({ id }) => id);
  const lasting = (it: Weakness) => it.first <= ago;
  const [now, before] = [lifecycle.growth.all.months.at(-1), lifecycle.growth.all.months.at(-2)];
  const high = risks.rows.filter(({ band }) => band === "critical" || band === "high").map(({ device }) => device);
  const row = (what: string, then: Cell, nowIs: Cell): readonly Cell[] => [text(what), then, nowIs];
  const open = findings.rows.filter(({ first }) => first <= ago);
  const devices = (rows: typeof findings.rows) => [...new Set(rows.flatMap(({ about }) => about?.device ?? []))];
  return {
    id: "trend",
    title: "Against a month ago",
    lead: [
      ...(kept === null ? [] : [trendInWords(kept)]),
      ...(past === null
        ? [
            `From ${day(ago)} to ${day(to)}. Of a month ago it is told what was so then and is so still: what was cured or done with since has left the recording.`,
          ]
        : []),
    ],
    table: {
      columns: ["What", "A month ago", "Now"],
      numbers: [1, 2],
      rows: [
        row(
          "Devices heard in the month",
          text(before === undefined ? `no figures before ${day(from)}` : String(before.count)),
          text(String(now?.count ?? 0)),
        ),
        row(
          "Devices heard at all",
          ids(fleet.devices.filter(({ first }) => first <= ago).map(({ id }) => id)),
          ids(fleet.devices.map(({ id }) => id)),
        ),
        ...(past === null
          ? [
              row("Devices with something wrong", ids(weak(lasting)), ids(weak(() => true))),
              ...(["exposure", "vulnerability", "end of support"] as const).map((kind) =>
                row(`of them: ${kind}`, ids(weak((it) => it.kind === kind && lasting(it))), ids(weak((it) => it.kind === kind))),
              ),
            ]
          : [
              row("Devices with an exposure", text(String(past.exposed)), ids(weak(({ kind }) => kind === "exposure"))),
              row(
                "Devices affected by a published vulnerability",
                text(String(past.affected)),
                ids(weak(({ kind, answer }) => kind === "vulnerability" && answer === "affected")),
              ),
              row(
                "Devices of which that is possible",
                text(String(past.possible)),
                ids(weak(({ kind, answer }) => kind === "vulnerability" && answer === "possible")),
              ),
              row("Devices without support", text(String(past.unsupported)), ids(weak(({ kind }) => kind === "end of support"))),
            ]),
        row(
          "Findings nobody is done with",
          { text: String(open.length), devices: devices(open) },
          { text: String(findings.matching), devices: devices(findings.rows) },
        ),
        row("Devices at high or critical risk", text(past === null ? "not kept" : String(past.high)), ids(high)),
        ...(kept === null || past === null ? [] : riskRows(kept)),
      ],
      beyond: 0,
    },
  };
}

/** Points of risk by side, then in the wards and of the kinds that have most of them now or had it then. */
function riskRows({ now, before }: Trend): readonly (readonly Cell[])[] {
  const points = (it: DailySum | undefined) => (it === undefined ? 0 : it.patient + it.device + it.network);
  const [today, past] = [wholeOf(now), wholeOf(before!)];
  const groups = (part: DailySum["part"], words: string) => {
    const [nows, thens] = [now, before!].map(({ sums }) => new Map(sums.filter((it) => it.part === part).map((it) => [it.name, it])));
    const most = (name: string) => Math.max(points(nows!.get(name)), points(thens!.get(name)));
    const names = [...new Set([...nows!.keys(), ...thens!.keys()])].toSorted((a, b) => most(b) - most(a) || (a < b ? -1 : 1));
    return names.slice(0, GROUPS_TOLD).map((name) => [text(`Points of risk, ${name === "" ? `${words} not known` : name}`), text(String(points(thens!.get(name)))), text(String(points(nows!.get(name))))]);
  };
  const sides = (["patient", "device", "network"] as const).map((side) => [text(`Points of risk to the ${side}, all devices`), text(String(past[side])), text(String(today[side]))]);
  return [...sides, ...groups("ward", "ward"), ...groups("kind", "kind")];
} // prettier-ignore
const GROUPS_TOLD = 10;

function counted(count: number): string {
  return count >= REACH_COUNTED ? `${REACH_COUNTED} and more` : String(count);
}

function text(of: string): Cell {
  return { text: of };
}

function ids(devices: readonly string[]): Cell {
  return { text: String(devices.length), devices };
}

function day(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 10);
}

function month(at: number): string {
  return day(at).slice(0, 7);
}
