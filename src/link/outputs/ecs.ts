/** A finding after the Elastic Common Schema (8.17): one JSON object, its own fields under `auscult`. */
import { clean } from "../../bytes/text.ts";
import type { FindingParty } from "../../model/finding.ts";
import { NOT_AN_ALARM } from "../../model/finding-words.ts";
import { VERSION } from "../../version.ts";
import { severityNumber } from "./severity.ts";
import type { Told } from "./output.ts";

export function ecs({ finding: it, site, test }: Told): object {
  const parties = [...(it.about === null ? [] : [it.about]), ...it.others];
  return {
    "@timestamp": iso(it.last),
    ecs: { version: "8.17.0" },
    event: {
      kind: "alert",
      category: ["network"],
      type: ["info"],
      module: "auscult",
      dataset: "auscult.findings",
      id: it.id,
      severity: severityNumber(it.severity),
      start: iso(it.first),
      end: iso(it.last),
      reason: clean(it.summary),
    },
    message: `${test ? "TEST: " : ""}${it.title}: ${clean(it.summary)}. ${NOT_AN_ALARM}`,
    rule: { id: it.detector, name: it.title, category: it.family },
    threat: { technique: it.technique.map((text) => ({ id: [text.split(" ")[0]], name: [text.split(" ").slice(1).join(" ")] })) },
    related: { ip: [...new Set(parties.flatMap(({ ip }) => (ip === null ? [] : [ip])))] },
    observer: { vendor: "Auscult", product: "Auscult", type: "ids", version: VERSION, name: site },
    labels: { test: test === true ? "true" : "false", severity: it.severity },
    auscult: {
      about: it.about === null ? null : named(it.about),
      others: it.others.map(named),
      others_beyond: it.othersBeyond,
      count: it.count,
      harms: it.harms,
      remedy: it.remedy,
    },
  };
}

/** Names are devices' own: whoever shows them is given no control characters. */
function named({ device, name, ip, mac, kind, location, lifeCritical }: FindingParty): object {
  return { device, name: clean(name), ip, mac, kind, location: location === null ? null : clean(location), care: lifeCritical };
}

function iso(at: number): string {
  return new Date(at / 1_000).toISOString();
}
