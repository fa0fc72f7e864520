/** The work that takes away the most danger for the hours there are; asked for once, and never filled to the brim. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { FILLED_PERCENT, HOURS_MAX } from "../../../src/model/today.ts";
import { May } from "../account/may.tsx";
import { api, type TodayItem, type TodayWhole } from "../api.ts";
import { GraduatedLine } from "../marks/graduated-line.tsx";
import { SeverityMark } from "../marks/severity.tsx";
import { TroubleLink } from "../marks/trouble-link.tsx";
import { WallLink } from "../policy/wall-link.tsx";
import { say } from "../say.tsx";
import { words } from "../words.ts";

export function WorkList({ today }: { readonly today: TodayWhole }) {
  const { work } = today;
  const [asking, setAsking] = useState(false);
  const id = useId();
  return (
    <section className="today-work" aria-labelledby={id}>
      <header className="today-work-head">
        <h2 id={id}>Work list</h2>
        <span className="quiet">what takes away the most danger for the time you have</span>
        {work.hours !== null && !asking && (
          <span className="today-hours">
            {work.hours} h a week{today.hoursSaid === null ? "" : `, said by ${today.hoursSaid.who}`}
            <May right="say">
              {" · "}
              <button type="button" className="link" onClick={() => setAsking(true)}>
                change
              </button>
            </May>
          </span>
        )}
      </header>
      {(work.hours === null || asking) && (
        <May right="say" instead={<p className="quiet">Nobody has said how many hours a week the team has.</p>}>
          <Hours before={work.hours} done={() => setAsking(false)} />
        </May>
      )}
      {work.items.length === 0 ? (
        <p className="sheet sheet-body">
          {work.beyond.items === 0
            ? "No work is known that would take danger away. Weaknesses of what is heard, and findings nobody has dealt with, would stand here."
            : "No item fits the hours there are: the shortest waits for another week."}
        </p>
      ) : (
        <div className="sheet scroll-x">
          <table className="facts-table today-table">
            <thead>
              <tr>
                <th scope="col">Do</th>
                <th scope="col">Why</th>
                <th scope="col">Its own danger</th>
                <th scope="col">Takes away</th>
                <th scope="col">Who</th>
              </tr>
            </thead>
            <tbody>
              {work.items.map((item) => (
                <Item key={`${item.of} ${item.name} ${item.kind} ${item.where}`} item={item} most={Math.max(...work.items.map(({ takesAway }) => takesAway))} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="quiet">{footOf(work)}</p>
    </section>
  );
} // prettier-ignore

function Item({ item, most }: { readonly item: TodayItem; readonly most: number }) {
  const [contact] = item.contacts;
  return (
    <tr>
      <th scope="row" className="row-head">
        <div className="today-do">
          <span className={`severity ${item.severity}`}>
            <SeverityMark severity={item.severity} />
            <span className="unseen">{item.severity}</span>
          </span>
          <div>
            <Step step={item.step} />
            <span className="second block">
              <Whom item={item} />
            </span>
          </div>
        </div>
      </th>
      <td>
        <TroubleLink of={item.of} name={item.trouble}>
          {item.title}
        </TroubleLink>
        {item.control !== null && (
          <span className="second block">
            Or the network: {item.control} <WallLink kind={item.kind} />
          </span>
        )}
      </td>
      <td>{item.danger}</td>
      <td className="today-away">
        <GraduatedLine share={item.takesAway / most} label={`Takes away ${item.takesAway} points`} tone="theatre-fill" />
        <b>−{words.count(item.takesAway)}</b>
      </td>
      <td>
        {contact === undefined ? <span className="quiet">Nobody written down</span> : `${contact.who}, ${contact.call}`}
        <span className="second block">{words.count(item.minutes)} min</span>
      </td>
    </tr>
  );
}

/** What to do in a few words, then how to do it with care. */
function Step({ step }: { readonly step: string }) {
  const end = /[.:;] /.exec(step)?.index;
  if (end === undefined) return step;
  return (
    <>
      {step.slice(0, end + 1)} <span className="today-careful">{step.slice(end + 2)}</span>
    </>
  );
}

function Whom({ item: { devices, all, thisWeek, kind, where } }: { readonly item: TodayItem }) {
  const [one] = devices;
  const place = where === null ? "" : ` · ${where}`;
  if (one !== undefined && all === 1)
    return (
      <>
        <Link to="/devices/$id" params={{ id: one.id }} search={{ tab: "risk" }}>
          {one.name}
        </Link>
        {place}
      </>
    );
  return (
    <>
      <Link to="/devices" search={{ filter: `id in ${devices.map(({ id }) => id).join(", ")}` }}>
        {thisWeek < all ? `${words.count(thisWeek)} of ` : ""}
        {kind === null ? words.plural(all, "device") : `${words.count(all)} × ${kind}`}
      </Link>
      {devices.length < all && `, the first ${devices.length}`}
      {place}
    </>
  );
}

function footOf({ hours, minutes, items, beyond }: TodayWhole["work"]): string {
  const wait =
    beyond.devices === 0 ? "All known work is here." : `Work at ${words.plural(beyond.devices, "device")} waits for another week.`;
  if (hours === null || minutes === null)
    return items.length === 0 ? "" : beyond.devices === 0 ? wait : `The first ${items.length} are shown until the hours are said. ${wait}`;
  return `${hoursOf(minutes.planned)} are planned of ${hoursOf(minutes.most)}: ${FILLED_PERCENT} % of the week at most, the rest is for what nobody foresaw. ${wait}`;
}

function hoursOf(minutes: number): string {
  return `${Math.round(minutes / 6) / 10} h`;
}

function Hours({ before, done }: { readonly before: number | null; readonly done: () => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState(before === null ? "" : String(before));
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const send = async () => {
    const hours = Number(typed.replace(",", "."));
    if (!(hours > 0 && hours <= HOURS_MAX)) return setWrong(`Expected hours a week such as 6 or 7.5, got “${typed}”.`);
    try {
      await api.sayHours(hours);
      await client.invalidateQueries({ queryKey: ["today"] });
      say(`The work list is cut to ${hours} h a week.`);
      done();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="today-ask"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id}>How many hours a week has the team for this?</label>
      <input
        id={id}
        className="field"
        inputMode="decimal"
        value={typed}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setWrong(null);
        }}
      />
      <button type="submit" className="button">
        Say it
      </button>
      <span id={`${id}-wrong`} role="alert" className="override-wrong">
        {wrong}
      </span>
    </form>
  );
}
