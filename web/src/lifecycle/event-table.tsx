/** Devices of one list: those on whom a life hangs first. What is not shown is counted. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { EventList } from "../../../src/model/lifecycle.ts";
import { CareMark } from "../marks/care.tsx";
import { words } from "../words.ts";

const FIRST_SHOWN = 10;

export function EventTable({
  title,
  list,
  when,
  none,
}: {
  readonly title: string;
  readonly list: EventList;
  readonly when: string;
  readonly none: string;
}) {
  const [all, setAll] = useState(false);
  const rows = all ? list.rows : list.rows.slice(0, FIRST_SHOWN);
  return (
    <section className="lifecycle-list" aria-label={title}>
      <h3>
        {title} <span className="quiet">{words.count(list.total)}</span>
      </h3>
      {list.total === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col">Kind</th>
                <th scope="col">Where</th>
                <th scope="col">{when}</th>
                <th scope="col">Note</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, name, kind, lifeCritical, location, at, note }) => (
                <tr key={id}>
                  <th scope="row" className="row-head">
                    <Link to="/devices/$id" params={{ id }}>
                      {name}
                    </Link>{" "}
                    <CareMark care={lifeCritical} />
                  </th>
                  <td>{kind ?? <span className="quiet">Not known</span>}</td>
                  <td>{location ?? <span className="quiet">Not known</span>}</td>
                  <td>{words.day(at)}</td>
                  <td>{note ?? ""}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length < list.rows.length && (
        <button className="link" type="button" onClick={() => setAll(true)}>
          Show {words.count(list.rows.length - rows.length)} more
        </button>
      )}
      {all && list.rows.length < list.total && (
        <p className="second">
          {words.count(list.total - list.rows.length)} more are not shown; auscult lifecycle --json counts them as well.
        </p>
      )}
    </section>
  );
}
