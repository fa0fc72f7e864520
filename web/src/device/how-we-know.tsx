/** Claims and the evidence behind each: what was heard, as it was sent, what it weighs, since when. What is not known stands last. */
import { useState } from "react";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../../../src/model/device.ts";
import type { DeviceDetail, EvidenceRow, Sayable, Stated } from "../../../src/model/device.ts";
import { useMay } from "../account/may.tsx";
import { SureMark, Sureness, valueOf } from "../marks/sure.tsx";
import type { Sure } from "../marks/sure.tsx";
import { at, WEIGHT_MARKS, WeightLine } from "../marks/weight-line.tsx";
import { useProtocolTitles } from "../protocols.ts";
import { words } from "../words.ts";
import { CLAIMS, claimWords, statedOf } from "./claims.ts";
import { disagreementOf } from "./disagreement.ts";
import { Machine, SpokenFor } from "./machine.tsx";
import { Override } from "./override.tsx";

const LEGEND: readonly (readonly [Sure, string])[] = [
  ["known", `Known, from ${LEAD_ASSERTED}`],
  ["probably", `Probably, from ${LEAD_PROBABLY}`],
  ["unknown", "Not known"],
  ["disagree", "Sources disagree"],
  ["said", "Said by a person"],
];

export function HowWeKnow({ device }: { readonly device: DeviceDetail }) {
  const [wrong, setWrong] = useState<Sayable | null>(null);
  const maySay = useMay("say");
  const claims = CLAIMS.map(([name, title, settles]) => ({
    name,
    title,
    settles,
    stated: statedOf(device, name),
    // Being careful needs no certainty: the care class stands also where the kind is not known.
    value: name === "lifeCritical" ? device.lifeCritical : valueOf(statedOf(device, name)),
    evidence: device.evidence.filter((row) => row.attribute === name),
    disagreement: disagreementOf(
      name,
      statedOf(device, name),
      device.evidence.filter((row) => row.attribute === name),
    ),
  })).filter((claim) => claim.name !== "lifeCritical" || claim.evidence.length > 0);
  const ordered = [...claims.filter((claim) => claim.value !== null), ...claims.filter((claim) => claim.value === null)];
  return (
    <div className="how">
      <div className="how-head">
        <p className="quiet">
          {words.plural(device.evidence.length, "source")}
          {device.spokenFor === null ? (
            ` in ${words.many(device.frames)} frames.`
          ) : (
            <>
              . <SpokenFor spokenFor={device.spokenFor} />
            </>
          )}{" "}
          Nothing was asked of the device. Weights are decibans: 10 is ten to one, 20 a hundred to one.
        </p>
        <ul className="legend">
          {LEGEND.map(([sure, word]) => (
            <li key={sure} className="sureness">
              <SureMark sure={sure} />
              {word}
            </li>
          ))}
        </ul>
      </div>
      <Machine device={device} />
      <div className="sheet claims">
        <div className="claim claim-scale" aria-hidden="true">
          <b>Claim</b>
          <b>What we say</b>
          <span className="scale">
            {WEIGHT_MARKS.map(([mark, word]) => (
              <span key={mark} style={{ left: at(mark) }}>
                {word}
              </span>
            ))}
          </span>
          <b>Sure</b>
        </div>
        {ordered.map((claim) => (
          <section key={claim.name} className="claim" aria-label={claim.title}>
            <h3>{claim.title}</h3>
            <div className="claim-value">
              <span className={claim.value === null ? "value quiet" : "value"}>{claimWords(claim.name, claim.value)}</span>
              {claim.stated?.against !== undefined && (
                <span className="second">or {claim.stated.against}, if the other sources are right</span>
              )}
              {claim.stated?.saidBy !== undefined && (
                <span className="second">Said by {claim.stated.saidBy}; the evidence stays below.</span>
              )}
              {claim.value === null && <span className="second">{claim.settles}</span>}
              {claim.disagreement !== null && <span className="second">{claim.disagreement.why}</span>}
            </div>
            <div>
              {claim.stated !== null && claim.stated.saidBy === undefined && claim.name !== "lifeCritical" && claim.evidence.length > 0 && (
                <Weights stated={claim.stated} evidence={claim.evidence} isNames={claim.name === "names"} />
              )}
            </div>
            <div className="claim-sure">
              <Sureness stated={claim.stated} />
              {maySay && claim.name !== "lifeCritical" && wrong !== claim.name && (
                <button
                  type="button"
                  className="link"
                  aria-label={`${wrongWords(claim.stated)}: ${claim.title}`}
                  onClick={() => setWrong(claim.name)}
                >
                  {wrongWords(claim.stated)}
                </button>
              )}
            </div>
            {claim.disagreement !== null && (
              <div className="sides">
                {claim.disagreement.sides.map(([value, rows]) => (
                  <Side key={value} value={claimWords(claim.name, value)} rows={rows} />
                ))}
              </div>
            )}
            {claim.disagreement === null && claim.evidence.length > 0 && (
              <Evidence
                rows={claim.evidence}
                value={claim.name === "lifeCritical" ? claim.value : (claim.stated?.value ?? null)}
                title={claim.title}
                isNames={claim.name === "names"}
              />
            )}
            {wrong === claim.name && (
              <Override id={device.id} attribute={claim.name} title={claim.title} stated={claim.stated} close={() => setWrong(null)} />
            )}
          </section>
        ))}
      </div>
    </div>
  );
}

function wrongWords(stated: Stated | null): string {
  return valueOf(stated) === null ? "Say what it is" : "That’s wrong";
}

/** A machine may have several names: one does not speak against another. */
function Weights({
  stated,
  evidence,
  isNames,
}: {
  readonly stated: Stated;
  readonly evidence: readonly EvidenceRow[];
  readonly isNames: boolean;
}) {
  const counting = evidence.filter((row) => row.weight > 0);
  const supporting = counting.filter((row) => row.value === stated.value).map((row) => row.weight);
  const against = new Map<string, number>();
  for (const row of counting)
    if (row.value !== stated.value && !isNames) against.set(row.value, (against.get(row.value) ?? 0) + row.weight);
  return <WeightLine supporting={supporting.toSorted((a, b) => b - a)} opposing={Math.max(0, ...against.values())} lead={stated.lead} />;
}

function Evidence({
  rows,
  value,
  title,
  isNames,
}: {
  readonly rows: readonly EvidenceRow[];
  readonly value: string | null;
  readonly title: string;
  readonly isNames: boolean;
}) {
  const titleOf = useProtocolTitles();
  return (
    <div className="evidence scroll-x">
      <table>
        <caption className="unseen">Evidence for {title}</caption>
        <colgroup>
          {COLUMNS.map((title) => (
            <col key={title} />
          ))}
        </colgroup>
        <thead className="unseen">
          <tr>
            {COLUMNS.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <td>
                <span className="chip">{sourceOf(row, titleOf)}</span>
              </td>
              <td>
                {row.why}
                {row.value !== value && (
                  <span className="second block">
                    {isNames ? "as" : "speaks for"} {row.value}
                  </span>
                )}
                {row.via !== null && <span className="second block">said by {row.via}</span>}
              </td>
              <td>
                <code>{row.raw}</code>
              </td>
              <td className={row.value === value || row.weight === 0 || isNames ? "weight" : "weight against"}>
                {row.weight === 0 ? <span className="quiet">0</span> : row.value === value || isNames ? `+${row.weight}` : `−${row.weight}`}
              </td>
              <td title={`${words.time(row.first)} to ${words.time(row.last)}`}>
                {words.day(row.first) === words.day(row.last) ? words.day(row.first) : `${words.day(row.first)} to ${words.day(row.last)}`}
              </td>
              <td>{howOften(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One of two values that sources disagree on, with all that speaks for it. */
function Side({ value, rows }: { readonly value: string; readonly rows: readonly EvidenceRow[] }) {
  const titleOf = useProtocolTitles();
  return (
    <section aria-label={`For ${value}`}>
      <h4>{value}</h4>
      {rows.length === 0 && <p className="quiet">Nothing that was heard says so.</p>}
      <ul>
        {rows.map((row, index) => (
          <li key={index}>
            <span className="chip">{sourceOf(row, titleOf)}</span> {row.why}
            {row.weight === 0 ? ", counts 0" : `, ${row.weight > 0 ? "+" : "−"}${Math.abs(row.weight)}`}
            <span className="second block">
              <code>{row.raw}</code> · {words.day(row.last)}, {howOften(row)}
              {row.via !== null && `, said by ${row.via}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function howOften({ count }: EvidenceRow): string {
  return count === 1 ? "once" : `${words.count(count)} times`;
}

/** Where it was heard, or who said it otherwise. */
function sourceOf({ observed, protocol }: EvidenceRow, titleOf: (protocol: string) => string): string {
  if (observed === "operator") return "Said";
  if (observed === "prefix") return "Registry";
  if (observed === "conclusion") return "Follows";
  // What others wrote down has the kind of file there, in words; protocols have names.
  if (protocol.includes(" ")) return words.capital(protocol);
  return protocol === "" ? "Packets" : titleOf(protocol);
}

const COLUMNS = ["Protocol", "What was heard", "As sent", "Weight", "When", "How often"] as const;
