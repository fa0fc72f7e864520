/** What needs someone today: at most seven sentences, the patient first; then the work that fits the team's week. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPrinter } from "@tabler/icons-react";
import { useMemo } from "react";
import { api, type TodayWhole } from "../api.ts";
import { DidNotCome } from "../devices/nothing.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { stepThrough } from "../step.ts";
import { words } from "../words.ts";
import { SentenceRow } from "./sentence-row.tsx";
import { Beside } from "./beside.tsx";
import { WorkList } from "./work-list.tsx";

const STEPS = ".today-links > button:first-child";

export function TodayPage() {
  const { fresh } = useLive();
  const { data, error, refetch } = useQuery({
    queryKey: ["today", fresh],
    queryFn: ({ signal }) => api.today(signal),
    placeholderData: keepPreviousData,
  });
  useKeys(useMemo(() => ({ j: () => stepThrough(STEPS, 1), k: () => stepThrough(STEPS, -1) }), []));
  if (data === undefined)
    return error === null ? <p className="waiting">Today is on its way</p> : <DidNotCome what="Today" error={error} again={() => void refetch()} />; // prettier-ignore
  return (
    <div className="today">
      <header className="today-head">
        <div>
          <h1>{data.title}</h1>
          <p className="page-lead">{leadOf(data)}</p>
        </div>
        <button type="button" className="button" onClick={() => window.print()}>
          <IconPrinter className="icon" size={18} stroke={1.6} aria-hidden="true" />
          Print the round
        </button>
      </header>
      <div className="today-main">
        {data.sentences.length === 0 ? (
          <Nothing devices={data.devices} />
        ) : (
          <ul className="sheet today-sentences" aria-label="What needs someone">
            {data.sentences.map((sentence) => (
              <SentenceRow key={sentence.text.map(({ text }) => text).join("")} sentence={sentence} />
            ))}
          </ul>
        )}
        {data.waiting.map((sentence) => (
          <p key={sentence} className="quiet">
            {sentence}. <Link to="/findings">Findings</Link>
          </p>
        ))}
        {data.beyond > 0 && (
          <p className="quiet">
            {words.count(data.beyond)} more, less pressing, {data.beyond === 1 ? "stands" : "stand"} under{" "}
            <Link to="/findings">Findings</Link> and in the work list.
          </p>
        )}
        <WorkList today={data} />
        <NotAnAlarm />
      </div>
      <Beside today={data} />
    </div>
  );
}

function leadOf({ at, devices, sentences, beyond }: TodayWhole): string {
  if (at === null) return "What was heard would be here, the patient first.";
  const when = `As heard until ${words.time(at)}. Patients first.`;
  return sentences.length + beyond === 0 ? when : `${when} Of ${words.plural(devices, "device")}, these ask for someone.`;
}

/** What would fill it: an empty page is no proof. */
function Nothing({ devices }: { readonly devices: number }) {
  return (
    <div className="sheet empty">
      <h2>{devices === 0 ? "No device was heard yet" : "No sentence today"}</h2>
      <p>
        A finding nobody has dealt with, a device at high risk, one that fell silent or came new, and our own deafness: each would be a
        sentence here. That none is there is no proof: only what a mirror shows is judged.
      </p>
      <Link to={devices === 0 ? "/open" : "/heard"} className="button">
        {devices === 0 ? "Open a capture or listen" : "What we heard"}
      </Link>
    </div>
  );
}
