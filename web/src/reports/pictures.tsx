/** Pictures of a report's tables, drawn as its file draws them: bars side by side, and a count over time with what is foretold. */
import type { Bars, Line } from "../../../src/model/report.ts";
import { words } from "../words.ts";

const WIDTH = 900;
const LEFT = 260;
const ROW = 24;
const LABEL_MAX = 40;
const HEIGHT = 220;
const SIDE = 60;
const FOOT = 26;
const TOP = 18;

export function BarsPicture({ bars: { rows, parts }, title }: { readonly bars: Bars; readonly title: string }) {
  const sums = rows.map((row) => row.parts.reduce((sum, it) => sum + it, 0));
  const unit = (WIDTH - LEFT - 40) / Math.max(1, ...sums);
  return (
    <figure className="report-picture">
      <figcaption>
        {parts.map((part, at) => (
          <span key={part}>
            <span className={`key part${at}`} aria-hidden="true" /> {part}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${rows.length * ROW}`} role="img" aria-label={`${title}: the same as in the table below`}>
        {rows.map((row, line) => (
          <g key={line}>
            <text x={LEFT - 8} y={line * ROW + 16} textAnchor="end">
              {row.label.slice(0, LABEL_MAX)}
            </text>
            {row.parts.map((count, part) => (
              <rect
                key={parts[part]}
                className={`part${part}`}
                x={LEFT + unit * row.parts.slice(0, part).reduce((sum, it) => sum + it, 0)}
                y={line * ROW + 4}
                width={unit * count}
                height={ROW - 8}
              />
            ))}
            <text x={LEFT + unit * sums[line]! + 6} y={line * ROW + 16}>
              {words.count(sums[line]!)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

export function LinePicture({ line: { counted, ahead }, title }: { readonly line: Line; readonly title: string }) {
  const all = [...counted.map(({ value }) => ({ low: value, high: value })), ...ahead];
  const least = Math.min(...all.map(({ low }) => low));
  const range = Math.max(1, Math.max(...all.map(({ high }) => high)) - least);
  const x = (at: number) => SIDE + (at / Math.max(1, all.length - 1)) * (WIDTH - 2 * SIDE);
  const y = (value: number) => HEIGHT - FOOT - ((value - least) / range) * (HEIGHT - FOOT - TOP);
  const path = (points: readonly (readonly [number, number])[]) => `M${points.map((it) => it.join(" ")).join("L")}`;
  const dots = counted.map(({ value }, at) => [x(at), y(value)] as const);
  const now = dots.at(-1)!;
  const foretold = (of: (it: Line["ahead"][number]) => number) => ahead.map((it, step) => [x(counted.length + step), y(of(it))] as const);
  const last = ahead.at(-1);
  return (
    <figure className="report-picture growth-chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: the same as in the table below`}>
        {last !== undefined && (
          <>
            <path className="band" d={`${path([now, ...foretold(({ high }) => high), ...foretold(({ low }) => low).toReversed()])}z`} />
            <path className="ahead" d={path([now, ...foretold(({ value }) => value)])} />
            <text x={x(all.length - 1) + 6} y={y(last.value) + 4}>
              {words.count(last.value)}
            </text>
            <text x={x(all.length - 1)} y={HEIGHT - 6} textAnchor="end">
              {last.label}
            </text>
          </>
        )}
        <path className="counted" d={path(dots)} />
        {dots.map(([at, height], month) => (
          <circle key={month} cx={at} cy={height} r="3" />
        ))}
        <text x={now[0]} y={now[1] - 8} textAnchor="end">
          {words.count(counted.at(-1)!.value)}
        </text>
        <text x={dots[0]![0]} y={HEIGHT - 6}>
          {counted[0]!.label}
        </text>
        <text x={now[0]} y={HEIGHT - 6} textAnchor="middle">
          {counted.at(-1)!.label}
        </text>
      </svg>
    </figure>
  );
}
