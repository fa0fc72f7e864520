/** A form in place for what a person says: what it is about, how they know, and who says so. The reason is never left out. */
import { IconPencil } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { ReactNode } from "react";
import { useLive } from "../live.tsx";

interface SaidFormProps {
  readonly label: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  readonly placeholder: string;
  /** Throws an Error for the person where it cannot be said. */
  readonly send: (reason: string) => Promise<void>;
  /** What was said before is taken back, also without a reason. */
  readonly takeBack?: (reason: string) => Promise<void>;
  readonly close: () => void;
}

export function SaidForm({ label, lead, children, placeholder, send, takeBack, close }: SaidFormProps) {
  const { now } = useLive();
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const problem = useId();
  const submit = async (does: (reason: string) => Promise<void>, because: string) => {
    if (because === "") return setWrong("Say how you know: it is written beside it.");
    try {
      await does(because);
      close();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="override"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(send, reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <p>
        <IconPencil className="icon" size={16} stroke={1.8} color="var(--gentian)" aria-hidden="true" /> {lead}
      </p>
      {children}
      <label className="override-reason">
        How do you know
        <input
          className="field"
          value={reason}
          maxLength={1000}
          placeholder={placeholder}
          aria-describedby={wrong === null ? undefined : problem}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div className="override-buttons">
        <button type="submit" className="button primary">
          Say so as {now?.who ?? ""}
        </button>
        {takeBack !== undefined && (
          <button
            type="button"
            className="button"
            onClick={() => void submit(takeBack, reason.trim() === "" ? "taken back on the page" : reason.trim())}
          >
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
