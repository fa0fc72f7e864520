/** A report for one reader: chosen here, shown figure by figure with its devices, opened or saved as a file; below, those made last. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { REPORTS_FOR, type ReportFor } from "../../../src/model/report.ts";
import { api, reportAddress, type MadeReport, type ReportSearch } from "../api.ts";
import { words } from "../words.ts";
import { ReportSection } from "./report-section.tsx";

const READERS: Readonly<Record<ReportFor, string>> = {
  biomed: "The head of biomedical engineering",
  security: "The security officer",
  auditor: "An auditor",
};
const PERIODS: readonly (readonly [days: number | null, title: string])[] = [
  [null, "The whole recording"],
  [7, "Findings of its last 7 days"],
  [30, "Findings of its last 30 days"],
  [90, "Findings of its last 90 days"],
];
const route = getRouteApi("/reports");

/** Empty until a report was asked for. */
export function reportSearch(search: Record<string, unknown>): Partial<ReportSearch> {
  const reader = REPORTS_FOR.find((it) => it === search["for"]);
  if (reader === undefined) return {};
  const numbers = (["days", "sample", "seed"] as const).flatMap((name) => {
    const value = search[name];
    return typeof value === "number" && Number.isInteger(value) && value >= 0 ? [[name, value]] : [];
  });
  return { for: reader, ...(Object.fromEntries(numbers) as Partial<ReportSearch>) };
}

export function ReportsPage() {
  const { for: reader, ...rest } = route.useSearch();
  const asked: ReportSearch | null = reader === undefined ? null : { for: reader, ...rest };
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["report", asked],
    queryFn: () => api.makeReport(asked!),
    enabled: asked !== null,
    staleTime: Infinity,
  });
  const made = useQuery({ queryKey: ["reports made"], queryFn: ({ signal }) => api.reportsMade(signal) });
  const digest = data?.digest;
  useEffect(() => {
    if (digest !== undefined) void client.invalidateQueries({ queryKey: ["reports made"] });
  }, [client, digest]);
  return (
    <div className="reports-page">
      <header>
        <h1>{data?.title ?? "A report for whoever has to answer for the devices"}</h1>
        <p className="page-lead">
          One file that prints well, and its tables as CSV. The same recording makes the same bytes, here and by <code>auscult report</code>
          .
        </p>
      </header>
      <Choice key={JSON.stringify(asked)} asked={asked} />
      {error !== null && data === undefined && (
        <p className="notice wrong" role="alert">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {error.message}
        </p>
      )}
      {asked !== null && data === undefined && error === null && <p className="waiting">The report is on its way</p>}
      {asked !== null && data !== undefined && (
        <>
          <section className="sheet" aria-label="What it covers">
            <header>
              <h2>What it covers</h2>
              <span className="report-files">
                <a className="button small" href={reportAddress("html", asked)} target="_blank" rel="noreferrer">
                  Open to print
                </a>
                <a className="button small" href={`${reportAddress("html", asked)}&download=true`}>
                  Save as HTML
                </a>
                <a className="button small" href={reportAddress("csv", asked)}>
                  Save its tables as CSV
                </a>
              </span>
            </header>
            <dl className="sheet-body report-about">
              {data.about.map(([what, text]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
          {data.sections.map((section) => (
            <ReportSection key={section.id} section={section} />
          ))}
        </>
      )}
      <MadeLast made={made.data ?? []} shown={digest} />
    </div>
  );
}

function Choice({ asked }: { readonly asked: ReportSearch | null }) {
  const navigate = useNavigate({ from: "/reports" });
  const [sample, setSample] = useState(String(asked?.sample ?? ""));
  const choose = (data: FormData) => {
    const number = (name: string) => (data.get(name) === "" || data.get(name) === null ? undefined : Number(data.get(name)));
    const chosen = { for: data.get("for"), days: number("days"), sample: number("sample"), seed: number("seed") };
    void navigate({ search: reportSearch(chosen) });
  };
  return (
    <form
      className="sheet sheet-body report-choice"
      aria-label="Which report"
      onSubmit={(event) => {
        event.preventDefault();
        choose(new FormData(event.currentTarget));
      }}
    >
      <label>
        For
        <select className="field" name="for" defaultValue={asked?.for ?? "biomed"}>
          {REPORTS_FOR.map((it) => (
            <option key={it} value={it}>
              {READERS[it]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Period
        <select className="field" name="days" defaultValue={String(asked?.days ?? "")}>
          {PERIODS.map(([days, title]) => (
            <option key={title} value={days ?? ""}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Devices to draw, shown from claim to frame
        <input
          className="field"
          name="sample"
          type="number"
          min={1}
          max={500}
          placeholder="none"
          value={sample}
          onChange={(event) => setSample(event.currentTarget.value)}
        />
      </label>
      {sample !== "" && (
        <label>
          Seed: the same draws the same
          <input className="field" name="seed" type="number" min={0} defaultValue={asked?.seed ?? 1} required />
        </label>
      )}
      <button className="button primary" type="submit">
        Make the report
      </button>
    </form>
  );
}

function MadeLast({ made, shown }: { readonly made: readonly MadeReport[]; readonly shown: string | undefined }) {
  return (
    <section className="sheet" aria-label="Made last">
      <header>
        <h2>Made last</h2>
        <span className="quiet">made again of the same recording, the digest is the same</span>
      </header>
      {made.length === 0 ? (
        <p className="sheet-body quiet">
          None was made on these pages yet. Each made here stands in this list by the digest of its inputs.
        </p>
      ) : (
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">Digest</th>
                <th scope="col">For</th>
                <th scope="col">Recording</th>
                <th scope="col">Drawn</th>
                <th scope="col">Made by</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {made.map(({ digest, audience, days, sample, recording, who, at }) => (
                <tr key={digest}>
                  <th scope="row" className="row-head">
                    <Link
                      to="/reports"
                      search={{
                        for: audience,
                        ...(days === null ? {} : { days }),
                        ...(sample === null ? {} : { sample: sample.count, seed: sample.seed }),
                      }}
                    >
                      <code>{digest.slice(0, 16)}</code>
                    </Link>
                    {digest === shown && " (shown)"}
                  </th>
                  <td>{READERS[audience]}</td>
                  <td>
                    {recording}
                    {days !== null && `, findings of its last ${words.plural(days, "day")}`}
                  </td>
                  <td>{sample === null ? "none" : `${words.plural(sample.count, "device")} by seed ${sample.seed}`}</td>
                  <td>{who}</td>
                  <td>{words.time(at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
