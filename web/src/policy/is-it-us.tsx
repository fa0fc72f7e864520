/** For the service desk: did a rule stop anything to or from this device? One sentence first, to be read over the telephone; then what it rests on. */
import { useMutation } from "@tanstack/react-query";
import { IconCheck, IconHandStop, IconPhone, IconQuestionMark } from "@tabler/icons-react";
import { useState } from "react";
import type { WhyReport } from "../../../src/model/policy-report.ts";
import { api } from "../api.ts";
import { words } from "../words.ts";

const AGES = [
  [15, "15 minutes"],
  [60, "hour"],
  [8 * 60, "8 hours"],
  [24 * 60, "day"],
] as const;
const ANSWERS = {
  yes: ["Yes", IconHandStop, "blocks"],
  no: ["No", IconCheck, "keeps"],
  "cannot tell": ["Cannot tell", IconQuestionMark, "unsure"],
} as const;
const SAYS = { counters: "Our wall stopped it", log: "The equipment's log says so", evaluator: "Worked out from what was heard" } as const;
/** Clocks of equipment go by whole and half hours, and a few by quarters. */
const ZONE = /^([+-])(\d{1,2}):([0-5]\d)$/;

export function IsItUs({ name, text }: { readonly name: string; readonly text: string }) {
  const [device, setDevice] = useState("");
  const [minutes, setMinutes] = useState<number>(AGES[0][0]);
  const [zone, setZone] = useState("+00:00");
  const [log, setLog] = useState<File | null>(null);
  const asked = useMutation({
    mutationFn: async () => {
      const [, sign, hours, rest] = ZONE.exec(zone) ?? [];
      if (log !== null && sign === undefined) throw new Error(`expected a zone such as +01:00, got "${zone}"`);
      const zoneMinutes = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(rest));
      return api.policyWhy({ name, text, device, minutes, zoneMinutes, ...(log === null ? {} : { log: await log.text() }) });
    },
  });
  return (
    <div className="policy-verdicts">
      <section className="sheet" aria-label="Is it us?">
        <form
          className="sheet-body policy-export"
          aria-label="Ask"
          onSubmit={(event) => {
            event.preventDefault();
            if (device.trim() !== "") asked.mutate();
          }}
        >
          <label>
            Device
            <input
              className="field"
              value={device}
              maxLength={300}
              placeholder="its name, address or number"
              onChange={(event) => setDevice(event.currentTarget.value)}
            />
          </label>
          <label>
            In the last
            <select className="field" value={minutes} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
              {AGES.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <label>
            Log of what equipment denied, if there is one
            <input type="file" className="field" onChange={(event) => setLog(event.currentTarget.files?.[0] ?? null)} />
          </label>
          {log !== null && (
            <label>
              Its clock&#39;s zone, where lines name none
              <input className="field" value={zone} maxLength={6} onChange={(event) => setZone(event.currentTarget.value)} />
            </label>
          )}
          <button type="submit" className="button primary" aria-disabled={asked.isPending || device.trim() === ""}>
            <IconPhone className="icon" size={16} stroke={1.6} aria-hidden="true" />{" "}
            {asked.isPending ? "It is being looked up" : "Is it us?"}
          </button>
        </form>
        <p className="sheet-body second">
          Counted back from the last moment heard. Logs of nftables, Cisco, FortiGate and Palo Alto are read; where our wall stands, auscult
          policy why asks it live.
        </p>
      </section>
      <div aria-live="polite">
        {asked.error !== null && <p className="notice wrong policy-wrong">{asked.error.message}</p>}
        {asked.data !== undefined && <Answer told={asked.data} />}
      </div>
    </div>
  );
}

function Answer({ told }: { readonly told: WhyReport }) {
  const { answer, sentence, stopped, reasons, silent, sources, since, device } = told;
  const [word, Icon, look] = ANSWERS[answer];
  return (
    <section className="sheet" aria-label={`Answer: ${word}`}>
      <p className="sheet-body policy-answer">
        <span className={`verdict-word ${look}`}>
          <Icon className="icon" size={20} stroke={1.8} aria-hidden="true" />
        </span>{" "}
        {sentence}
      </p>
      {stopped.length > 0 && (
        <ul className="policy-list stacked">
          {stopped.map((it) => (
            <li key={`${it.client} ${it.server} ${it.service}`}>
              <b>
                {it.client} → {it.server}, {it.service}
              </b>
              <span>
                {SAYS[it.from]}
                {it.rule === "" ? "" : `, by “${it.rule}”`}: last {words.time(it.last)},{" "}
                {it.from === "evaluator" ? words.plural(it.count, "try", "tries") : words.plural(it.count, "packet")}
              </span>
              {it.near !== "" && <span>{words.capital(it.near)}.</span>}
              {it.edit !== "" && <pre className="policy-edit">{it.edit}</pre>}
            </li>
          ))}
        </ul>
      )}
      {reasons.length > 0 && (
        <ul className="policy-list stacked">
          {reasons.map((it) => (
            <li key={`${it.client} ${it.server} ${it.service} ${it.how}`}>
              <b>
                {it.client} → {it.server}, {it.service}: {it.how} by {it.server}
              </b>
              <span>
                Last {words.time(it.last)}; {it.rule === null ? "nothing of ours judges it" : `${it.rule} allows it`};{" "}
                {it.answersOthers ? "it answers others" : "nobody else was heard answered by it"}.
              </span>
            </li>
          ))}
        </ul>
      )}
      {silent.length > 0 && (
        <ul className="policy-list stacked" aria-label="Usual, and not heard since">
          {silent.map((line) => (
            <li key={line}>
              <span>Usual, and not heard since: {line}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="sheet-body second">
        Of {device.name}, since {words.time(since)}, the recording&#39;s clock. {sources.join(" ")}
      </p>
    </section>
  );
}
