/**
 * A system whose maker mends it no more: what is found in it from then on stays open for good.
 *
 * The day it is asked for is the later one of when the device was last heard and of the knowledge: a capture of long ago, or a clock that
 * stands wrong, makes no system young again.
 */
import { feedDays, perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { SUPPORT_SOURCE, type SupportRow } from "../knowledge/support.ts";
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { dayOf } from "./heard.ts";
import { editionsOf, heardSystem } from "./heard-system.ts";

export const systemEndOfSupport: Condition = {
  name: "system-end-of-support",
  kind: "end of support",
  title: "Its operating system is mended no more",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Ask the maker which newer version of the device runs on a system that is still mended, and plan the exchange. Until then let it work as it is: what a maker did not approve is not installed.",
  control: "Let only those it works with reach it, and nobody by file shares or remote desktop who need not.",
  cured: "It says another system",
  minutes: 240,
  source: "endoflife.date; Microsoft's lifecycle pages for embedded editions",
  misses: "Systems that say no version of themselves on the network, and updates a maker gives out under a contract of its own.",

  examine(device) {
    const knowledge = loadKnowledge();
    return endedBy(device, knowledge, asOf(device, knowledgeDay()));
  },
};
const knowledgeDay = perEdition(() => feedDays()[SUPPORT_SOURCE] ?? "1970-01-01");

/** YYYY-MM-DD. */
export function asOf({ last }: FleetDevice, day: string): string {
  const heard = dayOf(last);
  return heard > day ? heard : day;
}

export function* endedBy(device: FleetDevice, knowledge: Knowledge, day: string): Generator<Examined> {
  const system = heardSystem(device, knowledge);
  if (system === null) return;
  const editions = editionsOf(system, knowledge);
  const ended = editions.filter(({ ends }) => ends !== "" && ends < day);
  // By its name alone it may be one that is mended, as most machines of that name are.
  if (ended.length === 0 || (ended.length < editions.length && system.build === "")) return;
  const isCertain = system.sure && ended.length === editions.length && editions.every(({ endsPaid }) => endsPaid < day);
  yield {
    title: `${namesOf(editions, system.name)} ${isCertain ? "is mended no more" : "may be mended no more"}`,
    answer: isCertain ? "affected" : "possible",
    severity: isCertain ? "high" : "medium",
    because: [
      { at: system.at, text: system.because },
      { at: system.at, text: daysOf(editions, day) },
    ],
    source: [...new Set(ended.map(({ source }) => source))].join("; "),
  };
}

/** "Windows 7 or Windows Server 2008 R2". */
function namesOf(editions: readonly SupportRow[], name: string): string {
  const systems = [...new Set(editions.map(({ system }) => system))];
  return systems.length > 3 ? name : systems.join(" or ");
}

const EDITIONS_MAX = 8;

/** "Windows 7 SP1 until 2020-01-14; …": both candidates where builds are shared, so that a person can tell which it is. */
function daysOf(editions: readonly SupportRow[], day: string): string {
  const shown = editions.toSorted((a, b) => (a.ends || "9") < (b.ends || "9") ? -1 : 1).slice(0, EDITIONS_MAX); // prettier-ignore
  const words = shown.map(({ edition, ends, endsPaid }) => {
    const paid = endsPaid > ends ? `, for who pays until ${endsPaid}` : "";
    return ends === "" ? `${edition} still` : `${edition} until ${ends}${paid}`;
  });
  const more = editions.length > shown.length ? `; ${editions.length - shown.length} more editions` : "";
  return `Mended: ${words.join("; ")}${more}. As of ${day}`;
}
