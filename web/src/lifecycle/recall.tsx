/** A maker's recall held against what was heard: who is meant, of whom nobody can tell, and a list to print and tick off. Nothing is written. */
import { IconAlertTriangle, IconPrinter } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { RecallQuestion, RecallReport } from "../../../src/model/lifecycle.ts";
import { api } from "../api.ts";
import { base64 } from "../base64.ts";
import { words } from "../words.ts";
import { EventTable } from "./event-table.tsx";

const FIELDS: readonly (readonly [keyof RecallQuestion, string, string])[] = [
  ["maker", "Maker", ""],
  ["model", "Model", ""],
  ["serials", "Serial numbers", "SN0100..SN0150, SN0200"],
  ["version", "Software version", ""],
  ["udi", "UDI or its device identifier", ""],
  ["lot", "Lot", ""],
];

export function Recall() {
  const [report, setReport] = useState<RecallReport | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const list = useRef<HTMLInputElement>(null);
  const ask = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const asked = Object.fromEntries(
      FIELDS.flatMap(([field]) => {
        const text = data.get(field);
        return typeof text === "string" && text.trim() !== "" ? [[field, text.trim()]] : [];
      }),
    );
    const file = list.current?.files?.[0];
    try {
      setReport(await api.recall({ ...asked, ...(file === undefined ? {} : { list: { file: file.name, bytes: await base64(file) } }) }));
      setWrong(null);
    } catch (error) {
      setReport(null);
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className="sheet" aria-label="Recall">
      <header>
        <h2>Does a recall mean us?</h2>
        <span className="quiet">nothing is written</span>
      </header>
      <form
        className="sheet-body recall-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask(event.currentTarget);
        }}
      >
        {FIELDS.map(([field, title, example]) => (
          <label key={field}>
            {title}
            <input className="field" name={field} placeholder={example} maxLength={field === "serials" ? 20_000 : 200} />
          </label>
        ))}
        <label>
          The hospital’s own list, if at hand
          <input ref={list} type="file" accept=".csv,.txt,.tsv,text/csv" />
        </label>
        <div>
          <button className="button primary" type="submit">
            Look up
          </button>
        </div>
      </form>
      {wrong !== null && (
        <p role="alert" className="notice wrong">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {wrong}
        </p>
      )}
      {report !== null && <Recalled report={report} />}
    </section>
  );
}

function Recalled({ report: { heard, cannotTell, listedOnly, devices } }: { readonly report: RecallReport }) {
  return (
    <div className="recalled">
      <p role="status">
        Of {words.plural(devices, "device")} the recall means <b>{words.count(heard.total)}</b>; of {words.count(cannotTell.total)} nobody
        can tell{listedOnly.length > 0 && `; ${words.count(listedOnly.length)} more stand in the list and were never heard`}.{" "}
        <button className="button small" type="button" onClick={() => window.print()}>
          <IconPrinter className="icon" size={16} stroke={1.6} aria-hidden="true" /> Print to tick off
        </button>
      </p>
      <EventTable title="Meant, and heard" list={heard} when="Last heard" none="No device that was heard is meant." />
      <EventTable title="Cannot tell" list={cannotTell} when="Last heard" none="Of each that could be meant, what tells was heard." />
      {listedOnly.length > 0 && (
        <section className="lifecycle-list" aria-label="Listed, never heard">
          <h3>Listed, never heard: look for them by hand</h3>
          <ul>
            {listedOnly.map(({ row, says }) => (
              <li key={row}>
                <span aria-hidden="true">☐</span> Row {words.count(row)}: {says}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
