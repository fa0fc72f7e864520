/** `auscult today`: what needs someone, in at most seven sentences, and the work that fits the team's week. */
import { clean } from "../bytes/text.ts";
import { askRulesIn } from "../link/ask-rules.ts";
import { standingWallsIn } from "../link/standing-walls.ts";
import { Hours, keepTeam, teamIn } from "../link/team.ts";
import { withCalls } from "../link/today-calls.ts";
import { NOT_AN_ALARM } from "../model/finding-words.ts";
import { FILLED_PERCENT, type TodayCalled } from "../model/today.ts";
import { recordingFor, withReader } from "./recording.ts";
import { severityMark, severityStyle } from "./risk.ts";
import { CommandError, number, paint, plural, print, say, table, time, type Column } from "./terminal.ts";
import { calledBy } from "./wall.ts";

export interface TodayOptions {
  readonly data: string;
  readonly recording?: string;
  /** As typed: said from now on. */
  readonly hours?: string;
  readonly who?: string;
  readonly json?: boolean;
}

export async function today({ data, recording, hours, who, json }: TodayOptions): Promise<void> {
  if (hours !== undefined) {
    const said = Hours.safeParse(hours.trim() === "" ? Number.NaN : Number(hours));
    if (!said.success) throw new CommandError(`--hours: expected hours a week such as 6 or 7.5, got "${hours}"`);
    keepTeam(data, { hours: said.data, who: calledBy(who), at: Date.now() * 1_000 });
  }
  const { name, path } = recordingFor(data, recording);
  const { asked, troubles } = standingWallsIn(data);
  const team = teamIn(data);
  const it = await withReader(path, (reader) => reader.today({ ...asked, hours: team?.hours ?? null, asking: askRulesIn(data) }));
  const whole = withCalls(it, data, new Date().getHours());
  if (json) return print(`${JSON.stringify({ schema: "auscult.today/1", ...whole })}\n`);
  say(`Recording ${name}.`);
  for (const trouble of troubles) say(trouble);
  await print(sentencesIn(whole));
  if (whole.work.items.length > 0) await print(`\n${workHead(whole)}\n${table(COLUMNS, whole.work.items)}`);
  for (const { devices, title, days, all } of whole.done)
    say(`Done, and seen to be done: ${clean(devices[0]!.name)}${all === 1 ? "" : ` and ${number(all - 1)} more`}: ${clean(title)}: not heard for ${plural(days, "day")}.`);
  for (const { words, cure } of whole.unheard) say(`${clean(words)}${cure === "" ? "" : ` ${clean(cure)}`}`);
  say(workFoot(whole));
  if (whole.trend !== "") say(clean(whole.trend));
  say(`As of ${Object.entries(whole.knowledge).map(([source, day]) => `${clean(source)} ${day}`).join(", ")}.`);
  for (const words of whole.keptOut) say(`${clean(words)}: auscult update`);
  say(NOT_AN_ALARM);
} // prettier-ignore

function sentencesIn({ title, at, sentences, beyond, waiting }: TodayCalled): string {
  const lines = [`${paint("bold", title)}${at === null ? "" : paint("gray", `   as of ${time(at)} UTC`)}`];
  for (const { severity, where, text, why, do: step, contacts, noContact } of sentences) {
    const place = where === null ? "" : `${clean(where)}: `;
    lines.push(paint(severityStyle(severity), `${severityMark(severity)} ${place}${clean(text.map((it) => it.text).join(""))}`));
    lines.push(`   why   ${clean(why)}`, `   do    ${clean(step)}`);
    lines.push(contacts.length === 0 ? `   call  nobody is written down for ${clean(noContact ?? "this")}: auscult contacts FILE` : `   call  ${contacts.map((it) => `${clean(it.who)}, ${clean(it.call)}`).join("; then ")}`); // prettier-ignore
  }
  if (beyond > 0) lines.push(paint("gray", `   ${number(beyond)} more: auscult findings, auscult risk`));
  for (const words of waiting) lines.push(paint("gray", `   ${clean(words)}`));
  return `${lines.join("\n")}\n`;
}

function workHead({ work: { minutes, hours } }: TodayCalled): string {
  const planned = minutes === null ? "" : paint("gray", `   ${inHours(minutes.planned)} of ${inHours(minutes.most)} that may be planned of ${hours} h a week`);
  return `${paint("bold", "Work list")}${planned}`;
} // prettier-ignore

function workFoot({ work: { hours, items, beyond } }: TodayCalled): string {
  const more = beyond.items + beyond.devices === 0 ? "" : ` ${plural(beyond.devices, "device")} wait for another week.`;
  if (items.length === 0 && beyond.items === 0) return "No work is known that would take away danger: what is not heard is not judged.";
  if (hours !== null)
    return `${more === "" ? "All known work fits." : more.trim()} Of the team's hours ${FILLED_PERCENT} % are planned at most.`;
  return `How many hours a week has the team? auscult today --hours 6 cuts the list to them.${more}`;
}

function inHours(minutes: number): string {
  return `${Math.round(minutes / 6) / 10} h`;
}

const COLUMNS: readonly Column<TodayCalled["work"]["items"][number]>[] = [
  { title: "Risk", text: ({ severity }) => `${severityMark(severity)} ${severity}`, style: ({ severity }) => severityStyle(severity) },
  { title: "Do", text: ({ step }) => step },
  { title: "Why", text: ({ title }) => title, drop: 3 },
  {
    title: "Where",
    text: ({ devices, all, thisWeek, kind, where }) =>
      `${all === 1 ? devices[0]!.name : `${thisWeek < all ? `${thisWeek} of ` : ""}${kind === null ? plural(all, "device") : `${all} × ${kind}`}`}${where === null ? "" : `, ${where}`}`,
  },
  { title: "Its own danger", text: ({ danger }) => danger, drop: 4 },
  { title: "Takes away", text: ({ takesAway }) => `−${takesAway}`, right: true, whole: true },
  { title: "Who", text: ({ contacts }) => contacts[0]?.who ?? "nobody written down", drop: 2 },
  { title: "Minutes", text: ({ minutes }) => number(minutes), right: true, whole: true, drop: 1 },
];
