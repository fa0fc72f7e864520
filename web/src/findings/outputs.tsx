/** Whoever is told of findings, and how it goes with each: what waits is nobody's news yet. */
import { useQuery } from "@tanstack/react-query";
import type { OutputStanding } from "../../../src/model/output.ts";
import { api } from "../api.ts";
import { words } from "../words.ts";

const ASKED_AGAIN_MS = 10_000;

/** Nothing where the settings name nobody. */
export function Outputs({ fresh }: { readonly fresh: number }) {
  const { data } = useQuery({ queryKey: ["outputs", fresh], queryFn: ({ signal }) => api.outputs(signal), refetchInterval: ASKED_AGAIN_MS, placeholderData: (before) => before }); // prettier-ignore
  if (data === undefined || data.outputs.length === 0) return null;
  return (
    <section className="sheet">
      <header>
        <h2>Who is told</h2>
        <span className="quiet">as the settings say; what is not taken is tried again</span>
      </header>
      <ul className="inputs">
        {data.outputs.map((it) => (
          <li key={`${it.name} ${it.where}`}>
            <div className="input-head">
              <h3>{it.name}</h3>
              <span className={it.waiting > 0 || it.dead > 0 ? "chip" : "chip note"}>{stateOf(it)}</span>
              <span className="quiet">
                {it.where} · last sent {it.lastSent === null ? "never" : words.time(it.lastSent * 1_000)}
                {it.since !== null && ` · the first waits since ${words.time(it.since * 1_000)}`}
              </span>
            </div>
            {it.lastRefusal !== null && (
              <p>
                Last refused {words.time(it.lastRefusal.at * 1_000)}: {it.lastRefusal.why}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function stateOf({ waiting, dead, sent }: OutputStanding): string {
  if (waiting > 0) return words.plural(waiting, "finding waits", "findings wait");
  if (dead > 0) return `${words.plural(dead, "finding")} given up`;
  return sent > 0 ? "all sent" : "nothing to tell yet";
}
