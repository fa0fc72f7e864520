/** A recall's list, ward by ward: whom to look for, ticked off by name and date, taken back, printed, and closed by its count. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPrinter } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import type { RecallTick, TickedEntry, TickList } from "../../../src/model/recall.ts";
import { May } from "../account/may.tsx";
import { api, sheetAddress } from "../api.ts";
import { DidNotCome } from "../devices/nothing.tsx";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";

const TICKS = [
  ["found", "Found"],
  ["not meant", "Not meant"],
] as const;

export function TickListPage() {
  const { number } = useParams({ from: "/recalls/$number" });
  const { data, error, refetch } = useQuery({ queryKey: ["recalls", number], queryFn: ({ signal }) => api.recallList(number, signal) });
  useEffect(() => {
    if (data !== undefined) document.title = `${data.title} · Auscult`;
  }, [data]);
  if (data === undefined)
    return error === null ? <p className="waiting">The list is on its way</p> : <DidNotCome what="The list" error={error} again={() => void refetch()} />; // prettier-ignore
  return (
    <div className="lifecycle-page">
      <header>
        <nav aria-label="Path" className="path">
          <Link to="/lifecycle">Lifecycle</Link> › Recall {data.number}
        </nav>
        <h1>
          {data.title}: {data.words}
        </h1>
        <p className="page-lead">{leadOf(data)}</p>
        <p className="report-files">
          <a className="button small" href={sheetAddress(number, "html")} target="_blank" rel="noreferrer">
            <IconPrinter className="icon" size={16} stroke={1.6} aria-hidden="true" /> Open to print
          </a>
          <a className="button small" href={sheetAddress(number, "csv")}>
            Save as CSV
          </a>
        </p>
      </header>
      {data.wards.map((it) => (
        <WardSheet key={it.ward ?? ""} number={number} of={it} />
      ))}
    </div>
  );
}

function leadOf({ who, at, recording, closed }: TickList): string {
  const begun = `Begun by ${who}, ${words.day(at)}, of what was heard in ${recording}.`;
  return closed === null ? begun : `${begun} Closed ${words.day(closed)}: none is left.`;
}

function WardSheet({ number, of: { ward, words: count, entries } }: { readonly number: string; readonly of: TickList["wards"][number] }) {
  const title = ward ?? "Place not known";
  return (
    <section className="sheet" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="quiet">{count}</span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways on a narrow screen: by keyboard it is reached so */}
      <div className="scroll-x" tabIndex={0} role="group" aria-label={`${title}, as a table`}>
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">What it is</th>
              <th scope="col">Last place</th>
              <th scope="col">State</th>
              <th scope="col">Ticked off</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((it) => (
              <Entry key={it.id} number={number} entry={it} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Entry({ number, entry }: { readonly number: string; readonly entry: TickedEntry }) {
  const { id, name, what, place, last, state, missing } = entry;
  return (
    <tr>
      <th scope="row" className="row-head">
        {state === "listed only" ? (
          name
        ) : (
          <Link to="/devices/$id" params={{ id }}>
            {name}
          </Link>
        )}
      </th>
      <td>{what}</td>
      <td>
        {place ?? <span className="quiet">not known</span>}
        <span className="second block">{last === null ? "never heard" : `last heard ${words.day(last)}`}</span>
      </td>
      <td>
        {words.capital(state)}
        {missing !== "" && <span className="second block">{missing}</span>}
      </td>
      <td>
        <Ticks number={number} entry={entry} />
      </td>
    </tr>
  );
}

function Ticks({ number, entry: { id, name, tick } }: { readonly number: string; readonly entry: TickedEntry }) {
  const client = useQueryClient();
  const send = async (word: RecallTick["word"]) => {
    try {
      await api.tickRecall(number, id, word);
      await client.invalidateQueries({ queryKey: ["recalls"] });
      say(word === null ? `Taken back: ${name} is left again.` : `${name}: ${word}.`);
    } catch (error) {
      sayWrong(error);
    }
  };
  return (
    <>
      {tick !== null && (
        <p>
          {words.capital(tick.word!)} by {tick.who}, {words.day(tick.at)}
          {tick.note !== "" && `: ${tick.note}`}
        </p>
      )}
      <May right="say" instead={tick === null ? <span className="quiet">Left</span> : null}>
        <div className="finding-buttons">
          {tick === null ? (
            TICKS.map(([word, title]) => (
              <button key={word} type="button" className="button small" onClick={() => void send(word)}>
                {title}
                <span className="unseen"> is {name}</span>
              </button>
            ))
          ) : (
            <button type="button" className="button small plain" onClick={() => void send(null)}>
              Take back
              <span className="unseen"> what was said of {name}</span>
            </button>
          )}
        </div>
      </May>
    </>
  );
}
