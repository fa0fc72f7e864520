/** The lines of the do-not-scan list: sure ones first, by what hangs on them. */
import { Link } from "@tanstack/react-router";
import type { DoNotScanLine, SparedAddress } from "../../../src/model/do-not-scan.ts";
import { CareMark } from "../marks/care.tsx";
import { SureMark } from "../marks/sure.tsx";
import { words } from "../words.ts";
import { ScanningActs } from "./scanning-acts.tsx";
import { STATE_WORDS } from "./scanning-words.ts";

export function LineTable({ rows }: { readonly rows: readonly DoNotScanLine[] }) {
  return (
    <section className="sheet scanning-lines" aria-label="Lines of the do-not-scan list">
      <div className="scroll-x">
        {/* Its roles are said: on a narrow page a line is no row of the browser's, and would be none to a screen reader. */}
        <table className="facts-table" role="table">
          <thead role="rowgroup">
            <tr role="row">
              {["Who", "Addresses", "Why", CONFIRMED, ENDS, "Say"].map((it) => (
                <th key={it} scope="col" role="columnheader">
                  {it}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((line) => (
              <Line key={line.about} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const CONFIRMED = "Last confirmed";
const ENDS = "Ends";

function Line({ line }: { readonly line: DoNotScanLine }) {
  const { about, device, name, kind, location, lifeCritical, state, addresses, written, confirmed, ends } = line;
  return (
    <tr role="row" className={state === "listed" ? undefined : "scanning-unlisted"}>
      <th scope="row" role="rowheader" className="row-head">
        {device === null ? (
          name
        ) : (
          <>
            <Link to="/devices/$id" params={{ id: device }}>
              {name}
            </Link>{" "}
            <CareMark care={lifeCritical} />
          </>
        )}
        <span className="second block">
          {device === null ? "Of no device: a person wrote it" : [kind, location].filter((it) => it !== null).join(" · ")}
        </span>
        {state !== "listed" && <span className="chip">{STATE_WORDS[state]}</span>}
      </th>
      <td role="cell" className="scanning-addresses">
        {addresses.map((it) => (
          <Address key={it.ip} address={it} />
        ))}
        {state === "no address" && "Not heard, cannot be excluded by address."}
        {written.length > 0 && (
          <span className="second block">Others wrote down {written.slice(0, WRITTEN_MAX).join(", ")}: not heard there.</span>
        )}
      </td>
      <td role="cell" className="scanning-why">
        <Why line={line} />
      </td>
      <td role="cell" data-head={CONFIRMED}>
        {confirmed === null ? <span className="quiet">Never</span> : words.day(confirmed)}
      </td>
      <td role="cell" data-head={ENDS}>
        {ends === null ? <span className="quiet">Nothing to end</span> : words.day(ends)}
      </td>
      <td role="cell" className="scanning-say">
        <ScanningActs about={about} name={name} line={line} />
      </td>
    </tr>
  );
}
const WRITTEN_MAX = 3;

function Address({ address: { ip, since } }: { readonly address: SparedAddress }) {
  return (
    <span className="block">
      <b>{ip}</b>
      {since !== null && <span className="second block">since {words.day(since)}</span>}
    </span>
  );
}

/** All of its reasons, each with whence; what is only probable says so. */
function Why({ line: { reasons, word, state } }: { readonly line: DoNotScanLine }) {
  return (
    <>
      {state === "taken off" && word !== null && (
        <p className="weakness-word">
          May be scanned, says {word.who}: {word.reason}
        </p>
      )}
      <ul>
        {reasons.map(({ by, words: text, source, sure }) => (
          <li key={`${by} ${source} ${text}`}>
            <SureMark sure={by === "person" ? "said" : sure ? "known" : "probably"} /> {by === "person" || sure ? "" : "Probably: "}
            {words.capital(text)}.<span className="second block">{by === "person" ? `Said by ${source}` : source}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
