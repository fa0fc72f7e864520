/** Recalls that are searched for, each with what is left of it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api.ts";
import { GraduatedLine } from "../marks/graduated-line.tsx";
import { words } from "../words.ts";

export function RecallLists() {
  const { data = [], error } = useQuery({ queryKey: ["recalls"], queryFn: ({ signal }) => api.recalls(signal) });
  if (error !== null) return <p className="notice wrong">{error.message}</p>;
  if (data.length === 0) return null;
  return (
    <section className="sheet" aria-label="Recalls that are searched for">
      <header>
        <h2>Recalls that are searched for</h2>
      </header>
      <ul className="recall-lists">
        {data.map(({ number, title, words: count, all, left, who, at }) => (
          <li key={number}>
            <Link to="/recalls/$number" params={{ number: String(number) }}>
              {title}
            </Link>
            <span>{count}</span>
            <GraduatedLine share={(all - left) / all} label={count} tone="theatre-fill" />
            <span className="second">
              begun by {who}, {words.day(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
