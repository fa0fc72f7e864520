/** A report's tables as one CSV: the section in the first column, so that a spreadsheet can part them. Devices stand by their ids. */
import { csvLine } from "../bytes/csv-line.ts";
import type { Report } from "../model/report.ts";

export function csvOf({ title, about, sections }: Report): string {
  const lines = [csvLine(["report", title]), ...about.map((it) => csvLine(["about", ...it]))];
  for (const { id, title: of, table } of sections) {
    if (table === undefined) continue;
    lines.push(csvLine([id, of]), csvLine([id, ...table.columns, "devices"]));
    for (const row of table.rows)
      lines.push(csvLine([id, ...row.map(({ text }) => text), [...new Set(row.flatMap(({ devices = [] }) => devices))].join(" ")]));
  }
  return lines.join("");
}
