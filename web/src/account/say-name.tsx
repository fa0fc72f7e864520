/** One's name, in one line. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { NOT_VERIFIED } from "../../../src/model/account.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";

export function SayName({ done }: { readonly done: () => void }) {
  const { now } = useLive();
  const client = useQueryClient();
  const name = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const problem = useId();
  const send = async () => {
    try {
      await api.sayName(name.current?.value ?? "");
      await client.refetchQueries({ queryKey: ["session"] });
      done();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="say-name"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        Your name
        <input
          ref={name}
          className="field"
          name="name"
          autoComplete="name"
          defaultValue={now?.who.replace(NOT_VERIFIED, "")}
          maxLength={40}
          required
          aria-describedby={wrong === null ? undefined : problem}
        />
      </label>
      <button type="submit" className="button">
        That is me
      </button>
      {wrong !== null && (
        <p id={problem} role="alert" className="form-wrong">
          {wrong}
        </p>
      )}
    </form>
  );
}
