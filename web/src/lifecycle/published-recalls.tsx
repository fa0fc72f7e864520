/** Recalls that authorities published and that name a model heard here, each as a question to look up. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { RecallQuestion } from "../../../src/model/lifecycle.ts";
import type { NamedRecall } from "../../../src/model/recall.ts";
import { api } from "../api.ts";
import { words } from "../words.ts";

const SHOWN_FIRST = 8;

export function PublishedRecalls({ lookUp }: { readonly lookUp: (question: RecallQuestion) => void }) {
  const { data = [], error } = useQuery({ queryKey: ["published-recalls"], queryFn: ({ signal }) => api.publishedRecalls(signal) });
  const [all, setAll] = useState(false);
  if (error !== null) return <p className="notice wrong">{error.message}</p>;
  if (data.length === 0) return null;
  const shown = all ? data : data.slice(0, SHOWN_FIRST);
  return (
    <section className="sheet" aria-label="Published recalls">
      <header>
        <h2>{words.plural(data.length, "published recall")} of models heard here</h2>
        <span className="quiet">openFDA, not closed; which of a model is meant its own words say</span>
      </header>
      <ul className="recall-published">
        {shown.map((it) => (
          <li key={`${it.number} ${it.question.model}`}>
            <Named recall={it} />
            <button className="button small" type="button" onClick={() => lookUp(it.question)}>
              Look up<span className="unseen"> {it.number}</span>
            </button>
          </li>
        ))}
      </ul>
      {data.length > shown.length && (
        <button className="button small" type="button" onClick={() => setAll(true)}>
          Show all {words.count(data.length)}
        </button>
      )}
    </section>
  );
}

function Named({ recall: { number, day, class: level, question, heard, cannotTell, codes, reason } }: { readonly recall: NamedRecall }) {
  return (
    <div>
      <b>
        {question.maker} {question.model}
      </b>{" "}
      <span className="nowrap">{number}</span>
      {level !== "" && <span className={level === "I" ? "trouble" : "quiet"}> Class {level}</span>}
      <p>
        {heard} meant as far as it can be read, of {cannotTell} nobody can tell; published {day}.
      </p>
      {reason !== "" && <p>{reason}</p>}
      {codes !== "" && <p className="second recall-codes">Which: {codes}</p>}
    </div>
  );
}
