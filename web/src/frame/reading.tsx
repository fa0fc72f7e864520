/** How far a file is read, by bytes. Read out at most every 5 seconds. */
import { IconSquare } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { api } from "../api.ts";
import type { Now } from "../api.ts";
import { May } from "../account/may.tsx";
import { GraduatedLine } from "../marks/graduated-line.tsx";
import { sayWrong } from "../say.tsx";
import { words } from "../words.ts";

const SPOKEN_MS = 5_000;

export function Reading({ reading }: { readonly reading: NonNullable<Now["reading"]> }) {
  const share = reading.bytesTotal === null || reading.bytesTotal === 0 ? null : reading.bytesRead / reading.bytesTotal;
  const facts = [
    share === null ? "" : `${Math.floor(share * 100)} %`,
    reading.bytesTotal === null
      ? words.bytes(reading.bytesRead)
      : `${words.bytes(reading.bytesRead)} of ${words.bytes(reading.bytesTotal)}`,
    // Of what is played back at its own pace neither tells anything.
    reading.playedBack !== null ? "" : `${words.bytes(reading.bytesPerSecond)}/s`,
    reading.playedBack !== null || reading.secondsLeft === null ? "" : `${words.seconds(reading.secondsLeft)} left`,
    `${words.many(reading.frames)} frames`,
  ].filter((text) => text !== "");
  return (
    <section className="reading" aria-label="Reading">
      {share !== null && <GraduatedLine share={share} label={`Read of ${reading.file}`} />}
      <div className="reading-facts">
        <strong>Reading {reading.file}</strong>
        {reading.playedBack !== null && <span>played back in about {words.seconds(reading.playedBack)}, so that one can watch</span>}
        {facts.map((text, index) => (
          <span key={index}>{text}</span>
        ))}
        <May right="operate">
          <span className="reading-stop">
            <span className="quiet">What was found stays if you stop</span>
            <button type="button" className="button" onClick={() => void api.stop().catch(sayWrong)}>
              <IconSquare className="icon" size={14} stroke={1.6} aria-hidden="true" />
              Stop here
            </button>
          </span>
        </May>
      </div>
      <Spoken text={`${facts[0] ?? ""} read, ${words.plural(reading.devices, "device")} so far`} />
    </section>
  );
}

function Spoken({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState("");
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), SPOKEN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="unseen" aria-live="polite">
      {spoken}
    </p>
  );
}
