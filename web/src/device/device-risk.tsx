/** Risk on three sides, apart: every point with its rule, what it rests on and whence; and what each step would take away. */
import { useQuery } from "@tanstack/react-query";
import { IconBed, IconCpu, IconTopologyStar3 } from "@tabler/icons-react";
import { RISK_MAX, type DeviceRisk, type RiskPoint, type RiskSide } from "../../../src/model/risk.ts";
import { bandOf } from "../../../src/model/risk.ts";
import { api } from "../api.ts";
import { GraduatedLine, toneOf } from "../marks/graduated-line.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { TroubleLink } from "../marks/trouble-link.tsx";
import { WallLink } from "../policy/wall-link.tsx";
import { words } from "../words.ts";

const SIDES = {
  patient: { word: "To the patient", Icon: IconBed },
  device: { word: "To the device", Icon: IconCpu },
  network: { word: "To the network", Icon: IconTopologyStar3 },
} as const;

export function useRisk(id: string, fresh: number) {
  return useQuery({ queryKey: ["risk", id, fresh], queryFn: ({ signal }) => api.risk(id, signal), placeholderData: (before) => (before?.device === id ? before : undefined) }); // prettier-ignore
}

export function DeviceRiskTab({ id, fresh }: { readonly id: string; readonly fresh: number }) {
  const { data: risk, error } = useRisk(id, fresh);
  if (risk === undefined) return <p className="waiting">{error === null ? "Its risk is on its way" : error.message}</p>;
  return (
    <div className="risk">
      <section className="sheet" aria-label="Risk">
        <header>
          <h2>Risk</h2>
          <SeverityWord severity={risk.band} />
          <span>
            <b>{risk.total}</b> of {RISK_MAX}, the worst of three sides
          </span>
        </header>
        <ul className="risk-sides">
          {risk.sides.map((side) => (
            <SideLine key={side.side} side={side} />
          ))}
        </ul>
      </section>
      {risk.troubles === 0 ? (
        <p className="sheet sheet-body">
          Nothing wrong is known of it, so nothing counts: not who hangs on it, nor who comes to it. A weakness that is heard or published,
          or a finding nobody has dealt with, would stand here point by point. What is not heard is not judged.
        </p>
      ) : (
        <>
          <IfDone risk={risk} />
          {risk.sides
            .filter(({ troubles }) => troubles.length > 0)
            .map((side) => (
              <Points key={side.side} side={side} />
            ))}
        </>
      )}
      {risk.left.length > 0 && (
        <section className="sheet" aria-labelledby="risk-left">
          <header>
            <h2 id="risk-left">Counts no more</h2>
          </header>
          <ul className="sheet-body risk-left">
            {risk.left.map(({ name, title, why }) => (
              <li key={name}>
                <b>{title}</b>. {why}.
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function SideLine({ side: { side, total } }: { readonly side: RiskSide }) {
  const { word, Icon } = SIDES[side];
  const band = bandOf(total);
  return (
    <li>
      <Icon className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <span>{word}</span>
      <GraduatedLine share={total / RISK_MAX} label={`${word}: ${total} of ${RISK_MAX}`} tone={toneOf(band)} of="measure" />
      <b className="number">{total}</b>
      <SeverityWord severity={band} />
    </li>
  );
}

function IfDone({ risk: { ifDone, total, kind } }: { readonly risk: DeviceRisk }) {
  return (
    <section className="sheet" aria-labelledby="risk-done">
      <header>
        <h2 id="risk-done">If this were done</h2>
        <span className="quiet">each alone, all else as it is</span>
      </header>
      <ul className="risk-done">
        {ifDone.map(({ of, name, title, troubles, remedy, control, takesAway, minutes }) => (
          <li key={`${of} ${name}`}>
            <div>
              <p>
                <b>
                  <TroubleLink of={of} name={troubles[0]!}>
                    {title}
                  </TroubleLink>
                </b>
              </p>
              <p>{remedy}</p>
              {control !== null && (
                <p className="second">
                  Or the network: {control} <WallLink kind={kind} />
                </p>
              )}
              {minutes !== null && <p className="second">About {words.count(minutes)} minutes</p>}
            </div>
            <p className="risk-away">
              <b>{takesAway.total === 0 ? "−0" : `−${takesAway.total}`}</b>
              <span className="second block">
                {takesAway.total === 0 && takesAway.patient + takesAway.device + takesAway.network === 0
                  ? "while worse stands"
                  : `${total} to ${total - takesAway.total}; patient −${takesAway.patient}, device −${takesAway.device}, network −${takesAway.network}`}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
} // prettier-ignore

function Points({ side: { side, total, troubles, circumstances } }: { readonly side: RiskSide }) {
  const { word } = SIDES[side];
  const sum = troubles.reduce((all, { counted }) => all + counted, 0) + circumstances.reduce((all, { points }) => all + points, 0);
  return (
    <section className="sheet" aria-labelledby={`risk-${side}`}>
      <header>
        <h2 id={`risk-${side}`}>
          {word}: {total}
        </h2>
        <span className="quiet">point by point</span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls and holds nothing that takes the focus: by keyboard it is reached so */}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={`${word}, point by point`}>
        <table className="facts-table risk-points">
          <thead>
            <tr>
              <th scope="col">Points</th>
              <th scope="col">Because</th>
              <th scope="col">Whence</th>
            </tr>
          </thead>
          {troubles.map(({ of, name, title, parts, raw, share, counted }) => (
            <tbody key={name}>
              <tr className="risk-trouble">
                <th scope="row" className="number">{signed(counted)}</th>
                <td colSpan={2}>
                  <b>
                    <TroubleLink of={of} name={name}>
                      {title}
                    </TroubleLink>
                  </b>
                  {share < 100 && <span className="quiet"> {share === 0 ? `counts nothing while worse stands (${raw})` : `counts ${share} % of ${raw}, since worse stands`}</span>}
                </td>
              </tr>
              {share > 0 && parts.map((point) => <Point key={point.rule} point={point} within />)}
            </tbody>
          ))}
          {circumstances.length > 0 && (
            <tbody>
              {circumstances.map((point) => (
                <Point key={point.rule} point={point} />
              ))}
            </tbody>
          )}
          <tfoot>
            <tr>
              <th scope="row" className="number">{total}</th>
              <td colSpan={2}>
                {sum === total ? "Added up." : `Added up ${sum}; a side counts 0 to ${RISK_MAX}.`}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
} // prettier-ignore

function Point({ point: { rule, points, because, source }, within = false }: { readonly point: RiskPoint; readonly within?: boolean }) {
  return (
    <tr className={within ? "risk-part" : undefined}>
      <td className="number">{signed(points)}</td>
      <td>
        {words.capital(rule)}
        <span className="second block">{because}</span>
      </td>
      <td className="quiet">{source}</td>
    </tr>
  );
}

function signed(points: number): string {
  return points < 0 ? `−${-points}` : `+${points}`;
}
