/** What a person says of a weakness: it is so, or it is not, of one device or of all of its model; with how they know, and taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Weakness, WeaknessWord } from "../../../src/model/weakness.ts";
import type { WeakDevice } from "../../../src/model/weakness-report.ts";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { SaidForm } from "../device/said-form.tsx";
import { say, sayWrong, undone } from "../say.tsx";

/** `maker` and `model` are null where they are not known; then nothing is said of the model. */
export type Named = Pick<WeakDevice, "id" | "name" | "maker" | "model">;
type Word = WeaknessWord["word"];

export function WeaknessActs({ weakness, device }: { readonly weakness: Weakness; readonly device: Named }) {
  const { name, title, word } = weakness;
  const client = useQueryClient();
  const [act, setAct] = useState<Word | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  // The button that takes back is gone when it has done so: the focus stays at this device.
  const next = useRef<HTMLElement | null>(null);
  const isSaid = word !== null;
  useEffect(() => {
    if (isSaid) return;
    next.current?.focus();
    next.current = null;
  }, [isSaid]);

  const asked = () => client.invalidateQueries({ queryKey: ["weaknesses"] });
  const takeBack = async () => {
    await api.undoWeakness(name, device.id);
    undone();
    await asked();
    say(`Taken back: what was said of ${device.name}.`);
  };
  const whose = ` of ${device.name}: ${title}`;
  return (
    <May right="judge">
      <div className="finding-buttons">
        {(["confirmed", "dismissed"] as const).map((it) => (
          <button
            key={it}
            type="button"
            className="button small"
            onClick={(event) => {
              opener.current = event.currentTarget;
              setAct(it);
            }}
          >
            {ACT_WORDS[it].button}
            <span className="unseen">{whose}</span>
          </button>
        ))}
        {word !== null && (
          <button
            type="button"
            className="button small plain"
            onClick={(event) => {
              next.current = event.currentTarget.parentElement?.querySelector("button") ?? null;
              void takeBack().catch(sayWrong);
            }}
          >
            Take back
            <span className="unseen">{whose}</span>
          </button>
        )}
      </div>
      {act !== null && (
        <Said
          key={act}
          act={act}
          weakness={name}
          device={device}
          close={() => {
            setAct(null);
            opener.current?.focus();
          }}
          said={async (whom) => {
            await asked();
            say(`${ACT_WORDS[act].done} of ${whom}.`, takeBack);
          }}
        />
      )}
    </May>
  );
}

interface SaidProps {
  readonly act: Word;
  readonly weakness: string;
  readonly device: Named;
  readonly close: () => void;
  readonly said: (whom: string) => Promise<void>;
}

function Said({ act, weakness, device: { id, name, maker, model }, close, said }: SaidProps) {
  const [scope, setScope] = useState<WeaknessWord["scope"]>("device");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("select, input")?.focus(), []);
  const all = `all ${[maker, model].filter((it) => it !== null).join(" ")}`;
  const { label, lead, placeholder } = ACT_WORDS[act];
  return (
    <div ref={form} className="finding-form">
      <SaidForm
        label={label}
        lead={lead}
        placeholder={placeholder}
        send={async (reason) => {
          await api.sayOfWeakness(weakness, { device: id, word: act, scope, reason });
          await said(scope === "model" ? all : name);
        }}
        close={close}
      >
        <label>
          Of
          {model === null ? (
            <span className="weakness-alone">{name} alone: its model is not known</span>
          ) : (
            <select
              className="field"
              value={scope}
              onChange={(event) => setScope(event.currentTarget.value === "model" ? "model" : "device")}
            >
              <option value="device">{name} alone</option>
              <option value="model">{all}, also those to come</option>
            </select>
          )}
        </label>
      </SaidForm>
    </div>
  );
}

const ACT_WORDS: Readonly<
  Record<
    Word,
    { readonly button: string; readonly label: string; readonly lead: string; readonly placeholder: string; readonly done: string }
  >
> = {
  confirmed: {
    button: "Confirm",
    label: "Say that it is so",
    lead: "Somebody looked, and it is so. It stays in the list with your name.",
    placeholder: "Looked at the version on its screen",
    done: "Confirmed",
  },
  dismissed: {
    button: "Dismiss",
    label: "Say that it is not so",
    lead: "It is not so, or does no harm here. It counts no more and stands last, with your name and your reason.",
    placeholder: "Its maker says this model has not that part, letter of 3 May",
    done: "Dismissed",
  },
};
