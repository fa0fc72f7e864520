/** One weakness: the careful step first, what the network can do, how the cure is seen; then what it is, whence we have it, and its devices. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useRouter } from "@tanstack/react-router";
import { IconStethoscope } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import type { Weakness } from "../../../src/model/weakness.ts";
import type { WeakDevice, WeaknessDetail } from "../../../src/model/weakness-report.ts";
import { api, Refused } from "../api.ts";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { CareMark } from "../marks/care.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { words } from "../words.ts";
import { Held } from "./held.tsx";
import { WeaknessActs } from "./weakness-acts.tsx";
import { careInWords, countsInWords, dangerInWords, KIND_SENTENCES, KIND_WORDS } from "./weakness-words.ts";

const PAGE = 100;

export function WeaknessOne() {
  const { name } = useParams({ from: "/weaknesses/$name" });
  const { fresh } = useLive();
  const router = useRouter();
  const [pages, setPages] = useState(1);
  const { data, error } = useQuery({
    queryKey: ["weaknesses", "one", name, pages, fresh],
    queryFn: ({ signal }) => api.weakness(name, 0, Math.min(PAGE * pages, 1_000), signal),
    placeholderData: (before) => (before?.name === name ? before : undefined),
  });
  useKeys(
    useMemo(
      () => ({ Escape: () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/weaknesses" })) }),
      [router],
    ),
  );
  useEffect(() => {
    if (data !== undefined) document.title = `${data.title} · Auscult`;
  }, [data]);
  const [first] = data?.devices ?? [];
  if (data === undefined || first === undefined)
    return error === null ? <p className="waiting">The weakness is on its way</p> : <Missing name={name} error={error} />;
  return (
    <article className="finding">
      <Head detail={data} />
      <div className="finding-side">
        <ToDo weakness={first.weakness} severity={data.severity} />
      </div>
      <div className="sheet finding-story">
        <What weakness={first.weakness} detail={data} />
        <section aria-labelledby="weakness-devices">
          <h2 id="weakness-devices">Its devices</h2>
          <ul className="weak-devices">
            {data.devices.map((it) => (
              <WeakOne key={it.id} it={it} first={first.weakness} />
            ))}
          </ul>
          {data.matching > data.devices.length && (
            <p>
              <button type="button" className="button" onClick={() => setPages(pages + 1)}>
                More: {words.count(data.devices.length)} of {words.count(data.matching)} are shown
              </button>
            </p>
          )}
        </section>
      </div>
    </article>
  );
}

function Head({ detail }: { readonly detail: WeaknessDetail }) {
  const { title, kind, severity, harms, knownExploited, byCare } = detail;
  return (
    <header className="finding-head">
      <nav aria-label="Path" className="path">
        <Link to="/weaknesses">Weaknesses</Link> ›{" "}
        <Link to="/weaknesses" search={{ kind }}>
          {KIND_WORDS[kind]}
        </Link>
      </nav>
      <p className="finding-chips">
        <SeverityWord severity={severity} />
        {knownExploited && <span className="chip harm">Known exploited</span>}
        {harms.map((harm) => (
          <span key={harm} className={harm === "patient" ? "chip harm" : "chip"}>
            Harms the {harm}
          </span>
        ))}
        <span className="quiet weakness-whose">
          {byCare["life-supporting"] !== undefined && <CareMark care="life-supporting" />}
          {careInWords(detail)}
        </span>
      </p>
      <h1>
        {title}: {countsInWords(detail)}
      </h1>
    </header>
  );
}

function ToDo({ weakness, severity }: { readonly weakness: Weakness; readonly severity: WeaknessDetail["severity"] }) {
  const { remedy, control, cured, minutes } = weakness;
  return (
    <section className={severity === "critical" || severity === "high" ? "sheet finding-do urgent" : "sheet finding-do"}>
      <header>
        <h2>
          <IconStethoscope className="icon" size={18} stroke={1.6} aria-hidden="true" /> What to do
        </h2>
        <span className="quiet">about {words.count(minutes)} min a device</span>
      </header>
      <ol>
        <li>
          <b>Carefully.</b> {remedy}
        </li>
        <li>
          <b>Until then, the network.</b>{" "}
          {control === null ? (
            "It can do nothing about this."
          ) : (
            <>
              {control} <Link to="/policy">Policies</Link>
            </>
          )}
        </li>
        <li>
          <b>Seen to be done.</b> {cured === null ? "Traffic cannot show it: dismiss it when somebody has seen it done." : `${cured}.`}
        </li>
      </ol>
    </section>
  );
}

function What({ weakness: { danger, advisory, source }, detail }: { readonly weakness: Weakness; readonly detail: WeaknessDetail }) {
  const dangers = dangerInWords(danger);
  return (
    <section aria-labelledby="weakness-what">
      <h2 id="weakness-what">What it is</h2>
      <p>{KIND_SENTENCES[detail.kind]}</p>
      {dangers.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <p className="quiet">
        Heard to be so{" "}
        {detail.first === detail.last ? `at ${words.time(detail.last)}` : `from ${words.time(detail.first)} to ${words.time(detail.last)}`}.
      </p>
      {advisory !== null && (
        <>
          <p>
            <b>{advisory.id}</b>, {advisory.title}: {advisory.product} of {advisory.vendor}, updated {advisory.updated}.
          </p>
          <p className="second weakness-cves">{advisory.cves.join(", ")}</p>
        </>
      )}
      <p className="second">Source: {source}</p>
    </section>
  );
}

/** What is otherwise than of the first is said. */
function WeakOne({ it, first }: { readonly it: WeakDevice; readonly first: Weakness }) {
  const { id, name, kind, maker, model, location, lifeCritical, weakness } = it;
  const what = [kind ?? "kind not known", [maker, model].filter((part) => part !== null).join(" "), lifeCritical];
  return (
    <li className={weakness.word?.word === "dismissed" ? "dismissed" : undefined}>
      <p>
        <Link to="/devices/$id" params={{ id }} search={{ tab: "weaknesses" }}>
          {name}
        </Link>{" "}
        <CareMark care={lifeCritical} />{" "}
        <span className="quiet">
          {location ?? "Place not known"} · {what.filter((part) => part !== "").join(", ")}
        </span>
      </p>
      {weakness.severity !== first.severity && <SeverityWord severity={weakness.severity} />}
      {weakness.title !== first.title && (
        <p>
          <b>{weakness.title}</b>
        </p>
      )}
      <Held weakness={weakness} />
      {weakness.remedy !== first.remedy && (
        <p>
          <b>What to do here:</b> {weakness.remedy}
        </p>
      )}
      <WeaknessActs weakness={weakness} device={it} />
    </li>
  );
}

function Missing({ name, error }: { readonly name: string; readonly error: Error }) {
  const isNone = error instanceof Refused && error.status === 404;
  return (
    <div className="sheet empty">
      <h1>{isNone ? "No device has this weakness" : "The weakness did not come"}</h1>
      <p>{isNone ? `None has one called ${name} as it stands: it may be cured, or not heard in this recording.` : error.message}</p>
      <Link to="/weaknesses" className="button">
        All weaknesses
      </Link>
    </div>
  );
}
