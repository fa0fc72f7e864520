/** "That's wrong": a person's word, in place, with how they know. It wins from then on; the evidence stays, and it can be taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Stated } from "../../../src/model/device.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { valueOf } from "../marks/sure.tsx";
import { say } from "../say.tsx";
import { undoLast } from "../undo.ts";
import { SaidForm } from "./said-form.tsx";

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
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const send = async (said: string | null, reason: string) => {
    if (said?.trim() === "") throw new Error("Say what it is: it is written with how you know.");
    await api.say(id, { attribute, value: said, reason });
    await client.invalidateQueries({ queryKey: ["device"] });
    say(said === null ? `${title}: your word is taken back.` : `${title}: ${said}, said by ${now?.who ?? "you"}.`, () => undoLast(client));
  };
  return (
    <SaidForm
      label={`Say what it is: ${title}`}
      lead={
        <>
          <b>Say what it is.</b> Your word wins from now on, with your name beside it. The evidence stays, and you can take it back at any
          time.
        </>
      }
      placeholder="Read from the label at the bedside"
      send={(reason) => send(value, reason)}
      {...(stated?.saidBy === undefined ? {} : { takeBack: (reason: string) => send(null, reason) })}
      close={close}
    >
      <label>
        {attribute === "kind" ? "It is" : `${title} is`}
        <input ref={first} className="field" value={value} maxLength={200} onChange={(event) => setValue(event.currentTarget.value)} />
      </label>
    </SaidForm>
  );
}
