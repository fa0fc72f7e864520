/** One weakness in the list: how severe and of which kind in the margin, then what, of how many devices, and whose. */
import { Link } from "@tanstack/react-router";
import type { WeaknessRow } from "../../../src/model/weakness-report.ts";
import { CareMark } from "../marks/care.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { words } from "../words.ts";
import { careInWords, countsInWords, KIND_WORDS } from "./weakness-words.ts";

export function WeaknessLine({ row }: { readonly row: WeaknessRow }) {
  const { name, kind, title, severity, knownExploited, byCare, last } = row;
  return (
    <li className="finding-row">
      <div className="finding-margin">
        <SeverityWord severity={severity} />
        <b>{KIND_WORDS[kind]}</b>
        <span className="second">last {words.day(last)}</span>
      </div>
      <div className="finding-what">
        <p className="finding-sentence">
          <Link to="/weaknesses/$name" params={{ name }}>
            {title}
          </Link>
          {knownExploited && (
            <>
              {" "}
              <span className="chip harm">Known exploited</span>
            </>
          )}
        </p>
        <p>{countsInWords(row)}</p>
        <p className="quiet weakness-whose">
          {byCare["life-supporting"] !== undefined && <CareMark care="life-supporting" />}
          {careInWords(row)}
        </p>
      </div>
    </li>
  );
}
