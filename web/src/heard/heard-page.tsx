/** What we heard and what we could not: beside every claim stands whether we were listening. */
import { useQuery } from "@tanstack/react-query";
import { IconAlertTriangle, IconEarOff } from "@tabler/icons-react";
import type { Coverage, InputCoverage } from "../../../src/model/store.ts";
import { api } from "../api.ts";
import type { Now } from "../api.ts";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { useLive } from "../live.tsx";
import { words } from "../words.ts";
import { Sensors } from "./sensors.tsx";
import { Waiting } from "./waiting.tsx";
import { Verdict } from "./verdict.tsx";

export function HeardPage() {
  const { fresh, now } = useLive();
  const { data, error } = useQuery({
    queryKey: ["coverage", fresh],
    queryFn: ({ signal }) => api.coverage(signal),
    placeholderData: (before) => before,
  });
  if (error !== null && data === undefined) return <p className="notice wrong">{error.message}</p>;
  if (data === undefined) return <p className="waiting">What was heard is on its way</p>;
  // The store tells of a file what was told while it was read, and more exactly.
  const told = (now?.notes ?? []).filter((note) => !data.notes.some((it) => aboutOf(it) === aboutOf(note)));
  const notes = [...new Set([...told, ...data.notes])];
  return (
    <div className="heard-page">
      <div>
        <h1>{title(data, now)}</h1>
        <p className="page-lead">
          {data.from === null || data.to === null
            ? "No frame has come yet."
            : `${words.time(data.from)} to ${words.time(data.to)}${pieces(data)}. ${words.many(data.frames)} frames, ${words.bytes(data.bytes)}, ${words.plural(data.devices, "device")}, ${words.plural(data.conversations, "conversation")}.`}
        </p>
      </div>
      {notes.length > 0 && (
        <ul className="notices">
          {notes.map((note) => (
            <li key={note} className="notice warn">
              <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
              {note}
            </li>
          ))}
        </ul>
      )}
      <Sensors />
      <section className="sheet">
        <header>
          <h2>Where we listened</h2>
          <span className="quiet">{words.plural(data.inputs.length, "input")}; nothing was sent on any of them</span>
        </header>
        <ul className="inputs">
          {data.inputs.map((input) => (
            <Input key={input.name} input={input} deaf={input.live && now?.hearing.kind === "deaf"} />
          ))}
        </ul>
      </section>
      <section className="sheet">
        <header>
          <h2>
            <IconEarOff className="icon" size={18} stroke={1.6} aria-hidden="true" /> What we could not hear
          </h2>
        </header>
        <div className="scroll-x">
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col" className="number">
                  How many
                </th>
                <th scope="col">What it takes away</th>
              </tr>
            </thead>
            <tbody>
              {losses(data).map(([what, count, means]) => (
                <tr key={what}>
                  <th scope="row" className="row-head">
                    {what}
                  </th>
                  <td className="number">{count}</td>
                  <td>{means}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <Waiting />
      <NotAnAlarm />
    </div>
  );
}

/** "ward.pcap is half-read" */
function aboutOf(note: string): string {
  return note.split(": ")[0] ?? note;
}

/** As the top bar has it: what was lost that we know of, and what we know to be missing besides. */
function title(coverage: Coverage, now: Now | null): string {
  const lost = coverage.drops / Math.max(1, coverage.drops + coverage.frames);
  const { kind, since } = now?.hearing ?? WHOLE;
  const deaf = kind === "deaf" ? `, deaf since ${words.clock(since ?? 0)}` : "";
  if (coverage.from === null || coverage.to === null) return `Nothing was heard yet${deaf}`;
  const span = words.duration(listenedMicros(coverage.inputs));
  const half = coverage.inputs.filter((input) => input.state === "half-read").length;
  if (deaf === "" && half === 0 && kind === "oneSided" && coverage.drops === 0)
    return `We heard ${span}, of many connections one side only`;
  const read = half === 0 ? "" : `; ${half} of ${words.plural(coverage.inputs.length, "input")} read only in part`;
  return `We heard ${span} and lost ${coverage.drops === 0 ? "nothing we know of" : `${words.percent(lost)} of it`}${read}${deaf}`;
}

/** Where several inputs leave holes between them, the time from the first frame to the last was not all listened to. */
function pieces({ inputs, from, to }: Coverage): string {
  return from !== null && to !== null && listenedMicros(inputs) < (to - from) * 0.99 ? ", with holes between" : "";
}

function listenedMicros(inputs: readonly InputCoverage[]): number {
  const spans = inputs.flatMap(({ from, to }) => (from === null || to === null ? [] : [{ from, to }])).toSorted((a, b) => a.from - b.from);
  let [sum, until] = [0, 0];
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

const WHOLE = { kind: "whole", since: null } as const;

function Input({ input, deaf }: { readonly input: InputCoverage; readonly deaf: boolean }) {
  return (
    <li>
      <div className="input-head">
        <h3>{input.name}</h3>
        <span className={deaf || input.state === "half-read" ? "chip" : "chip note"}>{deaf ? "deaf" : STATE_WORDS[input.state]}</span>
        <span className="quiet">
          {words.plural(input.frames, "frame")}, {words.bytes(input.bytes)} · {words.count(input.drops)} dropped ·{" "}
          {words.count(input.duplicates)} heard twice
        </span>
      </div>
      <Verdict verdict={input.verdict} live={input.live} />
    </li>
  );
}

const STATE_WORDS = {
  reading: "being read",
  whole: "read to its end",
  "half-read": "half read",
  listening: "listening",
  ended: "ended",
} as const;

const of = (count: number, whole: number) => `${words.count(count)} of ${words.count(whole)}`;

function losses(coverage: Coverage): readonly (readonly [string, string, string])[] {
  return [
    [
      "Frames dropped before us",
      of(coverage.drops, coverage.frames + coverage.drops),
      "Anything may have been in them: what rests on counting or on silence is weaker.",
    ],
    ["Holes in connections", words.count(coverage.gaps), "Messages across a hole were not read; the connection is still counted."],
    ["Frames heard twice", of(coverage.duplicates, coverage.frames), "Nothing: each counts once."],
    ["Damaged frames or messages", of(coverage.malformed, coverage.frames), "What was understood before the damage counts."],
    ...Object.entries(coverage.unheard).map(
      ([kind, count]) =>
        [
          UNHEARD_WORDS[kind] ?? kind,
          of(count, coverage.frames),
          "Whole, and unreadable without the key: who spoke is known, what was said is not.",
        ] as const,
    ),
    ...Object.entries(coverage.limits).map(([name, count]) => {
      const [what, means] = LIMIT_WORDS[name] ?? [`Limit reached: ${name}`, "Let go to stay within memory; these are in no list."];
      return [what, words.count(count), means] as const;
    }),
  ];
}

const LIMIT_WORDS: Readonly<Record<string, readonly [what: string, means: string]>> = {
  leftOut: ["Frames of networks left out", "Your settings leave them out: they are counted and never read."],
  hosts: ["Frames of senders beyond the limit", "A flood of addresses was heard. Who was not known before it may be missing."],
  addresses: ["Addresses beyond the limit of a recording", "It is full of addresses. Who came after them is in no list."],
  keys: ["Serial numbers and the like beyond the limit", "A device that said one may be listed once for each of its addresses."],
  flows: ["Connections forgotten early", "More were open at once than fit in memory: the oldest count as ended."],
  unanswered: ["Unanswered attempts forgotten early", "Each pair still has its count; what was answered later is counted as new."],
  streams: ["Messages not put together", "There was no memory to wait for their missing pieces; the connection is still counted."],
  observations: ["Statements let go", "One batch was full. What is said again will be heard again."],
  readings: ["Connections only counted", "Too many spoke at once to read each; who spoke to whom is known."],
  defects: ["Connections that hit a defect of ours", "They are read no further. The log says where; please report it."],
};

const UNHEARD_WORDS: Readonly<Record<string, string>> = {
  macsec: "Encrypted on the link (MACsec)",
  esp: "Encrypted tunnels (IPsec)",
  wifiProtected: "Encrypted Wi-Fi",
  capwapDtls: "Encrypted Wi-Fi controller tunnels",
};
