/**
 * Which findings ask somebody to act, and which wait until one of these is taken. Each role of a site has so many places in a shift; what
 * endangers a patient takes them before all else, then what is more severe, then what came first: whoever makes ten thousand findings
 * pushes out nothing that is as harmful and was there before, and no clinical one at all.
 */
import { SEVERITIES, type Family, type Severity } from "../model/finding.ts";
import { isDangerous } from "../model/asking-words.ts";
import { TEAM, WAITS_NAMED_MAX, type AskRules, type RoleAsked } from "../model/asking.ts";

/** A finding as far as it matters here: new, and outside of all work that was announced. */
export interface Asks {
  readonly id: string;
  readonly title: string;
  readonly family: Family;
  readonly severity: Severity;
  readonly first: number;
}

const MINUTE_US = 60_000_000;
const DAY_US = 24 * 60 * MINUTE_US;

/** `now`: packet time, the recording's last moment; null while nothing was heard. One for each role that has anything, in the order of their names. */
export function askedOf(findings: readonly Asks[], rules: AskRules, now: number | null): readonly RoleAsked[] {
  const { site, roles } = rules;
  const shift = now === null ? null : shiftAt(rules, now);
  const atOnce = shift?.atOnce ?? rules.atOnce;
  const byRole = [...Map.groupBy(findings, ({ family }) => roles[family] ?? TEAM)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byRole.map(([role, all]) => {
    const sorted = all.toSorted(byHarm);
    const waiting = sorted.slice(atOnce);
    // In the order in which the first of each stands.
    const sorts = [...Map.groupBy(waiting, ({ title, severity }) => `${severity} ${title}`).values()];
    return {
      site,
      role,
      shift: shift === null ? null : { from: shift.from, to: shift.to },
      atOnce,
      asking: sorted.slice(0, atOnce).map(({ id }) => id),
      waiting: waiting.length,
      waits: sorts.slice(0, WAITS_NAMED_MAX).map((of) => ({ title: of[0]!.title, severity: of[0]!.severity, count: of.length })),
      waitsBeyond: Math.max(0, sorts.length - WAITS_NAMED_MAX),
    };
  });
}

function byHarm(a: Asks, b: Asks): number {
  return byDanger(a, b) || a.first - b.first || (a.id < b.id ? -1 : 1);
}

/** A clinical one that may cost a life before all else, then the more severe. */
export function byDanger(a: Pick<Asks, "family" | "severity">, b: Pick<Asks, "family" | "severity">): number {
  return Number(isDangerous(b)) - Number(isDangerous(a)) || rank(b.severity) - rank(a.severity);
}

/** The shift at a moment: one lasts until the next begins, the last of a day into the next day. */
function shiftAt({ shifts, atOnce }: AskRules, now: number): { readonly from: number; readonly to: number; readonly atOnce: number } {
  const day = Math.floor(now / DAY_US) * DAY_US;
  const begins = shifts.length === 0 ? [{ from: 0, atOnce }] : shifts;
  const around = [day - DAY_US, day, day + DAY_US].flatMap((it) =>
    begins.map((shift) => ({ from: it + shift.from * MINUTE_US, atOnce: shift.atOnce ?? atOnce })),
  );
  const next = around.findIndex(({ from }) => from > now);
  const current = around[next - 1]!;
  return { ...current, to: around[next]!.from };
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
