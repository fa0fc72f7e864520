/** How the fleet grows and how it goes on; what came, went quiet, moved or stands idle; versions on their way; which devices a recall means. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { GROWTH_BY, type GrowthBy, type Grown, type LifecycleReport, type RecallQuestion } from "../../../src/model/lifecycle.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";
import { EventTable } from "./event-table.tsx";
import { GrowthChart } from "./growth-chart.tsx";
import { PublishedRecalls } from "./published-recalls.tsx";
import { Recall } from "./recall.tsx";
import { RecallLists } from "./recall-lists.tsx";
import { RollOuts } from "./roll-outs.tsx";
import { SupportEnds } from "./support-ends.tsx";

const route = getRouteApi("/lifecycle");
const BY_WORDS: Readonly<Record<GrowthBy, string>> = { kind: "Kind", location: "Where", maker: "Maker" };

export function LifecyclePage() {
  const { fresh } = useLive();
  const { by = "kind" } = route.useSearch();
  const [asking, setAsking] = useState<{ readonly question: RecallQuestion } | null>(null);
  const { data, error } = useQuery({
    queryKey: ["lifecycle", by, fresh],
    queryFn: ({ signal }) => api.lifecycle(by, signal),
    placeholderData: keepPreviousData,
  });
  if (error !== null && data === undefined) return <p className="notice wrong">{error.message}</p>;
  if (data === undefined) return <p className="waiting">How the fleet grows is on its way</p>;
  const { growth, events, rollOuts, support } = data;
  return (
    <div className="lifecycle-page">
      <header>
        <h1>{titleOf(data)}</h1>
        <p className="page-lead">{leadOf(growth.all)}</p>
      </header>
      {growth.notes.map((note) => (
        <p key={note} className="notice warn">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {note}
        </p>
      ))}
      {growth.all.months.length > 1 && (
        <section className="sheet" aria-label="Month by month">
          <header>
            <h2>Devices heard, month by month</h2>
            {growth.all.ahead !== null && <span className="quiet">band: {Math.round(10 * growth.chance)} chances in 10</span>}
          </header>
          <div className="sheet-body">
            <GrowthChart grown={growth.all} />
          </div>
        </section>
      )}
      <Groups by={by} groups={growth.groups} />
      <section className="sheet" aria-label="Of late">
        <header>
          <h2>Of late</h2>
          <span className="quiet">up to the recording’s last moment</span>
        </header>
        <EventTable
          title={`Came in the last ${events.days} days`}
          list={events.came}
          when="First heard"
          none="None: in the first month of listening everything is new, and is not listed."
        />
        <EventTable title={`Not heard for ${events.days} days`} list={events.silent} when="Last heard" none="None." />
        <EventTable
          title={`Moved in the last ${events.days} days`}
          list={events.moved}
          when="Since"
          none="None said another place than before."
        />
        <EventTable
          title="Heard, but not at its work for two weeks"
          list={events.idle}
          when="Last heard"
          none="None. A device that was never heard at its work is not called idle."
        />
        <EventTable
          title="Retired as the hospital has it, and heard"
          list={events.retiredHeard}
          when="Last heard"
          none="None of those the hospital’s list calls retired."
        />
      </section>
      <SupportEnds ends={support} />
      <RollOuts rollOuts={rollOuts} />
      <PublishedRecalls lookUp={(question) => setAsking({ question })} />
      <Recall asking={asking} />
      <RecallLists />
    </div>
  );
}

function titleOf({ growth: { all }, devices }: LifecycleReport): string {
  if (devices === 0) return "No device was heard yet";
  if (all.growth === null) return `${words.count(all.now)} of ${words.plural(devices, "device")} heard in the last month`;
  const rate = words.percent(Math.abs(all.growth));
  return all.growth < 0 ? `The fleet shrinks ${rate} a year` : `The fleet grows ${rate} a year`;
}

function leadOf({ now, yearAgo, ahead }: Grown): string {
  const last = ahead?.at(-1);
  return [
    ...(yearAgo === null ? [] : [`${words.plural(now, "device")} now, ${words.count(yearAgo)} a year ago.`]),
    ...(last === undefined ? [] : [`If it goes on, ${between(last)} in ${words.month(last.until)}.`]),
    "Routers are not counted here.",
  ].join(" ");
}

function between({ likely, low, high }: NonNullable<Grown["ahead"]>[number]): string {
  const [a, b, c] = [likely, low, high].map((it) => words.count(Math.round(it)));
  return `${a}, most likely between ${b} and ${c}`;
}

function Groups({ by, groups }: { readonly by: GrowthBy; readonly groups: readonly Grown[] }) {
  const navigate = useNavigate();
  return (
    <section className="sheet" aria-label={`By ${by}`}>
      <header>
        <h2>Now and then</h2>
        <label className="lifecycle-by">
          Counted by{" "}
          <select
            className="field"
            value={by}
            onChange={(event) => void navigate({ to: "/lifecycle", search: { by: event.currentTarget.value as GrowthBy }, replace: true })}
          >
            {GROWTH_BY.map((it) => (
              <option key={it} value={it}>
                {BY_WORDS[it]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <div className="scroll-x">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">{BY_WORDS[by]}</th>
              <th scope="col" className="number">
                Now
              </th>
              <th scope="col" className="number">
                A year ago
              </th>
              <th scope="col" className="number">
                Growth
              </th>
              <th scope="col" className="number">
                In 18 months
              </th>
              <th scope="col" className="number">
                Idle now
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((it) => (
              <GroupRow key={it.of} grown={it} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GroupRow({ grown: { of, now, yearAgo, growth, ahead, idle } }: { readonly grown: Grown }) {
  const last = ahead?.at(-1);
  return (
    <tr>
      <th scope="row" className="row-head">
        {of || "Not known"}
      </th>
      <td className="number">{words.count(now)}</td>
      <td className="number">{yearAgo === null ? <span className="quiet">not heard</span> : words.count(yearAgo)}</td>
      <td className="number">{growth === null ? "" : `${growth < 0 ? "−" : ""}${words.percent(Math.abs(growth))}`}</td>
      <td className="number">
        {last === undefined ? (
          <span className="quiet">too short a history</span>
        ) : (
          `${words.count(Math.round(last.likely))} (${words.count(Math.round(last.low))} to ${words.count(Math.round(last.high))})`
        )}
      </td>
      <td className="number">{words.count(idle)}</td>
    </tr>
  );
}
