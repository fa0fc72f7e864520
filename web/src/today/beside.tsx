/** Beside the sentences: what we could not hear, what is done and seen to be done, and how old our knowledge is. */
import { Link } from "@tanstack/react-router";
import { IconCheck, IconEarOff, IconTrendingDown } from "@tabler/icons-react";
import type { TodayWhole } from "../api.ts";
import { FeedAges } from "../marks/feed-ages.tsx";
import { words } from "../words.ts";

const UNHEARD_SHOWN = 5;

export function Beside({ today: { unheard, done, trend, knowledge, keptOut } }: { readonly today: TodayWhole }) {
  return (
    <aside className="today-side" aria-label="What this rests on">
      <section className="sheet">
        <header>
          <h2>
            <IconEarOff className="icon" size={18} stroke={1.6} aria-hidden="true" /> What we could not hear
          </h2>
        </header>
        <div className="sheet-body today-notes">
          {unheard.length === 0 && <p>No loss is known. Networks that no mirror shows are not heard at all.</p>}
          {unheard.slice(0, UNHEARD_SHOWN).map(({ words: said, cure }) => (
            <p key={said}>
              {said}
              {cure !== "" && <code className="block">{cure}</code>}
            </p>
          ))}
          <p>
            <Link to="/heard">What we heard{unheard.length > UNHEARD_SHOWN && `, and ${words.count(unheard.length - UNHEARD_SHOWN)} more notes`}</Link>
          </p>
        </div>
      </section>
      <section className="sheet">
        <header>
          <h2>
            <IconCheck className="icon" size={18} stroke={1.6} aria-hidden="true" /> Done, and seen to be done
          </h2>
        </header>
        <div className="sheet-body today-notes">
          {done.length === 0 && (
            <p className="quiet">Nothing yet. What was so and is not heard for 14 days, while its device is, stands here.</p>
          )}
          {done.map(({ title, words: cured, days, devices, all }) => (
            <p key={`${title} ${days}`}>
              <b>{devices.length === 1 ? <Link to="/devices/$id" params={{ id: devices[0]!.id }}>{devices[0]!.name}</Link> : words.plural(all, "device")}</b>:{" "}
              {title}. Not heard for {words.plural(days, "day")}. <span className="second block">{cured}</span>
            </p>
          ))}
        </div>
      </section>
      {trend !== "" && (
        <section className="sheet">
          <header>
            <h2>
              <IconTrendingDown className="icon" size={18} stroke={1.6} aria-hidden="true" /> Against a month ago
            </h2>
          </header>
          <div className="sheet-body today-notes">
            <p>{trend}</p>
          </div>
        </section>
      )}
      {Object.keys(knowledge).length > 0 && (
        <section className="sheet">
          <header>
            <h2>As our knowledge has it</h2>
          </header>
          <div className="sheet-body">
            <FeedAges knowledge={knowledge} />
            {keptOut.map((words) => (
              <p key={words} className="kept-out">
                {words}. <code className="block">auscult update</code>
              </p>
            ))}
          </div>
        </section>
      )}
    </aside>
  );
} // prettier-ignore
