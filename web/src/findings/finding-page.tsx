/** One finding. What to do stands first in the document and is whole on a small screen; then what happened, why it matters, the evidence, and whether it is normal. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useRouter } from "@tanstack/react-router";
import { IconDownload, IconPhone, IconStethoscope } from "@tabler/icons-react";
import { Fragment, useEffect, useMemo } from "react";
import type { FindingDetail, FindingParty } from "../../../src/model/finding.ts";
import { lossInWords, matterInWords, standingInWords, wordInWords } from "../../../src/model/finding-words.ts";
import { api, Refused } from "../api.ts";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { CareMark } from "../marks/care.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { BASE } from "../site.ts";
import { words } from "../words.ts";
import { FindingActs } from "./finding-acts.tsx";
import { partyName } from "./finding-row.tsx";

export function FindingOne() {
  const { id } = useParams({ from: "/findings/$id" });
  const { fresh } = useLive();
  const router = useRouter();
  const { data: finding, error } = useQuery({
    queryKey: ["finding", id, fresh],
    queryFn: ({ signal }) => api.finding(id, signal),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  useKeys(
    useMemo(
      () => ({ Escape: () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/findings" })) }),
      [router],
    ),
  );
  useEffect(() => {
    if (finding !== undefined) document.title = `${finding.title} · Auscult`;
  }, [finding]);
  if (finding === undefined)
    return error === null ? <p className="waiting">The finding is on its way</p> : <Missing id={id} error={error} />;
  const { about, severity, harms, title, losses } = finding;
  return (
    <article className="finding">
      <header className="finding-head">
        <nav aria-label="Path" className="path">
          <Link to="/findings">Findings</Link> › {about === null ? "a segment" : (about.location ?? "place not known")}
        </nav>
        <p className="finding-chips">
          <SeverityWord severity={severity} />
          {harms.map((harm) => (
            <span key={harm} className={harm === "patient" ? "chip harm" : "chip"}>
              Harms the {harm}
            </span>
          ))}
          {about !== null && about.lifeCritical !== "other" && (
            <span className={about.lifeCritical === "life-supporting" ? "chip care-first" : "chip"}>
              {about.lifeCritical === "life-supporting" && <CareMark care="life-supporting" />}
              {words.capital(about.lifeCritical)}
            </span>
          )}
          <span className="quiet">{standingInWords(finding)}</span>
        </p>
        <h1>
          {title}
          {about === null ? "" : ` at ${partyName(about)}`}
        </h1>
        <FindingActs finding={finding} />
      </header>

      <div className="finding-side">
        <section className={severity === "critical" || severity === "high" ? "sheet finding-do urgent" : "sheet finding-do"}>
          <header>
            <h2>
              <IconStethoscope className="icon" size={18} stroke={1.6} aria-hidden="true" /> What to do
            </h2>
            <span className="quiet">in this order</span>
          </header>
          <ol>
            <li>
              <b>First, what it would cost.</b> {lossInWords(finding)}
              {losses.length > 0 && (
                <span className="second block">Sources: {[...new Set(losses.map(({ source }) => source))].join("; ")}</span>
              )}
            </li>
            <li>
              <b>Then, carefully.</b> {finding.remedy}
              {finding.remedy.includes("do-not-scan list") && (
                <span className="block">
                  <Link to="/do-not-scan">The do-not-scan list</Link>
                </span>
              )}
            </li>
            <li>
              <b>Say that you have it,</b> so that nobody does it twice.
            </li>
          </ol>
        </section>
        <section className="sheet">
          <header>
            <h2>
              <IconPhone className="icon" size={18} stroke={1.6} aria-hidden="true" /> Who to call
            </h2>
          </header>
          {finding.noContact === null ? (
            <ul className="finding-calls">
              {finding.contacts.map(({ who, call, hours }, index) => (
                <li key={index}>
                  <span>
                    <b>{who}</b>
                    <span className="second block">{hours === "" ? "day and night" : `${hours} o’clock`}</span>
                  </span>
                  <b className="finding-number">{call}</b>
                </li>
              ))}
            </ul>
          ) : (
            <p className="sheet-body">
              No contact for {finding.noContact}: add one. <code>auscult contacts FILE</code>
            </p>
          )}
        </section>
      </div>

      <div className="sheet finding-story">
        <section aria-labelledby="finding-happened">
          <h2 id="finding-happened">What happened</h2>
          <p>
            {words.capital(finding.summary)}. {words.time(finding.first)} to {words.time(finding.last)}, {words.count(finding.count)}{" "}
            counted.
          </p>
          <p>
            {about === null ? (
              "It is of a whole segment."
            ) : (
              <>
                It is of <Party party={about} />
                {finding.others.length === 0 ? "." : ", on the other side "}
                {finding.others.map((party, index) => (
                  <Fragment key={index}>
                    {index > 0 && "; "}
                    <Party party={party} />
                  </Fragment>
                ))}
                {finding.others.length > 0 && (finding.othersBeyond > 0 ? `; and ${words.count(finding.othersBeyond)} more.` : ".")}
              </>
            )}
          </p>
        </section>
        <section aria-labelledby="finding-matters">
          <h2 id="finding-matters">Why it matters</h2>
          <p>{matterInWords(finding)}</p>
        </section>
        <Evidence finding={finding} />
        <section aria-labelledby="finding-normal">
          <h2 id="finding-normal">Is it normal?</h2>
          <p>{usualOf(finding)}</p>
          <p>
            <b>What looks like it:</b> {finding.detectorSays.mistaken}
          </p>
          <p>
            <b>What would not be seen:</b> {finding.detectorSays.misses}
          </p>
          {finding.technique.length > 0 && <p className="quiet">ATT&amp;CK: {finding.technique.join(", ")}</p>}
        </section>
        {finding.history.length > 0 && (
          <section aria-labelledby="finding-said">
            <h2 id="finding-said">What people said of it</h2>
            <ul className="finding-history">
              {finding.history.map(({ change, at, who, reason, word }) => (
                <li key={change}>
                  <b>{words.capital(wordInWords(word))}</b>, {who}, {words.time(at)}
                  <span className="second block">{reason}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <NotAnAlarm />
    </article>
  );
}

function Evidence({ finding }: { readonly finding: FindingDetail }) {
  const { id, because, frames } = finding;
  return (
    <section aria-labelledby="finding-evidence">
      <div className="finding-evidence-head">
        <h2 id="finding-evidence">Evidence</h2>
        {frames.length > 0 && (
          <a className="button small" href={`${BASE}/api/findings/${encodeURIComponent(id)}/frames.pcapng`} download>
            <IconDownload className="icon" size={16} stroke={1.6} aria-hidden="true" />
            {words.plural(frames.length, "frame")}, headers only
          </a>
        )}
      </div>
      <ol className="timeline">
        {because.map(({ at, text }, index) => (
          <li key={index}>
            <time dateTime={new Date(at / 1000).toISOString()}>{words.clock(at)}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {frames.length === 0 ? (
        <p className="quiet">It rests on counts: no frames are kept of it.</p>
      ) : (
        <details>
          <summary>The frames, by their number in what was read</summary>
          <div className="scroll-x">
            <table className="facts-table">
              <thead>
                <tr>
                  <th scope="col">Frame</th>
                  <th scope="col">Input</th>
                  <th scope="col">When</th>
                  <th scope="col" className="number">
                    Length
                  </th>
                </tr>
              </thead>
              <tbody>
                {frames.map(([input, at, number, length]) => (
                  <tr key={`${input} ${number}`}>
                    <th scope="row" className="row-head">
                      {words.count(number)}
                    </th>
                    <td>{input}</td>
                    <td>{words.time(at)}</td>
                    <td className="number">{words.count(length)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}

function Party({ party }: { readonly party: FindingParty }) {
  const { device, name, ip, kind } = party;
  const what = `${kind ?? "kind not known"}${ip === null || ip === name ? "" : `, ${ip}`}`;
  return (
    <>
      {device === null ? (
        <b>{partyName(party)}</b>
      ) : (
        <Link to="/devices/$id" params={{ id: device }} search={{ tab: "findings" }}>
          {partyName(party)}
        </Link>
      )}{" "}
      ({what})
    </>
  );
}

function usualOf({ usual: { heardSince, before, lastBefore, elsewhere } }: FindingDetail): string {
  const since = heardSince === null ? "" : ` since ${words.time(heardSince)}, when listening began`;
  const here =
    before === 0 || lastBefore === null
      ? `The first of its kind between these${since}.`
      : `Not the first: ${words.plural(before, "time")} before between these, last ${words.time(lastBefore)}.`;
  return `${here} ${elsewhere === 0 ? "None of its kind elsewhere." : `${words.plural(elsewhere, "other finding")} of its kind elsewhere.`}`;
}

function Missing({ id, error }: { readonly id: string; readonly error: Error }) {
  return (
    <div className="sheet empty">
      <h1>{error instanceof Refused && error.status === 404 ? `No finding is called ${id}` : "The finding did not come"}</h1>
      <p>{error.message}</p>
      <Link to="/findings" className="button">
        All findings
      </Link>
    </div>
  );
}
