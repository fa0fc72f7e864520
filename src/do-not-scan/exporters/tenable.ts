/**
 * Exclusions of Tenable Vulnerability Management as it imports them: one a line, `id,name,description,members,creation_date,
 * last_modification_date`; members are addresses and ranges with commas between (docs.tenable.com, "Exclusion Import File"). Networks are
 * written as ranges, since those are among the forms named there.
 */
import { csvLine } from "../../bytes/csv-line.ts";
import type { Exporter } from "./exporter.ts";
import { commentOf, cut, named } from "./words.ts";

const HEAD = ["id", "name", "description", "members", "creation_date", "last_modification_date"];
/** A name that is read in a list. */
const NAME_LENGTH_MAX = 100;

export const tenable: Exporter = {
  name: "tenable",
  title: "exclusions of Tenable Vulnerability Management (CSV to import)",
  extension: "csv",
  mediaType: "text/csv; charset=utf-8",
  families: [4, 6],
  use: "Settings > Exclusions > Import. Those imported before stay: delete the ones whose names begin with Auscult first.",
  write: ({ entries }) =>
    [
      HEAD,
      ...entries.map(({ line, addresses }) => [
        "",
        cut(`Auscult ${line.device === null ? line.name : named(line)}`, NAME_LENGTH_MAX),
        commentOf(line),
        addresses.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(","),
        "",
        "",
      ]),
    ]
      .map((row) => csvLine(row).replace("\r\n", "\n"))
      .join(""),
};
