/** What a person says of scanning: put on the list, confirmed for longer, or taken off, with how they know; and taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DoNotScanLine, DoNotScanWord } from "../../../src/model/do-not-scan.ts";
import { May } from "../account/may.tsx";
import { api } from "../api.ts";
import { SaidForm } from "../device/said-form.tsx";
import { say, sayWrong, undone } from "../say.tsx";

type Word = DoNotScanWord["word"];

/** `line`: what is said of it now; null where it is on no line. */
export function ScanningActs({
  about,
  name,
  line,
}: {
  readonly about: string;
  readonly name: string;
  readonly line: DoNotScanLine | null;
}) {
  const [act, setAct] = useState<Word | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const takeBack = useTakeBack(about, name);
  const isOff = line === null || line.state === "taken off";
  const offered: readonly (readonly [Word, string])[] = isOff
    ? [["list", "Do not scan it"]]
    : [
        ["list", "Confirm"],
        ["take off", "Take off"],
      ];
  return (
    <May right="judge">
      <div className="finding-buttons">
        {offered.map(([word, button]) => (
          <button
            key={word}
            type="button"
            className={line === null ? "button small plain" : "button small"}
            onClick={(event) => {
              opener.current = event.currentTarget;
              setAct(word);
            }}
          >
            {button}
            <span className="unseen"> {name}</span>
          </button>
        ))}
        {line?.word != null && (
          <button type="button" className="button small plain" onClick={() => void takeBack().catch(sayWrong)}>
            Take back
            <span className="unseen"> what was said of {name}</span>
          </button>
        )}
      </div>
      {act !== null && (
        <SayScanning
          key={act}
          about={about}
          name={name}
          word={act}
          close={() => {
            setAct(null);
            opener.current?.focus();
          }}
        />
      )}
    </May>
  );
}

/** `about` null: the person names an address, a network or a device. */
export function SayScanning({
  about,
  name,
  word,
  close,
}: {
  readonly about: string | null;
  readonly name: string;
  readonly word: Word;
  readonly close: () => void;
}) {
  const client = useQueryClient();
  const [named, setNamed] = useState("");
  const [until, setUntil] = useState("");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input")?.focus(), []);
  const whom = about ?? named.trim();
  const takeBack = useTakeBack(whom, about === null ? whom : name);
  const { label, lead, placeholder } = WORDS[word];
  return (
    <div ref={form} className="finding-form">
      <SaidForm
        label={`${label}: ${name}`}
        lead={lead}
        placeholder={placeholder}
        send={async (reason) => {
          await api.sayOfScanning({ about: whom, word, reason, ...(until === "" ? {} : { until }) });
          await client.invalidateQueries({ queryKey: ["do not scan"] });
          say(`${word === "list" ? "Not to be scanned" : "Taken off"}: ${about === null ? whom : name}.`, takeBack);
        }}
        close={close}
      >
        {about === null && (
          <label>
            Address, network, or a device’s number
            <input
              className="field"
              value={named}
              maxLength={50}
              placeholder="10.20.30.0/24"
              onChange={(event) => setNamed(event.currentTarget.value)}
            />
          </label>
        )}
        {word === "list" && (
          <label>
            Until and with (left empty: as the settings say)
            <input className="field" type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
          </label>
        )}
      </SaidForm>
    </div>
  );
}

function useTakeBack(about: string, name: string): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await api.undoScanning(about);
    undone();
    await client.invalidateQueries({ queryKey: ["do not scan"] });
    say(`Taken back: what was said of ${name}.`);
  };
}

const WORDS: Readonly<Record<Word, { readonly label: string; readonly lead: string; readonly placeholder: string }>> = {
  list: {
    label: "Not to be scanned",
    lead: "It stands in each scanner’s file until then, with your name and your reason.",
    placeholder: "It rebooted when it was scanned in May, says its maker",
  },
  "take off": {
    label: "May be scanned",
    lead: "It goes from each scanner’s file, whatever else speaks for it. Give scanners the new file.",
    placeholder: "A demonstrator, on no patient",
  },
};
