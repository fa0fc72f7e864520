/** One policy: the answer first, then who may talk to whom, every verdict that asks for a person, and its text. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { May } from "../account/may.tsx";
import { api, Refused } from "../api.ts";
import { useLive } from "../live.tsx";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";
import { afterChange } from "./after-change.ts";
import { Compare } from "./compare.tsx";
import { Groups } from "./groups.tsx";
import { History } from "./history.tsx";
import { IsItUs } from "./is-it-us.tsx";
import { Matrix } from "./matrix.tsx";
import { OnTheFirewall } from "./on-the-firewall.tsx";
import { answerOf, PolicyFacts } from "./policy-answer.tsx";
import { PolicyText } from "./policy-text.tsx";
import { Export } from "./export.tsx";
import { Reach } from "./reach.tsx";
import { Verdicts } from "./verdicts.tsx";

const VIEWS = [
  ["matrix", "Who may talk to whom"],
  ["groups", "Groups"],
  ["verdicts", "Verdicts"],
  ["why", "Is it us?"],
  ["reach", "A worm's reach"],
  ["text", "Its text"],
  ["history", "History"],
  ["compare", "Compare"],
  ["export", "For equipment"],
  ["firewall", "On the firewall"],
] as const;

export function PolicyPage() {
  const { name } = useParams({ from: "/policy/$name" });
  const { view = "matrix", group } = useSearch({ from: "/policy/$name" });
  const { fresh } = useLive();
  const navigate = useNavigate();
  const client = useQueryClient();
  const text = useQuery({ queryKey: ["policy", name], queryFn: ({ signal }) => api.policy(name, signal), retry: false });
  const report = useQuery({
    queryKey: ["policy report", name, text.data?.text, fresh],
    queryFn: ({ signal }) => api.policyReport({ text: text.data!.text, file: `${name}.yaml` }, signal),
    enabled: text.data !== undefined,
    retry: false,
    placeholderData: (before) => before,
  });
  const error = text.error ?? report.error;
  const isGone = text.error instanceof Refused && text.error.status === 404;
  const takeAway = async () => {
    try {
      const { change } = await api.removePolicy(name);
      await navigate({ to: "/policy" });
      await afterChange(client);
      say(`${name} is taken away.`, async () => {
        if (change !== null) await api.undoPolicy(name, change, "taken back at once");
        await afterChange(client);
      });
    } catch (wrong) {
      sayWrong(wrong);
    }
  };
  return (
    <div className="policy-page">
      <header className="policy-head">
        <div>
          <p className="second">
            <Link to="/policy">Policies</Link> › {name}
          </p>
          <h1>{report.data === undefined || isGone ? name : answerOf(report.data)}</h1>
          <p className="page-lead">
            {report.data === undefined || isGone
              ? isGone
                ? "It is not there now. If it was, what it said is in its history, and comes back from there."
                : error === null
                  ? "What was heard is held against it"
                  : "It could not be held against what was heard."
              : `Every conversation heard ${words.time(report.data.window.from)} to ${words.time(report.data.window.to)}, run against it. Nothing has been changed on the network.`}
          </p>
        </div>
        {text.data !== undefined && (
          <May right="say">
            <button type="button" className="button" onClick={() => void takeAway()}>
              Take it away
            </button>
          </May>
        )}
      </header>
      {error !== null && !(isGone && view === "history") && (
        <p role="alert" className="notice wrong policy-wrong">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {error.message}
        </p>
      )}
      {report.data !== undefined && !isGone && <PolicyFacts report={report.data} />}
      <nav className="tabs" aria-label="Of this policy">
        {VIEWS.map(([own, word]) => (
          <Link
            key={own}
            to="/policy/$name"
            params={{ name }}
            search={own === "matrix" ? {} : { view: own }}
            className={own === view ? "tab current" : "tab"}
            aria-current={own === view ? "page" : undefined}
          >
            {word}
            {own === "verdicts" && report.data !== undefined && (
              <span className="view-count"> {words.count(report.data.verdictsTotal)}</span>
            )}
          </Link>
        ))}
      </nav>
      {view === "text" && text.data !== undefined ? (
        <PolicyText key={name} name={name} text={text.data.text} />
      ) : view === "history" ? (
        <History name={name} text={text.data?.text ?? null} />
      ) : view === "compare" && text.data !== undefined ? (
        <Compare key={name} name={name} text={text.data.text} />
      ) : view === "export" && text.data !== undefined ? (
        <Export name={name} text={text.data.text} />
      ) : view === "reach" && text.data !== undefined ? (
        <Reach name={name} text={text.data.text} />
      ) : view === "why" && text.data !== undefined ? (
        <IsItUs name={name} text={text.data.text} />
      ) : report.data === undefined ? null : view === "firewall" ? (
        <OnTheFirewall name={name} rules={report.data.rules} />
      ) : view === "groups" && text.data !== undefined ? (
        <Groups name={name} text={text.data.text} report={report.data} group={group ?? null} />
      ) : view === "verdicts" ? (
        <Verdicts report={report.data} />
      ) : (
        <Matrix report={report.data} name={name} />
      )}
    </div>
  );
}
