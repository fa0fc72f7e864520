/** One list of verdicts, what a patient loses most by first. Each opens in place: what was heard, and the lines that would allow it. */
import { IconClock, IconHandStop, IconQuestionMark } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { PolicyReport, ReportedVerdict } from "../../../src/model/policy-report.ts";
import { CareMark } from "../marks/care.tsx";
import { words } from "../words.ts";

const SHOWN = 50;
/** Of one story. */
const NAMED_MAX = 2;
const TOLD_MAX = 20;
const KINDS = [
  ["would block", "Would block", IconHandStop],
  ["cannot tell", "Cannot tell", IconQuestionMark],
] as const;

export function Verdicts({ report }: { readonly report: PolicyReport }) {
  const { verdicts, verdictsTotal, notHeard, waiting } = report;
  return (
    <div className="policy-split">
      <div className="policy-verdicts">
        {verdicts.length === 0 && <p className="notice">Nothing that was heard would be blocked, and of nothing it is in doubt.</p>}
        {KINDS.map(([verdict, title]) => {
          const own = verdicts.filter((it) => it.verdict === verdict);
          return [...Map.groupBy(own, ({ care }) => care)].map(([care, some]) => (
            <Section key={`${verdict} ${care}`} title={title} care={care} rows={some} />
          ));
        })}
        {verdictsTotal > verdicts.length && (
          <p className="notice">
            {words.count(verdictsTotal - verdicts.length)} more are not listed here: auscult policy check lists all of them.
          </p>
        )}
      </div>
      <aside className="policy-side" aria-label="Not heard yet, and who waits">
        <section className="sheet">
          <header>
            <h2>
              <IconClock className="icon" size={18} stroke={1.6} aria-hidden="true" /> Not heard yet
            </h2>
            <span className="quiet">{words.count(notHeard.length)}</span>
          </header>
          {notHeard.length === 0 ? (
            <p className="sheet-body quiet">Whatever a profile says these devices need was heard.</p>
          ) : (
            <ul className="policy-list stacked">
              {notHeard.map((it) => (
                <li key={`${it.client} ${it.purpose} ${it.service}`}>
                  <b>{words.capital(it.purpose)}</b>
                  <span>
                    {it.client} → {it.server}, {it.service}
                  </span>
                  <span className={it.rule === null ? "policy-none" : "quiet"}>
                    {it.rule === null ? "No rule names it" : `Rule ${it.rule} keeps it`}
                  </span>
                  <span className="quiet">
                    {words.capital(it.rhythm)}; {it.source}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
        {waiting.length > 0 && (
          <section className="sheet">
            <header>
              <h2>Waiting</h2>
              <span className="quiet">{words.plural(waiting.length, "device")}</span>
            </header>
            <ul className="policy-list stacked">
              {waiting.map((it) => (
                <li key={`${it.group} ${it.device}`}>
                  <Link to="/devices/$id" params={{ id: it.device }} search={{ tab: "how" }}>
                    {it.name}
                  </Link>
                  <span className="quiet">
                    for {it.group}: {it.because}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </aside>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly care: ReportedVerdict["care"];
  readonly rows: readonly ReportedVerdict[];
}

function Section({ title, care, rows }: SectionProps) {
  const [most, setMost] = useState(SHOWN);
  const stories = storiesOf(rows);
  return (
    <section className="sheet" aria-label={`${title}, ${care}`}>
      <header>
        <h2>
          {care !== "not known" && <CareMark care={care} />} {title}: {care}
        </h2>
        <span className="quiet">
          {words.plural(rows.length, "conversation")} in {words.plural(stories.length, "story", "stories")}
        </span>
      </header>
      <ul>
        {stories.slice(0, most).map((story, place) => (
          <li key={place}>
            <Story rows={story} />
          </li>
        ))}
      </ul>
      {stories.length > most && (
        <p className="sheet-body">
          <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
            Show {Math.min(SHOWN, stories.length - most)} more of {words.count(stories.length - most)}
          </button>
        </p>
      )}
    </section>
  );
}

/** The same service between the same kinds or groups, for the same reason: one edit is about all of it. */
function storiesOf(rows: readonly ReportedVerdict[]): readonly (readonly ReportedVerdict[])[] {
  const end = ({ kind, group }: ReportedVerdict["client"]) => (kind === "" ? String(group) : kind);
  return [...Map.groupBy(rows, (it) => [it.service, end(it.client), end(it.server), it.because].join("\0")).values()];
}

function Story({ rows }: { readonly rows: readonly ReportedVerdict[] }) {
  const it = rows[0]!;
  const [, word, Icon] = KINDS.find(([verdict]) => verdict === it.verdict)!;
  const days = Math.max(...rows.map((row) => row.days));
  const last = Math.max(...rows.map((row) => row.last));
  // What stands behind it is made when somebody looks: of hundreds of stories it would be thousands of links.
  const [isOpen, setOpen] = useState(false);
  const spoken = [...new Set(rows.flatMap((row) => row.spoken.split(" ")))].join(" ");
  return (
    <details className="verdict" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={`verdict-word ${it.verdict === "would block" ? "blocks" : "unsure"}`}>
          <Icon className="icon" size={16} stroke={1.8} aria-hidden="true" /> {word}
        </span>
        <span className="verdict-who">
          <b>
            {named(rows.map(({ client }) => client.name))} → {named(rows.map(({ server }) => server.name))}
          </b>
          {it.purpose !== "" && <span className="second block">{words.capital(it.purpose)}</span>}
        </span>
        <span>
          {it.service}
          {spoken !== "" && <span className="second block">{spoken}</span>}
        </span>
        <span>
          {rows.length > 1 && "up to "}
          {words.plural(days, "day")}
          <span className="second block">last {words.day(last)}</span>
        </span>
      </summary>
      {isOpen && <More rows={rows} />}
    </details>
  );
}

function More({ rows }: { readonly rows: readonly ReportedVerdict[] }) {
  const it = rows[0]!;
  return (
    <div className="verdict-more">
      <div>
        <h3>What was heard</h3>
        <ul>
          {rows.slice(0, TOLD_MAX).map((row, place) => (
            <li key={place}>
              <End end={row.client} /> → <End end={row.server} />: {words.count(row.packets)} packets on {words.plural(row.days, "day")},
              last {words.time(row.last)}. Who began it is known by {row.side === "guessed" ? "nothing: guessed" : `the ${row.side}`}.
            </li>
          ))}
        </ul>
        {rows.length > TOLD_MAX && <p className="quiet">And {words.plural(rows.length - TOLD_MAX, "more conversation")}.</p>}
        {it.without !== "" && <p>Without it: {it.without}.</p>}
        {it.because !== "" && <p>Cannot tell: {it.because}.</p>}
      </div>
      {it.edit !== "" && (
        <div>
          <h3>{rows.every(({ edit }) => edit === it.edit) ? "The edit that would allow it" : "The edit that would allow the first"}</h3>
          <pre className="policy-edit">{it.edit}</pre>
        </div>
      )}
    </div>
  );
}

function End({ end: { device, name, kind } }: { readonly end: ReportedVerdict["client"] }) {
  return (
    <>
      <Link to="/devices/$id" params={{ id: device }}>
        {name}
      </Link>
      {kind !== "" && <span className="quiet"> {kind}</span>}
    </>
  );
}

/** "INFU-01, INFU-02 and 20 more" */
function named(names: readonly string[]): string {
  const each = [...new Set(names)];
  const more = each.length - NAMED_MAX;
  return `${each.slice(0, NAMED_MAX).join(", ")}${more > 0 ? ` and ${words.count(more)} more` : ""}`;
}
