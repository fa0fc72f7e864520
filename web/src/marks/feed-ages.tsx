/** How old what we know from others is: the day each was last changed, and how long ago that is by the reader's clock. */
import { words } from "../words.ts";

const DAY_MS = 86_400_000;

export function FeedAges({ knowledge }: { readonly knowledge: Readonly<Record<string, string>> }) {
  return (
    <dl className="feed-ages">
      {Object.entries(knowledge).map(([source, day]) => (
        <div key={source}>
          <dt>{source}</dt>
          <dd>
            {day} <span className="quiet">{ageOf(day)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ageOf(day: string): string {
  const days = Math.floor((Date.now() - Date.parse(day)) / DAY_MS);
  return days < 1 ? "today" : `${words.plural(days, "day")} old`;
}
