/** What asks for a person, the most severe first; what somebody has, what is explained and what is closed stand behind their own words. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { IconHourglass } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { isWaiting, waitingInWords } from "../../../src/model/asking-words.ts";
import type { FindingPage, FindingState } from "../../../src/model/finding.ts";
import { api, type Now } from "../api.ts";
import { DidNotCome } from "../devices/nothing.tsx";
import { DeafGuards, useDeafGuards } from "../marks/guard.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { stepThrough } from "../step.ts";
import { words } from "../words.ts";
import { Outputs } from "./outputs.tsx";
import { FindingRow } from "./finding-row.tsx";

const PAGE = 100;

export const LISTS = ["open", "explained", "closed", "all"] as const;
export type FindingLists = (typeof LISTS)[number];
export const STATES_OF: Readonly<Record<FindingLists, readonly FindingState[]>> = {
  open: ["new", "acknowledged"],
  explained: ["explained"],
  closed: ["closed"],
  all: [],
};
const LIST_WORDS: Readonly<Record<FindingLists, string>> = {
  open: "To look at",
  explained: "Explained",
  closed: "Closed",
  all: "All",
};

const STEPS = ".finding-sentence > a";

export function FindingsPage() {
  const { list = "open" } = useSearch({ from: "/findings" });
  const navigate = useNavigate({ from: "/findings" });
  const { fresh, now } = useLive();
  const [pages, setPages] = useState(1);
  const { data, error, refetch } = useQuery({
    queryKey: ["findings", list, pages, fresh],
    queryFn: ({ signal }) => api.findings({ states: STATES_OF[list], offset: 0, limit: Math.min(PAGE * pages, 1_000) }, signal),
    placeholderData: keepPreviousData,
  });
  const guards = useDeafGuards(fresh);
  useKeys(useMemo(() => ({ j: () => stepThrough(STEPS, 1), k: () => stepThrough(STEPS, -1) }), []));
  if (data === undefined)
    return error === null ? <p className="waiting">Findings are on their way</p> : <DidNotCome what="The list of findings" error={error} again={() => void refetch()} />; // prettier-ignore
  return (
    <div className="findings-page">
      <div>
        <h1>{titleOf(data)}</h1>
        <p className="page-lead">
          {data.total === 0
            ? "A finding is one story of what happened that should not, with its evidence and a careful next step."
            : `${words.count(data.byState.new)} new, ${words.count(data.byState.acknowledged)} somebody has, ${words.count(data.byState.explained)} explained, ${words.count(data.byState.closed)} closed, of ${words.plural(data.total, "finding")}. The most severe first; what keeps a patient alive counts one step higher.`}{" "}
          <Link to="/do-not-scan">What scanners should not ask</Link>
        </p>
      </div>
      <NotAnAlarm />
      <DeafGuards guards={guards} />
      {data.asked.map((it) => {
        const sentence = waitingInWords(it);
        return sentence === null ? null : (
          <p key={it.role} className="notice">
            <IconHourglass className="icon" size={18} stroke={1.6} aria-hidden="true" />
            <span>{sentence}.</span>
          </p>
        );
      })}
      {data.total > 0 && (
        <div className="finding-lists" role="group" aria-label="Which findings">
          {LISTS.map((it) => (
            <button
              key={it}
              type="button"
              className="button small"
              aria-pressed={it === list}
              onClick={() => {
                setPages(1);
                void navigate({ search: it === "open" ? {} : { list: it }, replace: true });
              }}
            >
              {LIST_WORDS[it]} {words.count(countOf(data, it))}
            </button>
          ))}
        </div>
      )}
      {data.rows.length === 0 ? (
        <Nothing list={list} total={data.total} now={now} isDeaf={guards !== undefined && guards.length > 0} />
      ) : (
        <FindingRows rows={data.rows} asked={data.asked} />
      )}
      {data.matching > data.rows.length && (
        <p className="finding-more">
          <button type="button" className="button" onClick={() => setPages(pages + 1)}>
            More: {words.count(data.rows.length)} of {words.count(data.matching)} are shown
          </button>
        </p>
      )}
      <Outputs fresh={fresh} />
    </div>
  );
}

export function FindingRows({ rows, asked }: Pick<FindingPage, "rows" | "asked">) {
  return (
    <ul className="sheet finding-rows">
      {rows.map((finding) => (
        <FindingRow key={finding.id} finding={finding} waits={isWaiting(finding, asked)} />
      ))}
    </ul>
  );
}

function countOf({ byState, total }: FindingPage, list: FindingLists): number {
  return list === "all" ? total : STATES_OF[list].reduce((sum, state) => sum + byState[state], 0);
}

function titleOf({ byState, planned, urgent, asked, total }: FindingPage): string {
  const fresh = asked.reduce((sum, { asking }) => sum + asking.length, 0);
  const waiting = byState.new - planned - fresh;
  if (total === 0) return "Nothing that was heard asks for someone";
  if (fresh === 0) return byState.acknowledged === 0 ? "Nothing waits for someone" : "Somebody has all there is";
  const asks = fresh === 1 ? "finding asks" : "findings ask";
  if (waiting > 0) return `${words.count(fresh)} ${asks} for someone, ${words.count(waiting)} wait`;
  return `${words.count(fresh)} ${asks} for someone${urgent === 0 ? "" : urgent === fresh ? (urgent === 1 ? ", and soon" : ", all soon") : `, ${words.count(urgent)} soon`}`;
}

interface NothingProps {
  readonly list: FindingLists;
  readonly total: number;
  readonly now: Now | null;
  /** A clinical guard hears not all, as stands above. */
  readonly isDeaf: boolean;
}

/** What would fill it, and what is not heard: an empty list is no proof. */
function Nothing({ list, total, now, isDeaf }: NothingProps) {
  const { data: coverage } = useQuery({ queryKey: ["coverage", "findings"], queryFn: ({ signal }) => api.coverage(signal) });
  if (total > 0)
    return (
      <div className="sheet empty">
        <h2>{list === "open" ? "Nothing waits for someone" : `None is ${list}`}</h2>
        <p>
          {words.plural(total, "finding")} {total === 1 ? "is" : "are"} in the other lists. What is explained comes back when its day is
          over or it grows more severe, what is closed when it goes on.
        </p>
      </div>
    );
  const unread = Object.values(coverage?.unheard ?? {}).reduce((sum, count) => sum + count, 0);
  const gaps = [
    ...(now?.hearing.kind === "deaf" ? ["Nothing is heard just now."] : []),
    ...(now?.hearing.kind === "oneSided" ? ["Of many connections one side only is heard: what the other side answers is not."] : []),
    ...(now?.hearing.kind === "halfRead" ? ["A file was read only in part."] : []),
    ...(coverage !== undefined && coverage.drops > 0
      ? [`${words.count(coverage.drops)} of ${words.count(coverage.drops + coverage.frames)} frames were dropped before us.`]
      : []),
    ...(unread > 0 ? [`${words.count(unread)} of ${words.count(coverage!.frames)} frames were encrypted: what was said in them is not heard.`] : []),
    "Networks that no mirror shows are not heard at all.",
  ]; // prettier-ignore
  return (
    <div className="sheet empty">
      <h2>{isDeaf ? "Nothing was found, and not all could be" : "No findings"}</h2>
      <p>
        A scan, a storm of broadcasts, passwords tried, a stranger at a device: each would stand here within seconds of being heard. That
        nothing does is no proof.
      </p>
      <h3>Not heard</h3>
      <ul className="finding-gaps">
        {gaps.map((gap) => (
          <li key={gap}>{gap}</li>
        ))}
      </ul>
      <Link to="/heard" className="button">
        What we heard
      </Link>
    </div>
  );
}
