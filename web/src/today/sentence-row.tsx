/** One sentence: where, since when and how severe in the margin; under it why, the evidence, what to do and whom to call. */
import { Link } from "@tanstack/react-router";
import { IconPhone } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { TodaySentence } from "../api.ts";
import { SeverityWord } from "../marks/severity.tsx";
import { words } from "../words.ts";

type Opened = "why" | "do" | null;

/** So many are asked for by their ids in one filter. */
const FILTERED_MAX = 100;

/** Where nothing is said: what is of one place is told place by place, and of these it is not known. */
function placeOf({ care, kind }: TodaySentence): string {
  if (care === null) return "Whole site";
  return kind === "finding" || kind === "risk" ? "Place not known" : "Several places";
}

export function SentenceRow({ sentence }: { readonly sentence: TodaySentence }) {
  const [opened, setOpened] = useState<Opened>(null);
  const id = useId();
  const { severity, where, since, text, why, contacts, noContact, weakness } = sentence;
  const [first] = contacts;
  const toggle = (name: "why" | "do", word: string) => (
    <button
      type="button"
      className="link"
      aria-expanded={opened === name}
      aria-controls={`${id}-more`}
      onClick={() => setOpened(opened === name ? null : name)}
    >
      {word}
    </button>
  );
  return (
    <li className={severity === "critical" ? "finding-row worst" : "finding-row"}>
      <div className="finding-margin">
        <b>{where ?? placeOf(sentence)}</b>
        {since !== null && (
          <span className="second" title={words.time(since)}>
            since {words.day(since)}
          </span>
        )}
        <SeverityWord severity={severity} />
      </div>
      <div className="finding-what">
        <p className="finding-sentence">
          {text.map((piece, at) =>
            piece.device === null ? (
              <span key={at}>{piece.text}</span>
            ) : (
              <Link key={at} to="/devices/$id" params={{ id: piece.device }}>
                {piece.text}
              </Link>
            ),
          )}
        </p>
        <div className="today-links">
          {toggle("why", "Why")}
          <Evidence sentence={sentence} />
          {weakness !== null && (
            <Link to="/weaknesses/$name" params={{ name: weakness }}>
              The weakness
            </Link>
          )}
          {toggle("do", "Do")}
          {first === undefined ? (
            <span className="quiet">Nobody to call is written down for {noContact ?? "this"}</span>
          ) : (
            <span className="today-call">
              <IconPhone className="icon" size={15} stroke={1.6} aria-hidden="true" />
              Call {first.who}, {first.call}
            </span>
          )}
        </div>
        <p id={`${id}-more`} className="today-more" hidden={opened === null}>
          {opened === "do" ? sentence.do : why}
        </p>
      </div>
    </li>
  );
}

/** Where what it says can be looked at. */
function Evidence({ sentence: { kind, finding, devices } }: { readonly sentence: TodaySentence }) {
  if (finding !== null) return <Link to="/findings/$id" params={{ id: finding }}>Evidence</Link>; // prettier-ignore
  if (kind === "guard") return <Link to="/findings">Evidence</Link>;
  const [one] = devices;
  if (one === undefined) return <Link to="/heard">Evidence</Link>;
  if (devices.length === 1)
    return (
      <Link to="/devices/$id" params={{ id: one }} search={kind === "risk" ? { tab: "risk" } : {}}>
        Evidence
      </Link>
    );
  return (
    <Link to="/devices" search={{ filter: `id in ${devices.slice(0, FILTERED_MAX).join(", ")}` }}>
      {devices.length <= FILTERED_MAX ? "Evidence" : `Evidence: ${FILTERED_MAX} of ${words.count(devices.length)}`}
    </Link>
  );
}
