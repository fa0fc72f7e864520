/** A maker's recall held against what was heard: who is meant, of whom nobody can tell. Nothing is written until it is kept as a list to tick off. */
import { useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { RecallQuestion, RecallReport } from "../../../src/model/lifecycle.ts";
import { May } from "../account/may.tsx";
import { api, type RecallAsked } from "../api.ts";
import { base64 } from "../base64.ts";
import { sayWrong } from "../say.tsx";
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

/** `asking`: what to look up at once, as a published recall says it; each time anew. */
export function Recall({ asking }: { readonly asking: { readonly question: RecallQuestion } | null }) {
  const form = useRef<HTMLFormElement>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const list = useRef<HTMLInputElement>(null);
  const ask = async (filled: HTMLFormElement) => {
    const data = new FormData(filled);
    const fields = Object.fromEntries(
      FIELDS.flatMap(([field]) => {
        const text = data.get(field);
        return typeof text === "string" && text.trim() !== "" ? [[field, text.trim()]] : [];
      }),
    );
    const file = list.current?.files?.[0];
    try {
      const asked = { ...fields, ...(file === undefined ? {} : { list: { file: file.name, bytes: await base64(file) } }) };
      setTold({ asked, report: await api.recall(asked) });
      setWrong(null);
    } catch (error) {
      setTold(null);
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  useEffect(() => {
    if (asking === null || form.current === null) return;
    for (const [field] of FIELDS) {
      const input = form.current.elements.namedItem(field);
      if (input instanceof HTMLInputElement) input.value = asking.question[field] ?? "";
    }
    form.current.scrollIntoView({ block: "nearest" });
    form.current.requestSubmit();
  }, [asking]);
  return (
    <section className="sheet" aria-label="Recall">
      <header>
        <h2>Does a recall mean us?</h2>
        <span className="quiet">nothing is written unless you keep the list</span>
      </header>
      <form
        ref={form}
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
      {told !== null && <Recalled {...told} />}
    </section>
  );
}

interface Told {
  readonly asked: RecallAsked;
  readonly report: Omit<RecallReport, "entries">;
}

function Recalled({ asked, report: { heard, cannotTell, listedOnly, devices } }: Told) {
  return (
    <div className="recalled">
      <p role="status">
        Of {words.plural(devices, "device")} the recall means <b>{words.count(heard.total)}</b>; of {words.count(cannotTell.total)} nobody
        can tell{listedOnly.length > 0 && `; ${words.count(listedOnly.length)} more stand in the list and were never heard`}.
      </p>
      {heard.total + cannotTell.total + listedOnly.length > 0 && (
        <May right="say">
          <KeepList asked={asked} />
        </May>
      )}
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

/** A list is kept as it is now: who is heard later is asked for anew. */
function KeepList({ asked }: { readonly asked: RecallAsked }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [title, setTitle] = useState("");
  const keep = async () => {
    try {
      const { number } = await api.beginRecall({ ...asked, title });
      await client.invalidateQueries({ queryKey: ["recalls"] });
      await navigate({ to: "/recalls/$number", params: { number: String(number) } });
    } catch (error) {
      sayWrong(error);
    }
  };
  return (
    <form
      className="recall-keep"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <label>
        What the recall is called
        <input className="field" value={title} maxLength={200} required onChange={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <button className="button" type="submit">
        Keep it to tick off
      </button>
    </form>
  );
}
