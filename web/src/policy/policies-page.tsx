/** Policies that are written, and the way to a first one: learned from what was heard, or from a text. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconBooks } from "@tabler/icons-react";
import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";
import { afterChange } from "./after-change.ts";

export function PoliciesPage() {
  const { data, error } = useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => api.policies(signal) });
  if (error !== null && data === undefined) return <p className="notice wrong">{error.message}</p>;
  return (
    <div className="policy-page">
      <div>
        <h1>What devices need, and so all they may do</h1>
        <p className="page-lead">
          A policy says which groups may open which services to which. It is replayed against what was heard before it stands anywhere.
          Nothing on this page changes any equipment.
        </p>
      </div>
      {data !== undefined && data.length > 0 && (
        <section className="sheet">
          <header>
            <h2>Written</h2>
            <span className="quiet">{words.plural(data.length, "policy", "policies")}</span>
          </header>
          <ul className="policy-list">
            {data.map((it) => (
              <li key={it.name}>
                <Link to="/policy/$name" params={{ name: it.name }}>
                  {it.name}
                </Link>
                <span className="quiet">written {words.day(it.at * 1000)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {data?.length === 0 && (
        <p className="notice">No policy is written yet. Learn one from what was heard: it is a draft to look at, and stands nowhere.</p>
      )}
      <TakenAway />
      <May right="say">
        <Learn taken={(data ?? []).map(({ name }) => name)} />
      </May>
    </div>
  );
}

function TakenAway() {
  const { data = [] } = useQuery({ queryKey: ["policies", "taken away"], queryFn: ({ signal }) => api.policiesTakenAway(signal) });
  if (data.length === 0) return null;
  return (
    <section className="sheet" aria-labelledby="policies-gone">
      <header>
        <h2 id="policies-gone">Taken away</h2>
        <span className="quiet">{words.plural(data.length, "policy", "policies")}</span>
      </header>
      <ul className="policy-list">
        {data.map((it) => (
          <li key={it.name}>
            <Link to="/policy/$name" params={{ name: it.name }} search={{ view: "history" }}>
              {it.name}
            </Link>
            <span className="quiet">
              {words.day(it.at)}
              {it.who === "" ? ", by whom is not known" : ` by ${it.who}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Learn({ taken }: { readonly taken: readonly string[] }) {
  const { now } = useLive();
  const router = useRouter();
  const client = useQueryClient();
  const [name, setName] = useState(nameFrom(now?.recording ?? "policy", taken));
  const [only, setOnly] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const { data: kinds = [] } = useQuery({
    queryKey: ["facets", "", "kind", 0],
    queryFn: async ({ signal }) => (await api.facets("", ["kind"], signal))[0]?.values ?? [],
  });
  const learn = async () => {
    if (taken.includes(name)) return setWrong(`${name} is written already: choose another name, or open it.`);
    setBusy(true);
    try {
      const { text } = await api.policyReport({ text: null, file: name, only });
      await api.savePolicy(name, text, `learned from ${now?.recording ?? "what was heard"}`);
      await afterChange(client);
      await router.navigate({ to: "/policy/$name", params: { name } });
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const named = kinds.filter(({ value }) => value !== "");
  return (
    <section className="sheet" aria-labelledby="policy-learn">
      <header>
        <h2 id="policy-learn">
          <IconBooks className="icon" size={18} stroke={1.6} aria-hidden="true" /> Learn the least from {now?.recording}
        </h2>
      </header>
      <form
        className="sheet-body policy-learn"
        aria-label="Learn a policy"
        onSubmit={(event) => {
          event.preventDefault();
          void learn();
        }}
      >
        <label>
          Its name
          <input
            className="field"
            value={name}
            maxLength={80}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setWrong(null);
            }}
          />
        </label>
        {named.length > 0 && (
          <fieldset className="policy-kinds">
            <legend>For devices of these kinds; none chosen: all</legend>
            {named.map(({ value, count }) => (
              <label key={value}>
                <input
                  type="checkbox"
                  checked={only.includes(value)}
                  onChange={(event) => setOnly(event.currentTarget.checked ? [...only, value] : only.filter((it) => it !== value))}
                />{" "}
                {value} <span className="quiet">{words.count(count)}</span>
              </label>
            ))}
          </fieldset>
        )}
        <button type="submit" className="button primary" aria-disabled={busy}>
          {busy ? "What was heard is gone through" : "Learn it"}
        </button>
        {wrong !== null && (
          <p role="alert" className="override-wrong">
            {wrong}
          </p>
        )}
      </form>
    </section>
  );
}

/** What a file can be called; another one where it is taken. */
export function nameFrom(recording: string, taken: readonly string[]): string {
  const plain = recording.replaceAll(/[^\p{L}\p{N} ._-]+/gu, " ").replace(/^[^\p{L}\p{N}]+/u, "").slice(0, 70) || "policy"; // prettier-ignore
  let name = plain;
  for (let next = 2; taken.includes(name); next++) name = `${plain} ${next}`;
  return name;
}
