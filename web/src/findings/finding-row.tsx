/** One finding in a list: where, since when and how severe in the margin, then what, to whom, and where it stands. */
import { Link } from "@tanstack/react-router";
import type { Finding, FindingParty } from "../../../src/model/finding.ts";
import { standingInWords } from "../../../src/model/finding-words.ts";
import { SeverityWord } from "../marks/severity.tsx";
import { words } from "../words.ts";

interface FindingRowProps {
  readonly finding: Finding;
  /** Its turn has not come: it asks nobody yet. */
  readonly waits: boolean;
}

export function FindingRow({ finding, waits }: FindingRowProps) {
  const { id, title, about, summary, severity, last, standing, planned } = finding;
  const isWorst = severity === "critical" && standing.state === "new" && planned === null && !waits;
  return (
    <li className={isWorst ? "finding-row worst" : "finding-row"}>
      <div className="finding-margin">
        <b>{about === null ? "A segment" : (about.location ?? "Place not known")}</b>
        <span className="second" title={words.time(last)}>
          last {words.time(last)}
        </span>
        <SeverityWord severity={severity} />
      </div>
      <div className="finding-what">
        <p className="finding-sentence">
          <Link to="/findings/$id" params={{ id }}>
            {title}
          </Link>
          {about !== null && (
            <>
              {" "}
              at <b>{partyName(about)}</b>
            </>
          )}
          {whoElse(finding)}
        </p>
        <p className="quiet">{summary}</p>
        <p className="second">
          {waits ? "Waits until others are taken. " : ""}
          {standingInWords(finding)}
        </p>
      </div>
    </li>
  );
}

export function partyName({ name, ip, mac }: FindingParty): string {
  return name === "" ? (ip ?? mac ?? "not known") : name;
}

function whoElse({ others, othersBeyond }: Finding): string {
  const [first, ...rest] = others;
  if (first === undefined) return "";
  const more = rest.length + othersBeyond;
  return `, with ${partyName(first)}${more === 0 ? "" : ` and ${words.count(more)} more`}`;
}
