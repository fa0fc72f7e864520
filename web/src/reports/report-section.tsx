/** A section of a report as its file has it: each figure leads to the devices it counts. */
import { Link } from "@tanstack/react-router";
import type { ReportCell, ReportShown } from "../api.ts";
import { BarsPicture, LinePicture } from "./pictures.tsx";
import { words } from "../words.ts";

export function ReportSection({ section }: { readonly section: ReportShown["sections"][number] }) {
  const { title, lead, columns, numbers, rows, beyond, empty, bars, line } = section;
  const right = (at: number) => (numbers.includes(at) ? "number" : undefined);
  return (
    <section className="sheet" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="report-lead">
        {lead.map((text, at) => (
          <p key={at}>{text}</p>
        ))}
        {rows.length === 0 && empty !== null && <p className="quiet">{empty}</p>}
      </div>
      {bars !== null && bars.rows.length > 0 && <BarsPicture bars={bars} title={title} />}
      {line !== null && <LinePicture line={line} title={title} />}
      {rows.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls and may hold nothing that takes the focus: by keyboard it is reached so
        <div className="scroll-x report-table" tabIndex={0} role="group" aria-label={`${title}, as a table`}>
          <table className="facts-table">
            <thead>
              <tr>
                {columns.map((column, at) => (
                  <th key={column} scope="col" className={right(at)}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, line) => (
                <tr key={line}>
                  {row.map((cell, at) => (
                    <td key={columns[at]} className={right(at)}>
                      <Figure cell={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {beyond > 0 && <p className="sheet-body quiet">{words.count(beyond)} more are not listed.</p>}
    </section>
  );
}

function Figure({ cell: { text, devices, counted } }: { readonly cell: ReportCell }) {
  const [one] = devices;
  if (one === undefined) return text;
  if (counted === 1)
    return (
      <Link to="/devices/$id" params={{ id: one }}>
        {text}
      </Link>
    );
  return (
    <>
      <Link to="/devices" search={{ filter: `id in ${devices.join(", ")}` }}>
        {text}
      </Link>
      {devices.length < counted && <span className="second block">leads to the first {devices.length}; the file has all</span>}
    </>
  );
}
