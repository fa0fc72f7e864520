/** Devices that no scanner should ask: who, at which addresses, why, last confirmed and until when; the files for scanners, and what people say. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { DO_NOT_SCAN_STATES, type DoNotScanPage as Page, type DoNotScanState } from "../../../src/model/do-not-scan.ts";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { DidNotCome } from "../devices/nothing.tsx";
import { useLive } from "../live.tsx";
import { BASE } from "../site.ts";
import { words } from "../words.ts";
import { LineTable } from "./line-table.tsx";
import { SayScanning } from "./scanning-acts.tsx";
import { SCANNERS, STATE_WORDS } from "./scanning-words.ts";

const PAGE = 100;
const route = getRouteApi("/do-not-scan");

export function DoNotScanPage() {
  const { state } = route.useSearch();
  const { fresh } = useLive();
  const [pages, setPages] = useState(1);
  const { data, error, refetch } = useQuery({
    queryKey: ["do not scan", "list", state, pages, fresh],
    queryFn: ({ signal }) =>
      api.doNotScan({ states: state === undefined ? [] : [state], offset: 0, limit: Math.min(PAGE * pages, 1_000) }, signal),
    placeholderData: keepPreviousData,
  });
  if (data === undefined)
    return error === null ? <p className="waiting">The do-not-scan list is on its way</p> : <DidNotCome what="The do-not-scan list" error={error} again={() => void refetch()} />; // prettier-ignore
  const total = Object.values(data.byState).reduce((sum, count) => sum + count, 0);
  return (
    <div className="findings-page">
      <div>
        <h1>{titleOf(data)}</h1>
        <p className="page-lead">
          A line holds {words.plural(data.days, "day")} after its device was last heard at the address; an address that another device took
          is on no line. Nothing is sent to a scanner from here: give it its file, and a new one when devices move.
        </p>
      </div>
      {data.byState.ended > 0 && (
        <p className="notice" role="status">
          {words.plural(data.byState.ended, "line")} {data.byState.ended === 1 ? "has" : "have"} ended and{" "}
          {data.byState.ended === 1 ? "stands" : "stand"} in no scanner’s file: confirm {data.byState.ended === 1 ? "it" : "them"}, or take{" "}
          {data.byState.ended === 1 ? "it" : "them"} off.
        </p>
      )}
      <Files listed={data.byState.listed} total={total} />
      <AddLine />
      {total > 0 && <States page={data} total={total} state={state} choose={() => setPages(1)} />}
      {data.rows.length === 0 ? <Nothing total={total} /> : <LineTable rows={data.rows} />}
      {data.matching > data.rows.length && (
        <p className="finding-more">
          <button type="button" className="button" onClick={() => setPages(pages + 1)}>
            More: {words.count(data.rows.length)} of {words.count(data.matching)} are shown
          </button>
        </p>
      )}
    </div>
  );
}

function titleOf({ spared, byState: { listed }, devices }: Page): string {
  if (devices === 0) return "No device was heard yet";
  if (spared > 0) return `${words.count(spared)} of ${words.plural(devices, "device")} ${spared === 1 ? "is" : "are"} not to be scanned`;
  return `None of ${words.plural(devices, "device")} stands in a scanner’s file${listed === 0 ? "" : ", only what people named"}`;
}

function Files({ listed, total }: { readonly listed: number; readonly total: number }) {
  return (
    <section className="sheet" aria-labelledby="scanner-files">
      <header>
        <h2 id="scanner-files">Files for scanners</h2>
        <span className="quiet">with those listed now</span>
      </header>
      <div className="sheet-body scanner-files">
        {listed === 0 && <p className="quiet">None is made of nobody: a scanner with an empty list asks everybody.</p>}
        {listed > 0 && SCANNERS.map(([to, scanner]) => <FileLink key={to} to={to} name={scanner} />)}
        {total > 0 && <FileLink to="csv" name="The whole list as a table (CSV)" />}
      </div>
    </section>
  );
}

function FileLink({ to, name }: { readonly to: string; readonly name: string }) {
  return (
    <a className="button small" href={`${BASE}/api/do-not-scan/export/${to}`} download>
      <IconDownload className="icon" size={14} stroke={1.6} aria-hidden="true" /> {name}
    </a>
  );
}

/** A device is put on the list on its own page as well; an address or a network only here. */
function AddLine() {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <May right="judge">
      <div className="scanning-add">
        <button ref={opener} type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(true)}>
          Add an address or a network
        </button>
        {isOpen && (
          <SayScanning
            about={null}
            name="what you name"
            word="list"
            close={() => {
              setOpen(false);
              opener.current?.focus();
            }}
          />
        )}
      </div>
    </May>
  );
}

interface StatesProps {
  readonly page: Page;
  readonly total: number;
  readonly state: DoNotScanState | undefined;
  readonly choose: () => void;
}

function States({ page: { byState }, total, state, choose }: StatesProps) {
  const navigate = useNavigate({ from: "/do-not-scan" });
  const show = (it: DoNotScanState | undefined) => {
    choose();
    void navigate({ search: it === undefined ? {} : { state: it }, replace: true });
  };
  return (
    <div className="finding-lists" role="group" aria-label="Which lines">
      <button type="button" className="button small" aria-pressed={state === undefined} onClick={() => show(undefined)}>
        All {words.count(total)}
      </button>
      {DO_NOT_SCAN_STATES.map((it) => (
        <button key={it} type="button" className="button small" aria-pressed={state === it} onClick={() => show(it)}>
          {STATE_WORDS[it]} {words.count(byState[it])}
        </button>
      ))}
    </div>
  );
}

/** What would fill it: an empty list is no proof. */
function Nothing({ total }: { readonly total: number }) {
  return (
    <div className="sheet empty">
      <h2>{total > 0 ? "No line stands so" : "Nobody is on the list"}</h2>
      <p>
        Who keeps a patient alive or treats him, whom a published weakness lets packets stop, who is used on patients with a system past its
        support, and who fell silent when it was scanned would stand here. That nobody does is no proof: what a device is may not be known
        yet.
      </p>
    </div>
  );
}
