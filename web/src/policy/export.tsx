/** A policy for the hospital's own equipment: looked at, then saved. Nothing is put up from here. */
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";

const PARTS = [
  ["text", "What is loaded"],
  ["rollback", "What takes it back"],
  ["change", "Page for those who decide"],
] as const;
type Part = (typeof PARTS)[number][0];
const DENIED = [
  ["drop", "is dropped"],
  ["log", "is logged, and goes on"],
  ["as-it-says", "as the policy says, group by group"],
] as const;

export function Export({ name, text }: { readonly name: string; readonly text: string }) {
  const { fresh } = useLive();
  const [to, setTo] = useState("nftables-bridge");
  const [denied, setDenied] = useState<(typeof DENIED)[number][0]>("drop");
  const [part, setPart] = useState<Part>("text");
  const { data: targets = [] } = useQuery({ queryKey: ["policy targets"], queryFn: ({ signal }) => api.policyTargets(signal) });
  const { data, error } = useQuery({
    queryKey: ["policy export", name, text, to, denied, fresh],
    queryFn: ({ signal }) => api.exportPolicy({ text, file: `${name}.yaml`, to, denied }, signal),
    retry: false,
  });
  const save = () => saved(`${name}${part === "rollback" ? " back" : ""}.${part === "change" ? "md" : data!.extension}`, data![part]);
  return (
    <section className="sheet" aria-label="For equipment">
      <div className="sheet-body policy-export">
        <label>
          For
          <select className="field" value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            {targets.map((it) => (
              <option key={it.name} value={it.name}>
                {it.title}
              </option>
            ))}
          </select>
        </label>
        <label>
          What no rule allows
          <select className="field" value={denied} onChange={(event) => setDenied(event.currentTarget.value as typeof denied)}>
            {DENIED.map(([own, word]) => (
              <option key={own} value={own}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <div role="group" aria-label="Which part" className="list-shows">
          {PARTS.map(([own, word]) => (
            <button key={own} type="button" className="button small" aria-pressed={part === own} onClick={() => setPart(own)}>
              {word}
            </button>
          ))}
        </div>
        <button type="button" className="button primary" aria-disabled={data === undefined} onClick={() => data !== undefined && save()}>
          <IconDownload className="icon" size={16} stroke={1.6} aria-hidden="true" /> Save it
        </button>
      </div>
      <p className="sheet-body second">
        Members are those at the end of the recording: export anew when they change. Nothing is put up from here; on a machine that is the
        firewall, auscult policy apply does, and takes it back by itself unless it is confirmed.
      </p>
      {part === "text" && data !== undefined && data.files.length > 0 && (
        <ul className="sheet-body policy-files" aria-label="Its files">
          {data.files.map((it) => (
            <li key={it.name}>
              <button type="button" className="button small" onClick={() => saved(it.name, it.text)}>
                <IconDownload className="icon" size={14} stroke={1.6} aria-hidden="true" /> {it.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {error !== null ? (
        <p role="alert" className="notice wrong policy-wrong">
          {error.message}
        </p>
      ) : (
        <label className="policy-text">
          <span className="unseen">{PARTS.find(([own]) => own === part)![1]}</span>
          <textarea readOnly rows={30} spellCheck={false} value={data === undefined ? "It is being written" : data[part]} />
        </label>
      )}
    </section>
  );
}

function saved(file: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  URL.revokeObjectURL(url);
}
