/** Every change of a policy's text, newest first; each opens in place: which lines, and the two ways back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ChangedPart, PolicyChange } from "../../../src/model/policy-history.ts";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { say } from "../say.tsx";
import { words } from "../words.ts";
import { afterChange } from "./after-change.ts";

const SHOWN = 50;
const LINES_SHOWN = 2_000;
const MARKS = { same: " ", gone: "−", new: "+" } as const;
/** Read out where the sign is seen. */
const SPOKEN = { same: "", gone: "Gone: ", new: "New: " } as const;

interface HistoryProps {
  readonly name: string;
  /** As it is now; null: it is taken away. */
  readonly text: string | null;
}

export function History({ name, text }: HistoryProps) {
  const [most, setMost] = useState(SHOWN);
  // Asked again with another text: it may have been changed by something else.
  const { data, error } = useQuery({
    queryKey: ["policy history", name, text],
    queryFn: ({ signal }) => api.policyHistory(name, signal),
    // What one has open stays open.
    placeholderData: (last) => last,
  });
  if (error !== null) return <p className="notice wrong">{error.message}</p>;
  if (data === undefined) return null;
  const { changes, trouble } = data;
  return (
    <section className="sheet" aria-labelledby="policy-history">
      <header>
        <h2 id="policy-history">What became of its text</h2>
        <span className="quiet">{words.plural(changes.length, "change")}</span>
      </header>
      {trouble !== null && <p className="notice wrong">The history is not as it was written: {trouble}.</p>}
      <ul>
        {changes.slice(0, most).map((it, place) => (
          <li key={it.number}>
            <Change name={name} change={it} isNewest={place === 0} />
          </li>
        ))}
      </ul>
      {changes.length > most && (
        <p className="sheet-body">
          <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
            Show {Math.min(SHOWN, changes.length - most)} more of {words.count(changes.length - most)}
          </button>
        </p>
      )}
    </section>
  );
}

function Change({ name, change, isNewest }: { readonly name: string; readonly change: PolicyChange; readonly isNewest: boolean }) {
  const [open, setOpen] = useState(false);
  const { number, at, who, why } = change;
  return (
    <details className="verdict" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="policy-change">
        <span className="quiet">{number}</span>
        <span>
          <b>{deedOf(change)}</b>
          {why !== "" && <span className="second block">{why}</span>}
        </span>
        <span>
          {who === "" ? "By whom is not known" : who}
          <span className="second block">{words.time(at)}</span>
        </span>
      </summary>
      {open && (
        <div className="policy-changed">
          <Lines name={name} number={number} />
          <May right="say">
            <WaysBack name={name} change={change} isNewest={isNewest} />
          </May>
        </div>
      )}
    </details>
  );
}

function deedOf({ what, of, isThere }: PolicyChange): string {
  switch (what) {
    case "taken back": return `Change ${of} taken back`;
    case "written as it was": return `Written as after change ${of}`;
    case "found": return isThere ? "Changed in the file" : "The file is gone";
    case "taken away": return "Taken away";
    case "written": return "Written";
  }
} // prettier-ignore

function Lines({ name, number }: { readonly name: string; readonly number: number }) {
  const { data, error } = useQuery({
    queryKey: ["policy change", name, number],
    queryFn: ({ signal }) => api.policyChange(name, number, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <p className="notice wrong">{error.message}</p>;
  if (data === undefined) return null;
  if (data.parts.length === 0) return <p className="quiet">It says what it said before.</p>;
  const { shown, left } = firstLines(data.parts);
  return (
    <section className="policy-diff" aria-label={`Lines that change ${number} changed`}>
      {shown.map((part) => (
        <Part key={part.after} part={part} />
      ))}
      {left > 0 && <p className="second">{words.plural(left, "more line")}: auscult policy history lists all of them.</p>}
    </section>
  );
}

/** A text of 4 MB is written whole at times: nobody reads it here. */
function firstLines(parts: readonly ChangedPart[]): { readonly shown: readonly ChangedPart[]; readonly left: number } {
  let left = parts.reduce((sum, { lines }) => sum + lines.length, 0);
  let room = LINES_SHOWN;
  const shown: ChangedPart[] = [];
  for (const part of parts) {
    if (room === 0) break;
    const lines = part.lines.slice(0, room);
    shown.push({ ...part, lines });
    room -= lines.length;
    left -= lines.length;
  }
  return { shown, left };
}

function Part({ part }: { readonly part: ChangedPart }) {
  return (
    <>
      <p className="second">From line {part.after}</p>
      <pre>
        {part.lines.map(({ mark, text }, place) => (
          <span key={place} className={`diff-line ${mark}`}>
            <span aria-hidden="true">{MARKS[mark]} </span>
            <span className="unseen">{SPOKEN[mark]}</span>
            {text}
            {"\n"}
          </span>
        ))}
      </pre>
    </>
  );
}

interface WaysBackProps {
  readonly name: string;
  readonly change: PolicyChange;
  /** The text is as it left it. */
  readonly isNewest: boolean;
}

function WaysBack({ name, change: { number, isThere }, isNewest }: WaysBackProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const go = async (way: "undo" | "restore") => {
    if (reason.trim() === "") return setWrong("Say why: it stands in the history.");
    try {
      await (way === "undo" ? api.undoPolicy : api.restorePolicy)(name, number, reason);
      await afterChange(client);
      say(way === "undo" ? `Change ${number} of ${name} is taken back.` : `${name} is as it was after change ${number}.`);
      setReason("");
      setWrong(null);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="override-buttons"
      aria-label={`Back from change ${number}`}
      onSubmit={(event) => {
        event.preventDefault();
        void go("undo");
      }}
    >
      <label className="policy-why">
        Why
        <input
          className="field"
          value={reason}
          maxLength={1_000}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setWrong(null);
          }}
        />
      </label>
      <button type="submit" className="button">
        Take this change back
      </button>
      {isThere && !isNewest && (
        <button type="button" className="button" onClick={() => void go("restore")}>
          Write it as it was then
        </button>
      )}
      {wrong !== null && (
        <p role="alert" className="override-wrong policy-wrong">
          {wrong}
        </p>
      )}
    </form>
  );
}
