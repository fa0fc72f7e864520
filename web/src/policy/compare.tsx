/** Two policies against the same recording, as one list: what newly breaks, what is newly open, what goes on after all, what closes. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { COMPARED, type CompareReport } from "../../../src/model/policy-report.ts";
import type { PolicyChange } from "../../../src/model/policy-history.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";
import { ComparedList } from "./compared-list.tsx";

/** A text to compare: as it is now, as it was after a change, or another policy. */
interface Choice {
  readonly key: string;
  readonly label: string;
  readonly text: (signal: AbortSignal) => Promise<string>;
}

type What = (typeof COMPARED)[number];

export function Compare({ name, text }: { readonly name: string; readonly text: string }) {
  // While the history of a newer text comes, what was chosen stays.
  const history = useQuery({
    queryKey: ["policy history", name, text],
    queryFn: ({ signal }) => api.policyHistory(name, signal),
    placeholderData: (last) => last,
  });
  const policies = useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => api.policies(signal) });
  if (history.data === undefined || policies.data === undefined) {
    const error = history.error ?? policies.error;
    return error === null ? null : <p className="notice wrong">{error.message}</p>;
  }
  const others = policies.data.map((it) => it.name).filter((it) => it !== name);
  const choices = choicesOf(name, text, history.data.changes, others);
  if (choices.length === 1)
    return <p className="notice">There is nothing to compare it with: it was never changed, and no other policy is written.</p>;
  return <Between name={name} choices={choices} />;
}

function choicesOf(name: string, text: string, changes: readonly PolicyChange[], others: readonly string[]): readonly Choice[] {
  const was = changes.slice(1).filter((it) => it.isThere);
  return [
    { key: "now", label: `${name}, as it is now`, text: async () => text },
    ...was.map(({ number, at, why }) => ({
      key: `change ${number}`,
      label: `${name} after change ${number}, ${words.day(at)}${why === "" ? "" : `: ${why.slice(0, 60)}`}`,
      text: async (signal: AbortSignal) => (await api.policyChange(name, number, signal)).text ?? "",
    })),
    ...others.map((other) => ({
      key: `policy ${other}`,
      label: `The policy ${other}`,
      text: async (signal: AbortSignal) => (await api.policy(other, signal)).text,
    })),
  ];
}

function Between({ name, choices }: { readonly name: string; readonly choices: readonly Choice[] }) {
  const { fresh } = useLive();
  const [from, setFrom] = useState(choices[1]!.key);
  const [to, setTo] = useState("now");
  const [only, setOnly] = useState<What | null>(null);
  const [before, after] = [from, to].map((key) => choices.find((it) => it.key === key) ?? choices[0]!) as [Choice, Choice];
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ["policy compare", name, before.key, after.key, choices, fresh],
    queryFn: async ({ signal }) => {
      const [first, second] = await Promise.all([before, after].map((it) => it.text(signal)));
      return api.comparePolicies({ before: { text: first!, file: before.key }, after: { text: second!, file: after.key } }, signal);
    },
    placeholderData: (last) => last,
    retry: false,
  });
  const turn = () => {
    setFrom(after.key);
    setTo(before.key);
  };
  return (
    <section className="policy-compare" aria-label="Comparison" aria-busy={isPlaceholderData || data === undefined}>
      <div className="sheet sheet-body policy-export">
        <Chosen label="From" choices={choices} chosen={before.key} onChoose={setFrom} />
        <Chosen label="To" choices={choices} chosen={after.key} onChoose={setTo} />
        <button type="button" className="button" onClick={turn}>
          The other way round
        </button>
      </div>
      {error !== null ? (
        <p role="alert" className="notice wrong policy-wrong">
          {error.message}
        </p>
      ) : (
        data !== undefined && (
          <>
            <p role="status" className="page-lead">
              {sentence(data)}
            </p>
            <Kinds report={data} only={only} onOnly={setOnly} />
            <ComparedList
              key={`${before.key} ${after.key} ${only}`}
              rows={only === null ? data.rows : data.rows.filter((it) => it.what === only)}
            />
          </>
        )
      )}
    </section>
  );
}

interface ChosenProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

function Chosen({ label, choices, chosen, onChoose }: ChosenProps) {
  return (
    <label className="policy-chosen">
      {label}
      <select className="field" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map((it) => (
          <option key={it.key} value={it.key}>
            {it.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface KindsProps {
  readonly report: CompareReport;
  readonly only: What | null;
  readonly onOnly: (what: What | null) => void;
}

function Kinds({ report: { rows, counts }, only, onOnly }: KindsProps) {
  const all = COMPARED.reduce((sum, what) => sum + counts[what], 0);
  return (
    <div role="group" aria-label="Which of them" className="list-shows">
      <button type="button" className="button small" aria-pressed={only === null} onClick={() => onOnly(null)}>
        All {words.count(all)}
      </button>
      {COMPARED.map((what) => (
        <button key={what} type="button" className="button small" aria-pressed={only === what} onClick={() => onOnly(what)}>
          {words.capital(what)} {words.count(counts[what])}
        </button>
      ))}
      {all > rows.length && (
        <span className="quiet">{words.count(all - rows.length)} are not listed here: auscult policy compare lists all of them.</span>
      )}
    </div>
  );
}

function sentence({ counts, triples, window }: CompareReport): string {
  const heard = `in ${words.plural(window.days, "day")} that were heard`;
  const broken = counts["newly blocked"] === 0 ? `Nothing newly breaks ${heard}` : `${words.plural(counts["newly blocked"], "conversation")} would newly be blocked ${heard}`;
  const open = triples.opened === 0 ? "nothing is newly open" : `${words.many(triples.opened)} ways of device, peer and port are newly open`;
  return `${broken}, and ${open}.`;
} // prettier-ignore
