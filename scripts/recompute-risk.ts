/**
 * Works out a device's risk again from what the API shows of it, and from nothing else: no part of Auscult is imported here, so that
 * whoever does not trust the figure can check it, or write this anew in an hour.
 *
 *   auscult risk d12 --json | node scripts/recompute-risk.ts
 */
type Sides = Readonly<Record<string, number>>;
interface Point {
  readonly rule: string;
  readonly points: number;
}
interface Trouble {
  readonly name: string;
  readonly parts: readonly Point[];
  readonly raw: number;
  readonly share: number;
  readonly counted: number;
}
export interface Shown {
  readonly device: string;
  readonly total: number;
  readonly band: string;
  readonly on: Sides;
  readonly sides: readonly { readonly side: string; readonly total: number; readonly circumstances: readonly Point[]; readonly troubles: readonly Trouble[] }[];
  readonly ifDone: readonly { readonly name: string; readonly troubles: readonly string[]; readonly takesAway: Sides }[];
} // prettier-ignore
export interface Weights {
  readonly rules: readonly { readonly rule: string; readonly points: Sides }[];
  readonly shares: readonly number[];
}

/** One sentence for each figure that comes out otherwise; none: all agree. */
export function recomputed(shown: Shown, { rules, shares }: Weights): readonly string[] {
  const wrong: string[] = [];
  const must = (what: string, got: unknown, want: unknown) => {
    if (got !== want) wrong.push(`${shown.device} ${what}: shown ${String(got)}, worked out ${String(want)}`);
  };
  const weight = (rule: string, side: string) => rules.find((it) => it.rule === rule)?.points[side];

  for (const { side, circumstances, troubles } of shown.sides) {
    for (const { rule, points } of circumstances) must(`${side}, ${rule}`, points, weight(rule, side));
    for (const { name, parts, raw, share, counted } of troubles) {
      const whole = parts.filter(({ points }) => points > 0).reduce((sum, { rule, points }) => {
        must(`${side}, ${name}, ${rule}`, points, weight(rule, side));
        return sum + points;
      }, 0);
      for (const { rule, points } of parts.filter((it) => it.points <= 0))
        must(`${side}, ${name}, ${rule}`, points, -Math.ceil((whole * -(weight(rule, side) ?? 0)) / 100));
      must(`${side}, ${name}, raw`, raw, parts.reduce((sum, { points }) => sum + points, 0));
      must(`${side}, ${name}, counted`, counted, Math.floor((raw * share) / 100));
    }
    must(`${side}, shares`, troubles.map(({ share }) => share).join(), troubles.map((_, at) => shares[at] ?? 0).join());
    must(`${side}, order`, troubles.every(({ raw }, at) => at === 0 || troubles[at - 1]!.raw >= raw), true);
  }
  const all = sidesWithout(shown, [], shares);
  for (const { side, total } of shown.sides) must(`${side}, total`, total, all[side]);
  for (const [side, total] of Object.entries(shown.on)) must(`on ${side}`, total, all[side]);
  const total = Math.max(...Object.values(all));
  must("total", shown.total, total);
  must("band", shown.band, total >= 85 ? "critical" : total >= 60 ? "high" : total >= 30 ? "medium" : "low");
  for (const { name, troubles, takesAway } of shown.ifDone) {
    const left = sidesWithout(shown, troubles, shares);
    for (const side of Object.keys(all)) must(`if ${name} were done, ${side}`, takesAway[side], all[side]! - left[side]!);
    must(`if ${name} were done, total`, takesAway["total"], total - Math.max(...Object.values(left)));
  }
  return wrong;
} // prettier-ignore

/** Totals when these are gone: those behind them move up. */
function sidesWithout({ sides }: Shown, gone: readonly string[], shares: readonly number[]): Sides {
  const totals = sides.map(({ side, circumstances, troubles }) => {
    const left = troubles.filter(({ name }) => !gone.includes(name));
    const counted = left.reduce((sum, { raw }, at) => sum + Math.floor((raw * (shares[at] ?? 0)) / 100), 0);
    const around = left.length === 0 ? 0 : circumstances.reduce((sum, { points }) => sum + points, 0);
    return [side, Math.min(100, Math.max(0, counted + around))] as const;
  });
  return Object.fromEntries(totals);
}

if (import.meta.main) {
  let text = "";
  for await (const piece of process.stdin.setEncoding("utf8")) text += piece;
  const { risk, rules, shares } = JSON.parse(text) as Weights & { readonly risk: Shown };
  const wrong = recomputed(risk, { rules, shares });
  console.log(wrong.length === 0 ? `${risk.device}: ${risk.total}, worked out anew and equal` : wrong.join("\n"));
  if (wrong.length > 0) process.exitCode = 1;
}
