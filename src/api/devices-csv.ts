/** The table of devices for a spreadsheet. What it says of a device is read again by `list/`, so that a cell that was changed is known. */
import { cellText, statedText } from "../list/columns.ts";
import { FIELD_TITLES } from "../list/fields.ts";
import type { DeviceSummary as Device } from "../model/device.ts";
import type { ListField } from "../model/list.ts";
import type { RecordingReader } from "../model/store.ts";
import { csvLine } from "../bytes/csv-line.ts";

const PAGE = 1_000;

/** Begins with a byte order mark: without it Excel reads UTF-8 as Latin. The id comes first in every view, so that a row can be found again. */
export async function* devicesCsv(
  reader: RecordingReader,
  query: { readonly filter: string; readonly sort: string; readonly descending: boolean },
  names: readonly CsvColumn[] = CSV_COLUMNS,
): AsyncGenerator<string> {
  const shown: readonly CsvColumn[] = ["id", ...names.filter((name) => name !== "id")];
  yield `\uFEFF${csvLine(shown.map((name) => columns[name].title))}`;
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await reader.devices({ ...query, offset, limit: PAGE });
    if (rows.length === 0) return;
    yield rows.map((row) => csvLine(shown.map((name) => columns[name].text(row)))).join("");
    if (rows.length < PAGE) return;
  }
}

const listed = (field: Exclude<ListField, "site">) => ({ title: FIELD_TITLES[field], text: (it: Device) => cellText(field, it) });

const columns = {
  id: listed("id"),
  name: listed("names"),
  care: listed("lifeCritical"),
  kind: listed("kind"),
  maker: listed("maker"),
  model: listed("model"),
  serial: listed("serial"),
  udi: listed("udi"),
  os: { title: "System", text: (it: Device) => statedText(it.os) },
  location: listed("location"),
  controlNumber: listed("controlNumber"),
  owner: listed("owner"),
  status: listed("status"),
  ip: listed("ip"),
  mac: listed("mac"),
  services: { title: "Services", text: (it: Device) => String(it.services) },
  peers: { title: "Talks to", text: (it: Device) => String(it.peers) },
  first: { title: "First heard", text: (it: Device) => iso(it.first) },
  last: { title: "Last heard", text: (it: Device) => iso(it.last) },
} as const;
export type CsvColumn = keyof typeof columns;
export const CSV_COLUMNS = Object.keys(columns) as readonly CsvColumn[];

function iso(micros: number): string {
  return micros === 0 ? "never" : new Date(micros / 1000).toISOString();
}
