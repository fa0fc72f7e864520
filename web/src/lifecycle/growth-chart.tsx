/** The fleet on chart paper: ink for what was counted, gentian and dashed for what is foretold, its band behind it. The same as a table below. */
import type { Grown } from "../../../src/model/lifecycle.ts";
import { words } from "../words.ts";

const WIDTH = 800;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 64;
const TOP = 14;
const FOOT = 26;
/** Lines across, about so many. */
const STEPS = 5;

export function GrowthChart({ grown: { months, ahead, now } }: { readonly grown: Grown }) {
  const foretold = ahead ?? [];
  const from = months[0]!.until;
  const until = foretold.at(-1)?.until ?? months.at(-1)!.until;
  const values = [...months.map(({ count }) => count), ...foretold.flatMap(({ low, high }) => [low, high])];
  const step = stepOf(Math.max(...values) - Math.min(...values));
  const bottom = Math.max(0, Math.floor(Math.min(...values) / step) * step - step);
  const top = Math.ceil(Math.max(...values) / step) * step;
  const x = (at: number) => round(LEFT + ((at - from) / Math.max(1, until - from)) * (WIDTH - LEFT - RIGHT));
  const y = (count: number) => round(HEIGHT - FOOT - ((count - bottom) / (top - bottom)) * (HEIGHT - TOP - FOOT));
  const today = months.at(-1)!;
  const last = foretold.at(-1);
  const line = (points: readonly (readonly [number, number])[]) => `M${points.map((it) => it.join(" ")).join("L")}`;
  const start = [x(today.until), y(today.count)] as const;
  const lines = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, at) => bottom + at * step);
  const every = Math.max(1, Math.ceil((months.length + foretold.length) / 6));

  return (
    <>
      <svg className="growth-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {lines.map((count) => (
          <g key={count}>
            <path className="paper" d={`M${LEFT} ${y(count)}H${WIDTH - RIGHT}`} />
            <text x={LEFT - 8} y={y(count) + 4} textAnchor="end">
              {words.count(count)}
            </text>
          </g>
        ))}
        {[...months, ...foretold]
          .filter((_, at) => at % every === 0)
          .map(({ until: at }) => (
            <text key={at} x={x(at)} y={HEIGHT - 6} textAnchor="middle">
              {words.month(at)}
            </text>
          ))}
        {last !== undefined && (
          <>
            <path
              className="band"
              d={`${line([start, ...foretold.map((it) => [x(it.until), y(it.high)] as const), ...foretold.toReversed().map((it) => [x(it.until), y(it.low)] as const)])}z`}
            />
            <path className="ahead" d={line([start, ...foretold.map((it) => [x(it.until), y(it.likely)] as const)])} />
            <path className="today" d={`M${start[0]} ${TOP}V${HEIGHT - FOOT}`} />
            {[last.high, last.low].map((count) => (
              <text key={count} x={WIDTH - RIGHT + 8} y={y(count) + 4}>
                {words.count(Math.round(count))}
              </text>
            ))}
            <text className="likely" x={WIDTH - RIGHT + 8} y={y(last.likely) + 4}>
              {words.count(Math.round(last.likely))}
            </text>
          </>
        )}
        <path className="counted" d={line(months.map((it) => [x(it.until), y(it.count)] as const))} />
        {months.map((it) => (
          <circle key={it.until} cx={x(it.until)} cy={y(it.count)} r="3" />
        ))}
        <text className="now" x={start[0]} y={start[1] - 10} textAnchor="end">
          {words.count(now)}
        </text>
      </svg>
      <details className="growth-table">
        <summary>View as table</summary>
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">Month until</th>
                <th scope="col" className="number">
                  Devices
                </th>
                <th scope="col" className="number">
                  Between
                </th>
              </tr>
            </thead>
            <tbody>
              {months.map(({ until: at, count }) => (
                <tr key={at}>
                  <td>{words.day(at)}</td>
                  <td className="number">{words.count(count)}</td>
                  <td className="number quiet">heard</td>
                </tr>
              ))}
              {foretold.map(({ until: at, likely, low, high }) => (
                <tr key={at}>
                  <td>{words.day(at)}</td>
                  <td className="number">{words.count(Math.round(likely))}</td>
                  <td className="number">
                    {words.count(Math.round(low))} to {words.count(Math.round(high))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

/** 1, 2 or 5 times a power of ten. */
function stepOf(range: number): number {
  const rough = Math.max(1, range / STEPS);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough)!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
