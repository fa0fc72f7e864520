/** What a person makes of a finding: I have this, it is explained until a day, it is closed; each with how they know, each taken back. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { FINDING_VERDICTS, type FindingDetail, type FindingVerdict } from "../../../src/model/finding.ts";
import { standingInWords } from "../../../src/model/finding-words.ts";
import { useMay } from "../account/may.tsx";
import { api } from "../api.ts";
import { SaidForm } from "../device/said-form.tsx";
import { useKeys } from "../keys.ts";
import { say, sayWrong, undone } from "../say.tsx";

type Act = "acknowledge" | "explain" | "close" | "reopen";

export function FindingActs({ finding }: { readonly finding: FindingDetail }) {
  const [act, setAct] = useState<Act | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const may = useMay("judge");
  const client = useQueryClient();
  const { id, standing, history } = finding;
  const isDone = standing.state === "explained" || standing.state === "closed";
  const open = useCallback((next: Act) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setAct(next);
  }, []);
  useKeys(
    useMemo(
      () =>
        !may || act !== null
          ? {}
          : {
              ...(standing.state === "new" ? { a: () => open("acknowledge") } : {}),
              z: () => open("explain"),
              ...(standing.state === "closed" ? {} : { c: () => open("close") }),
            },
      [may, act, standing.state, open],
    ),
  );
  if (!may) return null;
  const takeBack = async () => {
    await api.undoFinding(id);
    undone();
    await client.invalidateQueries({ queryKey: ["finding"] });
    await client.invalidateQueries({ queryKey: ["findings"] });
  };
  const close = () => {
    setAct(null);
    opener.current?.focus();
  };
  return (
    <div className="finding-acts">
      <div className="finding-buttons">
        {standing.state === "new" && (
          <button type="button" className="button primary" onClick={() => open("acknowledge")}>
            I have this <Key of="a" />
          </button>
        )}
        <button type="button" className="button" onClick={() => open("explain")}>
          Explain <Key of="z" />
        </button>
        {standing.state !== "closed" && (
          <button type="button" className="button" onClick={() => open("close")}>
            Close <Key of="c" />
          </button>
        )}
        {isDone && (
          <button type="button" className="button" onClick={() => open("reopen")}>
            Open again
          </button>
        )}
        {history.length > 0 && (
          <button
            type="button"
            className="button plain"
            onClick={() => void takeBack().then(() => say("Taken back: what was said last.")).catch(sayWrong)} // prettier-ignore
          >
            Take back the last word
          </button>
        )}
      </div>
      {act !== null && (
        <Said
          key={act}
          act={act}
          finding={finding}
          close={close}
          said={(now) => say(`${TITLES[act].done} ${standingInWords(now)}`, takeBack)}
        />
      )}
    </div>
  );
}

function Key({ of }: { readonly of: string }) {
  return (
    <kbd className="kbd" aria-hidden="true">
      {of}
    </kbd>
  );
}

interface SaidProps {
  readonly act: Act;
  readonly finding: FindingDetail;
  readonly close: () => void;
  readonly said: (now: FindingDetail) => void;
}

function Said({ act, finding, close, said }: SaidProps) {
  const client = useQueryClient();
  const [until, setUntil] = useState("");
  const [owner, setOwner] = useState("");
  const [verdict, setVerdict] = useState<FindingVerdict>("innocent");
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  const send = async (reason: string) => {
    await api.sayOfFinding(finding.id, {
      what: act,
      reason,
      ...(act === "explain" ? { until, owner } : act === "close" ? { verdict } : {}),
    });
    await client.invalidateQueries({ queryKey: ["finding"] });
    await client.invalidateQueries({ queryKey: ["findings"] });
    said(await api.finding(finding.id));
  };
  const { label, lead, placeholder } = TITLES[act];
  return (
    <div ref={form} className="finding-form">
      <SaidForm label={label} lead={lead} placeholder={placeholder} send={send} close={close}>
        {act === "explain" && (
          <>
            <label>
              Until and with
              <input className="field" type="date" required value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
            </label>
            <label>
              Who answers for it
              <input className="field" required maxLength={200} value={owner} onChange={(event) => setOwner(event.currentTarget.value)} />
            </label>
          </>
        )}
        {act === "close" && (
          <label>
            It was
            <select
              className="field"
              value={verdict}
              onChange={(event) => setVerdict(FINDING_VERDICTS.find((it) => it === event.currentTarget.value) ?? "innocent")}
            >
              {FINDING_VERDICTS.map((it) => (
                <option key={it} value={it}>
                  {VERDICT_WORDS[it]}
                </option>
              ))}
            </select>
          </label>
        )}
      </SaidForm>
    </div>
  );
}

const VERDICT_WORDS: Readonly<Record<FindingVerdict, string>> = {
  true: "what it looks like",
  innocent: "innocent",
  duplicate: "another finding’s doing",
  test: "a test",
};

const TITLES: Readonly<
  Record<Act, { readonly label: string; readonly lead: string; readonly placeholder: string; readonly done: string }>
> = {
  acknowledge: {
    label: "Say that you have it",
    lead: "You have this. It stays in the list with your name; if it grows more severe it is new again.",
    placeholder: "On my way to the ward",
    done: "Said.",
  },
  explain: {
    label: "Say why it is as it should be",
    lead: "It is known why, until a day. All that is alike is hidden until then and counted here; what is more severe, or later, is not covered.",
    placeholder: "The password of the archive is being changed, change 4711",
    done: "Said.",
  },
  close: {
    label: "Say what it was",
    lead: "It is done with. If it goes on, it is new again.",
    placeholder: "An old script, stopped",
    done: "Said.",
  },
  reopen: {
    label: "Say why it is not done with",
    lead: "It is to be looked at again.",
    placeholder: "It was not the script",
    done: "Said.",
  },
};
