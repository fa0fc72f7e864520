/** The sections that reports are made of, a function each. */
import { CARE_CLASSES, LEAD_PROBABLY } from "../model/device.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Cell, ReportInputs, Section } from "../model/report.ts";
import type { FleetDevice, Weakness } from "../model/weakness.ts";
import { wardOf } from "../model/ward.ts";

export function today({ today: { title, sentences, beyond, work } }: ReportInputs): Section {
  return {
    id: "today",
    title: "What needs someone",
    lead: [title, ...(beyond === 0 ? [] : [`${beyond} more are not listed here.`])],
    table: {
      columns: ["How severe", "Where", "What", "Why", "What to do"],
      rows: sentences.map(({ severity, where, text: pieces, why, do: step, devices }) => [
        text(severity),
        text(where ?? "the site"),
        { text: pieces.map((it) => it.text).join(""), devices },
        text(why),
        text(step),
      ]),
      beyond: 0,
    },
    empty: `Nothing does. ${work.beyond.items === 0 ? "" : `${work.beyond.items} items of work wait.`}`,
  };
}

export function inventory({ fleet: { devices } }: ReportInputs): Section {
  const kinds = Map.groupBy(devices, kindOf);
  const rows = [...kinds].toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return {
    id: "inventory",
    title: `${devices.length} devices, by kind`,
    lead: ["A kind counts where it is at least probable. Not known means that nothing heard tells, not that nothing is there."],
    table: {
      columns: ["Kind", ...CARE_CLASSES, "All"],
      numbers: [1, 2, 3, 4, 5, 6],
      rows: rows.map(([kind, members]) => [
        text(kind),
        ...CARE_CLASSES.map((care) => counted(members.filter((it) => it.lifeCritical === care))),
        counted(members),
      ]),
      beyond: 0,
    },
    empty: "No device was heard yet.",
  };
}

export function risk({ risks, fleet }: ReportInputs): Section {
  const wardsOf = new Map(fleet.devices.map(({ id, location }) => [id, wardOf(location)]));
  const wards = Map.groupBy(risks.rows, ({ device }) => wardsOf.get(device) ?? "Not known");
  const bands = SEVERITIES.toReversed();
  const rows = [...wards].toSorted(([a, x], [b, y]) => worst(y) - worst(x) || (a < b ? -1 : 1));
  return {
    id: "risk",
    title: "Risk by ward",
    lead: [
      `Of ${risks.total} devices ${bands.map((band) => `${risks.byBand[band]} are ${band}`).join(", ")}; of ${risks.nothing} nothing wrong is known.`,
      "A device's risk is the worst of three sides, to the patient, to itself, to the network, each 0 to 100; its page names every point.",
    ],
    bars: {
      parts: bands,
      rows: rows.map(([label, members]) => ({ label, parts: bands.map((band) => members.filter((it) => it.band === band).length) })),
    },
    table: {
      columns: ["Ward", ...bands, "Worst device", "Risk", "If done"],
      numbers: [1, 2, 3, 4, 6, 7],
      rows: rows.map(([ward, members]) => {
        const [first] = members.toSorted((a, b) => b.total - a.total);
        return [
          text(ward),
          ...bands.map((band) => ids(members.filter((it) => it.band === band).map(({ device }) => device))),
          { text: first!.name, devices: [first!.device] },
          text(String(first!.total)),
          text(first!.worst === null ? "" : `−${first!.worst.takesAway.total}`),
        ];
      }),
      beyond: 0,
    },
    empty: "No device was heard yet.",
  };
}

function worst(rows: readonly { readonly total: number }[]): number {
  return Math.max(...rows.map(({ total }) => total));
}

export function weaknesses({ fleet }: ReportInputs): Section {
  const all = new Map<string, Weakness[]>();
  for (const own of fleet.weaknesses.values())
    for (const it of own) {
      if (it.word?.word === "dismissed") continue;
      const known = all.get(it.name);
      if (known === undefined) all.set(it.name, [it]);
      else known.push(it);
    }
  const severity = (found: readonly Weakness[]) => Math.max(...found.map((it) => SEVERITIES.indexOf(it.severity)));
  const rows = [...all].toSorted(([a, x], [b, y]) => severity(y) - severity(x) || y.length - x.length || (a < b ? -1 : 1));
  const having = (found: readonly Weakness[], answer: Weakness["answer"]) => found.filter((it) => it.answer === answer).map(({ device }) => device); // prettier-ignore
  return {
    id: "weaknesses",
    title: "What is wrong with them",
    lead: ["Possible means that a version was not heard, or cannot be compared. What a person dismissed is left out."],
    table: {
      columns: ["Weakness", "What", "How severe", "Affected", "Possible", "Exploited elsewhere", "The careful step"],
      numbers: [3, 4],
      rows: rows.map(([name, found]) => [
        text(name),
        text(found[0]!.title),
        text(SEVERITIES[severity(found)]!),
        ids(having(found, "affected")),
        ids(having(found, "possible")),
        text(found.some(({ danger }) => danger.knownExploited) ? "yes" : ""),
        text(found[0]!.remedy),
      ]),
      beyond: 0,
    },
    empty: "Nothing wrong is known of any device: what is not heard is not judged.",
  };
}

export function findings({ findings: { rows, matching } }: ReportInputs): Section {
  return {
    id: "findings",
    title: "What happened that should not",
    lead: matching === 0 ? [] : [`${matching} ${matching === 1 ? "finding" : "findings"} nobody is done with, the most severe first.`],
    table: {
      columns: ["Finding", "How severe", "What", "Whom", "Last", "What to do"],
      rows: rows.map(({ id, severity, title, about, last, remedy }) => [
        text(id),
        text(severity),
        text(title),
        about === null ? text("a whole segment") : { text: about.name, ...(about.device === null ? {} : { devices: [about.device] }) },
        text(time(last)),
        text(remedy),
      ]),
      beyond: matching - rows.length,
    },
    empty: "None. Networks that no mirror shows are not heard at all.",
  };
}

export function lifecycle({ lifecycle: { growth, events, rollOuts } }: ReportInputs): Section {
  const last = growth.all.ahead?.at(-1);
  const rate = growth.all.growth;
  return {
    id: "lifecycle",
    title: "How the fleet changes",
    lead: [
      `${growth.all.now} devices were heard in the last month${rate === null ? "" : `, ${Math.round(100 * rate)} % more than a year ago`}.`,
      ...(last === undefined ? [] : [`If it goes on, ${Math.round(last.likely)} in 18 months, ${Math.round(10 * growth.chance)} chances in 10 between ${Math.round(last.low)} and ${Math.round(last.high)}.`]),
      ...growth.notes,
      ...rollOuts.map((it) => `${it.model}, ${it.product} ${it.version}: ${it.done} done, ${it.waiting.total} waiting, ${it.notHeard.total} not heard since.`),
    ],
    table: {
      columns: ["What", "Devices"],
      numbers: [1],
      rows: [
        [`Came in the last ${events.days} days`, events.came] as const,
        [`Not heard for ${events.days} days`, events.silent] as const,
        ["Moved", events.moved] as const,
        ["Heard, but not at its work for two weeks", events.idle] as const,
        ["Retired, and heard", events.retiredHeard] as const,
      ].map(([what, list]) => [text(what), { text: String(list.total), devices: list.rows.map(({ id }) => id) }]),
      beyond: 0,
    },
  };
} // prettier-ignore

export function support({ lifecycle: { support: ends } }: ReportInputs): Section {
  return {
    id: "support",
    title: "Until when it is supported",
    lead: ["Systems by endoflife.date, models by the site's own table. What nobody wrote down is not here."],
    table: {
      columns: ["What", "First", "Last", "", "Devices", "Whose word"],
      numbers: [4],
      rows: ends.map(({ what, first, last, ended, devices, source }) => [
        text(what),
        text(first),
        text(last),
        text(ended ? "ended" : ""),
        { text: String(devices.total), devices: devices.rows.map(({ id }) => id) },
        text(source),
      ]),
      beyond: 0,
    },
    empty: "No device said a system whose last day is known, and no table names its model.",
  };
}

export function unheard({ coverage, today: { unheard: cures } }: ReportInputs): Section {
  return {
    id: "unheard",
    title: "What was not heard",
    lead: [...coverage.notes, ...cures.map(({ words, cure }) => (cure === "" ? words : `${words} ${cure}`))],
    table: {
      columns: ["Input", "From", "To", "Frames", "Lost", "Verdict"],
      numbers: [3, 4],
      rows: coverage.inputs.map(({ name, from, to, frames, drops, verdict }) => [
        text(name),
        text(from === null ? "" : time(from)),
        text(to === null ? "" : time(to)),
        text(String(frames)),
        text(String(drops)),
        text(verdict?.words ?? "not yet told"),
      ]),
      beyond: 0,
    },
    empty: "Nothing was listened to.",
  };
}

export function sample({ sample: drawn, fleet }: ReportInputs): Section {
  const { seed, devices } = drawn!;
  return {
    id: "sample",
    title: `${devices.length} devices drawn, from claim to what was heard`,
    lead: [`Drawn from ${fleet.devices.length} devices by seed ${seed}: the same seed draws the same. Weights are decibans; 20 is 99 %.`],
    table: {
      columns: ["Device", "What is claimed", "Value", "Weight", "Because", "By", "First", "Last", "Times"],
      numbers: [3, 8],
      rows: devices.flatMap(({ id, name, evidence }) =>
        evidence.map((it): readonly Cell[] => [
          { text: name, devices: [id] },
          text(it.attribute),
          text(it.value),
          text(String(it.weight)),
          text(it.raw === "" ? it.why : `${it.raw}: ${it.why}`),
          text(it.via === null ? it.protocol : `${it.protocol}, ${it.via}`),
          text(time(it.first)),
          text(time(it.last)),
          text(String(it.count)),
        ]),
      ),
      beyond: 0,
    },
    empty: "None was drawn: no device was heard.",
  };
}

function kindOf({ kind }: FleetDevice): string {
  return kind !== null && kind.lead >= LEAD_PROBABLY ? kind.value : "Not known";
}

function text(of: string): Cell {
  return { text: of };
}

function ids(devices: readonly string[]): Cell {
  return { text: String(devices.length), devices };
}

function counted(devices: readonly FleetDevice[]): Cell {
  return ids(devices.map(({ id }) => id));
}

function time(at: number): string {
  return at === 0 ? "never" : new Date(at / 1000).toISOString().slice(0, 16).replace("T", " ");
}
