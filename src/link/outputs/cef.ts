/** A finding in ArcSight's Common Event Format, revision 26. Which side did it a finding does not always know, so both are named and neither is called source. */
import { clean } from "../../bytes/text.ts";
import type { FindingParty } from "../../model/finding.ts";
import { NOT_AN_ALARM } from "../../model/finding-words.ts";
import { VERSION } from "../../version.ts";
import { severityNumber } from "./severity.ts";
import type { Told } from "./output.ts";

export function cef({ finding: it, site, test }: Told): string {
  const head = [
    "CEF:0",
    "Auscult",
    "Auscult",
    VERSION,
    it.detector,
    `${test ? "TEST: " : ""}${it.title}`,
    String(severityNumber(it.severity)),
  ];
  const fields: readonly (readonly [string, string])[] = [
    ["externalId", it.id],
    ["start", String(Math.floor(it.first / 1_000))],
    ["end", String(Math.floor(it.last / 1_000))],
    ["cnt", String(it.count)],
    ["cat", it.family],
    ["msg", it.summary],
    ["cs1Label", "about"],
    ["cs1", it.about === null ? "a segment" : named(it.about)],
    ["cs2Label", "others"],
    ["cs2", it.others.slice(0, OTHERS_MAX).map(named).join("; ")],
    ["cs3Label", "site"],
    ["cs3", site],
    ["cs4Label", "technique"],
    ["cs4", it.technique.join("; ")],
    ["cs5Label", "remedy"],
    ["cs5", it.remedy],
    ["cs6Label", "notice"],
    ["cs6", NOT_AN_ALARM],
  ];
  return `${head.map(inHead).join("|")}|${fields.map(([key, value]) => `${key}=${inField(value)}`).join(" ")}`;
}

/** A line of syslog has an end. */
const OTHERS_MAX = 8;
const VALUE_LENGTH_MAX = 1_000;

function named({ name, ip, mac, kind, location }: FindingParty): string {
  const address = ip ?? mac ?? "";
  return [name === address ? "" : name, address, kind ?? "", location ?? ""].filter((it) => it !== "").join(", ");
}

function inHead(text: string): string {
  return clean(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

function inField(text: string): string {
  return clean(text).slice(0, VALUE_LENGTH_MAX).toWellFormed().replaceAll("\\", "\\\\").replaceAll("=", "\\=");
}
