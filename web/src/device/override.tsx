/** "That's wrong": a person's word, in place, with how they know. It wins from then on; the evidence stays, and it can be taken back. */
import { IconPencil } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { Stated } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { valueOf } from "../marks/sure.tsx";
import { say } from "../say.tsx";
import { undoLast } from "../undo.ts";

interface OverrideProps {
  readonly id: string;
  readonly attribute: string;
  readonly title: string;
  readonly stated: Stated | null;
  readonly close: () => void;
}

export function Override({ id, attribute, title, stated, close }: OverrideProps) {
  const { now } = useLive();
  const client = useQueryClient();
  const [value, setValue] = useState(valueOf(stated) ?? "");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const problem = useId();
  useEffect(() => first.current?.focus(), []);

  const send = async (said: string | null, because: string) => {
    if (because.trim() === "" || said?.trim() === "") return setWrong("Say what it is and how you know: both are written beside it.");
    try {
      await api.say(id, { attribute, value: said, reason: because });
      await client.invalidateQueries({ queryKey: ["device"] });
      say(said === null ? `${title}: your word is taken back.` : `${title}: ${said}, said by ${now?.who ?? "you"}.`, () =>
        undoLast(client),
      );
      close();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="override"
      aria-label={`Say what it is: ${title}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send(value, reason);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <p>
        <IconPencil className="icon" size={16} stroke={1.8} color="var(--gentian)" aria-hidden="true" /> <b>Say what it is.</b> Your word
        wins from now on, with your name beside it. The evidence stays, and you can take it back at any time.
      </p>
      <label>
        {attribute === "kind" ? "It is" : `${title} is`}
        <input
          ref={first}
          className="field"
          value={value}
          maxLength={200}
          required
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <label className="override-reason">
        How do you know
        <input
          className="field"
          value={reason}
          maxLength={1000}
          required
          placeholder="Read from the label at the bedside"
          aria-describedby={wrong === null ? undefined : problem}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div className="override-buttons">
        <button type="submit" className="button primary">
          Say so as {now?.who ?? ""}
        </button>
        {stated?.saidBy !== undefined && (
          <button type="button" className="button" onClick={() => void send(null, reason === "" ? "taken back on the page" : reason)}>
            Take it back
          </button>
        )}
        <button type="button" className="button" onClick={close}>
          Leave it
        </button>
      </div>
      {wrong !== null && (
        <p id={problem} role="alert" className="override-wrong">
          {wrong}
        </p>
      )}
    </form>
  );
}
