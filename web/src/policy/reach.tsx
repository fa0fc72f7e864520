/** How far a worm could come from each group, today and under the policy, and what cuts it most. */
import { useQuery } from "@tanstack/react-query";
import type { ReportedReach } from "../../../src/model/policy-report.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";

const CUTS_SHOWN = 20;

export function Reach({ name, text }: { readonly name: string; readonly text: string }) {
  const { fresh } = useLive();
  const { data, error } = useQuery({
    queryKey: ["policy reach", name, text, fresh],
    queryFn: ({ signal }) => api.policyReach({ text, file: `${name}.yaml` }, signal),
    retry: false,
    placeholderData: (before) => before,
  });
  if (error !== null && data === undefined) return <p className="notice wrong policy-wrong">{error.message}</p>;
  if (data === undefined) return <p className="waiting">Each way a worm could take is followed</p>;
  const { from, lifeSupporting, pairs, cuts } = data;
  return (
    <div className="policy-verdicts">
      <p className="second">
        A step is one conversation from a device a worm holds to one it does not; every service that answers counts as a way, since which of
        them have holes is not known. Between devices that no group governs, what was heard counts.
      </p>
      <section className="sheet" aria-label="From each group">
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">From all of</th>
                <th scope="col">Over what was heard</th>
                <th scope="col">Of that kept</th>
                <th scope="col">Over all it allows</th>
              </tr>
            </thead>
            <tbody>
              {from.map((it) => (
                <tr key={it.from}>
                  <th scope="row" className="row-head">
                    {it.from} <span className="quiet">{words.count(it.began)}</span>
                  </th>
                  <Far reach={it.heard} />
                  <Far reach={it.kept} />
                  <Far reach={it.allowed} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="sheet" aria-label="What cuts it">
        <header>
          <h2>What cuts it most</h2>
          {pairs !== null && (
            <span className="quiet">
              {words.plural(pairs, "pair")} of a device and one of {words.plural(lifeSupporting, "life-supporting device")} in its reach
            </span>
          )}
        </header>
        {pairs === null || cuts === null ? (
          <p className="sheet-body quiet">
            Not worked out: too many devices that no group governs talk to each other. auscult policy reach --start asks from some of them.
          </p>
        ) : pairs === 0 ? (
          <p className="sheet-body quiet">Under this policy no device reaches a life-supporting one.</p>
        ) : cuts.length === 0 ? (
          <p className="sheet-body quiet">No rule and no group by itself takes any of them away: there are other ways.</p>
        ) : (
          <ul className="policy-list">
            {cuts.slice(0, CUTS_SHOWN).map((it) => (
              <li key={it.what}>
                <span>{words.capital(it.what)}</span>
                <span>
                  {words.count(it.fewer)} fewer <span className="quiet">{words.percent(it.fewer / pairs)}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function Far({ reach: { devices, lifeSupporting, steps } }: { readonly reach: ReportedReach }) {
  if (devices === 0) return <td className="quiet">nothing else</td>;
  return (
    <td>
      {words.plural(devices, "device")} in {words.plural(steps.length, "step")}
      <span className={lifeSupporting > 0 ? "block policy-none" : "block quiet"}>{words.count(lifeSupporting)} life-supporting</span>
    </td>
  );
}
