/**
 * A part that the maker's SBOM says is in the model, and of which the maker tells a vulnerability, or CISA that it is exploited. One weakness
 * for each part. The catalogue says no versions: what only it says is possible. Advisories on parts are with the other advisories.
 */
import { perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { loadParts, type ExploitedPart, type Parts } from "../knowledge/parts.ts";
import type { SbomComponent } from "../model/paper.ts";
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { severityOf } from "./advisory-examined.ts";
import { sbomOf, type SbomOfDevice } from "./heard-sbom.ts";

export const partInSbom: Condition = {
  name: "part-in-sbom",
  kind: "vulnerability",
  title: "A part in it has published vulnerabilities",
  severity: "medium",
  harms: ["device"],
  remedy: "Ask the maker whether the part is used so that it can be reached, and for a version in which it is mended; have it installed while the device treats nobody.",
  control: "Let only those it works with reach it, as a policy for its group does.",
  cured: null,
  minutes: 60,
  source: "the maker's SBOM; CISA KEV",
  misses: "Models whose SBOM nobody attached, parts the maker left out of it, and vulnerabilities neither the maker nor CISA's catalogue tells of.",

  examine: (device) => (device.sbom === null ? [] : ours()(device)),
}; // prettier-ignore
const ours = perEdition(() => partsOf(loadKnowledge(), loadParts(loadKnowledge().exploited)));

const CVES_SHOWN = 8;

export function partsOf(knowledge: Knowledge, parts: Parts): (device: FleetDevice) => Iterable<Examined> {
  return function* (device) {
    const sbom = sbomOf(device, knowledge);
    if (sbom === null) return;
    const byName = Map.groupBy(sbom.sbom.components, ({ name }) => name.toLowerCase());
    for (const [name, versions] of byName) {
      const examined = examinedBy(name, versions, sbom, device.last, knowledge, parts);
      if (examined !== null) yield examined;
    }
  };
}

function examinedBy(
  name: string,
  versions: readonly SbomComponent[],
  sbom: SbomOfDevice,
  at: number,
  { likelihood, exploited, severities }: Knowledge,
  parts: Parts,
): Examined | null {
  const told = versions.flatMap((it) => it.told);
  // The maker's own word on a vulnerability counts before what a catalogue says of any version.
  const free = new Set(told.flatMap(({ cve, state }) => (state === "free" ? cve : [])));
  const named = told.filter(({ state, cve }) => state !== "free" && !free.has(cve));
  const listed = parts.of(name).filter(({ cve }) => !free.has(cve));
  if (named.length + listed.length === 0) return null;
  const cves = [...new Set([...named, ...listed].map(({ cve }) => cve))].toSorted();
  const isAffected = sbom.sure && named.some(({ state }) => state === "affected");
  const isExploited = cves.some((cve) => exploited.has(cve));
  const scores = cves.flatMap((cve) => severities.get(cve) ?? []).toSorted((a, b) => b.cvss - a.cvss);
  const severity = severityOf(scores[0]?.cvss ?? null);
  const likely = cves.flatMap((cve) => likelihood.get(cve) ?? []);
  return {
    name: `part ${name}`,
    title: `${versions[0]!.name} in it has published vulnerabilities`,
    answer: isAffected ? "affected" : "possible",
    severity: isExploited && severity !== "critical" ? "high" : severity,
    because: [
      ...versions.map((it) => ({ at, text: sbom.words(it) })),
      ...(named.length === 0 ? [] : [{ at, text: `The maker's SBOM tells of ${listOf(named.map(({ cve, state }) => `${cve}${state === "affected" ? ", exploitable" : ""}`))}` }]),
      ...(listed.length === 0 ? [] : [{ at, text: `CISA KEV has ${listOf(listed.map(({ cve }) => cve))} of ${calledIn(listed)}; it names no versions` }]),
    ],
    danger: { cvss: scores[0]?.cvss ?? null, vector: scores[0]?.vector ?? null, knownExploited: isExploited, epss: likely.length === 0 ? null : Math.max(...likely), worm: false },
    cves,
    source: `the maker's SBOM of ${sbom.sbom.day}${listed.length === 0 ? "" : "; CISA KEV"}`,
  };
} // prettier-ignore

function calledIn(listed: readonly ExploitedPart[]): string {
  return [...new Set(listed.map(({ called }) => called))].join(", ");
}

function listOf(words: readonly string[]): string {
  const shown = [...new Set(words)];
  const more = shown.length > CVES_SHOWN ? ` and ${shown.length - CVES_SHOWN} more` : "";
  return `${shown.slice(0, CVES_SHOWN).join("; ")}${more}`;
}
