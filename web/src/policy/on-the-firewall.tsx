/** What our wall counted at each rule, who was stopped, and what used openings: read where it stands, saved, and shown here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReportedRule } from "../../../src/model/policy-report.ts";
import type { Denied, RuleCount, WallCounts } from "../../../src/model/wall.ts";
import { useMay } from "../account/may.tsx";
import { api } from "../api.ts";
import { say, sayWrong } from "../say.tsx";
import { words } from "../words.ts";

const SHOWN = 100;

/** Null where none were saved; of a draft that nobody kept (`name` null) there are none to ask for. */
export function useCounts(name: string | null) {
  return useQuery({
    queryKey: ["policy counters", name],
    queryFn: async ({ signal }) => (await api.policyCounters(name!, signal)).counts,
    enabled: name !== null,
    retry: false,
  });
}

/** Of a rule by what it says: its number changes with the text. */
export function countOf(counts: WallCounts | null | undefined, { from, to, service }: Pick<ReportedRule, "from" | "to" | "service">) {
  return counts?.rules.find((it) => it.from === from && it.to === to && it.service === service);
}

export function OnTheFirewall({ name, rules }: { readonly name: string; readonly rules: readonly ReportedRule[] }) {
  const { data: counts, error } = useCounts(name);
  if (error !== null) return <p className="notice wrong policy-wrong">{error.message}</p>;
  if (counts === undefined) return null;
  if (counts === null)
    return (
      <div className="policy-verdicts">
        <p className="notice">
          No counters of {name} were saved yet. Where its wall stands, <code>sudo auscult policy counters {name}.yaml --save</code> writes
          them into a file; bring it here.
        </p>
        <Bring name={name} />
      </div>
    );
  const own = new Set(rules.map(keyOf));
  const gone = counts.rules.filter((it) => !own.has(keyOf(it)));
  const { stopped, watched, spared, opened } = counts.totals;
  return (
    <div className="policy-verdicts">
      <p className="second">
        “{counts.policy}” on a {counts.on}, counted {words.time(counts.since)} to {words.time(counts.at)}, the firewall&#39;s clock.{" "}
        {counts.waits && "It waits to be confirmed. "}
        {words.plural(stopped, "packet")} dropped, {words.count(watched)} only watched, {words.count(spared)} let through for a
        life-supporting device, {words.count(opened)} let through by an opening.
      </p>
      <section className="sheet" aria-label="Counted at each rule">
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">Packets</th>
                <th scope="col">Of them back</th>
                <th scope="col">Bytes</th>
              </tr>
            </thead>
            <tbody>
              {rules.map((it) => (
                <Row key={it.rule} title={`${it.rule}: ${it.from} → ${it.to} ${it.service}`} count={countOf(counts, it)} />
              ))}
              {gone.map((it) => (
                <Row key={keyOf(it)} title={`${it.from} → ${it.to} ${it.service}, no more in the text`} count={it} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="sheet" aria-label="What no rule allows">
        <header>
          <h2>What no rule allows</h2>
        </header>
        <ul className="policy-list">
          {counts.denied.map((it) => (
            <li key={it.group}>
              <span>{it.group}</span>
              <span>
                {words.plural(it.from, "packet")} from it, {words.count(it.to)} to it
              </span>
            </li>
          ))}
        </ul>
        {counts.full && <p className="sheet-body">The kernel could not remember all who were denied: their number is at its limit.</p>}
        <DeniedList title="Stopped" denied={counts.stopped} />
        <DeniedList title="Only watched" denied={counts.watched} />
      </section>
      {counts.openings.length > 0 && (
        <section className="sheet" aria-label="Opened for a time">
          <header>
            <h2>Opened for a time</h2>
          </header>
          {counts.openings.map((it) => (
            <div key={it.from}>
              <p className="sheet-body">
                <b>{it.group}</b> {words.time(it.from)} to {words.time(it.until)}, by {it.by}: {it.reason}.{" "}
                {it.used === null ? (it.until > counts.at ? "It was open then." : "What used it is not known.") : it.used.length === 0 ? "Nothing used it." : ""}
              </p>
              <DeniedList title="Used it" denied={it.used ?? []} />
            </div>
          ))}
        </section>
      )}
      <Bring name={name} />
    </div>
  );
} // prettier-ignore

function Row({ title, count }: { readonly title: string; readonly count: RuleCount | undefined }) {
  return (
    <tr>
      <th scope="row" className="row-head">
        {title}
      </th>
      {count === undefined ? (
        <td colSpan={3} className="quiet">
          not on the firewall
        </td>
      ) : (
        <>
          <td>{words.count(count.packets)}</td>
          <td>{words.count(count.answers)}</td>
          <td>{words.bytes(count.bytes)}</td>
        </>
      )}
    </tr>
  );
}

function DeniedList({ title, denied }: { readonly title: string; readonly denied: readonly Denied[] }) {
  if (denied.length === 0) return null;
  return (
    <ul className="policy-list" aria-label={title}>
      {denied.slice(0, SHOWN).map((it) => (
        <li key={`${it.client} ${it.server} ${it.transport} ${it.port}`}>
          <span>
            {title}: {it.client} → {it.server}, {it.transport} {it.port ?? ""}
          </span>
          <span className="quiet">
            {words.plural(it.packets, "packet")}, last {words.time(it.last)}
          </span>
        </li>
      ))}
      {denied.length > SHOWN && <li>{words.count(denied.length - SHOWN)} more stand in the file.</li>}
    </ul>
  );
}

/** A file that was saved on the firewall. */
function Bring({ name }: { readonly name: string }) {
  const client = useQueryClient();
  const may = useMay("say");
  if (!may) return null;
  const bring = async (file: File) => {
    try {
      await api.saveCounters(name, JSON.parse(await file.text()) as WallCounts);
      await client.invalidateQueries({ queryKey: ["policy counters", name] });
      say(`What the wall counted for ${name} is kept.`);
    } catch (wrong) {
      sayWrong(wrong instanceof SyntaxError ? new Error(`${file.name} is not what auscult policy counters --save wrote.`) : wrong);
    }
  };
  return (
    <section className="sheet" aria-label="Bring counters">
      <div className="sheet-body policy-export">
        <label>
          What auscult policy counters --save wrote
          <input
            type="file"
            accept=".json"
            className="field"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file !== undefined) void bring(file);
            }}
          />
        </label>
      </div>
    </section>
  );
}

const keyOf = ({ from, to, service }: Pick<RuleCount, "from" | "to" | "service">) => JSON.stringify([from, to, service]);
