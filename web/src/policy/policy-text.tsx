/** A policy's text, as `auscult policy` reads it too. What is wrong is told with line and column, and is not written. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useMay } from "../account/may.tsx";
import { api } from "../api.ts";
import { say } from "../say.tsx";
import { afterChange } from "./after-change.ts";

export function PolicyText({ name, text }: { readonly name: string; readonly text: string }) {
  const client = useQueryClient();
  const maySay = useMay("say");
  const [edited, setEdited] = useState(text);
  const [wrong, setWrong] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const problem = useId();
  const save = async () => {
    try {
      const { change } = await api.savePolicy(name, edited, reason);
      await afterChange(client);
      setWrong(null);
      setReason("");
      if (change === null) return;
      say(`${name} is written.`, async () => {
        await api.undoPolicy(name, change, "taken back at once");
        await afterChange(client);
        setEdited(text);
      });
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="sheet policy-text"
      aria-label={`Text of ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        <span className="unseen">The policy</span>
        <textarea
          value={edited}
          readOnly={!maySay}
          spellCheck={false}
          rows={Math.min(40, Math.max(12, edited.split("\n").length + 1))}
          aria-describedby={wrong === null ? undefined : problem}
          onChange={(event) => {
            setEdited(event.currentTarget.value);
            setWrong(null);
          }}
        />
      </label>
      {wrong !== null && (
        <p id={problem} role="alert" className="override-wrong policy-wrong">
          {wrong}
        </p>
      )}
      {maySay && (
        <p className="sheet-body override-buttons">
          {edited !== text && (
            <label className="policy-why">
              Why
              <input
                className="field"
                required
                value={reason}
                maxLength={1_000}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            </label>
          )}
          <button type="submit" className="button primary" aria-disabled={edited === text}>
            {edited === text ? "Nothing is changed" : "Write it"}
          </button>
          {edited !== text && (
            <button type="button" className="button" onClick={() => setEdited(text)}>
              As it was
            </button>
          )}
        </p>
      )}
    </form>
  );
}
