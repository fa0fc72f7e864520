/** What a form of evidence takes from a text, as lines a person can read. */
import { formOf } from "../evidence/index.ts";
import type { Entry, EvidenceForm } from "../model/evidence.ts";

/** As of when a file is that says nothing of it: 2026-11-23 08:31 UTC. */
export const WRITTEN_AT = Date.UTC(2026, 10, 23, 8, 31) * 1_000;

/** Asked as the program asks: the form must be the one that the text itself shows. */
export function entries(form: EvidenceForm, text: string, name = "sw-3-west"): string[] {
  const lines = text.split("\n");
  const is = formOf(lines, form.json === "lines" ? "lines" : undefined);
  if (is !== form) throw new Error(`expected ${form.title}, got ${is?.title ?? "no form"}`);
  const read = form.reader({ name, at: WRITTEN_AT });
  return [...lines, ""].flatMap((line) => shown(read(line)) ?? []);
}

export function shown(entry: Entry | { readonly expected: string } | null): string | null {
  if (entry === null) return null;
  if ("expected" in entry) return `expected ${entry.expected}`;
  if (entry.kind === "flow") return `${moment(entry.at)} flow ${entry.from} > ${entry.to} ${entry.flow ?? ""}`.trim();
  if (entry.kind === "alert") {
    const { watcher, severity, rule, says, asked, flow } = entry.alert;
    return `${moment(entry.at)} ${watcher} ${severity} ${entry.from} > ${entry.to} ${asked} ${rule} "${says}" ${flow ?? ""}`.trim();
  }
  if (entry.kind !== "machine") return `${entry.kind === "network" ? entry.network : entry.port}: ${entry.place}`;
  const { mac, ip, at, says, port } = entry;
  const date = at === WRITTEN_AT ? "" : new Date(at / 1_000).toISOString().slice(0, 19);
  const words = [...says.map(([attribute, value]) => `${attribute}: ${value}`), ...(port === undefined ? [] : [`at ${port}`])];
  return [mac, ip, date, ...words].filter((it) => it !== null && it !== "").join(" ");
}

function moment(at: number): string {
  return new Date(Math.floor(at / 1_000)).toISOString().slice(0, 19);
}
