/** What shall we listen to? Three equal choices: none is the primary one, because only the person knows which is theirs. */
import {
  IconBuildingHospital,
  IconEar,
  IconEarOff,
  IconFileDownload,
  IconLock,
  IconUpload,
  IconUserOff,
  IconWorldOff,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { ChangeEvent } from "react";
import { May } from "../account/may.tsx";
import { Who } from "../account/who.tsx";
import { api } from "../api.ts";
import { ThemeButton } from "../frame/top-bar.tsx";
import { Logo } from "../frame/logo.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { useLive } from "../live.tsx";
import { sayWrong } from "../say.tsx";
import { SAMPLE_SECONDS } from "../../../src/api/session.ts";
import { words } from "../words.ts";
import { openFiles } from "./drop.tsx";
import { inOrder } from "./dropped.ts";
import { Interfaces } from "./interfaces.tsx";

declare module "react" {
  /** Every browser chooses a folder by it; React's own types do not have it yet. */
  interface InputHTMLAttributes<T> {
    webkitdirectory?: string;
  }
}

export function OpeningPage({ first = false, help }: { readonly first?: boolean; readonly help?: () => void }) {
  const { now } = useLive();
  const choices = (
    <>
      <h1 className="opening-title">What shall we listen to?</h1>
      <p className="opening-lead">
        Auscult hears what is on a hospital network and says how it knows. It only listens: not one frame is sent to the network it hears.
      </p>
      <May
        right="operate"
        instead={
          <p className="notice">Whoever signs in as {now?.account?.role ?? "viewer"} sees what is shown here; others open and listen.</p>
        }
      >
        <div className="choices">
          <Sample />
          <Capture />
          <Listen />
        </div>
      </May>
      <ul className="promises">
        <li>
          <IconEarOff className="icon" size={18} stroke={1.6} aria-hidden="true" /> Nothing is sent to any device
        </li>
        <li>
          <IconUserOff className="icon" size={18} stroke={1.6} aria-hidden="true" /> Patient data ends where it is read
        </li>
        <li>
          <IconWorldOff className="icon" size={18} stroke={1.6} aria-hidden="true" /> Works without the Internet
        </li>
        {help !== undefined && (
          <li>
            <button type="button" className="link" onClick={help}>
              Keys
            </button>{" "}
            <kbd className="kbd">?</kbd>
          </li>
        )}
      </ul>
      {first && <NotAnAlarm />}
      <May right="operate">
        <Recordings />
      </May>
    </>
  );
  if (!first) return <div className="opening inside">{choices}</div>;
  return (
    <main className="opening">
      <header className="opening-brand">
        <Logo size={38} />
        Auscult
        {now?.account === null && (
          <span className="opening-lock">
            <IconLock className="icon" size={16} stroke={1.6} aria-hidden="true" /> Only this computer can open this page, so no account is
            needed.
          </span>
        )}
        <ThemeButton />
        {now !== null && now.account !== null && <Who now={now} />}
      </header>
      {choices}
    </main>
  );
}

function Sample() {
  const { go, busy } = useGo();
  return (
    <section className="choice" aria-labelledby="choice-sample">
      <h2 id="choice-sample">
        <IconBuildingHospital className="icon" size={22} stroke={1.6} aria-hidden="true" /> Try the sample hospital
      </h2>
      <ul className="choice-facts">
        <li>Two wards and a radiology</li>
        <li>Pumps, monitors, imaging and what stands around them</li>
        <li>Real bytes of real protocols</li>
        <li>Made up from a seed; nobody’s data</li>
        <li>Played back in about {SAMPLE_SECONDS} s, to watch it come in</li>
      </ul>
      <button type="button" className="button choice-go" aria-disabled={busy} onClick={() => go(api.openSample)}>
        {busy ? "The hospital is being made up" : "Open the sample"}
      </button>
    </section>
  );
}

function Capture() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    openFiles(inOrder([...(event.currentTarget.files ?? [])]));
    event.currentTarget.value = "";
  };
  return (
    <section className="choice" aria-labelledby="choice-capture">
      <h2 id="choice-capture">
        <IconFileDownload className="icon" size={22} stroke={1.6} aria-hidden="true" /> Open a capture
      </h2>
      <div className="drop-here">
        <IconUpload className="icon" size={26} stroke={1.6} aria-hidden="true" />
        <b>Drop a file anywhere on this page</b>
        <span>pcap or pcapng, also .gz or .zst</span>
        <span>It stays on this computer.</span>
        <button type="button" className="link" onClick={() => folder.current?.click()}>
          Or choose a folder
        </button>
      </div>
      <input ref={files} type="file" multiple hidden onChange={chosen} />
      <input ref={folder} type="file" webkitdirectory="" hidden onChange={chosen} />
      <button type="button" className="button choice-go" onClick={() => files.current?.click()}>
        Choose files
      </button>
    </section>
  );
}

function Listen() {
  return (
    <section className="choice" aria-labelledby="choice-listen">
      <h2 id="choice-listen">
        <IconEar className="icon" size={22} stroke={1.6} aria-hidden="true" /> Listen on an interface
      </h2>
      <Interfaces />
    </section>
  );
}

function Recordings() {
  const { now } = useLive();
  const { go } = useGo();
  const { data = [] } = useQuery({ queryKey: ["recordings"], queryFn: ({ signal }) => api.recordings(signal) });
  const others = data.filter((it) => it.name !== now?.recording);
  if (others.length === 0) return null;
  return (
    <section className="sheet recordings">
      <header>
        <h2>Recorded before</h2>
        <span className="quiet">{words.plural(others.length, "recording")}</span>
      </header>
      <ul>
        {others.map((it) => (
          <li key={it.name}>
            <b>{it.name}</b>
            <span className="quiet">
              {words.plural(it.devices, "device")}
              {it.to !== null && ` · heard until ${words.time(it.to)}`}
            </span>
            <button type="button" className="button small" onClick={() => go(() => api.openRecording(it.name))}>
              Show<span className="unseen"> {it.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Does it, then goes where the devices appear; says in its own words what kept it from being done. */
export function useGo(): { readonly go: (act: () => Promise<void>) => void; readonly busy: boolean } {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const go = (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    act()
      .then(() => router.navigate({ to: "/devices" }))
      .catch(sayWrong)
      .finally(() => setBusy(false));
  };
  return { go, busy };
}
