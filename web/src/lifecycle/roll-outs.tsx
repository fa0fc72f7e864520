/** Versions on their way through the devices of a model: who has the new one, who waits, and of whom nobody can tell. */
import type { RollOut } from "../../../src/model/lifecycle.ts";
import { GraduatedLine } from "../marks/graduated-line.tsx";
import { words } from "../words.ts";
import { EventTable } from "./event-table.tsx";

export function RollOuts({ rollOuts }: { readonly rollOuts: readonly RollOut[] }) {
  return (
    <section className="sheet" aria-label="Versions on their way">
      <header>
        <h2>Versions on their way</h2>
        <span className="quiet">as devices said them</span>
      </header>
      {rollOuts.length === 0 && (
        <p className="sheet-body quiet">
          None was heard: three or more devices of a known model would say what software they run, and one of them another version than
          before.
        </p>
      )}
      {rollOuts.map((it) => (
        <OneRollOut key={`${it.maker} ${it.model} ${it.product}`} rollOut={it} />
      ))}
    </section>
  );
}

function OneRollOut({ rollOut: { maker, model, product, version, since, done, waiting, notHeard } }: { readonly rollOut: RollOut }) {
  const all = done + waiting.total + notHeard.total;
  const title = `${[maker, model].filter((it) => it !== null).join(" ")}: ${product} ${version}`;
  return (
    <details className="roll-out">
      <summary>
        <span className="roll-out-title">
          <b>{title}</b> since {words.day(since)}
        </span>
        <span>
          {words.count(done)} of {words.count(all)} done, {words.count(waiting.total)} waiting, {words.count(notHeard.total)} not heard
          since
        </span>
        <GraduatedLine share={done / all} label={`${words.count(done)} of ${words.count(all)} done`} tone="theatre-fill" />
      </summary>
      <EventTable title="Waiting" list={waiting} when="Last heard" none="None waits." />
      <EventTable title="Not heard since: what they have nobody can tell" list={notHeard} when="Last heard" none="All were heard since." />
    </details>
  );
}
