/**
 * What could be said today, each in one sentence with why and the first careful step: findings nobody is done with, guards that hear
 * nothing, our own deafness, the worst risks, systems past their support, newcomers and what fell silent. Sorted by what a patient loses.
 */
import { counted } from "../bytes/thousands.ts";
import type { KeptOutFeed } from "../knowledge/kept-out.ts";
import { CARE_CLASSES, type CareClass } from "../model/device.ts";
import type { Finding } from "../model/finding.ts";
import type { GuardState, GuardView } from "../model/guard.ts";
import type { Severity } from "../model/finding.ts";
import { SENTENCE_KINDS, type Piece, type Sentence } from "../model/today.ts";
import type { RoleAsked } from "../model/asking.ts";
import { isDangerous } from "../model/asking-words.ts";
import type { Coverage, InputCoverage } from "../model/store.ts";
import type { Trend } from "../model/trend.ts";
import type { Fleet } from "../model/weakness.ts";
import { wardCalled } from "../model/ward.ts";
import { heaviest, inWords, lower, named, partyOf, wardName, type Rated } from "./group.ts";
import { known, order, rank } from "./risk.ts";

const DAY_US = 86_400e6;
/** In a recording shorter than this everything is new. */
const USUAL_DAYS = 3;
/** What nobody cares for at night is silent for a night and a weekend. */
const SILENT_DAYS = 3;
/** A device that is gone for a month was told of for a month. */
const SILENT_DAYS_MAX = 30;

export interface Heard {
  readonly fleet: Fleet;
  readonly rated: readonly Rated[];
  /** Those nobody is done with, as far as it is their turn. */
  readonly findings: readonly Finding[];
  readonly asked: readonly RoleAsked[];
  readonly guards: readonly GuardView[];
  readonly coverage: Coverage;
  /** Null while nothing was heard. */
  readonly trend: Trend | null;
  readonly keptOut: readonly KeptOutFeed[];
}

export function sentencesOf(heard: Heard): readonly Sentence[] {
  // What may cost a life stands before all else, however many others are as severe.
  const [dangerous = [], others = []] = [true, false].map((is) => heard.findings.filter((it) => isDangerous(it) === is));
  return [
    ...inOrder(ofFindings(dangerous)),
    ...inOrder([
      ...ofFindings(others),
      ...ofGuards(heard.guards),
      ...ofHearing(heard.coverage),
      ...ofRisks(heard.rated),
      ...ofSupport(heard),
      ...ofNewcomers(heard.fleet),
      ...ofSilent(heard.fleet),
    ]),
  ];
}

function inOrder(said: readonly Sentence[]): readonly Sentence[] {
  return said.toSorted(
    (a, b) =>
      rank(b.severity) - rank(a.severity) ||
      careRank(a.care) - careRank(b.care) ||
      SENTENCE_KINDS.indexOf(a.kind) - SENTENCE_KINDS.indexOf(b.kind) ||
      (b.since ?? 0) - (a.since ?? 0) ||
      order(plainly(a), plainly(b)),
  );
}

export function plainly({ text }: Pick<Sentence, "text">): string {
  return text.map((piece) => piece.text).join("");
}

/** What a patient hangs on first; what is of no device is before what no patient hangs on. */
function careRank(care: CareClass | null): number {
  return care === null ? CARE_CLASSES.indexOf("other") - 0.5 : CARE_CLASSES.indexOf(care);
}

const plain = (text: string): Piece => ({ text, device: null });

function ofFindings(findings: readonly Finding[]): readonly Sentence[] {
  const shown = findings.filter(({ severity }) => severity !== "low");
  const place = ({ about }: Finding) => (about?.location == null ? null : wardCalled(about.location));
  return [...Map.groupBy(shown, (it) => JSON.stringify([it.detector, it.severity, place(it)])).values()].map((together) => {
    const [first] = together as [Finding, ...Finding[]];
    const about = [...new Map(together.flatMap((it) => it.about ?? []).map((it) => [it.device ?? it.name, it])).values()];
    const [one, ...more] = about;
    const whom: readonly Piece[] =
      one === undefined
        ? []
        : more.length === 0
          ? [plain(" at "), { text: one.name, device: one.device }]
          : [plain(` at ${counted(about.length, "device")}`)];
    return {
      kind: "finding",
      severity: first.severity,
      care: CARE_CLASSES.find((care) => about.some(({ lifeCritical }) => lifeCritical === care)) ?? null,
      where: place(first),
      since: Math.min(...together.map((it) => it.first)),
      text: [plain(first.title), ...whom, plain(".")],
      why: together.length === 1 ? first.summary : `${together.length} findings, the latest: ${first.summary}`,
      do: first.remedy,
      devices: about.flatMap((it) => it.device ?? []),
      finding: first.id,
      weakness: null,
      party: one === undefined ? null : { location: one.location, kind: one.kind, maker: one.maker },
    };
  });
}

const GUARD_SEVERITY: Readonly<Record<GuardState, Severity | null>> = {
  blind: "high",
  "half-blind": "medium",
  learning: null,
  hearing: null,
};

function ofGuards(guards: readonly GuardView[]): readonly Sentence[] {
  return guards.flatMap(({ title, state, says, devices, care, cure, isUrgent, unnoticed }) => {
    const severity = GUARD_SEVERITY[state];
    if (severity === null || devices === 0 || !isUrgent) return [];
    return [
      {
        ...NOBODY,
        kind: "guard" as const,
        severity,
        care,
        text: [plain(`The guard over ${lower(title)} is ${state}: ${unnoticed}.`)],
        why: says,
        do: cure,
      },
    ];
  });
}

const NOBODY = { where: null, since: null, devices: [], finding: null, weakness: null, party: null } as const;

/** Verdicts on a mirror that leave much unheard; the rest is worth a word and nobody's morning. */
const DEAF: ReadonlySet<string> = new Set(["silent", "onlyBroadcasts", "oneDirection", "dropping", "nothingClinical"]);

function ofHearing({ inputs }: Coverage): readonly Sentence[] {
  // Of a file that was read years ago nothing can be mended; what comes live is.
  const deaf = inputs.filter((it) => it.live && it.verdict !== null && DEAF.has(it.verdict.kind));
  return [...Map.groupBy(deaf, ({ verdict }) => verdict!.kind).values()].map((together) => {
    const [first] = together as [InputCoverage, ...InputCoverage[]];
    return {
      ...NOBODY,
      kind: "hearing" as const,
      severity: "high" as const,
      care: null,
      since: first.from,
      text: [plain(`We do not hear all at ${together.map(({ name }) => name).join(", ")}: ${withoutStop(lower(first.verdict!.words))}.`)],
      why: "What is not heard is in no sentence and no risk here",
      do: first.verdict!.cure === "" ? "Look at the mirror port" : first.verdict!.cure,
    };
  });
}

/** Of a kind in a ward with the same worst weakness one sentence; findings have their own. */
function ofRisks(rated: readonly Rated[]): readonly Sentence[] {
  const high = rated.filter(({ risk: { band, worst } }) => (band === "critical" || band === "high") && worst?.of === "weakness");
  const key = ({ device, risk }: Rated) => JSON.stringify([risk.band, risk.worst!.name, known(device.kind), wardName(device)]);
  return [...Map.groupBy(high, key).values()].map((together) => {
    const [first] = together.toSorted((a, b) => b.risk.total - a.risk.total) as [Rated, ...Rated[]];
    const { device, risk } = first;
    const devices = together.map((it) => it.device);
    const worst = risk.ifDone[0]!;
    const where = wardName(device);
    return {
      kind: "risk" as const,
      severity: risk.band,
      care: heaviest(devices),
      where,
      since: null,
      text: [named(devices, known(device.kind)), plain(`: ${withoutStop(titled(worst.title))}.`)],
      why: `Risk ${risk.total}${together.length === 1 ? "" : " and less"}, most of it to the ${sideOf(risk.on)}; ${risk.worst!.takesAway.total} points less when it is done`,
      do: worst.remedy,
      devices: devices.map(({ id }) => id),
      finding: null,
      weakness: worst.troubles[0]!,
      party: partyOf(devices),
    };
  });
}

function sideOf(on: Rated["risk"]["on"]): string {
  const most = Math.max(...Object.values(on));
  return (["patient", "device", "network"] as const).find((side) => on[side] === most)!;
}

function ofSupport({ fleet, rated }: Heard): readonly Sentence[] {
  const told = new Set(rated.filter(({ risk }) => risk.band === "critical" || risk.band === "high").map(({ device }) => device.id));
  const past = fleet.devices.flatMap((device) => {
    const names = fleet.weaknesses.get(device.id) ?? [];
    return names.some(({ kind, word }) => kind === "end of support" && word?.word !== "dismissed") ? [device] : [];
  });
  // Those have a sentence of their own.
  if (past.every(({ id }) => told.has(id))) return [];
  const surely = past.some(({ id }) =>
    fleet.weaknesses.get(id)!.some(({ kind, answer }) => kind === "end of support" && answer === "affected"),
  );
  const facing = past.filter(({ lifeCritical }) => lifeCritical !== "other" && lifeCritical !== "clinical IT").length;
  return [
    {
      ...NOBODY,
      kind: "support",
      severity: "medium",
      care: heaviest(past),
      text: [
        plain(
          `${inWords(past.length)} ${past.length === 1 ? "device" : "devices"} ${surely ? (past.length === 1 ? "is" : "are") : "may be"} past support, by system or by model`,
        ),
        plain(facing === 0 ? "." : `; ${facing === past.length ? "all" : facing} of them treat or watch patients.`),
      ],
      why: surely
        ? "Nobody mends what is found in it from now on"
        : "Which release or model it is was not heard for sure; of some nobody mends what is found from now on",
      do: "Plan their replacement with biomedical engineering, or a wall around them until then",
      devices: past.map(({ id }) => id),
      party: partyOf(past),
    },
  ];
}

function ofNewcomers({ devices, from, to }: Fleet): readonly Sentence[] {
  if (from === null || to === null || to - from < USUAL_DAYS * DAY_US) return [];
  const all = devices.filter((it) => it.standing === "device" && it.first > to - DAY_US);
  if (all.length === 0) return [];
  const unknown = all.filter(({ kind }) => known(kind) === null).length;
  return [
    {
      kind: "newcomers",
      severity: unknown > 0 ? "medium" : "low",
      care: heaviest(all),
      where: partyOf(all).location,
      since: Math.min(...all.map(({ first }) => first)),
      text: [
        named(all, partyOf(all).kind),
        plain(` ${all.length === 1 ? "was" : "were"} first heard in the last 24 hours${unknown === 0 ? "" : all.length === 1 ? ", and nobody knows what it is" : `; of ${unknown} nobody knows what they are`}.`),
      ],
      why: `In ${Math.floor((to - from) / DAY_US)} days before, nothing of ${all.length === 1 ? "it" : "them"} was heard`,
      do: "Look at the label on site and say what it is",
      devices: all.map(({ id }) => id),
      finding: null,
      weakness: null,
      party: partyOf(all),
    },
  ];
} // prettier-ignore

/** Said to be in use, or nothing said. */
const MISSED: ReadonlySet<string | undefined> = new Set([undefined, "in service"]);

function ofSilent({ devices, to }: Fleet): readonly Sentence[] {
  if (to === null) return [];
  const silent = devices.filter(
    ({ standing, lifeCritical, status, last }) =>
      standing === "device" &&
      (lifeCritical === "life-supporting" || lifeCritical === "therapy") &&
      MISSED.has(status?.value) &&
      last > to - SILENT_DAYS_MAX * DAY_US &&
      last < to - SILENT_DAYS * DAY_US,
  );
  if (silent.length === 0) return [];
  const one = silent.length === 1;
  return [
    {
      kind: "silent",
      severity: "medium",
      care: heaviest(silent),
      where: partyOf(silent).location,
      since: Math.min(...silent.map(({ last }) => last)),
      text: [named(silent, partyOf(silent).kind), plain(` ${one ? "has" : "have"} not been heard for ${SILENT_DAYS} days and more.`)],
      why: "Switched off, in store, moved to where we do not listen, or our own deafness",
      do: "Look for it on the ward; say workshop, store or retired where it is so",
      devices: silent.map(({ id }) => id),
      finding: null,
      weakness: null,
      party: partyOf(silent),
    },
  ];
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

/** Within a sentence. Most titles begin with a name (Telnet, EternalBlue, a maker), which stays as it is written. */
function titled(title: string): string {
  return /^(?:An?|Its?|The) /u.test(title) ? lower(title) : title;
}
