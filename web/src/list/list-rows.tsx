/** The grid: what each row is, beside the device, and what it would say. What is doubtful stands first, since it waits for a person. */
import { Link } from "@tanstack/react-router";
import { IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";
import type { Candidate, DeviceAbout, ListPlan, ListRow } from "../../../src/model/list.ts";
import { words } from "../words.ts";
import { FIELD_WORDS } from "./list-columns.tsx";

const SHOWN = 100;
const SHOWS = [
  ["changes", "Would say something", ({ changes }: ListRow) => changes.length > 0],
  ["doubtful", "For a person", ({ state }: ListRow) => state === "doubtful"],
  ["matched", "Heard and listed", ({ state }: ListRow) => state === "matched"],
  ["listed only", "Listed only", ({ state }: ListRow) => state === "listed only" || state === "repeated"],
] as const;
type Show = (typeof SHOWS)[number][0] | "heard only";

interface ListRowsProps {
  readonly plan: ListPlan;
  /** Null: none of those heard. Undefined: as the keys say. */
  readonly choose: (row: number, device: string | null | undefined) => void;
}

export function ListRows({ plan, choose }: ListRowsProps) {
  const [show, setShow] = useState<Show>("changes");
  const [most, setMost] = useState(SHOWN);
  const shown = SHOWS.find(([name]) => name === show);
  const rows = shown === undefined ? [] : plan.rows.filter(shown[2]);
  const choices: readonly (readonly [Show, string, number])[] = [
    ...SHOWS.map(([name, title, has]) => [name, title, plan.rows.filter(has).length] as const),
    ["heard only", "Heard only", plan.heardOnlyTotal],
  ];
  return (
    <section className="sheet" aria-label="Rows">
      <header>
        <div role="group" aria-label="Which rows" className="list-shows">
          {choices.map(([name, title, count]) => (
            <button
              key={name}
              type="button"
              className="button small"
              aria-pressed={show === name}
              onClick={() => {
                setShow(name);
                setMost(SHOWN);
              }}
            >
              {title} <span className="view-count">{words.count(count)}</span>
            </button>
          ))}
        </div>
      </header>
      {show === "heard only" ? (
        <HeardOnly plan={plan} />
      ) : rows.length === 0 ? (
        <p className="sheet-body quiet">{NONE[show]}</p>
      ) : (
        <Rows rows={rows.slice(0, most)} choose={choose} />
      )}
      {rows.length > most && (
        <p className="sheet-body">
          <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
            Show {Math.min(SHOWN, rows.length - most)} more of {words.count(rows.length - most)}
          </button>
        </p>
      )}
    </section>
  );
}

const NONE: Readonly<Record<Exclude<Show, "heard only">, string>> = {
  changes: "The list says nothing that is not said already.",
  doubtful: "No row waits for a person.",
  matched: "No row is a device that was heard. Are the columns read as they are meant?",
  "listed only": "Every row has a device that was heard beside it.",
};

function Rows({ rows, choose }: { readonly rows: readonly ListRow[]; readonly choose: ListRowsProps["choose"] }) {
  return (
    <div className="scroll-x">
      <table className="facts-table list-table">
        <thead>
          <tr>
            <th scope="col" className="number">
              Row
            </th>
            <th scope="col">Listed</th>
            <th scope="col">Heard</th>
            <th scope="col">Would say</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <th scope="row" className="row-head number">
                {row.row}
              </th>
              <td>
                <Listed row={row} />
              </td>
              <td>{row.state === "matched" ? <Heard {...row.candidates[0]!} /> : <Doubtful row={row} choose={choose} />}</td>
              <td>
                <Said row={row} />
                {row.chosen ? (
                  <button type="button" className="link" onClick={() => choose(row.row, undefined)}>
                    Chosen by you: take it back<span className="unseen"> in row {row.row}</span>
                  </button>
                ) : (
                  row.state === "matched" && (
                    <button type="button" className="link" onClick={() => choose(row.row, null)}>
                      Not this device<span className="unseen"> in row {row.row}</span>
                    </button>
                  )
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Listed({ row: { cells } }: { readonly row: ListRow }) {
  const { controlNumber, names, maker, model, kind, serial, mac, ip } = cells;
  return <Two first={[controlNumber, names, maker, model].filter(isGiven).join(" · ") || (kind ?? "")} second={[kind, serial, mac, ip].filter(isGiven).join(" · ")} />; // prettier-ignore
}

function Heard({ device, agrees }: Candidate) {
  return (
    <div className="two-lines">
      <Link to="/devices/$id" params={{ id: device.id }}>
        {device.name}
      </Link>
      <span className="line2">
        {aboutWords(device)}
        {agrees.length > 0 ? ` · by ${agrees.join(", ")}` : " · said by you"}
      </span>
    </div>
  );
}

/** Side by side: which of them it is, is a person's to say. */
function Doubtful({ row, choose }: { readonly row: ListRow; readonly choose: ListRowsProps["choose"] }) {
  if (row.candidates.length === 0) return <span className="quiet">Not heard</span>;
  return (
    <ul className="list-candidates">
      {row.candidates.map(({ device, agrees, against }) => (
        <li key={device.id}>
          <div className="two-lines">
            <Link to="/devices/$id" params={{ id: device.id }}>
              {device.name}
            </Link>
            <span className="line2">{aboutWords(device)}</span>
            <span className="line2">
              agrees: {agrees.join(", ")}
              {against.length > 0 && <b> · {against.join("; ")}</b>}
            </span>
          </div>
          <button
            type="button"
            className="button small"
            aria-label={`Row ${row.row} is ${device.name}`}
            onClick={() => choose(row.row, device.id)}
          >
            It is this
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className="button small plain"
          aria-label={`Row ${row.row} is none of these`}
          onClick={() => choose(row.row, null)}
        >
          None of these
        </button>
      </li>
    </ul>
  );
}

function Said({ row: { changes, notes, state } }: { readonly row: ListRow }) {
  return (
    <ul className="list-said">
      {changes.map(({ attribute, from, to }) => (
        <li key={attribute}>
          {FIELD_WORDS[attribute as keyof typeof FIELD_WORDS]}:{" "}
          {from !== "" && (
            <>
              <s>{from}</s> <IconArrowRight className="icon" size={14} stroke={1.6} aria-label="becomes" />{" "}
            </>
          )}
          <b className="list-word">{to}</b>
        </li>
      ))}
      {changes.length === 0 && state === "matched" && <li className="quiet">Unchanged</li>}
      {notes.map((note) => (
        <li key={note} className="second">
          {words.capital(note)}
        </li>
      ))}
    </ul>
  );
}

function HeardOnly({ plan: { heardOnly, heardOnlyTotal } }: { readonly plan: ListPlan }) {
  if (heardOnlyTotal === 0) return <p className="sheet-body quiet">Every device that was heard stands in a row.</p>;
  return (
    <div className="scroll-x">
      <table className="facts-table list-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">What it is</th>
            <th scope="col">Serial number</th>
            <th scope="col">Address</th>
          </tr>
        </thead>
        <tbody>
          {heardOnly.map((device) => (
            <tr key={device.id}>
              <th scope="row" className="row-head">
                <Link to="/devices/$id" params={{ id: device.id }}>
                  {device.name}
                </Link>
              </th>
              <td>
                <Two
                  first={device.kind === "" ? "Not known" : words.capital(device.kind)}
                  second={device.made === "" ? "maker not known" : device.made}
                />
              </td>
              <td>{device.serial === "" ? <span className="quiet">Not known</span> : device.serial}</td>
              <td>
                <Two first={device.ip} second={device.mac} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {heardOnlyTotal > heardOnly.length && (
        <p className="sheet-body second">
          The first {words.count(heardOnly.length)} of {words.count(heardOnlyTotal)}.
        </p>
      )}
    </div>
  );
}

function Two({ first, second }: { readonly first: string; readonly second: string }) {
  return (
    <div className="two-lines">
      <span>{first}</span>
      <span className="line2">{second}</span>
    </div>
  );
}

function aboutWords({ kind, made, serial, mac, ip }: DeviceAbout): string {
  return [words.capital(kind), made, serial, mac, ip].filter(isGiven).join(" · ");
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}
