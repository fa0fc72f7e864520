/** Logs of Zeek as JSON: an object a line (docs.zeek.org: LogAscii::use_json), also of several logs in one file. */
import type { EvidenceForm } from "../model/evidence.ts";
import { objectOf, type JsonObject } from "./json-object.ts";
import { zeekEntry, zeekLogOf, type ZeekLog } from "./zeek.ts";

export const zeekJson: EvidenceForm = {
  title: "Logs of Zeek (JSON)",
  source: "Zeek log",
  made: "LogAscii::use_json=T",
  json: "lines",
  recognize: ([first = ""]) => {
    const record = objectOf(first);
    return record !== null && "ts" in record && logOf(record) !== null;
  },
  reader: () => (line) => {
    if (line.trim() === "") return null;
    const record = objectOf(line);
    if (record === null) return { expected: "a record as an object of JSON" };
    const log = logOf(record);
    return log === null ? null : zeekEntry(log, (name) => written(record[name]));
  },
};

/** Fields that are not set are left out, so of a record there may be less than of a log. */
function logOf(record: JsonObject): ZeekLog | null {
  return zeekLogOf((name) => Object.hasOwn(record, name));
}

/** As the other form has it: numbers in their digits, of a list its texts. */
function written(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return Array.isArray(value) ? value.filter((it) => typeof it === "string").join(",") : "";
}
