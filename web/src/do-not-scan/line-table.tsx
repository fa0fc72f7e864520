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
        <table className="facts-table">
          <thead>
            <tr>
              {["Who", "Addresses", "Why", CONFIRMED, ENDS, "Say"].map((it) => (
                <th key={it} scope="col">
                  {it}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
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
    <tr className={state === "listed" ? undefined : "scanning-unlisted"}>
      <th scope="row" className="row-head">
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
      <td className="scanning-addresses">
        {addresses.map((it) => (
          <Address key={it.ip} address={it} />
        ))}
        {state === "no address" && "Not heard, cannot be excluded by address."}
        {written.length > 0 && (
          <span className="second block">Others wrote down {written.slice(0, WRITTEN_MAX).join(", ")}: not heard there.</span>
        )}
      </td>
      <td className="scanning-why">
        <Why line={line} />
      </td>
      <td data-head={CONFIRMED}>{confirmed === null ? <span className="quiet">Never</span> : words.day(confirmed)}</td>
      <td data-head={ENDS}>{ends === null ? <span className="quiet">Nothing to end</span> : words.day(ends)}</td>
      <td className="scanning-say">
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
