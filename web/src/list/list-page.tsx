/** The hospital's own list beside what was heard: a dry run first, a person's say on what is doubtful, then all or none is said. */
import { useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconFileUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { ChosenColumns, ListPlan } from "../../../src/model/list.ts";
import { api } from "../api.ts";
import { base64 } from "../base64.ts";
import { May } from "../account/may.tsx";
import { useLive } from "../live.tsx";
import { say } from "../say.tsx";
import { takeBack } from "../undo.ts";
import { words } from "../words.ts";
import { ListColumns } from "./list-columns.tsx";
import { ListRows } from "./list-rows.tsx";

/** What is asked of the list that is open; asked again whenever a person says more about it. */
interface Asked {
  readonly file: string;
  /** In base64. */
  readonly bytes: string;
  readonly columns: ChosenColumns;
  readonly chosen: Readonly<Record<number, string | null>>;
}

export function ListPage() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [plan, setPlan] = useState<ListPlan | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const latest = useRef(0);

  const ask = async (question: Asked) => {
    const turn = ++latest.current;
    setAsked(question);
    setWorking(true);
    try {
      const answer = await api.list(question);
      // What was asked later is answered instead.
      if (turn !== latest.current) return;
      setPlan(answer);
      setWrong(null);
    } catch (error) {
      if (turn === latest.current) setWrong(error instanceof Error ? error.message : String(error));
    } finally {
      if (turn === latest.current) setWorking(false);
    }
  };
  const read = async (file: File) => {
    setPlan(null);
    await ask({ file: file.name, bytes: await base64(file), columns: {}, chosen: {} });
  };

  return (
    <div className="list-page" aria-busy={working}>
      <header className="list-head">
        <div>
          <h1>{plan === null ? "Hold the hospital’s own list against what was heard" : title(plan)}</h1>
          <p className="page-lead">{plan === null ? LEAD : readAs(plan)}</p>
        </div>
        <Choose read={read} first={plan === null} />
      </header>
      <p role="status" className="second">
        {working
          ? "The list is held against what was heard"
          : plan === null
            ? ""
            : `${words.plural(plan.changes, "word")} would be said; nothing is written yet.`}
      </p>
      {wrong !== null && (
        <p role="alert" className="notice wrong">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {wrong}
        </p>
      )}
      {plan !== null && asked !== null && (
        <>
          {plan.notes.map((note) => (
            <p key={note} className="notice warn">
              <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
              {note}
            </p>
          ))}
          <ListColumns columns={plan.columns} choose={(columns) => void ask({ ...asked, columns: { ...asked.columns, ...columns } })} />
          <ListRows plan={plan} choose={(row, device) => void ask({ ...asked, chosen: withChoice(asked.chosen, row, device) })} />
          <May right="say">
            <Apply plan={plan} asked={asked} applied={() => void ask(asked)} />
          </May>
        </>
      )}
    </div>
  );
}

const LEAD =
  "An export of the CMMS, or a spreadsheet saved as CSV. You see what each row is and what it would say before anything is written. A table of ours, saved by “CSV” on the list of devices and edited, is read as well.";

function title({ rows, file }: ListPlan): string {
  const matched = rows.filter(({ state }) => state === "matched").length;
  return `${words.count(matched)} of ${words.plural(rows.length, "row")} of ${file} are devices that were heard`;
}

function readAs({ encoding, separator, titleRow, heard, heardOnlyTotal }: ListPlan): string {
  return `${words.count(heardOnlyTotal)} of ${words.plural(heard, "device")} heard stand in no row. Read as ${encoding} with ${separator === "tab" ? "tabs" : `${separator}s`} between cells, titles in row ${titleRow}.`;
}

function withChoice(chosen: Asked["chosen"], row: number, device: string | null | undefined): Asked["chosen"] {
  const { [row]: _, ...others } = chosen;
  return device === undefined ? others : { ...others, [row]: device };
}

function Choose({ read, first }: { readonly read: (file: File) => Promise<void>; readonly first: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label="The list"
        accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void read(file);
          // The same file again, after it was edited, is chosen again.
          event.currentTarget.value = "";
        }}
      />
      <button type="button" className={first ? "button primary" : "button"} onClick={() => input.current?.click()}>
        <IconFileUpload className="icon" size={18} stroke={1.6} aria-hidden="true" />
        {first ? "Choose the list" : "Choose another list"}
      </button>
    </>
  );
}

interface ApplyProps {
  readonly plan: ListPlan;
  readonly asked: Asked;
  readonly applied: () => void;
}

function Apply({ plan, asked, applied }: ApplyProps) {
  const { now } = useLive();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const none = plan.changes === 0;

  const apply = async () => {
    if (none) return;
    if (reason.trim() === "") return setWrong("Say where the list is from: it is written beside each word.");
    try {
      setWrong(null);
      const { change, words: said } = await api.applyList({ ...asked, digest: plan.digest, reason });
      await client.invalidateQueries();
      say(`${words.plural(said, "word")} of ${asked.file} said by ${now?.who ?? "you"}.`, async () => {
        await takeBack(client, change);
        applied();
      });
      applied();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="list-apply"
      aria-label="Say what the list says"
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <label>
        Where the list is from
        <input
          className="field"
          value={reason}
          maxLength={1000}
          placeholder="CMMS export of 27 November"
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setWrong(null);
          }}
        />
      </label>
      <button type="submit" className="button primary" aria-disabled={none}>
        {none ? "The list would change nothing" : `Say ${words.plural(plan.changes, "word")} as ${now?.who ?? ""}`}
      </button>
      <p className="second">All or none is written, as one change that can be taken back.</p>
      {wrong !== null && (
        <p role="alert" className="override-wrong">
          {wrong}
        </p>
      )}
    </form>
  );
}
