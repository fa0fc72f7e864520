/** Whom it talks to, in which protocol, how much and since when. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ConversationView } from "../../../src/model/device.ts";
import type { Coverage } from "../../../src/model/store.ts";
import { api } from "../api.ts";
import { Heard, listenedOf } from "../marks/heard.tsx";
import type { Listened } from "../marks/heard.tsx";
import { useProtocolTitles } from "../protocols.ts";
import { words } from "../words.ts";

const PAGE = 100;
const DAYS = 14;

interface ConnectionsProps {
  readonly id: string;
  readonly coverage: Coverage | undefined;
  readonly listening: boolean;
  readonly fresh: number;
}

export function Connections({ id, coverage, listening, fresh }: ConnectionsProps) {
  const listened = listenedOf(coverage);
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["conversations", id, offset, fresh],
    queryFn: ({ signal }) => api.conversations(id, offset, signal),
    placeholderData: (before) => before,
  });
  if (error !== null) return <p className="notice wrong">{error.message}</p>;
  if (data === undefined) return <p className="waiting">Conversations are on their way</p>;
  if (data.total === 0)
    return (
      <div className="sheet empty">
        <h2>No conversation was heard</h2>
        <p>
          It was heard itself, or others spoke of it, but nobody was heard answering. Attempts that nobody answered are no conversations.
        </p>
      </div>
    );
  return (
    <section className="sheet">
      <header>
        <h2>Whom it talks to</h2>
        <span className="quiet">
          {data.rows.length === data.total
            ? words.plural(data.total, "conversation")
            : `${offset + 1} to ${offset + data.rows.length} of ${words.count(data.total)}`}
        </span>
      </header>
      <div className="scroll-x">
        <table className="facts-table connections">
          <thead>
            <tr>
              <th scope="col">With</th>
              <th scope="col">Who asks</th>
              <th scope="col">In</th>
              <th scope="col">What for</th>
              <th scope="col" className="number">
                To it
              </th>
              <th scope="col" className="number">
                From it
              </th>
              <th scope="col" className="number">
                Refused
              </th>
              <th scope="col">Heard, {words.plural(Math.min(DAYS, listened.span), "day")}</th>
              <th scope="col" className="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row, index) => (
              <Conversation
                key={offset + index}
                row={row}
                id={id}
                listened={listened}
                last={coverage?.to == null ? "" : words.age(row.last, coverage.to, listening)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {data.total > PAGE && (
        <div className="pager">
          <button type="button" className="button small" aria-disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
            The hundred before
          </button>
          <button
            type="button"
            className="button small"
            aria-disabled={offset + PAGE >= data.total}
            onClick={() => offset + PAGE < data.total && setOffset(offset + PAGE)}
          >
            The next hundred
          </button>
        </div>
      )}
    </section>
  );
}

interface ConversationProps {
  readonly row: ConversationView;
  readonly id: string;
  readonly listened: Listened;
  readonly last: string;
}

function Conversation({ row, id, listened, last }: ConversationProps) {
  const titleOf = useProtocolTitles();
  const asks = row.client.device === id;
  const other = asks ? row.server : row.client;
  const [toServer, toClient] = row.bytes;
  return (
    <tr>
      <th scope="row" className="row-head">
        {other.device === null ? (
          other.name
        ) : (
          <Link to="/devices/$id" params={{ id: other.device }}>
            {other.name}
          </Link>
        )}
        {other.name !== other.ip && <span className="second block">{other.ip}</span>}
      </th>
      <td>
        {asks ? "this device" : "the other"}
        {row.side === "guessed" && <span className="second block">probably: the start was not heard</span>}
      </td>
      <td>
        {row.protocol === null ? "Not known" : titleOf(row.protocol)}
        <span className="second block">
          {row.transport.toUpperCase()} {row.port} · {row.encrypted ? "encrypted" : "in the clear"}
        </span>
      </td>
      <td>{row.operations.length === 0 ? <span className="quiet">Not known</span> : row.operations.join(", ")}</td>
      <td className="number">{words.bytes(asks ? toClient : toServer)}</td>
      <td className="number">{words.bytes(asks ? toServer : toClient)}</td>
      <td className="number">{row.refused === 0 ? "none" : `${words.count(row.refused)} of ${words.count(row.answered + row.refused)}`}</td>
      <td>
        <Heard days={row.days} listened={listened} last={DAYS} />
      </td>
      <td className="number" title={`${words.time(row.first)} to ${words.time(row.last)}`}>
        {last}
      </td>
    </tr>
  );
}
