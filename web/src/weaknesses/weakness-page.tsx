/** One weakness: the careful step first, what the network can do, how the cure is seen; then what it is, whence we have it, and its devices. */
import { Link, useParams, useRouter } from "@tanstack/react-router";
import { IconStethoscope } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import type { Weakness } from "../../../src/model/weakness.ts";
import type { WeaknessDetail } from "../../../src/model/weakness-report.ts";
import { Refused } from "../api.ts";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { CareMark } from "../marks/care.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { WallLink } from "../policy/wall-link.tsx";
import { words } from "../words.ts";
import { useWeakDevices } from "./use-weak-devices.ts";
import { WeakDevices } from "./weak-devices.tsx";
import { careInWords, countsInWords, dangerInWords, KIND_SENTENCES, KIND_WORDS } from "./weakness-words.ts";

export function WeaknessOne() {
  const { name } = useParams({ from: "/weaknesses/$name" });
  const { fresh } = useLive();
  const router = useRouter();
  const { data, error } = useWeakDevices(name, 0, fresh);
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
        <ToDo weakness={first.weakness} detail={data} />
      </div>
      <div className="sheet finding-story">
        <What weakness={first.weakness} detail={data} />
        <section aria-labelledby="weakness-devices">
          <h2 id="weakness-devices">Its devices</h2>
          <WeakDevices key={name} detail={data} first={first.weakness} version={fresh} />
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

function ToDo({ weakness, detail: { severity, kinds } }: { readonly weakness: Weakness; readonly detail: WeaknessDetail }) {
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
              {control}
              <Walls kinds={kinds} />
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

/** Of each kind that has it, the policy that would do it; of none that is known, where policies are. */
function Walls({ kinds }: Pick<WeaknessDetail, "kinds">) {
  return (
    <ul className="weakness-walls">
      {(kinds.length === 0 ? [null] : kinds.slice(0, KINDS_LINKED)).map((it) => (
        <li key={it?.kind ?? ""}>
          <WallLink kind={it?.kind ?? null} />
        </li>
      ))}
      {kinds.length > KINDS_LINKED && (
        <li>
          <Link to="/policy-draft" search={{ only: kinds.map(({ kind }) => kind) }}>
            A draft for all {words.count(kinds.length)} kinds that have it, dry-run
          </Link>
        </li>
      )}
    </ul>
  );
}
const KINDS_LINKED = 3;

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
