/** `auscult lifecycle`: how the fleet grows and changes. */
import type { EventList, Grown, GrowthBy, LifecycleReport, MonthAhead, RollOut, SupportEnd } from "../model/lifecycle.ts";
import { recordingFor, withReader } from "./recording.ts";
import { number, plural, print, say, table, type Column } from "./terminal.ts";

export interface LifecycleOptions {
  readonly data: string;
  readonly recording?: string;
  readonly by: GrowthBy;
  readonly hours?: number;
  readonly json?: boolean;
}

const TITLES: Readonly<Record<GrowthBy, string>> = { kind: "Kind", location: "Where", maker: "Maker" };
/** Of each list of those that came, went or moved; `--json` has more. */
const EVENTS_MAX = 10;

export async function lifecycle({ data, recording, by, hours, json }: LifecycleOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const report = await withReader(path, (reader) => reader.lifecycle(by));
  if (json) return print(`${JSON.stringify({ schema: "auscult.lifecycle/1", recording: name, ...report })}\n`);
  const { growth, events, rollOuts, support } = report;
  await print(`${sentenceOf(report)}\n\n`);
  for (const note of growth.notes) say(note);
  if (report.devices === 0) return;
  await print(table(growthColumns(TITLES[by]), growth.groups));
  if (hours !== undefined) await print(`\n${hoursOf(growth.all, hours)}\n`);
  for (const [title, list] of [
    [`Came in the last ${events.days} days`, events.came],
    [`Not heard for ${events.days} days`, events.silent],
    [`Moved in the last ${events.days} days`, events.moved],
    ["Retired, and heard", events.retiredHeard],
    ["Heard, but not at its work for two weeks", events.idle],
  ] as const)
    if (list.total > 0) await print(`\n${title}: ${number(list.total)}\n${table(eventColumns, list.rows.slice(0, EVENTS_MAX))}`);
  if (support.length > 0) await print(`\nEnds of support\n${table(supportColumns, support)}`);
  if (rollOuts.length > 0) await print(`\nVersions on their way\n${table(rollOutColumns, rollOuts)}`);
}

function sentenceOf({ growth: { all }, devices }: LifecycleReport): string {
  const last = all.ahead?.at(-1);
  return [
    all.growth === null
      ? `${number(all.now)} of ${plural(devices, "device")} heard in the last month.`
      : `The fleet ${all.growth >= 0 ? "grows" : "shrinks"} ${percent(Math.abs(all.growth))} a year: ${plural(all.now, "device")} now, ${number(all.yearAgo!)} a year ago.`,
    ...(last === undefined ? [] : [`If it goes on, ${aheadOf(last)} in ${monthOf(last.until)}, 8 chances in 10.`]),
    "Routers are not counted here.",
  ].join(" ");
}

/** What a device a year takes, now and where it goes. */
function hoursOf({ now, ahead }: Grown, hours: number): string {
  const last = ahead?.at(-1);
  const of = (devices: number) => `${number(Math.round(devices * hours))} h`;
  return `At ${hours} h a device and year the team needs ${of(now)} now${last === undefined ? "" : ` and ${of(last.likely)} in ${monthOf(last.until)}`}.`;
}

const supportColumns: readonly Column<SupportEnd>[] = [
  { title: "What", text: ({ what }) => what },
  { title: "Ends", text: ({ first, last }) => (first === last ? last : `${first} to ${last}`), whole: true },
  { title: "", text: ({ ended }) => (ended ? "ended" : ""), whole: true },
  { title: "Devices", text: ({ devices }) => number(devices.total), right: true },
  { title: "Whose word", text: ({ source }) => source, drop: 1 },
];

const growthColumns = (title: string): readonly Column<Grown>[] => [
  { title, text: (it) => it.of || "not known" },
  { title: "Now", text: (it) => number(it.now), right: true },
  { title: "A year ago", text: (it) => (it.yearAgo === null ? "not heard" : number(it.yearAgo)), right: true },
  { title: "Growth", text: (it) => (it.growth === null ? "" : percent(it.growth)), right: true },
  { title: "In 18 months", text: ({ ahead }) => (ahead === null ? "" : aheadOf(ahead.at(-1)!)), right: true },
  { title: "Idle", text: (it) => number(it.idle), right: true },
];

const eventColumns: readonly Column<EventList["rows"][number]>[] = [
  { title: "Device", text: (it) => it.name },
  { title: "Id", text: (it) => it.id, whole: true },
  { title: "Kind", text: (it) => it.kind ?? "not known" },
  { title: "Where", text: (it) => it.location ?? "", drop: 1 },
  { title: "When", text: (it) => dayOf(it.at) },
  { title: "Note", text: (it) => it.note ?? "", drop: 2 },
];

const rollOutColumns: readonly Column<RollOut>[] = [
  { title: "Model", text: ({ maker, model }) => [maker, model].filter((it) => it !== null).join(" ") },
  { title: "Software", text: ({ product, version }) => `${product} ${version}` },
  { title: "Since", text: ({ since }) => dayOf(since) },
  { title: "Done", text: ({ done }) => number(done), right: true },
  { title: "Waiting", text: ({ waiting }) => number(waiting.total), right: true },
  { title: "Not heard since", text: ({ notHeard }) => number(notHeard.total), right: true },
];

function aheadOf({ likely, low, high }: MonthAhead): string {
  const [a, b, c] = [likely, low, high].map((it) => number(Math.round(it)));
  return `${a} (${b} to ${c})`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function dayOf(at: number): string {
  return new Date(at / 1000).toISOString().slice(0, 10);
}

function monthOf(at: number): string {
  return dayOf(at).slice(0, 7);
}
