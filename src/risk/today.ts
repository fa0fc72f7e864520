/** Today, from what a recording knows at one moment: the same recording gives the same page. */
import { keptOutInWords } from "../knowledge/kept-out.ts";
import { waitingInWords } from "../model/asking-words.ts";
import type { GuardView } from "../model/guard.ts";
import { NAMED_MAX, SENTENCES_MAX, type Done, type Sentence, type Today } from "../model/today.ts";
import { trendInWords } from "../model/trend.ts";
import type { Fleet, FleetDevice, Weakness } from "../model/weakness.ts";
import { inWords } from "./group.ts";
import { quietDays } from "./quiet.ts";
import { order } from "./risk.ts";
import { sentencesOf, type Heard } from "./sentences.ts";
import { workOf } from "./work.ts";

/** More good news is no news. */
const DONE_MAX = 5;

/** Whoever drives it may do something else between its steps. */
export function* todayOf(heard: Heard, hours: number | null): Generator<undefined, Today> {
  const { fleet, coverage, rated } = heard;
  const sentences = sentencesOf(heard);
  yield;
  const work = yield* workOf(rated, hours);
  return {
    at: fleet.to,
    title: titleOf(sentences.length, fleet),
    sentences: sentences.slice(0, SENTENCES_MAX),
    beyond: Math.max(0, sentences.length - SENTENCES_MAX),
    waiting: heard.asked.flatMap((it) => waitingInWords(it) ?? []),
    work,
    done: doneIn(fleet).slice(0, DONE_MAX),
    unheard: [
      ...guardsUnsaid(heard.guards, sentences.slice(0, SENTENCES_MAX)),
      ...coverage.inputs.flatMap(({ name, verdict }) =>
        verdict === null || verdict.kind === "good" ? [] : [{ words: `${name}: ${verdict.words}`, cure: verdict.cure }],
      ),
      ...coverage.notes.map((words) => ({ words, cure: "" })),
    ],
    trend: heard.trend === null ? "" : trendInWords(heard.trend),
    knowledge: fleet.knowledge,
    keptOut: heard.keptOut.map(keptOutInWords),
    devices: fleet.devices.length,
  };
}

/** A guard that hears not all stands beside where no sentence says so: it learns, no life hangs on it, or others are more urgent. */
function guardsUnsaid(guards: readonly GuardView[], shown: readonly Sentence[]): Today["unheard"] {
  const said = new Set(shown.flatMap(({ kind, why }) => (kind === "guard" ? [why] : [])));
  return guards
    .filter(({ devices, state, says }) => devices > 0 && state !== "hearing" && !said.has(says))
    .map(({ title, state, says, cure, isUrgent }) => {
      const help = state === "learning" || isUrgent ? "" : ` ${cure}.`;
      // What cures it is asked of people: no line to be typed.
      return { words: `${title}: ${says}.${help}`, cure: "" };
    });
}

function titleOf(count: number, { devices }: Fleet): string {
  if (devices.length === 0) return "No device was heard yet";
  if (count === 0) return "Nothing that was heard needs someone today";
  return `${inWords(count)} ${count === 1 ? "thing needs" : "things need"} someone today`;
}

function doneIn({ devices, weaknesses, to }: Fleet): readonly Done[] {
  if (to === null) return [];
  const quiet = devices.flatMap((device) =>
    (weaknesses.get(device.id) ?? []).flatMap((weakness) => {
      const days = quietDays(weakness, device, to);
      return days === null || weakness.word?.word === "dismissed" ? [] : [{ device, weakness, days }];
    }),
  );
  return [...Map.groupBy(quiet, ({ weakness, days }) => `${weakness.name} ${days}`).values()]
    .map((together) => doneOf(together))
    .sort((a, b) => a.days - b.days || b.all - a.all || order(a.title, b.title));
}

function doneOf(together: readonly { readonly device: FleetDevice; readonly weakness: Weakness; readonly days: number }[]): Done {
  const { weakness, days } = together[0]!;
  return {
    title: weakness.title,
    words: weakness.cured!,
    days,
    devices: together.slice(0, NAMED_MAX).map(({ device: { id, name } }) => ({ id, name })),
    all: together.length,
  };
}
