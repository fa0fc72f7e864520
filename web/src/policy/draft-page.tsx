/** A policy that is not written yet: the least that devices of some kinds need, learned and held against what was heard at once. It stands nowhere, and is kept only where somebody says so. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { PolicyReport } from "../../../src/model/policy-report.ts";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";
import { afterChange } from "./after-change.ts";
import { Matrix } from "./matrix.tsx";
import { nameFrom } from "./policies-page.tsx";
import { answerOf, PolicyFacts } from "./policy-answer.tsx";
import { Verdicts } from "./verdicts.tsx";

const KINDS_MAX = 200;
const route = getRouteApi("/policy-draft");

export function draftSearch(search: Record<string, unknown>): { readonly only: readonly string[] } {
  const only = Array.isArray(search["only"]) ? search["only"] : [];
  return { only: only.filter((it) => typeof it === "string" && it !== "").slice(0, KINDS_MAX) };
}

export function DraftPage() {
  const { only } = route.useSearch();
  const { fresh } = useLive();
  const kinds = only.length === 0 ? "all kinds of devices" : only.join(", ");
  const file = nameFrom(only.join(" and "), []);
  const { data, error } = useQuery({
    queryKey: ["policy draft", only, fresh],
    queryFn: ({ signal }) => api.policyReport({ text: null, file, only }, signal),
    retry: false,
    placeholderData: (before) => before,
  });
  useEffect(() => {
    document.title = `A draft for ${kinds} · Auscult`;
  }, [kinds]);
  return (
    <div className="policy-page">
      <header className="policy-head">
        <div>
          <p className="second">
            <Link to="/policy">Policies</Link> › A draft, kept nowhere
          </p>
          <h1>{data === undefined ? `The least for ${kinds}` : words.capital(answerOf(data))}</h1>
          <p className="page-lead">
            {data === undefined
              ? error === null
                ? "What was heard is gone through"
                : "No draft could be learned."
              : `Learned of what was heard ${words.time(data.window.from)} to ${words.time(data.window.to)}, and every conversation of it run against the draft. Whatever was not heard it would block. Nothing has been changed on the network.`}
          </p>
        </div>
        {data !== undefined && (
          <May right="say">
            <Keep key={file} draft={data} only={only} />
          </May>
        )}
      </header>
      {error !== null && (
        <p role="alert" className="notice wrong policy-wrong">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {error.message}
        </p>
      )}
      {data !== undefined && (
        <>
          <PolicyFacts report={data} />
          <section aria-labelledby="draft-verdicts">
            <h2 id="draft-verdicts">Verdicts</h2>
            <Verdicts report={data} />
          </section>
          <section aria-labelledby="draft-matrix">
            <h2 id="draft-matrix">Who may talk to whom</h2>
            <Matrix report={data} name={null} />
          </section>
        </>
      )}
    </div>
  );
}

/** Written under a name that is free; from then on it is a policy like any other, and a draft still. */
function Keep({ draft, only }: { readonly draft: PolicyReport; readonly only: readonly string[] }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: written } = useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => api.policies(signal) });
  const [wrong, setWrong] = useState<string | null>(null);
  const keep = async () => {
    if (written === undefined) return;
    const name = nameFrom(draft.name, written.map((it) => it.name)); // prettier-ignore
    try {
      await api.savePolicy(name, draft.text, `learned for ${only.join(", ")}`);
      await afterChange(client);
      await navigate({ to: "/policy/$name", params: { name } });
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div>
      <button type="button" className="button primary" onClick={() => void keep()}>
        Keep this draft
      </button>
      {wrong !== null && (
        <p role="alert" className="override-wrong">
          {wrong}
        </p>
      )}
    </div>
  );
}
